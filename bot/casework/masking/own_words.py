"""The words that this desk masks in a summary: those of the program, its own, and those it has switched off."""

from collections.abc import Mapping
from datetime import datetime
from uuid import UUID

from sqlalchemy import func, insert, select

from bot.casework.masking.listed import shipped
from bot.casework.masking.marks import Listed, Why
from bot.errors import KunnafoniError
from bot.languages.text import fold
from bot.store import Session
from bot.store.audit import Action, note
from bot.store.tables import masked_word

SHORTEST, LONGEST = 2, 40
#: What a desk may add words to; numbers and ages are found by their form.
LISTED = (Why.NAME, Why.PEOPLE)


class NotAWord(KunnafoniError):
    """The word is too short or too long, or it is no single word."""


def words(session: Session) -> Listed:
    """Every word that is masked today, folded, and why; None where this desk says that it names nobody."""
    found: dict[str, Why | None] = dict(shipped())
    for word, (why, masked) in changes(session).items():
        found[word] = why if masked else None
    return found


def changes(session: Session) -> Mapping[str, tuple[Why, bool]]:
    """What this desk has ever changed: the word, why, and whether it is masked; of a word the newest row counts."""
    last = select(func.max(masked_word.c.id)).group_by(masked_word.c.word)
    rows = session.run(select(masked_word).where(masked_word.c.id.in_(last)).order_by(masked_word.c.word))
    return {row.word: (Why(row.why), row.masked) for row in rows}


def change(session: Session, now: datetime, staff_id: UUID, word: str, why: Why, *, masked: bool) -> None:
    """From now on this word is masked, or no longer. Raises NotAWord."""
    folded = fold(word).strip()
    if not SHORTEST <= len(folded) <= LONGEST or len(folded.split()) != 1 or why not in LISTED:
        raise NotAWord(f"one word of {SHORTEST} to {LONGEST} letters")
    values = {"word": folded, "why": why.value, "masked": masked, "staff_id": staff_id, "made_at": now}
    session.run(insert(masked_word).values(**values))
    note(session, now, f"staff:{staff_id}", Action.MASKING_CHANGED, why.value, {"masked": masked})
