"""The border and the matching keys, with what phones in Mali really send."""

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.languages.text import digits, fold, is_in_arabic_letters, phonetic, tidy, visible

ANY_STR = st.text(st.characters(categories=None), max_size=200)


@pytest.mark.parametrize(
    ("raw", "clean"),
    [
        ("e\u0301", "é"),
        ("a\r\nb\rc\u2028d\x85e", "a\nb\nc\nd\ne"),
        ("a\x00b\x1b\x7f\x9fc", "a b   c"),
        ("a\tb\n", "a\tb\n"),
        ("x\ud800y", "x\ufffdy"),
        ("x\udc00", "x\ufffd"),
        ("\ud83d\ude00", "😀"),
        ("\ude00\ud83d", "\ufffd\ufffd"),
        ("\ufffe\uffff", "\ufffd\ufffd"),
        ("ߒߞߏ ⵜⵎⵣ مرحبا 𞤀", "ߒߞߏ ⵜⵎⵣ مرحبا 𞤀"),
        ("", ""),
    ],
)
def test_text_is_clean_once_it_has_crossed_the_border(raw: str, clean: str) -> None:
    assert tidy(raw) == clean


@given(ANY_STR)
def test_whatever_comes_in_crosses_the_border_once(text: str) -> None:
    clean = tidy(text)
    assert tidy(clean) == clean
    assert clean.encode("utf-8").decode("utf-8") == clean
    assert unicodedata.is_normalized("NFC", clean)
    assert not {c for c in clean if unicodedata.category(c) in ("Cc", "Cs")} - {"\n", "\t"}


@pytest.mark.parametrize(
    ("text", "ascii_digits"),
    [
        ("1️⃣ 2⃣ 🔟", "1 2 10"),
        ("٣ ۴ ߁ 5 ५ 𞥓", "3 4 1 5 5 3"),
        ("③ ⑩ ⑴ ❶ ²", "3 10 1 1 2"),
        ("½ Ⅳ 一", "½ Ⅳ 一"),
        ("3 2 Konna", "3 2 Konna"),
    ],
)
def test_digits_of_every_script_become_ascii(text: str, ascii_digits: str) -> None:
    assert digits(text) == ascii_digits


@pytest.mark.parametrize(
    "spellings",
    [
        ("Dɛmɛ", "dèmè", "DÈMÈ", "deme", "dεmε", "dєmє", "dэmэ", "dɛ\u0300mɛ\u0301", "d\u200bəmǝ"),
        ("kɔrɔ", "kòrò", "KORO", "korô"),
        ("ɲɛ", "Ñe", "n\u0303e", "nyè"),
        ("Soŋoy", "songoy"),
        ("ɓernde ɗiɗi ƴoogirde", "bernde didi yoogirde"),
        ("Œuvre  Reçue\n", "oeuvre reçue", "OEUVRE RECUE"),
        ("l’eau", "l'eau", "L´EAU", "lʼeau"),
        ("٣", "3", "3", "3️⃣", "③"),
        ("ＳＴＯＰ", "stop", "\u202estop\u202c", "s\u00adtop"),
        ("أهلا", "اهلا", "أهْلا"),
        ("على", "علي", "علی"),
    ],
)
def test_spellings_of_one_word_have_one_key(spellings: tuple[str, ...]) -> None:
    assert len(set(map(fold, spellings))) == 1


def test_different_answers_keep_different_keys() -> None:
    assert len(set(map(fold, ("ayi", "ayo", "awɔ", "ɔwɔ", "alaa", "Ala", "awa", "kala")))) == 8


@given(ANY_STR)
def test_a_key_is_its_own_key_for_any_text(text: str) -> None:
    assert fold(fold(text)) == fold(text)
    assert fold(text).split() == fold(text).strip().split(" ") or not fold(text)


@given(ANY_STR)
def test_no_text_makes_the_keys_raise(text: str) -> None:
    assert fold(tidy(text)) == fold(text)
    assert phonetic(text).encode() == phonetic(tidy(text)).encode()
    assert not any(unicodedata.category(c) == "Nd" and not c.isascii() for c in digits(text))


@pytest.mark.parametrize(
    "spellings",
    [
        ("Diabaly", "Djabali", "Jabali", "Dyabaly"),
        ("Niono", "Gniono", "ɲɔnɔ", "Nyono"),
        ("Tombouctou", "tonbouctou", "TOMBOUCTOU", "Tombuctu", "Tombouktou"),
        ("Mopti", "mopty", "MOPPTI"),
        ("Ouagadou", "wagadu"),
        ("Macina", "Massina", "Masina"),
        ("Tiénfala", "Tyenfala", "Tchenfala"),
        ("Sikasso", "SICASSO", "sikaso"),
        ("kounafoni", "kunnafoni", "Kunafoni"),
        ("dourou", "duuru", "duru"),
        ("Saŋa", "Sanga", "Sanha"),
        ("N'Tillit", "Ntilit", "n tillit"),
        ("žanwiye", "janwiye", "djanwiye"),
    ],
)
def test_the_ways_people_write_one_name_sound_alike(spellings: tuple[str, ...]) -> None:
    assert len(set(map(phonetic, spellings))) == 1


def test_different_towns_don_t_sound_alike() -> None:
    towns = ("Kayes", "Gao", "Kati", "Ségou", "Sikasso", "Mopti", "Kidal", "Bamako", "Konna", "Koro", "Nara", "Nioro")
    assert len(set(map(phonetic, towns))) == len(towns)


def test_an_override_can_t_reorder_a_page() -> None:
    assert visible("abc\u202edcba\u2066x") == "abc[U+202E]dcba[U+2066]x"


@given(ANY_STR)
def test_nothing_that_is_displayed_reorders_or_breaks_the_page(text: str) -> None:
    reordering = {"LRE", "RLE", "LRO", "RLO", "PDF", "LRI", "RLI", "FSI", "PDI"}
    assert not {c for c in visible(text) if unicodedata.bidirectional(c) in reordering}
    assert visible(visible(text)) == visible(text)


def test_right_to_left_writing_is_displayed_as_it_is() -> None:
    assert visible("مرحبا\u200f ߒߞߏ") == "مرحبا\u200f ߒߞߏ"


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("قرية كونا", True),
        ("ﻗﺮﻳﺔ", True),
        ("Konna: قرية كونا", True),
        ("١٢٣ ؟", False),
        ("", False),
        ("ߞߐߣߣߊ", False),
        ("le puits ماء est sec", False),
    ],
)
def test_most_of_the_letters_decide_whether_it_is_arabic(text: str, expected: bool) -> None:
    assert is_in_arabic_letters(text) is expected
