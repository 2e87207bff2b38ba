"""The places of Mali in both layouts: the one people use (before 2023) and the one of the 2023 reform."""

import csv
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum
from importlib import resources

from bot.places.names import NameIndex


class Level(StrEnum):
    """What a place is; a secretariat may load villages, the packaged data has none."""

    REGION = "region"
    CERCLE = "cercle"
    COMMUNE = "commune"
    TOWN = "town"
    QUARTER = "quarter"
    VILLAGE = "village"


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
_FILES = resources.files("bot.places")


class Gazetteer:
    """All places, their two hierarchies and the index of their names."""

    def __init__(self, places: Iterable[Place], today: Mapping[str, Today], strangers: Iterable[str] = ()) -> None:
        self._strangers = tuple(strangers)
        self._places = {place.id: place for place in places}
        self._today = dict(today)
        self._children: dict[str, list[str]] = {}
        for place in self._places.values():
            for parent in {place.parent, *self._parents_today(place)} - {""}:
                self._children.setdefault(parent, []).append(place.id)
        self._above = {place.id: self._all_above(place) for place in self._places.values()}
        names = ((name, place.id) for place in self._places.values() for name in place.names)
        self.names = NameIndex(names, self._strangers)

    @classmethod
    def load(cls) -> "Gazetteer":
        """The packaged gazetteer (about 1,000 places; no file of ours is needed beside the package)."""
        villages = _FILES.joinpath("villages.txt").read_text(encoding="utf-8").split()
        return cls(map(_place, _rows("gazetteer.csv")), dict(map(_move, _rows("layouts.csv"))), villages)

    def with_places(self, places: Iterable[Place]) -> "Gazetteer":
        """A new gazetteer that knows these too, such as the villages a secretariat has loaded."""
        return Gazetteer((*self._places.values(), *places), self._today, self._strangers)

    def __iter__(self) -> Iterator[Place]:
        return iter(self._places.values())

    def __len__(self) -> int:
        return len(self._places)

    def get(self, place_id: str) -> Place | None:
        """The place of this id, or None."""
        return self._places.get(place_id)

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
        if place.id.startswith("cod2025:"):
            return Today(place.id, place.parent) if place.level is Level.CERCLE else Today("", place.id)
        for step in self.path(place):
            if known := self._today.get(step.id):
                return known
        return _NOWHERE

    def of_today(self, place: Place) -> str:
        """The id of a place in the layout of 2023: that of its successor for an old cercle or region, else its own."""
        today = self.today(place)
        successor = {Level.CERCLE: today.cercle, Level.REGION: today.region}.get(place.level, "")
        return successor or place.id

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

    def commune_of(self, place_id: str) -> Place | None:
        """The commune a place is or lies in; None for a cercle, a region or an unknown id."""
        place = self.get(place_id)
        steps = self.path(place) if place else ()
        return next((step for step in steps if step.level is Level.COMMUNE), None)

    def settled(self, places: Iterable[Place]) -> str | None:
        """The one place that a report keeps in clear, of a village its commune; None if these are several, or none."""
        kept = {self._kept(place) for place in places}
        return kept.pop() if len(kept) == 1 else None

    def _kept(self, place: Place) -> str:
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


def _move(row: dict[str, str]) -> tuple[str, Today]:
    return row["id"], Today(row["cercle_2025"], row["region_2025"])
