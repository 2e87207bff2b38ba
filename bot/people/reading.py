"""Rows of a file of contacts, read one by one: who it is, or the one thing that is wrong with the row.

Headings and words are those of an office, French or English. Columns that are not asked for are not read.
"""

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field

from bot.languages.catalogue import LANGUAGES
from bot.languages.problem import N_, Problem
from bot.languages.text import fold
from bot.people.names import differ, sounds
from bot.people.numbers import read_number
from bot.people.spreadsheet import BadFile, Row
from bot.places.communes import Communes
from bot.places.gazetteer import Gazetteer, Level, Place
from bot.store.tables import GroupKind, MemberRole

#: A name is at most so long, a title and a consent too.
LONGEST_NAME, LONGEST_TITLE, LONGEST_CONSENT = 80, 80, 200
#: So many languages of a person are kept, and so many people may share a telephone.
MOST_LANGUAGES, MOST_PERSONS = 6, 9

#: The columns of a file, by their headings in English and in French, folded.
_HEADINGS: Mapping[str, str] = {
    **dict.fromkeys(("number", "phone", "telephone", "tel", "mobile", "numero", "numero de telephone"), "number"),
    **dict.fromkeys(("name", "full name", "nom", "nom complet", "nom et prenom", "prenom et nom"), "name"),
    **dict.fromkeys(("first name", "prenom", "prenoms"), "first_name"),
    **dict.fromkeys(("language", "languages", "langue", "langues"), "languages"),
    **dict.fromkeys(("commune", "place", "lieu", "localite"), "commune"),
    "cercle": "cercle",
    **dict.fromkeys(("group", "groupe"), "group"),
    **dict.fromkeys(("title", "titre", "group title", "nom du groupe"), "title"),
    **dict.fromkeys(("role", "fonction"), "role"),
    **dict.fromkeys(("person", "personne"), "person"),
    **dict.fromkeys(("consent", "consentement"), "consent"),
}  # fmt: skip
_NEEDED = {"number": "numero", "consent": "consentement"}

#: How offices call the languages, beside their tags, autonyms and English names.
_FRENCH_NAMES: Mapping[str, str] = {
    "francais": "fr", "bambara": "bm", "bamanan": "bm", "bamana": "bm", "dioula": "bm", "peul": "ffm", "peulh": "ffm",
    "fulani": "ffm", "fulfulde": "ffm", "fulbe": "ffm", "songhai": "ses", "songhay": "ses", "sonrhai": "ses",
    "sonrai": "ses", "sarakole": "snk", "tamachek": "taq", "tamasheq": "taq", "tamacheq": "taq", "hassanya": "mey",
    "hassania": "mey", "bobo": "bmq", "bwa": "bmq", "bozo": "bze", "dogon": "dts", "dogoso": "dts", "minianka": "myk",
    "minyanka": "myk", "malinke": "mwk", "maninka": "mwk", "senoufo": "shz", "khassonke": "kao", "kassonke": "kao",
    "arabe": "ar", "anglais": "en",
}  # fmt: skip
_LANGUAGES: Mapping[str, str] = {
    **{fold(name): tag for tag, each in LANGUAGES.items() for name in (tag, each.autonym, each.english)},
    **_FRENCH_NAMES,
}
_BETWEEN_LANGUAGES = re.compile(r"[|/;,+&]|\bet\b|\band\b")

_KINDS: Mapping[str, GroupKind] = {
    **{each.value: each for each in GroupKind},
    **dict.fromkeys(("cellule", "cellule de veille", "cellule d'alerte", "vigilance cell"), GroupKind.CELL),
    **dict.fromkeys(("femmes", "association de femmes", "women's association"), GroupKind.WOMEN),
    **dict.fromkeys(("jeunes", "association de jeunes", "youth association"), GroupKind.YOUTH),
    **dict.fromkeys(("autre association", "other association"), GroupKind.ASSOCIATION),
    **dict.fromkeys(("ccs", "comite local de securite", "comite local de securite (ccls)"), GroupKind.CCLS),
    **dict.fromkeys(("radios", "radio locale"), GroupKind.RADIO),
    **dict.fromkeys(("leaders", "leader communautaire", "chef"), GroupKind.LEADER),
    **dict.fromkeys(("autre", "autre groupe", "other group"), GroupKind.OTHER),
}
_ROLES: Mapping[str, MemberRole] = {
    "": MemberRole.MEMBER,
    **dict.fromkeys(("member", "membre"), MemberRole.MEMBER),
    **dict.fromkeys(("focal point", "focal_point", "point focal", "focal"), MemberRole.FOCAL_POINT),
}
_NO = frozenset(("non", "no", "0", "faux", "false", "refuse", "aucun", "none"))
_YES = frozenset(("oui", "yes", "1", "vrai", "true", "ok", "x", "d'accord"))


