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
