"""The sixteen languages and their catalogues, read from `locales/<tag>/LC_MESSAGES/<domain>.po` by Babel's API.

The text in the code is English; every other language falls back message by message, at last to that English.

A catalogue says in its header `X-State: draft` or `X-State: reviewed` what its messages are. One message says
otherwise by a translator comment whose line begins with `state:`, a reviewed one with who answers for it:
    # state: draft
    # state: reviewed by the language service of Mopti, 2026-11-02
"""

import gettext as standard_gettext
import re
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum
from io import BytesIO
from pathlib import Path
from types import MappingProxyType
from typing import Literal, Self

from babel.messages import Catalog, Message
from babel.messages.mofile import write_mo
from babel.messages.pofile import PoFileParser

from bot.languages.folding import Folding


@dataclass(frozen=True, slots=True)
class Language:
    """One language: its name in itself and in English, its direction, and the tags that speak where it is silent."""

    tag: str
    autonym: str
    english: str
    direction: Literal["ltr", "rtl"] = "ltr"
    fallbacks: tuple[str, ...] = ("fr",)


# Autonyms are those of the list of national languages (languages.md §1); codes are ISO 639-1, else 639-3.
_LANGUAGES = (
    Language("fr", "Français", "French", fallbacks=()),
    Language("bm", "Bamanankan", "Bambara"),
    Language("ffm", "Fulfulde", "Fulfulde of Maasina"),
    Language("ses", "Songoy", "Songhay of Gao"),
    Language("snk", "Soninke", "Soninke"),
    Language("taq", "Tamasheq", "Tamasheq"),
    Language("mey", "الحسانية", "Hassaniya", "rtl", ("ar", "fr")),
    Language("bmq", "Bomu", "Bomu"),
    Language("bze", "Bozo", "Bozo (Jenaama)"),
    Language("dts", "Dɔgɔsɔ", "Dogon (Toro So)"),
    Language("myk", "Mamara", "Mamara (Minyanka)"),
    Language("mwk", "Maninkakan", "Maninka of Kita", fallbacks=("bm", "fr")),
    Language("shz", "Syenara", "Syenara (Senufo)"),
    Language("kao", "Xaasongaxanŋo", "Xaasonga", fallbacks=("bm", "fr")),
    Language("ar", "العربية", "Arabic", "rtl"),
    Language("en", "English", "English", fallbacks=()),
)
LANGUAGES: Mapping[str, Language] = MappingProxyType({language.tag: language for language in _LANGUAGES})
TAGS: tuple[str, ...] = tuple(LANGUAGES)

#: The language of what is written in the code, and the working language that an unknown tag gets.
SOURCE, WORKING = "en", "fr"


class State(StrEnum):
    """How far a translation is: absent, written by us, or answered for by a named reader."""

    MISSING = "missing"
    DRAFT = "draft"
    REVIEWED = "reviewed"


@dataclass(frozen=True, slots=True)
class Wording:
    """One message as a desk words it: its text, how far that is, and since when it is reviewed; never by whom."""

    text: str
    state: State
    reviewed_on: date | None = None

    @property
    def comment(self) -> str:
        """The state as a catalogue's comment says it."""
        if self.state is not State.REVIEWED:
            return "state: draft"
        return f"state: reviewed by the desk, {self.reviewed_on}" if self.reviewed_on else "state: reviewed by the desk"


class StatedCatalog(Catalog):
    """A Babel catalogue that keeps our X-State header, and no dates: the history of a file is Git's."""

    state: State = State.DRAFT

    def _stated_headers(self) -> list[tuple[str, str]]:
        language = [("Language", self.locale_identifier)] if self.locale_identifier else []
        plural = [("Plural-Forms", self.plural_forms), ("X-State", str(self.state))] if self.locale_identifier else []
        return [
            ("Project-Id-Version", self.project),
            *language,
            *plural,
            ("MIME-Version", "1.0"),
            ("Content-Type", f"text/plain; charset={self.charset}"),
            ("Content-Transfer-Encoding", "8bit\n"),
        ]

    def _read_headers(self, headers: Iterable[tuple[str, str]]) -> None:
        headers = list(headers)
        for name, value in headers:
            if name.lower() == "x-state":
                self.state = State(value.strip())
            elif name.lower() == "project-id-version":
                self.project = value
        Catalog.mime_headers.__set__(self, [pair for pair in headers if pair[0].lower() != "project-id-version"])

    mime_headers = property(_stated_headers, _read_headers)


def read(path: Path, tag: str | None, domain: str) -> StatedCatalog:
    """The catalogue in a .po file; a file that is none raises Babel's PoFileError, a wrong X-State ValueError."""
    catalog = StatedCatalog(locale=tag, domain=domain, fuzzy=False)
    with path.open("rb") as lines:
        PoFileParser(catalog, ignore_obsolete=False, abort_invalid=True).parse(lines)
    return catalog