@dataclass(frozen=True, slots=True)
class GroupNamed:
    """The group that a row names."""

    kind: GroupKind
    place: str | None
    title: str | None = field(default=None, repr=False)


@dataclass(frozen=True, slots=True)
class Entry:
    """What a good row says; `person` None where the file does not number who shares a telephone."""

    row: int
    uri: str = field(repr=False)
    name: str | None = field(repr=False)
    languages: tuple[str, ...]
    place: str | None
    group: GroupNamed | None
    role: MemberRole
    person: int | None
    consent: str = field(repr=False)


@dataclass(frozen=True, slots=True)
class BadRow:
    """What is wrong with a row, in one sentence."""

    row: int
    problem: Problem


class _Wrong(Exception):
    """Ends the reading of one row."""

    def __init__(self, sentence: str, **values: object) -> None:
        super().__init__(sentence)
        self.problem = Problem(sentence, values)


def read_entries(rows: Iterable[Row], gazetteer: Gazetteer) -> Iterator[Entry | BadRow]:
    """Each row of a file after its headings, as what it says or what is wrong with it. Raises BadFile."""
    waiting = iter(rows)
    first = next(waiting, None)
    if first is None:
        raise BadFile(Problem(N_("The file is empty.")))
    reader = _Reader(_columns(first), len(first.cells), gazetteer, Communes(gazetteer))
    empty = True
    for row in waiting:
        empty = False
        try:
            yield reader.read(row)
        except _Wrong as wrong:
            yield BadRow(row.number, wrong.problem)
    if empty:
        raise BadFile(Problem(N_("The file has headings and nobody below them.")))


def unread_columns(first: Row) -> tuple[str, ...]:
    """The headings of the columns that are not read."""
    return tuple(cell for cell in first.cells if cell and fold(cell) not in _HEADINGS)


def _columns(first: Row) -> dict[str, int]:
    columns: dict[str, int] = {}
    for place, cell in enumerate(first.cells):
        name = _HEADINGS.get(fold(cell))
        if name in columns:
            raise BadFile(
                Problem(N_("Two columns are called %(name)s: rename the one that is not meant."), {"name": cell})
            )
        if name:
            columns[name] = place
    for name, french in _NEEDED.items():
        if name not in columns:
            values = {"name": name, "french": french}
            raise BadFile(Problem(N_("The first row has no column %(name)s (%(french)s)."), values))
    return columns


