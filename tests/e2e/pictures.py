"""Pictures of pages for the documentation, drawn only where somebody asks for them with `--pictures`."""

import base64
from dataclasses import dataclass, field
from pathlib import Path

from playwright.sync_api import Page

PICTURES = Path(__file__).parent.parent.parent / "docs" / "pictures"
#: Longer pages are cut: a picture shows how a page begins.
_TALLEST = 1200
_SIZES = {"wide": (1200, 800), "small": (360, 740)}


@dataclass(frozen=True)
class Album:
    """Where pictures are kept; without one nothing is drawn and no time spent."""

    folder: Path | None
    taken: set[str] = field(default_factory=set)

    @property
    def wanted(self) -> bool:
        """Whether somebody asked for pictures."""
        return self.folder is not None

    def takes(self, page: Page, name: str, *, small_only: bool = False) -> None:
        """The page as it stands, on a wide screen and on a small one, as WebP; the first time under a name counts."""
        if self.folder is None or name in self.taken:
            return
        self.taken.add(name)
        before = page.viewport_size
        page.emulate_media(color_scheme="light", reduced_motion="reduce")
        for size, (width, height) in _SIZES.items():
            if small_only and size == "wide":
                continue
            page.set_viewport_size({"width": width, "height": height})
            tall = min(_TALLEST, page.evaluate("document.documentElement.scrollHeight"))
            clip = {"x": 0, "y": 0, "width": width, "height": max(height, tall), "scale": 1}
            drawn = page.context.new_cdp_session(page).send(
                "Page.captureScreenshot",
                {"format": "webp", "quality": 50, "clip": clip, "captureBeyondViewport": True},
            )
            self.folder.mkdir(parents=True, exist_ok=True)
            (self.folder / f"{name}-{size}.webp").write_bytes(base64.b64decode(drawn["data"]))
        if before:
            page.set_viewport_size(before)