def messages_of(catalog: Catalog) -> Iterator[Message]:
    """The messages of a catalogue without its header."""
    return (message for message in catalog if message.id)


def forms(text: str | Sequence[str] | None) -> tuple[str, ...]:
    """A message's text, or the texts of its plural forms; none when there is nothing."""
    if text is None:
        return ()
    return (text,) if isinstance(text, str) else tuple(text)


def translated(message: Message) -> bool:
    """Whether every form of the message has a translation."""
    strings = forms(message.string)
    return bool(strings) and all(strings)


_STATE_LINE = re.compile(r"state:\s*(draft|reviewed by \S.*)$")


def stated(message: Message, of_catalogue: State) -> State:
    """The state of one message: missing, or what its own comment says, or what its catalogue says."""
    if not translated(message):
        return State.MISSING
    if message.fuzzy:
        return State.DRAFT
    for comment in message.user_comments:
        if found := _STATE_LINE.match(comment):
            return State(found[1].split()[0])
        if comment.startswith("state:"):
            return State.DRAFT
    return of_catalogue


def state_line_is_sound(comment: str) -> bool:
    """Whether a comment that begins with `state:` says one of the two things that it may say."""
    return bool(_STATE_LINE.match(comment))


def laid_over(catalog: StatedCatalog, wordings: Mapping[str, Wording]) -> StatedCatalog:
    """A catalogue with these wordings, by their English, in the place of its own; one that doesn't fit is passed by."""
    made = StatedCatalog(
        catalog.locale_identifier, catalog.domain, catalog.header_comment, catalog.project, fuzzy=False
    )
    made.state = catalog.state
    made.mime_headers = [("Plural-Forms", catalog.plural_forms)]
    for message in messages_of(catalog):
        made[message.id] = _worded(message, wordings.get(_key(message)))
    return made


def _worded(message: Message, wording: Wording | None) -> Message:
    if wording is None or message.pluralizable:
        return message.clone()
    comments = [line for line in message.user_comments if not line.startswith("state:")]
    worded = Message(
        message.id,
        wording.text,
        message.locations,
        message.flags - {"fuzzy"},
        message.auto_comments,
        [*comments, wording.comment],
    )
    return message.clone() if faults(worded) else worded


# `{n}` is filled in by a page's script, so it is compared but never filled in here.
_BRACED = re.compile(r"\{\w+\}")
_PLACEHOLDER = re.compile(r"%(?:\((?P<name>\w+)\)[-#0-9 +.]*[a-zA-Z]|%)")


def placeholders(text: str) -> frozenset[str]:
    """The placeholders of a text, each whole: `%(number)s` or `{number}`, not `number`."""
    return _filled(text) | frozenset(_BRACED.findall(text))


def _filled(text: str) -> frozenset[str]:
    return frozenset(match.group() for match in _PLACEHOLDER.finditer(text) if match["name"])


def faults(message: Message) -> list[str]:
    """What would go wrong if the translation were used, one clause each; none for a message that isn't translated."""
    if not translated(message):
        return []
    asked = [placeholders(text) for text in forms(message.id)]
    allowed = asked[0] | asked[-1]
    filled = is_filled(message)
    strings = forms(message.string)
    found = []
    for place, text in enumerate(strings, start=1):
        has = placeholders(text)
        # A singular may say "one" for %(n)s; the last form, which serves every greater number, may not.
        needed = asked[-1] if place == len(strings) else asked[0] & asked[-1]
        found += [f"lacks {name}" for name in sorted(needed - has)]
        found += [f"has {name}, which the English has not" for name in sorted(has - allowed)]
        if filled and bare_percent(text):
            found.append("has a bare %, which must be written %%")
    return found


def is_filled(message: Message) -> bool:
    """Whether values are put into the message, so that a % must be written %%."""
    return message.pluralizable or bool(_filled(forms(message.id)[0]))


def bare_percent(text: str) -> bool:
    """Whether a % stands in the text that is neither a placeholder nor written %%."""
    return "%" in _PLACEHOLDER.sub("", text)


@dataclass(frozen=True, slots=True)
class Translator:
    """What speaks one language; where it has no words, its fallbacks do. Placeholders are `%(name)s`."""

    tag: str
    _words: standard_gettext.NullTranslations = field(repr=False, compare=False)
    _spoken: Sequence[tuple[str, Collection[str]]] = field(default=(), repr=False, compare=False)

    def speaker(self, msgid: str) -> str:
        """The tag of the language that the message is said in: this one, or the fallback that has words for it."""
        return next((tag for tag, msgids in self._spoken if msgid in msgids), SOURCE)

    def gettext(self, msgid: str, /, **values: object) -> str:
        """The message in this language, filled in; without values it is given as it stands, % and all."""
        text = self._words.gettext(msgid)
        return text % values if values else text

    def ngettext(self, singular: str, plural: str, n: int, /, **values: object) -> str:
        """The message in the form that `n` takes in this language; `%(n)s` is filled in by itself."""
        return self._words.ngettext(singular, plural, n) % {"n": n, **values}


