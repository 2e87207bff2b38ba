"""The coded line: read as its card says, by no other card, and never out of a sentence."""

import itertools
from collections.abc import Callable

import pytest

from bot.conversation.coded import CARDS, NEWEST, Card, CodedReport, read_coded
from bot.conversation.kinds import CLOSED, Kind

#: Cards as they might come: the same digits mean something else on each.
_TURNED = dict(zip(CARDS[1].kinds, reversed(list(CARDS[1].kinds.values())), strict=True))
_LATER = {2: Card(2, _TURNED, {"1": "today", "2": "now"}), 7: Card(7, {"0": Kind.NEED, "3": Kind.ROAD}, {"2": "none"})}
ALL = {**CARDS, **_LATER}
_PAIRS = list(itertools.permutations(ALL, 2))


@pytest.mark.parametrize(
    ("text", "read"),
    [
        ("3 2 Konna", CodedReport(Kind.EXPLOSIVE, "today", "Konna")),
        ("32 Konna", CodedReport(Kind.EXPLOSIVE, "today", "Konna", certain=False)),
        ("3.2.Konna", CodedReport(Kind.EXPLOSIVE, "today", "Konna")),
        ("3-2 konna cercle de mopti", CodedReport(Kind.EXPLOSIVE, "today", "konna cercle de mopti", certain=False)),
        ("١ ١ Gao", CodedReport(Kind.ATTACK, "now", "Gao")),
        ("߁ ߁ Gao", CodedReport(Kind.ATTACK, "now", "Gao")),
        ("  9  4  Ménaka ", CodedReport(Kind.DISPLACEMENT, "none", "Ménaka")),
        ("7*1*Mopti", CodedReport(Kind.DISASTER, "now", "Mopti")),
    ],
)
def test_a_coded_line_is_read(text: str, read: CodedReport) -> None:
    assert read_coded(text) == read


@pytest.mark.parametrize(
    "text",
    ["3 2", "Konna 3 2", "0 2 Konna", "3 5 Konna", "3 Konna", "3 2Konna", "3 2 4 Konna", "322 Konna",
     "3 2 il y a des gens armes dans le village", "3 2 boeufs et 4 moutons", "", "1", "2 3 !", "2 morts a Konna"],
)  # fmt: skip
def test_what_only_looks_like_a_coded_line_is_none(text: str) -> None:
    assert read_coded(text) is None


def _lines(card: Card) -> list[tuple[str, Kind, str]]:
    """Every line of a card as a cell may write it: apart, together, with points."""
    number = [str(card.version)] if card.version > 1 else []
    return [
        (f"{between.join([*number, digit, soon])} Konna", kind, needed)
        for between in (" ", "", ".")
        for digit, kind in card.kinds.items()
        for soon, needed in card.needed.items()
    ]


def _misread(read: Callable[[str, dict[int, Card]], CodedReport | None], own: int, other: int) -> list[str]:
    """The lines of a card that are read wrongly where both are known, or at all where only the other is."""
    both, alone = {own: ALL[own], other: ALL[other]}, {other: ALL[other]}
    found = []
    for line, kind, needed in _lines(ALL[own]):
        as_both = read(line, both)
        right = as_both is not None and (as_both.kind, as_both.answer_needed) == (kind, needed)
        if not right or read(line, alone) is not None:
            found.append(line)
    return found


@pytest.mark.parametrize(("own", "other"), _PAIRS)
def test_a_line_of_one_card_is_never_read_as_one_of_another(own: int, other: int) -> None:
    assert _misread(read_coded, own, other) == []


def test_a_reader_that_does_not_look_at_the_number_of_the_card_is_found_out() -> None:
    def careless(text: str, cards: dict[int, Card]) -> CodedReport | None:
        *_, kind, needed = [each for each in text.split(" Konna", maxsplit=1)[0] if each.isdigit()]
        for card in cards.values():
            if kind in card.kinds and needed in card.needed:
                return CodedReport(card.kinds[kind], card.needed[needed], "Konna")
        return None

    assert all(_misread(careless, own, other) for own, other in [(1, 2), (2, 1)])


def test_the_card_that_is_printed_tells_the_line_that_is_read() -> None:
    read = read_coded(NEWEST.example)
    assert read is not None
    assert (read.kind, read.place_words, read.certain) == (NEWEST.kinds["3"], "Konna", True)


def test_no_card_has_a_digit_for_what_belongs_to_the_closed_queue() -> None:
    assert not any(set(card.kinds.values()) & CLOSED for card in CARDS.values())
