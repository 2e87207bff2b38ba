"""The tour of the panel shows pictures that are there and light, and says what is on each."""

import re
from pathlib import Path

_DOCS = Path(__file__).parent.parent / "docs"


def test_the_tour_shows_pictures_that_are_there_and_light() -> None:
    tour = (_DOCS / "panel.md").read_text()
    shown = re.findall(r"!\[[^]]+\]\(([^)]+)\)", tour) + re.findall(
        r'<img src="([^"]+)" width="180" alt="[^"]+">', tour
    )
    assert len(shown) == len(set(shown)) > 30
    assert all(0 < (_DOCS / path).stat().st_size < 120_000 for path in shown)
