"""Segments against tables counted by hand: 160 or 153 septets, 70 or 67 UTF-16 units."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.languages.gsm7 import BASIC, EXTENSION, Segments, count, fits

ANY_STR = st.text(st.characters(categories=None), max_size=400)
SMS_LIKE = st.text(st.sampled_from(BASIC + EXTENSION * 8), max_size=700)


def test_the_alphabet_has_every_code_of_the_standard_once() -> None:
    assert len(set(BASIC)) == len(BASIC) == 127
    assert len(set(EXTENSION)) == len(EXTENSION) == 10
    assert not set(BASIC) & set(EXTENSION)


@pytest.mark.parametrize(
    ("code", "character"),
    [(0x00, "@"), (0x09, "Ç"), (0x0A, "\n"), (0x0D, "\r"), (0x10, "Δ"), (0x1A, "Ξ")]
    + [(0x1C, "Æ"), (0x24, "¤"), (0x40, "¡"), (0x41, "A"), (0x5F, "§"), (0x60, "¿"), (0x7A, "z"), (0x7F, "à")],
)
def test_a_character_stands_at_its_code(code: int, character: str) -> None:
    with_escape = BASIC[:0x1B] + "\x1b" + BASIC[0x1B:]
    assert with_escape[code] == character


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("", Segments("gsm7", 0, 0, 160, 160)),
        ("a", Segments("gsm7", 1, 1, 160, 159)),
        ("a" * 160, Segments("gsm7", 160, 1, 160, 0)),
        ("a" * 161, Segments("gsm7", 161, 2, 153, 145)),
        ("a" * 306, Segments("gsm7", 306, 2, 153, 0)),
        ("a" * 307, Segments("gsm7", 307, 3, 153, 152)),
        ("€" * 80, Segments("gsm7", 160, 1, 160, 0)),
        # 76 pairs fill 152 of 153 septets: the 77th moves whole, so 2 * 76 is all that two segments hold.
        ("€" * 81, Segments("gsm7", 162, 2, 153, 143)),
        ("€" * 152, Segments("gsm7", 304, 2, 153, 1)),
        ("€" * 153, Segments("gsm7", 306, 3, 153, 151)),
        ("a" * 152 + "€" + "a" * 152, Segments("gsm7", 306, 3, 153, 152)),
        ("a" * 151 + "€" + "a" * 153, Segments("gsm7", 306, 2, 153, 0)),
        ("ɛ", Segments("ucs2", 1, 1, 70, 69)),
        ("ɛ" * 70, Segments("ucs2", 70, 1, 70, 0)),
        ("ɛ" * 71, Segments("ucs2", 71, 2, 67, 63)),
        ("ɛ" * 134, Segments("ucs2", 134, 2, 67, 0)),
        ("ɛ" * 135, Segments("ucs2", 135, 3, 67, 66)),
        ("ç" + "a" * 159, Segments("ucs2", 160, 3, 67, 41)),
        ("𞤀" * 35, Segments("ucs2", 70, 1, 70, 0)),
        # 33 pairs fill 66 of 67 units.
        ("𞤀" * 36, Segments("ucs2", 72, 2, 67, 61)),
        ("𞤀" * 66, Segments("ucs2", 132, 2, 67, 1)),
        ("𞤀" * 67, Segments("ucs2", 134, 3, 67, 65)),
        ("ߒ", Segments("ucs2", 1, 1, 70, 69)),
        ("\ud800", Segments("ucs2", 1, 1, 70, 69)),
    ],
)
def test_a_text_takes_the_segments_counted_by_hand(text: str, expected: Segments) -> None:
    assert count(text) == expected


@pytest.mark.parametrize("character", "èéàùìòñÇÉ€[]~")
def test_what_gsm7_has_keeps_a_text_in_gsm7(character: str) -> None:
    assert count(character).alphabet == "gsm7"


@pytest.mark.parametrize("character", "êâîôûëïçœÈÀ’«»…–\xa0\u202f\tɛɔɲŋɓɗƴšžəɣ`")
def test_what_gsm7_lacks_makes_a_text_ucs2(character: str) -> None:
    assert count(character).alphabet == "ucs2"


@given(ANY_STR | SMS_LIKE)
def test_the_arithmetic_of_segments_holds_for_any_text(text: str) -> None:
    size = count(text)
    sizes = (
        [2 if c in EXTENSION else 1 for c in text] if all(map(fits, text)) else [1 + (ord(c) > 0xFFFF) for c in text]
    )
    assert size.units == sum(sizes)
    assert 0 <= size.left <= size.per_segment
    # Nothing is lost but at most one unit at the end of each full segment.
    padding = size.segments * size.per_segment - size.units - size.left if text else 0
    assert 0 <= padding <= max(size.segments - 1, 0)
    if 1 not in sizes or 2 not in sizes:
        each = (size.per_segment // max(sizes, default=1)) or 1
        assert size.segments == -(-len(text) // each)


@given(ANY_STR, ANY_STR)
def test_more_text_never_takes_fewer_segments(text: str, more: str) -> None:
    assert count(text).segments <= count(text + more).segments
