"""Wordings out to a PO file and in from one. No name of anybody leaves the desk; whatever comes in is a draft."""

from dataclasses import dataclass
from datetime import datetime
from io import BytesIO
from uuid import UUID

from babel.messages import Message
from babel.messages.pofile import PoFileError, PoFileParser, write_po

from bot.errors import Unreadable
from bot.languages import Folding, tidy
from bot.languages.catalogue import Catalogues, StatedCatalog, forms, laid_over, messages_of
from bot.languages.problem import Problem
from bot.store import Session
from bot.store.audit import Action, note
from bot.translations.checks import Source, problems
from bot.translations.standing import sources, standings
from bot.translations.wordings import add, newest

# One message a line reads better in a diff.
_NEVER_WRAP = 100_000


@dataclass(frozen=True, slots=True)
class Bad:
    """An entry of a file that can't be taken, by its English, and why."""

    msgid: str
    problems: tuple[Problem, ...]

    def __str__(self) -> str:
        return f'"{self.msgid}": {" ".join(map(str, self.problems))}'


@dataclass(frozen=True, slots=True)
class Imported:
    """What became of a file: how many entries are drafts now, how many said nothing new, and those that are wrong."""

    drafts: int
    unchanged: int
    bad: tuple[Bad, ...]


def as_po(session: Session, catalogues: Catalogues, language: str) -> bytes:
    """The newest texts of a language with their states; a reviewed one has its date and no name."""
    wordings = {each.msgid: each.wording for each in newest(session, language=language)}
    content = BytesIO()
    write_po(content, laid_over(catalogues.shipped(language), wordings), width=_NEVER_WRAP, ignore_obsolete=True)
    return content.getvalue().rstrip(b"\n") + b"\n"


def load_po(
    session: Session,
    now: datetime,
    author_id: UUID | None,
    catalogues: Catalogues,
    language: str,
    content: bytes,
    *,
    partial: bool = False,
) -> Imported:
    """Take the texts of a PO file as drafts, whatever states it claims; an empty one is passed by.

    With a bad entry nothing is taken, unless `partial`: then all others are. Raises Unreadable for what is no PO file,
    or one of another language.
    """
    known = {source.msgid: source for source in sources(catalogues).values()}
    present = {each.source.msgid: each.text for each in standings(session, catalogues)[language]}
    texts = _texts(content, language)
    fresh = {msgid: text for msgid, text in texts.items() if present.get(msgid) != text}
    judged = {msgid: _judge(known.get(msgid), language, text, catalogues.folding) for msgid, text in fresh.items()}
    bad = tuple(Bad(msgid, found) for msgid, found in judged.items() if found)
    wrong = {each.msgid for each in bad}
    taken = {} if bad and not partial else {msgid: text for msgid, text in fresh.items() if msgid not in wrong}
    for msgid, text in taken.items():
        add(session, now, author_id, language, msgid, text)
    if taken:
        actor = f"staff:{author_id}" if author_id else "command"
        note(session, now, actor, Action.TRANSLATION_IMPORTED, language, {"drafts": len(taken)})
    return Imported(len(taken), len(texts) - len(fresh), bad)


def _judge(source: Source | None, language: str, text: str, folding: Folding) -> tuple[Problem, ...]:
    return tuple(problems(source, language, text, folding)) if source else (Problem("We have no such message."),)


def _texts(content: bytes, language: str) -> dict[str, str]:
    """The English and the text of each entry that has one; of the forms of a plural, the first."""
    catalog = StatedCatalog(None, fuzzy=False)
    try:
        PoFileParser(catalog, ignore_obsolete=True, abort_invalid=True).parse(BytesIO(content))
    except (PoFileError, ValueError) as failure:
        raise Unreadable(f"This is no PO file that we can read: {failure}.") from None
    if catalog.locale_identifier != language:
        raise Unreadable(f"This file does not say that it is in {language}, but in {catalog.locale_identifier}.")
    return {forms(each.id)[0]: text for each in messages_of(catalog) if (text := _text(each))}


def _text(message: Message) -> str:
    strings = forms(message.string)
    return tidy(strings[0]).strip() if strings else ""
