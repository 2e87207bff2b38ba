"""What a text costs: its segments before and after folding, and FCFA where a tariff is known. Unknown is never zero.

Tariffs are dated rows: a route (`retail` is what a person pays for an SMS of theirs, every other is the name of one of
our wires), the first day, whole FCFA for one segment, the source. An installation adds its own in the same form.
"""

import csv
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from importlib import resources
from pathlib import Path

from bot.errors import SettingError
from bot.languages.folding import Folding
from bot.languages.gsm7 import Segments, count

RETAIL = "retail"


@dataclass(frozen=True, slots=True)
class Tariff:
    """What one segment costs on a route from a day on, in whole FCFA, and who says so."""

    route: str
    since: date
    fcfa: int
    source: str


@dataclass(frozen=True, slots=True)
class Cost:
    """What a text takes as its language writes it, what it takes as sent, and FCFA; None: the tariff is not set."""

    written: Segments
    sent: Segments
    fcfa: int | None


def cost(text: str, tag: str, route: str, on: date, tariffs: Iterable[Tariff], folding: Folding | None = None) -> Cost:
    """The cost of one text in a language on a route on a day, folded as an SMS is."""
    sent = count((folding or Folding()).for_sms(text, tag))
    tariff = tariff_on(route, on, tariffs)
    return Cost(count(text), sent, None if tariff is None else tariff.fcfa * sent.segments)


def tariff_on(route: str, on: date, tariffs: Iterable[Tariff]) -> Tariff | None:
    """The tariff that holds on that day: the last one that had begun; None before the first."""
    begun = [each for each in tariffs if each.route == route and each.since <= on]
    return max(begun, key=lambda each: each.since, default=None)


def shipped_tariffs() -> tuple[Tariff, ...]:
    """The tariffs that a public source tells."""
    with resources.as_file(resources.files("bot.languages").joinpath("tariffs.csv")) as path:
        return read_tariffs(path)


def read_tariffs(path: Path) -> tuple[Tariff, ...]:
    """The tariffs of a CSV file. Raises SettingError with the line of the first bad row."""
    try:
        with path.open(encoding="utf-8-sig", newline="") as lines:
            return tuple(_read(row, line) for line, row in enumerate(csv.DictReader(lines), start=2))
    except (OSError, UnicodeDecodeError, csv.Error) as failure:
        raise SettingError("tariffs.csv", f"{path} can't be read: {failure}.") from None


def _read(row: dict[str, str | None], line: int) -> Tariff:
    try:
        tariff = Tariff(row["route"] or "", date.fromisoformat(row["from"] or ""), int(row["fcfa"] or ""), "")
        source = row["source"]
    except (KeyError, ValueError):
        tariff, source = Tariff("", date.min, -1, ""), ""
    if not tariff.route or tariff.fcfa < 0 or not source:
        raise SettingError("tariffs.csv", f"line {line} needs route, from (2026-11-24), fcfa (whole) and source.")
    return Tariff(tariff.route, tariff.since, tariff.fcfa, source)
