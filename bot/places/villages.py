"""Villages that a secretariat loads from a file of its own; the packaged gazetteer has none. Format: docs/places.md."""

import csv
import os
import tempfile
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from bot.errors import KunnafoniError
from bot.languages.text import fold
from bot.places.communes import Communes
from bot.places.gazetteer import Gazetteer, Level, Place

#: The headings of a file, in English and in French, folded.
_HEADINGS = {
    "name": "name", "nom": "name", "village": "name",
    "commune": "commune", "cercle": "cercle",
    "lat": "lat", "latitude": "lat", "lon": "lon", "long": "lon", "longitude": "lon",
    "other_names": "other_names", "other names": "other_names", "autres_noms": "other_names",
    "autres noms": "other_names",
}  # fmt: skip
_COLUMNS = ("id", "name", "parent", "lat", "lon", "other_names")
_LONGEST_NAME = 60


class BadVillages(KunnafoniError):
    """A file of villages that can't be read at all."""


@dataclass(frozen=True, slots=True)
class Loaded:
    """What a file says: its villages, and each bad row by its line with what is wrong with it."""

    villages: tuple[Place, ...]
    problems: tuple[tuple[int, str], ...] = ()


def read_villages(path: Path, gazetteer: Gazetteer) -> Loaded:
    """What this CSV file says (UTF-8, comma or semicolon). Raises BadVillages if it is no such file."""
    try:
        text = path.read_text(encoding="utf-8-sig")
    except OSError as failure:
        raise BadVillages(f"{path} can't be read: {failure.strerror}.") from None
    except UnicodeDecodeError as failure:
        raise BadVillages(f"{path} is not UTF-8 (byte {failure.start}); save it as CSV UTF-8.") from None
    lines = text.splitlines()
    delimiter = ";" if lines and lines[0].count(";") > lines[0].count(",") else ","
    rows = csv.reader(lines, delimiter=delimiter)
    headings = [_HEADINGS.get(fold(each).strip(), "") for each in next(rows, [])]
    if not {"name", "commune"} <= set(headings):
        raise BadVillages(f"{path} has no columns `name` and `commune` in its first line.")
    return _read_rows(((rows.line_num, dict(zip(headings, row, strict=False))) for row in rows), Communes(gazetteer))


def _read_rows(rows: Iterable[tuple[int, Mapping[str, str]]], communes: Communes) -> Loaded:
    villages: dict[str, Place] = {}
    problems = []
    for line, row in rows:
        if not any(value.strip() for value in row.values()):
            continue
        village = _village({name: value.strip() for name, value in row.items()}, communes)
        if isinstance(village, str):
            problems.append((line, village))
        elif village.id in villages:
            problems.append((line, f"{village.name} stands twice in this commune"))
        else:
            villages[village.id] = village
    return Loaded(tuple(villages.values()), tuple(problems))


def _village(row: Mapping[str, str], communes: Communes) -> Place | str:
    name = row.get("name", "")
    if not any(character.isalpha() for character in name) or len(name) > _LONGEST_NAME:
        return f"the name must have letters, and {_LONGEST_NAME} at most"
    written = row.get("commune", "")
    found = communes.find(written, row.get("cercle", "")) if written else ()
    if len(found) != 1:
        return _unsettled(written, row.get("cercle", ""), found)
    (commune,) = found
    try:
        lat, lon = (_degrees(row.get(axis, ""), most) for axis, most in (("lat", 90.0), ("lon", 180.0)))
    except ValueError:
        return "the position must be in degrees, such as 14.53 and -4.09"
    others = tuple(each.strip() for each in row.get("other_names", "").split("|") if each.strip())
    identity = f"{commune.id}/v-{'-'.join(fold(name).split())}"
    return Place(identity, name, Level.VILLAGE, commune.id, lat, lon, (name, *others))


def _unsettled(name: str, cercle: str, found: Sequence[Place]) -> str:
    if not name:
        return "no commune"
    if cercle:
        return f"{'several communes are' if found else 'no commune is'} called {name} in a cercle called {cercle}"
    return f"several communes are called {name}: add the cercle" if found else f"no commune is called {name}"


def _degrees(text: str, most: float) -> float | None:
    if not text:
        return None
    degrees = float(text.replace(",", "."))
    if not -most <= degrees <= most:
        raise ValueError
    return round(degrees, 2)


def keep_villages(villages: Iterable[Place], path: Path) -> None:
    """Put them in the place of those that were loaded before, all or none, even when the power fails."""
    path.parent.mkdir(parents=True, exist_ok=True)
    handle, name = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.")
    try:
        with open(handle, "w", encoding="utf-8", newline="") as file:
            writer = csv.writer(file)
            writer.writerow(_COLUMNS)
            for each in villages:
                writer.writerow((each.id, each.name, each.parent, each.lat, each.lon, "|".join(each.names[1:])))
            file.flush()
            os.fsync(file.fileno())
        Path(name).replace(path)
    except BaseException:
        Path(name).unlink(missing_ok=True)
        raise


def kept_villages(path: Path) -> Iterator[Place]:
    """The villages that `keep_villages` wrote there; none without such a file."""
    if not path.exists():
        return
    with path.open(encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file):
            names = (row["name"], *filter(None, row["other_names"].split("|")))
            lat, lon = (float(row[axis]) if row[axis] else None for axis in ("lat", "lon"))
            yield Place(row["id"], row["name"], Level.VILLAGE, row["parent"], lat, lon, names)