@dataclass(frozen=True, slots=True)
class _Speech:
    """What is said: how far each message is in each language, and what speaks it."""

    states: Mapping[str, Mapping[str, State]]
    translators: Mapping[str, Translator]


class Catalogues:
    """Every catalogue of one domain, read once; a translation that doesn't fit its English is left out.

    A desk's own wordings may be laid over them at any time, from any thread: each message is the old or the new one.
    `folding` is how an SMS spells what they say; `version` grows with every change.
    """

    def __init__(self, catalogs: Mapping[str, StatedCatalog], *, drafts: bool) -> None:
        self.drafts = drafts
        self.folding = Folding()
        self._shipped = catalogs
        self.version = 0
        self._speech = _speech(catalogs, drafts=drafts)

    @classmethod
    def load(cls, folder: Path, domain: str, *, drafts: bool) -> Self:
        """Read `<folder>/<tag>/LC_MESSAGES/<domain>.po` of every language that has one.

        Without `drafts` only reviewed messages are spoken. Raises FileNotFoundError if French has no such file.
        """
        paths = {tag: folder / tag / "LC_MESSAGES" / f"{domain}.po" for tag in TAGS}
        found = {tag: read(path, tag, domain) for tag, path in paths.items() if path.exists() or tag == WORKING}
        return cls(found, drafts=drafts)

    def lay_over(self, wordings: Mapping[str, Mapping[str, Wording]]) -> None:
        """From now on these, by tag and English, are said where the files say something else or nothing.

        They take the place of all that was laid over before. A draft among them is said only where drafts are.
        """
        over = {tag: laid_over(catalog, wordings.get(tag, {})) for tag, catalog in self._shipped.items()}
        self._speech = _speech(over, drafts=self.drafts)
        self.version += 1

    def shipped(self, tag: str) -> StatedCatalog:
        """The catalogue of a language as its file has it, to read and not to change. Raises KeyError without a file."""
        return self._shipped[tag]

    def translator(self, tag: str) -> Translator:
        """The translator of a tag; an unknown one gets French, the working language."""
        translators = self._speech.translators
        return translators.get(tag) or translators[WORKING]

    def messages(self) -> list[str]:
        """Every message of the domain, by its English; French has them all."""
        return list(self._speech.states[WORKING])

    def state(self, tag: str, msgid: str) -> State:
        """How far the message is in this very language, fallbacks aside; of a plural message, ask by its singular."""
        if tag == SOURCE:
            return State.REVIEWED
        return self._speech.states.get(tag, {}).get(msgid, State.MISSING)


def _speech(catalogs: Mapping[str, StatedCatalog], *, drafts: bool) -> _Speech:
    states = {tag: _states(catalog) for tag, catalog in catalogs.items()}
    wanted = {State.REVIEWED, State.DRAFT} if drafts else {State.REVIEWED}
    spoken = {tag: frozenset(key for key, state in states[tag].items() if state in wanted) for tag in catalogs}
    words = {tag: _compiled(catalog, spoken[tag]) for tag, catalog in catalogs.items()}
    translators = {
        tag: Translator(tag, _chain(language, words), [(each, spoken[each]) for each in _speakers(language, words)])
        for tag, language in LANGUAGES.items()
    }
    return _Speech(states, translators)


def _key(message: Message) -> str:
    return forms(message.id)[0]


def _states(catalog: StatedCatalog) -> dict[str, State]:
    return {
        _key(message): State.MISSING if faults(message) else stated(message, catalog.state)
        for message in messages_of(catalog)
    }


def _compiled(catalog: StatedCatalog, keys: Collection[str]) -> bytes:
    """The chosen messages of a catalogue, with its plural rule, in the form that the standard library reads."""
    kept = StatedCatalog(locale=catalog.locale_identifier, fuzzy=False)
    kept.mime_headers = [("Plural-Forms", catalog.plural_forms)]
    for message in messages_of(catalog):
        if _key(message) in keys:
            kept.add(message.id, message.string)
    compiled = BytesIO()
    write_mo(compiled, kept)
    return compiled.getvalue()


def _chain(language: Language, compiled: Mapping[str, bytes]) -> standard_gettext.NullTranslations:
    """The language's own words, then those of its fallbacks in order, then the English of the code."""
    chain = standard_gettext.NullTranslations()
    for tag in _speakers(language, compiled):
        chain.add_fallback(standard_gettext.GNUTranslations(BytesIO(compiled[tag])))
    return chain


def _speakers(language: Language, compiled: Mapping[str, bytes]) -> list[str]:
    return [tag for tag in (language.tag, *language.fallbacks) if tag in compiled and tag != SOURCE]
