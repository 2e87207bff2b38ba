"""A desk for tests: the panel over a real store, and browsers that fill in its forms as a person would.

visitor = desk.enter("triage")
page = visitor.get("/admin/inbox")
visitor.post(f"/admin/reports/{line.id}/reply", text="Merci")
"""

import re
import secrets
from collections.abc import Iterable
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Any, TypedDict
from uuid import UUID

import pyotp
from flask import Flask
from flask.sessions import SecureCookieSessionInterface
from itsdangerous import BadSignature
from werkzeug.test import Client, Cookie, TestResponse

import admin
from bot import staff
from bot.channels import Channel
from bot.channels.simulator import Simulator
from bot.config import Settings
from bot.delivery.queue import Bells
from bot.languages.catalogue import Catalogues
from bot.languages.cost import shipped_tariffs
from bot.people.addresses import Telephone
from bot.places.gazetteer import Gazetteer
from bot.staff import SignedIn
from bot.store.audit import Entry, newest
from bot.store.spool import Spool
from bot.store.tables import SignInStage
from bot.talks import Talks
from bot.walks import Budgets, Transcripts
from bot.walks.walking import look_ups
from bot.webhooks import make_webhooks
from flows import FLOWS
from tests.chat import Road
from tests.sameness import SharingFlask

PASSWORD = "quatre mots jamais ensemble"
_CSRF = re.compile(r'name="csrf_token" value="([^"]+)"')


class _Walks(TypedDict):
    budgets: Budgets
    transcripts: Transcripts


@dataclass
class Desk:
    """The panel and the road from the phones to it, on one clock: `road.now`."""

    app: Flask
    road: Road
    base: str
    bells: Bells
    simulated: list[tuple[str, str, bool]] = field(default_factory=list)

    @classmethod
    def build(
        cls, road: Road, settings: Settings, catalogues: Catalogues, gazetteer: Gazetteer, spool: Spool
    ) -> "Desk":
        """Mount the panel as `bot.main.create_app` does."""
        app = SharingFlask("kunnafoni", static_folder=None)
        desk = cls(app, road, "http://localhost" if settings.demo else "https://desk.example", Bells())
        wires: dict[str, Channel] = {road.wire.name: road.wire}
        app.register_blueprint(make_webhooks(wires, road.intake, road.store, spool, lambda: road.now))
        assert isinstance(road.wire, Simulator)
        admin.mount(
            app,
            admin.Services(
                store=road.store,
                settings=settings,
                gazetteer=gazetteer,
                catalogues=catalogues,
                spoken=road.catalogues,
                lexicon=road.lexicon,
                **_walks(road.catalogues, gazetteer),
                tariffs=shipped_tariffs(),
                doorbell=desk.bells,
                means=road.means,
                clock=lambda: road.now,
                sms_channels=frozenset({"simulator"}),
                telephone=Telephone("sim", "simulator"),
                mailbox=road.wire.mailbox,
                simulate=desk._simulate,
            ),
        )
        return desk

    def _simulate(self, number: str, text: str, call: bool) -> str | None:
        phone = self.road.phone(number)
        self.simulated.append((number, text, call))
        return phone.bips() if call else phone.says(text)

    def visitor(self) -> "Visitor":
        """A browser that was never here."""
        return Visitor(self, self.app.test_client())

    def make(self, username: str, *roles: str, password: str | None = None, language: str = "fr") -> UUID:
        """A member of staff; without a password they can't sign in, only be let in by `enter`."""
        hashed = staff.hash_password(password) if password else "nothing fits this"
        with self.road.store.writing() as session:
            return staff.make(session, self.road.now, "command", username, username.title(), hashed, roles, language)

    def enrol(self, staff_id: UUID) -> tuple[str, list[str]]:
        """Give them a second factor: its secret and the recovery codes. The present code is used up by this."""
        with self.road.store.writing() as session:
            identity = staff.open_session(session, self.road.now, staff_id, SignInStage.FULL)
            found = staff.signed_in(session, self.road.now, identity)
            assert found
            secret = staff.propose_totp(session, found)
            codes = staff.confirm_totp(session, self.road.now, found, self.code(secret))
        assert codes
        self.road.later(seconds=60)
        return secret, codes

    def code(self, secret: str) -> str:
        """What the app on the phone shows now."""
        return pyotp.TOTP(secret).at(self.road.now)

    def enter(self, *roles: str, stage: SignInStage = SignInStage.FULL, username: str | None = None) -> "Visitor":
        """A browser in which a new member with these roles is signed in already."""
        name = username or f"{secrets.token_hex(3)}-{'-'.join(roles) or 'nobody'}"[:64]
        return self.let_in(self.make(name, *roles), stage=stage)

    def let_in(self, staff_id: UUID, stage: SignInStage = SignInStage.FULL, *, proved: bool = True) -> "Visitor":
        """A browser with a session of this member, who has just proved their second factor or has not."""
        with self.road.store.writing() as session:
            identity = staff.open_session(session, self.road.now, staff_id, stage, proved=proved)
        visitor = self.visitor()
        visitor.staff_id = staff_id
        with visitor.client.session_transaction(base_url=self.base) as cookie:  # type: ignore[attr-defined]
            cookie["id"] = identity
        return visitor

    def session(self, identity: str) -> SignedIn | None:
        """The living session of this id."""
        with self.road.store.reading() as session:
            return staff.signed_in(session, self.road.now, identity)

    def audit(self) -> list[Entry]:
        """The newest entries of the audit, the newest first."""
        with self.road.store.reading() as session:
            return newest(session, 1000)

    def actions(self) -> list[str]:
        """What was done, the newest first."""
        return [str(entry.action) for entry in self.audit()]


