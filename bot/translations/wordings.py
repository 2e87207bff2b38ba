"""The desk's wordings in the store: proposed by one person, approved by another, withdrawn by anybody of the desk.

Rows are added and never rewritten but for their state, so that the history of a message is all that was ever said.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, ScalarSelect, func, insert, select, update

from bot.errors import KunnafoniError, NotAllowed, Stale
from bot.languages import Folding, tidy
from bot.languages.catalogue import Catalogues, State, Wording
from bot.languages.problem import Problem
from bot.store import Session
from bot.store.audit import Action, note
from bot.store.following import Followed
from bot.store.tables import TranslationStatus, translation
from bot.translations.checks import Source, problems


class Unfit(KunnafoniError):
    """The wording may not be said; `problems` holds a sentence for each reason."""

    def __init__(self, found: Sequence[Problem]) -> None:
        super().__init__(" ".join(map(str, found)))
        self.problems = tuple(found)


@dataclass(frozen=True, slots=True)
class Proposal:
    """One wording of one message. Without an author it came from a file."""

    id: int
    language: str
    msgid: str
    text: str
    status: TranslationStatus
    author_id: UUID | None
    made_at: datetime
    reviewer_id: UUID | None
    reviewed_at: datetime | None
    withdrawn_at: datetime | None

    @property
    def wording(self) -> Wording:
        """What it says and how far that is, without the names."""
        if self.status is TranslationStatus.REVIEWED and self.reviewed_at:
            return Wording(self.text, State.REVIEWED, self.reviewed_at.date())
        return Wording(self.text, State.DRAFT)


def propose(
    session: Session,
    now: datetime,
    staff_id: UUID,
    language: str,
    source: Source,
    text: str,
    folding: Folding,
    *,
    seen: int | None,
) -> int:
    """Keep a new draft; its number. A second reader must approve it before a live desk says it.

    `seen` is the number of the newest wording that they had before their eyes. Raises Stale if another one came since
    (so a form sent twice acts once), Unfit if the text may not be said.
    """
    text = tidy(text).strip()
    if found := problems(source, language, text, folding):
        raise Unfit(found)
    if _newest_id(session, language, source.msgid) != seen:
        raise Stale("somebody has just worded this message anew")
    identity = add(session, now, staff_id, language, source.msgid, text)
    note(session, now, f"staff:{staff_id}", Action.TRANSLATION_PROPOSED, _subject(identity), {"language": language})
    return identity


def add(session: Session, now: datetime, author_id: UUID | None, language: str, msgid: str, text: str) -> int:
    """Store a draft that was checked; its number."""
    statement = insert(translation).returning(translation.c.id)
    row = session.run(
        statement.values(
            language=language,
            msgid=msgid,
            text=text,
            status=TranslationStatus.DRAFT.value,
            author_id=author_id,
            made_at=now,
        )
    )
    return int(row.scalar_one())


def approve(session: Session, now: datetime, staff_id: UUID, identity: int) -> None:
    """From now on the message says this. Raises NotAllowed for its author, Stale if it is not the newest draft."""
    row = session.run(select(translation).where(translation.c.id == identity)).first()
    if row is None:
        raise Stale("this wording is not there")
    if row.author_id == staff_id:
        raise NotAllowed("whoever worded a message does not approve it")
    changed = session.run(
        update(translation)
        .where(translation.c.id == identity, translation.c.status == TranslationStatus.DRAFT.value)
        .where(translation.c.author_id.is_distinct_from(staff_id), translation.c.id == _newest_of(row))
        .values(status=TranslationStatus.REVIEWED.value, reviewer_id=staff_id, reviewed_at=now)
    )
    if not changed.rowcount:
        raise Stale("this wording is no longer the newest draft")
    detail = {"language": row.language}
    note(session, now, f"staff:{staff_id}", Action.TRANSLATION_APPROVED, _subject(identity), detail)


def withdraw(session: Session, now: datetime, staff_id: UUID, identity: int) -> None:
    """It is no longer said, at once and by one person alone; what was said before it is said again.

    Raises Stale if it was withdrawn before.
    """
    statement = (
        update(translation)
        .where(translation.c.id == identity, translation.c.status != TranslationStatus.WITHDRAWN.value)
        .values(status=TranslationStatus.WITHDRAWN.value, withdrawn_at=now)
        .returning(translation.c.language)
    )
    language = session.run(statement).scalar()
    if language is None:
        raise Stale("this wording is not there any more")
    note(session, now, f"staff:{staff_id}", Action.TRANSLATION_WITHDRAWN, _subject(identity), {"language": language})


def history(session: Session, language: str, msgid: str) -> list[Proposal]:
    """Every wording of a message in a language, the newest first."""
    statement = select(translation).where(translation.c.language == language, translation.c.msgid == msgid)
    return [_proposal(row) for row in session.run(statement.order_by(translation.c.id.desc()))]


def newest(session: Session, *, reviewed_only: bool = False, language: str | None = None) -> Iterator[Proposal]:
    """The newest wording of each message that has one that was not withdrawn, or was reviewed."""
    wanted: ColumnElement[bool] = translation.c.status != TranslationStatus.WITHDRAWN.value
    if reviewed_only:
        wanted = translation.c.status == TranslationStatus.REVIEWED.value
    last = select(func.max(translation.c.id)).where(wanted).group_by(translation.c.language, translation.c.msgid)
    statement = select(translation).where(translation.c.id.in_(last))
    if language:
        statement = statement.where(translation.c.language == language)
    return map(_proposal, session.run(statement))


def overlay(session: Session, *, drafts: bool) -> Mapping[str, Mapping[str, Wording]]:
    """By tag and English, what the desk says in the place of the files: what was reviewed last, or last of all."""
    found: dict[str, dict[str, Wording]] = {}
    for each in newest(session, reviewed_only=not drafts):
        found.setdefault(each.language, {})[each.msgid] = each.wording
    return found


def version(session: Session) -> tuple[int, ...]:
    """A mark that differs as soon as the overlay may."""
    columns = (translation.c.id, translation.c.reviewed_at, translation.c.withdrawn_at)
    row: Any = session.run(select(*(func.count(column) for column in columns))).one()
    return tuple(row)


def follow_wordings(catalogues: Catalogues) -> Followed:
    """Keeps what a process says as the desk has it."""

    def take(session: Session) -> None:
        catalogues.lay_over(overlay(session, drafts=catalogues.drafts))

    return Followed(version, take)


def _newest_of(row: Any) -> ScalarSelect[int]:
    other = translation.alias()
    return (
        select(func.max(other.c.id))
        .where(other.c.language == row.language, other.c.msgid == row.msgid)
        .where(other.c.status != TranslationStatus.WITHDRAWN.value)
        .scalar_subquery()
    )


def _newest_id(session: Session, language: str, msgid: str) -> int | None:
    statement = select(func.max(translation.c.id)).where(
        translation.c.language == language, translation.c.msgid == msgid
    )
    found: int | None = session.run(statement).scalar()
    return found


def _subject(identity: int) -> str:
    return f"translation:{identity}"


def _proposal(row: Any) -> Proposal:
    return Proposal(
        row.id,
        row.language,
        row.msgid,
        row.text,
        TranslationStatus(row.status),
        row.author_id,
        row.made_at,
        row.reviewer_id,
        row.reviewed_at,
        row.withdrawn_at,
    )
