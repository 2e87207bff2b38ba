"""The desk's own words for triage: added to those of the program, or switched off. Of a word the newest row counts."""

from collections.abc import Mapping
from datetime import datetime
from uuid import UUID

from sqlalchemy import func, insert, select

from bot.conversation.kinds import CLOSED
from bot.conversation.lexicon import TOPICS, Entry, Lexicon, said
from bot.errors import KunnafoniError
from bot.languages import LANGUAGES
from bot.store import Session
from bot.store.audit import Action, note
from bot.store.following import Followed
from bot.store.tables import lexicon_word

#: A word of one letter stands in every text.
SHORTEST, LONGEST = 2, 40


class NotAWord(KunnafoniError):
    """The word is too short or too long, or its language or kind is unknown."""


def entry_of(language: str, topic: str, word: str) -> Entry:
    """The entry for a word as somebody typed it. Raises NotAWord."""
    word = said(word)
    if language not in LANGUAGES or topic not in TOPICS:
        raise NotAWord("the language or the kind is unknown")
    sides = word.split("+")
    if not SHORTEST <= len(word) <= LONGEST or len(sides) > 2 or not all(map(_has_letters, sides)):
        raise NotAWord(f"a word has {SHORTEST} to {LONGEST} letters, and a pair two words")
    return Entry(language, topic, word)


def _has_letters(side: str) -> bool:
    return any(letter.isalpha() for letter in side)


def is_closed(entry: Entry) -> bool:
    """Whether the word sends a text to the closed queue; only an officer of that queue changes those."""
    return entry.topic in {kind.value for kind in CLOSED}


def change(session: Session, now: datetime, staff_id: UUID, entry: Entry, *, read: bool) -> None:
    """From now on texts are read with this word, or no longer."""
    session.run(
        insert(lexicon_word).values(
            language=entry.language, topic=entry.topic, word=entry.word, read=read, staff_id=staff_id, made_at=now
        )
    )
    detail = {"language": entry.language, "kind": entry.topic, "read": read}
    note(session, now, f"staff:{staff_id}", Action.LEXICON_CHANGED, entry.topic, detail)


def changes(session: Session) -> Mapping[Entry, bool]:
    """Every word that the desk ever changed, and whether texts are read with it."""
    last = select(func.max(lexicon_word.c.id)).group_by(
        lexicon_word.c.language, lexicon_word.c.topic, lexicon_word.c.word
    )
    rows = session.run(select(lexicon_word).where(lexicon_word.c.id.in_(last)).order_by(lexicon_word.c.id))
    return {Entry(row.language, row.topic, row.word): row.read for row in rows}


def follow_lexicon(lexicon: Lexicon) -> Followed:
    """Keeps a process's lexicon as the desk has it."""
    mark = select(func.count(), func.max(lexicon_word.c.id))
    return Followed(lambda session: tuple(session.run(mark).one()), lambda session: lexicon.lay_over(changes(session)))