@dataclass(slots=True)
class _Reader:
    """Reads rows, and remembers who stood where: a person stands once in each group."""

    columns: Mapping[str, int]
    width: int
    gazetteer: Gazetteer
    communes: Communes
    #: By number and digit: the row, and the name as it is compared.
    people: dict[str, dict[int | None, tuple[int, frozenset[str]]]] = field(default_factory=dict)
    memberships: dict[tuple[str, int | None, GroupNamed | None], int] = field(default_factory=dict)

    def read(self, row: Row) -> Entry:
        """What the row says. Raises _Wrong."""
        if row.formula:
            raise _Wrong(N_("A cell begins like a formula: type the value itself."))
        if any(row.cells[self.width :]):
            raise _Wrong(N_("The row has more cells than headings: is a separator or a quotation mark out of place?"))
        cells = {name: row.cells[place] if place < len(row.cells) else "" for name, place in self.columns.items()}
        entry = self._entry(row.number, cells)
        self._check_alone(entry)
        return entry

    def _entry(self, row: int, cells: Mapping[str, str]) -> Entry:
        number = read_number(cells["number"])
        if isinstance(number, Problem):
            raise _Wrong(number.sentence, **number.values)
        place = self._place(cells.get("commune", ""), cells.get("cercle", ""))
        return Entry(
            row=row,
            uri=f"tel:{number}",
            name=_name(cells),
            languages=_languages(cells.get("languages", "")),
            place=place,
            group=_group(cells.get("group", ""), place, cells.get("title", "")),
            role=_role(cells.get("role", "")),
            person=_person(cells.get("person", "")),
            consent=_consent(cells["consent"]),
        )

    def _place(self, name: str, cercle: str) -> str | None:
        if not name:
            return None
        found = self.communes.find(name, cercle)
        if not found:
            raise _Wrong(N_("No commune is called %(name)s."), name=name)
        if len(found) > 1:
            cercles = ", ".join(sorted(self._cercle(each) for each in found))
            raise _Wrong(
                N_("Several communes are called %(name)s: write in the column cercle which one (%(cercles)s)."),
                name=name,
                cercles=cercles,
            )
        return found[0].id

    def _cercle(self, commune: Place) -> str:
        return next((step.name for step in self.gazetteer.path(commune) if step.level is Level.CERCLE), commune.name)

    def _check_alone(self, entry: Entry) -> None:
        """The same person may stand in several groups; two persons of one number must be numbered."""
        name = sounds(entry.name)
        people = self.people.setdefault(entry.uri, {})
        for person, (row, other) in people.items():
            if (person is None) != (entry.person is None) or (person == entry.person and differ(name, other)):
                raise _Wrong(
                    N_("Row %(row)s has this number for somebody else: number them 1, 2 in the column person."), row=row
                )
        row = self.memberships.setdefault((entry.uri, entry.person, entry.group), entry.row)
        if row != entry.row:
            raise _Wrong(N_("The same person stands in row %(row)s already."), row=row)
        people.setdefault(entry.person, (entry.row, name))


def _name(cells: Mapping[str, str]) -> str | None:
    name = " ".join(filter(None, (cells.get("first_name", ""), cells.get("name", "")))).replace("\n", " ")
    if not name:
        return None
    if len(name) > LONGEST_NAME or not any(character.isalpha() for character in name):
        raise _Wrong(N_("The name must have letters, and at most %(most)s."), most=LONGEST_NAME)
    return name


def _languages(text: str) -> tuple[str, ...]:
    words = [fold(each) for each in _BETWEEN_LANGUAGES.split(text)]
    unknown = next((word for word in words if word and word not in _LANGUAGES), None)
    if unknown:
        raise _Wrong(
            N_("The language %(name)s is none of ours: write its name or its tag, such as fr or bm."), name=unknown
        )
    return tuple(dict.fromkeys(_LANGUAGES[word] for word in words if word))[:MOST_LANGUAGES]


def _group(kind: str, place: str | None, title: str) -> GroupNamed | None:
    if not kind:
        if title:
            raise _Wrong(N_("A title needs the kind of the group beside it, such as women or radio."))
        return None
    if fold(kind) not in _KINDS:
        raise _Wrong(
            N_("%(name)s is no kind of group: cell, women, youth, association, ccls, radio, leader or other."),
            name=kind,
        )
    if place is None and not title:
        raise _Wrong(N_("A group needs a commune or a title."))
    if len(title) > LONGEST_TITLE:
        raise _Wrong(N_("The title has more than %(most)s letters."), most=LONGEST_TITLE)
    return GroupNamed(_KINDS[fold(kind)], place, title or None)


def _role(text: str) -> MemberRole:
    if fold(text) not in _ROLES:
        raise _Wrong(N_("%(name)s is no role: member or focal point."), name=text)
    return _ROLES[fold(text)]


def _person(text: str) -> int | None:
    if not text:
        return None
    if text not in {str(each) for each in range(1, MOST_PERSONS + 1)}:
        raise _Wrong(N_("Who shares a telephone has a digit from 1 to %(most)s."), most=MOST_PERSONS)
    return int(text)


def _consent(text: str) -> str:
    if not text:
        raise _Wrong(N_("The consent is missing: say where it comes from, such as who asked them and when."))
    if fold(text) in _NO:
        raise _Wrong(N_("They did not agree: take the row out."))
    if fold(text) in _YES or len(text) > LONGEST_CONSENT:
        raise _Wrong(N_("Say where the consent comes from, such as who asked them and when, and not only yes."))
    return text