@lru_cache(maxsize=1)
def _walks(catalogues: Catalogues, gazetteer: Gazetteer) -> _Walks:
    """What is found by walking, once for all desks and for two flows only: to walk all takes longer than most tests, and
    what that finds has tests of its own (tests/flows).
    """
    walked = Talks(FLOWS, catalogues, gazetteer, look_ups())
    two = {name: FLOWS[name] for name in ("report", "confirm")}
    return {"budgets": Budgets(walked, two, catalogues), "transcripts": Transcripts(walked, two, catalogues)}


@dataclass
class Visitor:
    """One browser."""

    desk: Desk
    client: Client
    staff_id: UUID | None = None
    _tokens: dict[str, str] = field(default_factory=dict)

    def get(self, path: str, **headers: str) -> TestResponse:
        """Open a page."""
        return self.client.get(path, base_url=self.desk.base, headers=self._headers(headers))

    def post(self, path: str, *, token: str | None = None, csrf: str | None = None, **fields: str) -> TestResponse:
        """Send a form as a page would: with the browser's form token and a fresh token of the form."""
        content = {"csrf_token": self.csrf() if csrf is None else csrf, "token": token or form_token(), **fields}
        return self.client.post(path, base_url=self.desk.base, data=content, headers=self._headers({}))

    def sends(self, path: str, content: Iterable[tuple[str, str]] | bytes, **headers: str) -> TestResponse:
        """Send anything at all."""
        data = content if isinstance(content, bytes) else dict(content)
        return self.client.post(path, base_url=self.desk.base, data=data, headers=self._headers(headers))

    def csrf(self) -> str:
        """The form token of this browser's session, from a page that anybody may see; asked for once in a session."""
        known = self._session().get("csrf_token")
        if known is None or known not in self._tokens:
            found = _CSRF.search(self.get("/admin/sign-in").text)
            assert found
            self._tokens[self._session().get("csrf_token")] = found[1]
            return found[1]
        return self._tokens[known]

    def sign_in(self, username: str, password: str = PASSWORD) -> TestResponse:
        """Name and password."""
        return self.post("/admin/sign-in", username=username, password=password)

    def is_in(self) -> bool:
        """Whether the panel is open to this browser."""
        return self.get("/admin/account").status_code == 200

    def cookie(self) -> str:
        """The session's cookie, as somebody might copy it."""
        found = self._cookie()
        assert found
        return found.value

    def paste(self, cookie: str) -> None:
        """Take a copied cookie."""
        name = self.desk.app.config["SESSION_COOKIE_NAME"]
        self.client.set_cookie(name, cookie, domain=self.desk.base.partition("//")[2], secure=not self.demo)

    def _cookie(self) -> Cookie | None:
        name = self.desk.app.config["SESSION_COOKIE_NAME"]
        return self.client.get_cookie(name, domain=self.desk.base.partition("//")[2])

    def _session(self) -> dict[str, Any]:
        """What the cookie of this browser says, if anything."""
        serializer, cookie = SecureCookieSessionInterface().get_signing_serializer(self.desk.app), self._cookie()
        try:
            return dict(serializer.loads(cookie.value)) if serializer and cookie else {}
        except BadSignature:
            return {}

    @property
    def demo(self) -> bool:
        """Whether this is the demonstration's desk."""
        return self.desk.base.startswith("http:")

    def _headers(self, more: dict[str, str]) -> dict[str, str]:
        named = {name.replace("_", "-"): value for name, value in more.items()}
        return {"Referer": f"{self.desk.base}/admin/inbox", "Accept-Language": "fr", **named}


def form_token() -> str:
    """What a form holds so that it acts once."""
    return secrets.token_urlsafe(18)
