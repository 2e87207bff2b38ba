"""What is wrong with a page, by the plain rules of `inspection.js`, in a sentence each."""

from pathlib import Path
from typing import Literal

from playwright.sync_api import Page

_RULES = Path(__file__).with_name("inspection.js").read_text()
_SIZES = ((1280, 800), (360, 740))
_SCHEMES: tuple[Literal["light", "dark"], ...] = ("light", "dark")


def inspect(page: Page) -> list[str]:
    """The faults of the page as it stands; it must run scripts."""
    found: list[str] = page.evaluate(_RULES)
    return found


def faults(page: Page) -> list[str]:
    """The faults of the page, wide and small, in light and dark."""
    found: list[str] = []
    for width, height in _SIZES:
        page.set_viewport_size({"width": width, "height": height})
        for scheme in _SCHEMES:
            page.emulate_media(color_scheme=scheme, reduced_motion="reduce")
            found += [f"{width}, {scheme}: {fault}" for fault in inspect(page)]
    return found
