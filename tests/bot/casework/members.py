"""Members of staff for tests of the committee."""

from uuid import UUID

from bot import staff
from tests.chat import Road


def member_of_staff(road: Road, username: str) -> UUID:
    """The member with this user name, made if need be, who may sit in seats of the committee."""
    with road.store.writing() as session:
        found = staff.find(session, username)
        if found:
            return found[0].id
        return staff.make(session, road.now, "command", username, username, "x", ["committee"])
