"""A person at a browser, and what the browser complains about meanwhile.

Without a script a page shows news only when it is loaded again: `Visitor.sees` does then what a person would do.
"""

import json
import time
from collections.abc import Callable
from dataclasses import dataclass
from enum import Enum
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pyotp
from playwright.sync_api import (
    Browser,
    BrowserContext,
    ConsoleMessage,
    Locator,
    Page,
    Request,
    Response,
    WebError,
    expect,
)

from tests.e2e.office import Office

_PATIENCE_SECONDS = 30.0
#: Chromium's own security key, made of software (WebAuthn over CDP); it lives as long as the page it was put in.
_KEY = {
    "protocol": "ctap2",
    "transport": "usb",
    "hasResidentKey": False,
    "hasUserVerification": True,
    "isUserVerified": True,
    "automaticPresenceSimulation": True,
}


class Way(Enum):
    """How somebody looks at the pages."""

    WIDE = "wide"
    SMALL = "small"
    WITHOUT_SCRIPT = "without script"

    def context(self) -> dict[str, Any]:
        """The browser's options for it."""
        size = (1280, 800) if self is Way.WIDE else (360, 740)
        return {
            "viewport": {"width": size[0], "height": size[1]},
            "java_script_enabled": self is not Way.WITHOUT_SCRIPT,
            "has_touch": self is not Way.WIDE,
            "locale": "fr-FR",
        }


class Windows:
    """The windows of one browser, one for each kind of screen; each is as good as new for the next visitor."""

    def __init__(self, browser: Browser) -> None:
        self._browser = browser
        self._open: dict[tuple[Way, str], BrowserContext] = {}

    def clean(self, way: Way, office: Office, cookies: Path | None) -> BrowserContext:
        """The window, holding these cookies and nothing else."""
        key = (way, office.base)
        if key not in self._open:
            self._open[key] = self._browser.new_context(**way.context())
            self._open[key].set_default_timeout(_PATIENCE_SECONDS * 1000)
            # A page that stays keeps the process alive that the others share.
            self._open[key].new_page().goto(office.at("/health"))
        context = self._open[key]
        context.clear_cookies()
        if cookies:
            context.add_cookies(json.loads(cookies.read_text())["cookies"])
        return context


class Complaints:
    """What goes wrong in a browser without being seen: the console, scripts that fail, requests that leave the house."""

    def __init__(self, office: Office, context: BrowserContext) -> None:
        """Hear all pages of this browser from now on."""
        self.heard: list[str] = []
        self.expected = {200, 204, 206, 302, 303, 304}
        self._host = urlsplit(office.base).netloc
        self._context = context
        self._ears: dict[str, Callable[[Any], None]] = {
            "console": self._console,
            "weberror": self._error,
            "request": self._request,
            "response": self._response,
        }
        for event, ear in self._ears.items():
            context.on(event, ear)  # type: ignore[call-overload]

    def stop(self) -> None:
        """Hear no more."""
        for event, ear in self._ears.items():
            self._context.remove_listener(event, ear)

    def _console(self, message: ConsoleMessage) -> None:
        # The browser reports an answer of 4xx here as well; `_response` does so with its address.
        if message.type in {"error", "warning"} and "the server responded with a status of" not in message.text:
            self.heard.append(f"console: {message.text}")

    def _error(self, error: WebError) -> None:
        self.heard.append(f"script: {error.error}")

    def _request(self, request: Request) -> None:
        if request.url.partition(":")[0] not in {"data", "blob"} and urlsplit(request.url).netloc != self._host:
            self.heard.append(f"another host: {request.url}")

    def _response(self, response: Response) -> None:
        if response.status not in self.expected:
            self.heard.append(f"answer {response.status}: {response.url}")


class Visitor:
    """Somebody at one window, looking at one office."""

    def __init__(self, office: Office, context: BrowserContext, way: Way) -> None:
        self.office = office
        self.way = way
        self.context = context
        self.complaints = Complaints(office, context)
        self._pages: list[Page] = []

    @property
    def scripted(self) -> bool:
        """Whether the pages' scripts run."""
        return self.way is not Way.WITHOUT_SCRIPT

    def opens(self, path: str) -> Page:
        """A page in a tab of its own."""
        page = self.context.new_page()
        self._pages.append(page)
        page.goto(self.office.at(path))
        return page

    def leaves(self) -> None:
        """Close the pages and listen no more."""
        for page in self._pages:
            page.close()
        self.complaints.stop()

    def signs_in(self, page: Page) -> None:
        """Fill in name and password on the page for it."""
        page.goto(self.office.at("/admin/sign-in"))
        page.get_by_label("Nom", exact=True).fill(self.office.username)
        page.get_by_label("Mot de passe").fill(self.office.password)
        page.get_by_role("button", name="Se connecter").click()

    def enrols(self, page: Page) -> tuple[pyotp.TOTP, list[str]]:
        """Set up the second factor that a live desk asks for, up to the page of recovery codes: the app, the codes."""
        page.locator("main summary").click()
        app = pyotp.TOTP(page.locator("details .code-text").inner_text().replace(" ", ""))
        page.get_by_label("Code").fill(app.now())
        page.get_by_role("button", name="Utiliser cette clé").click()
        expect(page.locator(".codes li").first).to_be_visible()
        return app, page.locator(".codes li").all_inner_texts()

    def puts_a_key_in(self, page: Page) -> None:
        """A security key, for this page."""
        devtools = page.context.new_cdp_session(page)
        devtools.send("WebAuthn.enable")
        devtools.send("WebAuthn.addVirtualAuthenticator", {"options": _KEY})

    def adds_the_key(self, page: Page) -> None:
        """Make the key known that a live desk asks an administrator for, up to the page of recovery codes."""
        page.get_by_label("Nom de la clé").fill("bleue")
        page.get_by_role("button", name="Ajouter cette clé").click()
        expect(page.locator(".codes li")).to_have_count(10)

    def sees(self, found: Locator) -> None:
        """Wait until it is on the page; without a script, load the page again until it is."""
        end = time.monotonic() + _PATIENCE_SECONDS
        while not self.scripted and time.monotonic() < end and not found.count():
            found.page.wait_for_timeout(200)
            found.page.reload()
        expect(found).to_be_visible(timeout=_PATIENCE_SECONDS * 1000)


@dataclass(frozen=True)
class DrawnPhone:
    """One of the two phones on the page /phone."""

    visitor: Visitor
    page: Page
    place: int = 1

    @property
    def _body(self) -> Locator:
        return self.page.locator(f"#phone-{self.place}")

    @property
    def number(self) -> str:
        """Its number, as the wire knows it."""
        number = self._body.get_attribute("data-phone")
        assert number
        return number

    @property
    def heard(self) -> Locator:
        """The bubbles of what was written to it."""
        return self._body.locator(".theirs .text")

    @property
    def said(self) -> Locator:
        """The bubbles of what it wrote."""
        return self._body.locator(".mine .text")

    def writes(self, text: str) -> None:
        """Type and send; the answer has come when this ends."""
        answers = self.heard.count()
        self._body.get_by_label("Message", exact=True).fill(text)
        self._body.get_by_role("button", name="Envoyer").click()
        self.visitor.sees(self.heard.nth(answers))

    def bips(self) -> None:
        """Ring and hang up; the answer has come when this ends."""
        answers = self.heard.count()
        self._body.get_by_role("button", name="Bip").click()
        self.visitor.sees(self.heard.nth(answers))
