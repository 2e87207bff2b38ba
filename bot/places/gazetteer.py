"""The places of Mali in both layouts: the one people use (before 2023) and the one of the 2023 reform."""

import csv
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum
from importlib import resources
from math import inf

from bot.places.names import NameIndex, Near, allowance, begins_alike, cost, is_alike, sound, spelling


class Level(StrEnum):
    """What a place is; a secretariat may load villages with their commune, of a locality only the cercle is known."""

    REGION = "region"
    CERCLE = "cercle"
    COMMUNE = "commune"
    TOWN = "town"
    QUARTER = "quarter"
    VILLAGE = "village"
    LOCALITY = "locality"


@dataclass(frozen=True, slots=True)
class Place:
    """A place; `parent` is an id of its own layout ("" for a region), `names` begins with `name`.

    The position is in degrees (WGS 84), rounded to 0.01, or None where no free source has one.
    """

    id: str
    name: str
    level: Level
    parent: str
    lat: float | None
    lon: float | None
    names: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Today:
    """Where a place lies in the layout of 2023: ids of a cercle and a region, "" where no source says."""

    cercle: str
    region: str


_NOWHERE = Today("", "")
# The name of a chief town that sounds so long may be meant with one plain wrong letter, any with a silent one.
_TELLING = 5
_ONE_SLIP, _A_SILENT_LETTER = 1.0, 0.4
_FILES = resources.files("bot.places")


