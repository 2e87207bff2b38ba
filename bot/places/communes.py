"""Communes as an office names them in a list: by name or id, with the cercle where several have the name."""

from dataclasses import dataclass, field

from bot.places.gazetteer import Gazetteer, Level, Place
from bot.places.matching import find


@dataclass(slots=True)
class Communes:
    """Finds each commune once; a list names few of them many times."""

    gazetteer: Gazetteer
    _known: dict[tuple[str, str], tuple[Place, ...]] = field(default_factory=dict)

    def find(self, name: str, cercle: str = "") -> tuple[Place, ...]:
        """The communes of this name, be it that of a town in one; one, none, or several that the cercle must settle."""
        if (name, cercle) not in self._known:
            self._known[name, cercle] = self._look(name, cercle)
        return self._known[name, cercle]

    def _look(self, name: str, cercle: str) -> tuple[Place, ...]:
        by_id = self.gazetteer.get(name)
        if by_id and by_id.level is Level.COMMUNE:
            return (by_id,)
        match = find(self.gazetteer, f"commune {name} cercle {cercle}" if cercle else f"commune {name}")
        around = (self.gazetteer.commune_of(place.id) for place in match.places)
        return tuple({commune.id: commune for commune in around if commune}.values())
