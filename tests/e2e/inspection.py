"""What is wrong with a page, in a sentence each: by the plain rules of `inspection.js`, and by axe."""

from functools import cache
from importlib import resources
from pathlib import Path
from typing import Literal

from babel.messages.pofile import read_po
from playwright.sync_api import Page

from bot import main
from bot.languages.catalogue import Catalogues

_RULES = Path(__file__).with_name("inspection.js").read_text()
#: axe-core by Deque (MPL-2.0), as the locked package ships it: nothing is fetched when the tests run.
_AXE = resources.files("axe_playwright_python").joinpath("axe.min.js").read_text(encoding="utf-8")
_AXE_RUN = """async () => {
  const only = { type: "tag", values: ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"] };
  const { violations } = await axe.run(document, { runOnly: only, resultTypes: ["violations"] });
  return violations.flatMap(({ id, help, nodes }) => nodes.map(({ html }) => `axe ${id}: ${help}: ${html.slice(0, 120)}`));
}"""
_UNSENT = """() => [...document.forms]
  .filter((form) => ![...form.elements].some((each) => ["submit", "image"].includes(each.type)))
  .map((form) => `a form without a way to send it: ${form.getAttribute("action")}`)"""
_TEXTS = """() => {
  const texts = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT), found = new Set();
  while (texts.nextNode())
    if (texts.currentNode.parentElement.closest("[lang]").lang === "fr")
      found.add(texts.currentNode.data.trim().replace(/\\s+/g, " "));
  for (const element of document.querySelectorAll("[aria-label], [title], [placeholder]"))
    for (const name of ["aria-label", "title", "placeholder"]) found.add(element.getAttribute(name) || "");
  return [...found];
}"""
_SIZES = ((1280, 800), (360, 740))
_SCHEMES: tuple[Literal["light", "dark"], ...] = ("light", "dark")


def inspect(page: Page) -> list[str]:
    """The faults of the page as it stands; it must run scripts."""
    found: list[str] = page.evaluate(_RULES)
    return found


def axe(page: Page) -> list[str]:
    """What axe finds against WCAG 2.2 A and AA and against good practice; it must run scripts."""
    page.evaluate(_AXE)
    found: list[str] = page.evaluate(_AXE_RUN)
    return found


def unsent(page: Page) -> list[str]:
    """The forms that nothing but a script could send."""
    found: list[str] = page.evaluate(_UNSENT)
    return found


def untranslated(page: Page) -> list[str]:
    """Whatever a French page says in the words of the code, which are English."""
    texts: list[str] = page.evaluate(_TEXTS)
    return [f"not in French: {text}" for text in sorted(set(texts) & _english())]


@cache
def _english() -> set[str]:
    """The sentences of the panel that are others in French."""
    french = Catalogues.load(main.LOCALES, "admin", drafts=False).translator("fr")
    with (main.LOCALES / "admin.pot").open("rb") as template:
        messages = [message.id for message in read_po(template) if isinstance(message.id, str) and message.id]
    return {message for message in messages if french.gettext(message) != message}


def faults(page: Page) -> list[str]:
    """The faults of the page, wide and small, in light and dark; axe looks at it wide in light and small in dark."""
    found: list[str] = []
    for width, height in _SIZES:
        page.set_viewport_size({"width": width, "height": height})
        for scheme in _SCHEMES:
            page.emulate_media(color_scheme=scheme, reduced_motion="reduce")
            seen = inspect(page) + (axe(page) if (width < 400) == (scheme == "dark") else [])
            found += [f"{width}, {scheme}: {fault}" for fault in seen]
    return found
