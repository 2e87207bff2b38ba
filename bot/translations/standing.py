"""How far each message is in each language: the files that were shipped and the desk's wordings over them."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from bot.languages.catalogue import SOURCE, TAGS, WORKING, Catalogues, State, forms, messages_of, stated
from bot.store import Session
from bot.store.tables import TranslationStatus
from bot.translations.checks import Source
from bot.translations.wordings import Proposal, newest

#: The languages that a desk words; the English is in the code.
LANGUAGES = tuple(tag for tag in TAGS if tag != SOURCE)
#: So many messages before and after one are shown with it.
_AROUND = 3


@dataclass(frozen=True, slots=True)
class Standing:
    """One message in one language: its newest text, how far that is, and the desk's proposal it comes from, if any."""

    source: Source
    text: str
    state: State
    proposal: Proposal | None = None

    @property
    def waits(self) -> bool:
        """Whether a draft of this desk waits for its second reader."""
        return self.proposal is not None and self.proposal.status is TranslationStatus.DRAFT


def sources(catalogues: Catalogues) -> dict[str, Source]:
    """Every message that can be worded, by its short name, in the order of the code. Those with plural forms can't."""
    found = [
        Source(str(message.id), "".join(forms(message.string)), tuple(name for name, _line in message.locations))
        for message in messages_of(catalogues.shipped(WORKING))
        if not message.pluralizable
    ]
    return {source.key: source for source in found}


def standings(session: Session, catalogues: Catalogues) -> dict[str, list[Standing]]:
    """Every message of every language, in the order of the code."""
    worded = {(each.language, each.msgid): each for each in newest(session)}
    messages = list(sources(catalogues).values())
    return {tag: _of_language(messages, tag, worded, catalogues) for tag in LANGUAGES}


def _of_language(
    messages: Iterable[Source], tag: str, worded: Mapping[tuple[str, str], Proposal], catalogues: Catalogues
) -> list[Standing]:
    found = []
    catalog = catalogues.shipped(tag)
    for source in messages:
        proposal = worded.get((tag, source.msgid))
        message = catalog.get(source.msgid)
        if proposal:
            found.append(Standing(source, proposal.text, proposal.wording.state, proposal))
        elif message and isinstance(message.string, str):
            found.append(Standing(source, message.string, stated(message, catalog.state)))
        else:
            found.append(Standing(source, "", State.MISSING))
    return found


def neighbours(messages: Sequence[Standing], source: Source, file: str) -> list[Standing]:
    """The message among those that the same file says just before and after it."""
    there = [each for each in messages if file in each.source.files]
    place = next(number for number, each in enumerate(there) if each.source == source)
    return there[max(0, place - _AROUND) : place + _AROUND + 1]
