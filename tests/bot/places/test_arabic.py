"""Names of places in Arabic letters: consonants and long vowels, as people write them who learnt to write in Arabic."""

import pytest

from bot.places.arabic import consonants, is_arabic, may_be
from bot.places.gazetteer import Gazetteer
from bot.places.matching import find


@pytest.mark.parametrize(
    ("written", "name"),
    [
        ("ميناكا", "Ménaka"),
        ("أنسونغو", "Ansongo"),
        ("كيتا", "Kita"),
        ("غندام", "Goundam"),
        ("بوريم", "Bourem"),
        ("تساليت", "Tessalit"),
        ("سيفاري", "Sévaré"),
        ("همبوري", "Hombori"),
        ("حمبوري", "Hombori"),
        ("أغلهوك", "Aguelhoc"),
        ("موندورو", "Mondoro"),
        ("مدينة ماركالا", "Markala"),
        ("سوكولو في دائرة نيونو", "Sokolo"),
        ("كونا، دائرة موبتي", "Konna"),
    ],
)
def test_a_name_in_arabic_letters_is_found_without_being_noted(gazetteer: Gazetteer, written: str, name: str) -> None:
    assert [place.name for place in find(gazetteer, written).places] == [name]


def test_what_may_be_several_places_is_asked(gazetteer: Gazetteer) -> None:
    assert {place.name for place in find(gazetteer, "كونا").places} == {"Konna", "Diouna"}
    assert {place.name for place in find(gazetteer, "كورو").places} >= {"Koro", "Dioro"}


def test_a_short_name_that_may_be_a_village_we_do_not_have_is_not_taken_for_a_commune(gazetteer: Gazetteer) -> None:
    assert find(gazetteer, "تونا").places == ()
    assert [place.name for place in find(Gazetteer(gazetteer, {}), "تونا").places] == ["Touna"]


@pytest.mark.parametrize(
    "words", ["نعم", "لا", "لا أعرف", "السلام عليكم", "هنا", "في القرية", "شكرا", "البئر", "النهر"]
)
def test_ordinary_words_are_no_place(gazetteer: Gazetteer, words: str) -> None:
    assert find(gazetteer, words).places == ()


@pytest.mark.parametrize(
    ("arabic", "sound"), [("كونا", "kona"), ("باماكو", "bamako"), ("جينيه", "jene"), ("كايس", "kayes")]
)
def test_one_letter_may_be_several_of_ours_and_short_vowels_are_left_out(arabic: str, sound: str) -> None:
    assert is_arabic(arabic)
    assert consonants(arabic) == consonants(sound)
    assert may_be(arabic, sound)


@pytest.mark.parametrize(("arabic", "sound"), [("كونا", "kani"), ("كاتي", "kita"), ("نارا", "nioro")])
def test_a_long_vowel_is_no_other(arabic: str, sound: str) -> None:
    assert not may_be(arabic, sound)


@pytest.mark.parametrize(("written", "name"), [("ߞߐ߲ߣߊ", "Konna"), ("ߓߊߡߊߞߐ", "Bamako"), ("ߛߋߜ߭ߎ", "Ségou")])
def test_nko_is_read_by_its_sounds(gazetteer: Gazetteer, written: str, name: str) -> None:
    assert {place.name for place in find(gazetteer, written).places} == {name}
