"""Roles: what a member of staff is there for, and which of them one person can't give alone."""

from enum import StrEnum


class Role(StrEnum):
    """What a member of staff is there for; one may hold several."""

    ADMINISTRATOR = "administrator"
    SECRETARY = "secretary"
    TRIAGE = "triage"
    CLOSED_QUEUE = "closed_queue"
    COMMITTEE = "committee"
    OBSERVATORY = "observatory"
    TRANSLATOR = "translator"
    AUTHOR = "author"
    APPROVER = "approver"
    AUDITOR = "auditor"


#: Who holds one of these signs in with a security key, which no false page and no glance over a shoulder can take.
KEYED = frozenset({Role.ADMINISTRATOR, Role.APPROVER})
#: Who holds one of these can look where others can't, or let others look: a second person must agree to it.
GUARDED = frozenset({Role.ADMINISTRATOR, Role.APPROVER, Role.CLOSED_QUEUE, Role.AUDITOR})
