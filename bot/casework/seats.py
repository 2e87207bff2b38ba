"""Seats: who looks, and what they may see. Every question and act of the desk names one."""

from dataclasses import dataclass
from uuid import UUID


@dataclass(frozen=True, slots=True)
class Seat:
    """Who looks: the staff member's id, and whether the closed queue is theirs to see."""

    staff_id: UUID
    sees_closed: bool = False

    @property
    def actor(self) -> str:
        """How the audit names them."""
        return f"staff:{self.staff_id}"