class Gazetteer:
    """All places, their two hierarchies and the index of their names.

    The localities stand apart: a report keeps their cercle, never them, so they are on no list and within nothing.
    """

    def __init__(self, places: Iterable[Place], today: Mapping[str, Today], localities: Iterable[Place] = ()) -> None:
        self._places = {place.id: place for place in places}
        self._localities = {locality.id: locality for locality in localities}
        self._today = dict(today)
        self._children: dict[str, list[str]] = {}
        for place in self._places.values():
            for parent in {place.parent, *self._parents_today(place)} - {""}:
                self._children.setdefault(parent, []).append(place.id)
        self._above = {place.id: self._all_above(place) for place in self._places.values()}
        self._above |= {each.id: self._above_locality(each) for each in self._localities.values()}
        self.names = NameIndex(_names(self._places.values()), _names(self._localities.values()))
        self._chief_towns = self._find_chief_towns()

    @classmethod
    def load(cls) -> "Gazetteer":
        """The packaged gazetteer (about 1,000 places and 13,600 localities; no file is needed beside the package)."""
        places, moves = map(_place, _rows("gazetteer.csv")), dict(map(_move, _rows("layouts.csv")))
        return cls(places, moves, map(_locality, _rows("localities.csv")))

    def with_places(self, places: Iterable[Place]) -> "Gazetteer":
        """A new gazetteer that knows these too, such as the villages a secretariat has loaded.

        A locality of the same name in the same cercle is such a village, of which more is known now.
        """
        more = tuple(places)
        known = {(spelling(name), step) for each in more for name in each.names for step in self.above(each.parent)}
        others = (each for each in self._localities.values() if (spelling(each.name), each.parent) not in known)
        return Gazetteer((*self._places.values(), *more), self._today, others)

    def __iter__(self) -> Iterator[Place]:
        return iter(self._places.values())

    def __len__(self) -> int:
        return len(self._places)

    def localities(self) -> Iterator[Place]:
        """The villages and hamlets of which only the cercle is known."""
        return iter(self._localities.values())

    def get(self, place_id: str) -> Place | None:
        """The place of this id, or None."""
        return self._places.get(place_id) or self._localities.get(place_id)

    def path(self, place: Place) -> tuple[Place, ...]:
        """The place and what it lies in, upwards to the region, in the layout its id belongs to."""
        steps = [place]
        while (parent := self._places.get(steps[-1].parent)) and parent not in steps:
            steps.append(parent)
        return tuple(steps)

    def path_today(self, place: Place) -> tuple[Place, ...]:
        """The same in the layout of 2023, as far as it is known: the cercle may be missing."""
        local = [step for step in self.path(place) if step.level not in (Level.CERCLE, Level.REGION)]
        today = self.today(place)
        steps = (self.get(today.cercle), self.get(today.region))
        return (*local, *(step for step in steps if step))

    def today(self, place: Place) -> Today:
        """The cercle and region of 2023 that a place lies in, its own id included."""
        if place.level is Level.LOCALITY:  # an old cercle was cut in several, and no source says in which one it lies
            return Today("", self._today.get(place.parent, _NOWHERE).region)
        if place.id.startswith("cod2025:"):
            return Today(place.id, place.parent) if place.level is Level.CERCLE else Today("", place.id)
        for step in self.path(place):
            if known := self._today.get(step.id):
                return known
        return _NOWHERE

    def of_today(self, place: Place) -> str:
        """The id of a place in the layout of 2023: that of its successor for an old cercle or region, else its own."""
        if place.level not in (Level.CERCLE, Level.REGION):
            return place.id
        today = self.today(place)
        return (today.cercle if place.level is Level.CERCLE else today.region) or place.id

    def above(self, place_id: str) -> frozenset[str]:
        """The ids of everything a place lies in, in both layouts; without its own."""
        return self._above.get(place_id, frozenset())

    def ids_within(self, place_id: str | None) -> tuple[str, ...]:
        """The ids of the place and of all that lies in it; none where no place is meant."""
        return tuple(each.id for each in self.within(place_id)) if place_id else ()

    def within(self, place_id: str) -> tuple[Place, ...]:
        """The place itself and all that lies in it: nothing for an unknown id."""
        found: dict[str, None] = {}
        waiting = [place_id] if place_id in self._places else []
        while waiting:
            here = waiting.pop()
            if here in found:
                continue
            found[here] = None
            # The reform cut some old cercles in two: what lies in one of them need not lie in its region of 2023.
            if here == place_id or not here.startswith("cod2021:") or place_id.startswith("cod2021:"):
                waiting.extend(self._children.get(here, ()))
        return tuple(self._places[here] for here in found)

    def chief_town_like(self, text: str) -> Near | None:
        """The chief town of a cercle or region of before 2023 whose name may be misspelt so; None if none is near.

        `fits` where that is little enough for a name of this length.
        """
        letters, key = spelling(text), sound(text)
        alike = (each for each in self._chief_towns if begins_alike(key, each[1]) and is_alike(key, each[1]))
        found = ((min(cost(letters, spelt), cost(key, heard)), heard, ids) for spelt, heard, ids in alike)
        far, heard, ids = min(found, key=lambda each: each[0], default=(inf, "", frozenset()))
        fits = far <= max(allowance(len(heard)), _A_SILENT_LETTER)
        return Near(ids, far, fits) if fits or (far <= _ONE_SLIP and len(heard) >= _TELLING) else None

    def _find_chief_towns(self) -> list[tuple[str, str, frozenset[str]]]:
        """Each spelling of the name of such a cercle or region, how it sounds, and all that bear it."""
        above = (place for place in self._places.values() if place.level in (Level.CERCLE, Level.REGION))
        names = (name for place in above if place.id.startswith("cod2021:") for name in place.names)
        return [(spelling(name), sound(name), self.names.spelt(spelling(name))) for name in names if name.isalpha()]

    def commune_of(self, place_id: str) -> Place | None:
        """The commune a place is or lies in; None for a cercle, a region or an unknown id."""
        place = self.get(place_id)
        steps = self.path(place) if place else ()
        return next((step for step in steps if step.level is Level.COMMUNE), None)

    def settled(self, places: Iterable[Place]) -> str | None:
        """The one place that a report keeps in clear, of a village its commune and of a locality its cercle.

        None if these are several, or none.
        """
        kept = {self._kept(place) for place in places}
        return kept.pop() if len(kept) == 1 else None

    def cercle_of_all(self, places: Iterable[Place]) -> str | None:
        """The cercle of before 2023 that all of these lie in, or None."""
        around = [{place.id, *self.above(place.id)} for place in places]
        shared = set[str]().union(*around).intersection(*around)
        cercles = [each for each in shared if each.startswith("cod2021:") and self._is_cercle(each)]
        return cercles[0] if len(cercles) == 1 else None

    def _is_cercle(self, place_id: str) -> bool:
        place = self.get(place_id)
        return place is not None and place.level is Level.CERCLE

    def _kept(self, place: Place) -> str:
        if place.level is Level.LOCALITY:
            return place.parent
        commune = self.commune_of(place.id) if place.level is Level.VILLAGE else None
        return commune.id if commune else place.id

    def commune_label(self, place_id: str) -> str:
        """What staff read: "Konna (Mopti)", "Mopti (cercle)", "Mopti (cercle d'avant 2023)"; an unknown id as it is."""
        place = self.get(place_id)
        if place is None:
            return place_id
        if place.level in (Level.CERCLE, Level.REGION):
            level = "cercle" if place.level is Level.CERCLE else "région"
            old = "" if place.id.startswith("cod2025:") else " d'avant 2023"
            return f"{place.name} ({level}{old})"
        around = [step.name for step in self.path(place)[1:] if step.level is not Level.REGION]
        return f"{place.name} ({', '.join(around)})" if around else place.name

    def _parents_today(self, place: Place) -> tuple[str, ...]:
        today = self._today.get(place.id, _NOWHERE)
        if place.level is Level.REGION:
            return ()
        if place.level is Level.CERCLE:  # an old cercle is larger than its namesake of 2023, but lies in one region
            return (today.region,)
        return (today.cercle, today.region)

    def _all_above(self, place: Place) -> frozenset[str]:
        today = self.today(place)
        parents = {step.id for step in self.path(place)} | {today.region}
        if place.level not in (Level.CERCLE, Level.REGION):
            parents.add(today.cercle)
        return frozenset(parents - {place.id, ""})

    def _above_locality(self, locality: Place) -> frozenset[str]:
        return frozenset({locality.parent}) | self.above(locality.parent)


def _names(places: Iterable[Place]) -> Iterator[tuple[str, str]]:
    return ((name, place.id) for place in places for name in place.names)


def _rows(file: str) -> Iterator[dict[str, str]]:
    yield from csv.DictReader(_FILES.joinpath(file).read_text(encoding="utf-8").splitlines())


def _place(row: dict[str, str]) -> Place:
    others = tuple(name for name in row["other_names"].split("|") if name)
    return Place(
        id=row["id"],
        name=row["name"],
        level=Level(row["level"]),
        parent=row["parent"],
        lat=float(row["lat"]) if row["lat"] else None,
        lon=float(row["lon"]) if row["lon"] else None,
        names=(row["name"], *others),
    )


def _locality(row: dict[str, str]) -> Place:
    names = (row["name"], *(name for name in row["other_names"].split("|") if name))
    return Place(row["id"], row["name"], Level.LOCALITY, row["cercle"], None, None, names)


def _move(row: dict[str, str]) -> tuple[str, Today]:
    return row["id"], Today(row["cercle_2025"], row["region_2025"])
