"""How the desk spells a language on an SMS: a letter otherwise than the program does, or all letters of it kept.

Rows are added and the newest counts, so the history is whole.
"""

from collections.abc import Mapping
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Table, func, insert, select

from bot.errors import KunnafoniError
from bot.languages import Folding, digits
from bot.languages.gsm7 import BASIC, fits
from bot.store import Session
from bot.store.audit import Action, note
from bot.store.following import Followed
from bot.store.tables import spelling, spelling_kept

#: One letter never becomes more than so many.
LONGEST = 4


class NotALetter(KunnafoniError):
    """The letter needs no other spelling, or the spelling is not of the basic alphabet of an SMS."""


def spell(session: Session, now: datetime, staff_id: UUID, language: str, letter: str, sms: str) -> None:
    """From now on an SMS in this language writes `sms` for the letter, in both cases as they are given."""
    if len(letter) != 1 or not letter.isalpha() or fits(letter):
        raise NotALetter("one letter is wanted that the basic alphabet of an SMS lacks")
    if not 0 < len(sms) <= LONGEST or any(each not in BASIC for each in digits(sms)) or sms != sms.strip():
        raise NotALetter(f"one to {LONGEST} letters of the basic alphabet of an SMS are wanted")
    session.run(insert(spelling).values(language=language, letter=letter, sms=sms, staff_id=staff_id, made_at=now))
    note(session, now, f"staff:{staff_id}", Action.SPELLING_CHANGED, language, {})


def keep_letters(session: Session, now: datetime, staff_id: UUID, language: str, *, kept: bool) -> None:
    """Whether an SMS in this language keeps its letters from now on, whatever it then costs."""
    session.run(insert(spelling_kept).values(language=language, kept=kept, staff_id=staff_id, made_at=now))
    note(session, now, f"staff:{staff_id}", Action.SPELLING_CHANGED, language, {"kept": kept})


def follow_spelling(folding: Folding) -> Followed:
    """Keeps a process's folding as the desk has it."""

    def take(session: Session) -> None:
        letters: dict[str, dict[str, str]] = {}
        for row in _newest(session, spelling, "language", "letter"):
            letters.setdefault(row.language, {})[row.letter] = row.sms
        folding.lay_over(letters, {row.language for row in _newest(session, spelling_kept, "language") if row.kept})

    return Followed(lambda session: (_mark(session, spelling), _mark(session, spelling_kept)), take)


def changed_letters(session: Session, language: str) -> Mapping[str, str]:
    """The letters that this desk spells its own way in a language."""
    return {row.letter: row.sms for row in _newest(session, spelling, "language", "letter") if row.language == language}


def _newest(session: Session, table: Table, *key: str) -> Any:
    last = select(func.max(table.c.id)).group_by(*(table.c[name] for name in key))
    return session.run(select(table).where(table.c.id.in_(last))).all()


def _mark(session: Session, table: Table) -> tuple[int, ...]:
    # A row that was numbered earlier may be seen later: the count tells of it, the highest number would not.
    return tuple(session.run(select(func.count(), func.max(table.c.id))).one())
