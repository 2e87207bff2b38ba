"""Communes as an office names them in a list: by name or id, with the cercle where several have the name.

A cercle that is given must be right: "Konna, cercle of Gao" is no commune.
"""

import re
from dataclasses import dataclass, field

from bot.languages.text import fold
from bot.places.gazetteer import Gazetteer, Level, Place
from bot.places.matching import find
from bot.places.names import allowance, sound, spelling

_CERCLE_OF = re.compile(r"^cercle (?:de |du |d')?")


@dataclass(slots=True)
class Communes:
    """Finds each commune once; a list names few of them many times."""

    gazetteer: Gazetteer
    _known: dict[tuple[str, str], tuple[Place, ...]] = field(default_factory=dict)
    _cercles: dict[str, frozenset[str]] = field(default_factory=dict)

    def find(self, name: str, cercle: str = "") -> tuple[Place, ...]:
        """The communes of this name, be it that of a town in one; one, none, or several that the cercle must settle."""
        if (name, cercle) not in self._known:
            self._known[name, cercle] = self._look(name, cercle)
        return self._known[name, cercle]

    def _look(self, name: str, cercle: str) -> tuple[Place, ...]:
        by_id = self.gazetteer.get(name)
        if by_id and by_id.level is Level.COMMUNE:
            return (by_id,)
        match = find(self.gazetteer, f"commune {name}")
        around = (self.gazetteer.commune_of(place.id) for place in match.places)
        communes = {commune.id: commune for commune in around if commune}.values()
        return tuple(commune for commune in communes if not cercle or self._lies_in(commune, cercle))

    def _lies_in(self, commune: Place, cercle: str) -> bool:
        """Whether the commune lies in a cercle of this name, in one layout or the other."""
        if cercle not in self._cercles:
            self._cercles[cercle] = self._called(_CERCLE_OF.sub("", fold(cercle)))
        return bool(self.gazetteer.above(commune.id) & self._cercles[cercle])

    def _called(self, name: str) -> frozenset[str]:
        """The cercles of both layouts that have this name; of none, those whose name is nearly this."""
        names = self.gazetteer.names
        exact = names.spelt(spelling(name)) | names.heard(sound(name))
        ids = exact or frozenset(each for near in names.near(name, allowance, 0.0) for each in near.ids)
        return frozenset(filter(self._is_cercle, ids))

    def _is_cercle(self, place_id: str) -> bool:
        place = self.gazetteer.get(place_id)
        return place is not None and place.level is Level.CERCLE
