"""What a report may be about: events and needs, never a person, an opinion or a belief.

The list follows the red lines of the policy: no kind for a suspect, a preacher or a "sign of radicalisation".
"""

from enum import StrEnum


class Kind(StrEnum):
    """The kinds; the last three land in the closed queue."""

    ATTACK = "attack"
    THREAT = "threat"
    EXPLOSIVE = "explosive"
    ROAD = "road"
    THEFT = "theft"
    TENSION = "tension"
    DISASTER = "disaster"
    HEALTH = "health"
    DISPLACEMENT = "displacement"
    NEED = "need"
    SERVICE = "service"
    RUMOUR = "rumour"
    IDEA = "idea"
    OTHER = "other"
    SEXUAL_VIOLENCE = "sexual_violence"
    CHILD = "child"
    ABDUCTION = "abduction"


CLOSED = frozenset({Kind.SEXUAL_VIOLENCE, Kind.CHILD, Kind.ABDUCTION})

#: P1 (minutes) to P4 (days): the urgency that triage starts from.
USUAL_URGENCY = {
    Kind.ATTACK: 1,
    Kind.EXPLOSIVE: 1,
    Kind.ABDUCTION: 1,
    Kind.SEXUAL_VIOLENCE: 1,
    Kind.CHILD: 1,
    Kind.THREAT: 2,
    Kind.ROAD: 2,
    Kind.DISASTER: 2,
    Kind.HEALTH: 2,
    Kind.TENSION: 2,
    Kind.DISPLACEMENT: 2,
    Kind.THEFT: 3,
    Kind.NEED: 3,
    Kind.RUMOUR: 3,
    Kind.SERVICE: 4,
    Kind.IDEA: 4,
    Kind.OTHER: 3,
}
