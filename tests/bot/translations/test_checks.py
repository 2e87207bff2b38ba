"""What may not be said in the place of a message, each with a wording that may."""

import pytest

from bot import translations
from bot.languages import Folding
from bot.translations import Source


def problems(source: Source, tag: str, text: str) -> list[translations.Problem]:
    return translations.problems(source, tag, text, Folding())


CLOSING = Source("Thank you. Number %(code)s. STATUS %(code)s.", "Merci. Numéro %(code)s. SUIVI %(code)s.")
EMERGENCIES = Source("Emergencies: 17, 18, 15.", "Urgences: 17, 18, 15.")
COUNTED = Source("%(n)s of 5", "%(n)s sur 5")


@pytest.mark.parametrize(
    ("source", "tag", "text"),
    [
        (CLOSING, "bm", "I ni ce. %(code)s. SUIVI %(code)s."),
        (CLOSING, "bm", "I ni ce. Nimero %(code)s. STATUS %(code)s ɲɛ."),
        (EMERGENCIES, "bm", "Teliya: 17, 18, 15."),
        (EMERGENCIES, "ar", "الطوارئ: ١٧، ١٨، ١٥."),
        (COUNTED, "ffm", "%(n)s nder 5"),
        (Source("yes", "oui"), "ar", "نعم"),
    ],
)
def test_a_right_wording_has_no_problem(source: Source, tag: str, text: str) -> None:
    assert problems(source, tag, text) == []


@pytest.mark.parametrize(
    ("source", "tag", "text", "says"),
    [
        (CLOSING, "bm", "", "no text"),
        (CLOSING, "bm", "I ni ce. SUIVI.", "%(code)s is missing"),
        (CLOSING, "bm", "I ni ce. SUIVI %(kode)s %(code)s.", "%(kode)s is not in the original"),
        (CLOSING, "bm", "I ni ce %(code)s.", "The word STATUS is missing"),
        (CLOSING, "bm", "I ni ce. KOLOSI %(code)s.", "The word STATUS is missing"),
        (CLOSING, "bm", "I ni ce\nSUIVI %(code)s", "one line"),
        (CLOSING, "ar", "\u202eشكرا SUIVI %(code)s", "writing direction"),
        (EMERGENCIES, "bm", "Teliya: 17, 18.", "15"),
        (EMERGENCIES, "bm", "Teliya: 17, 18, 15, 112.", "112"),
        (COUNTED, "ffm", "%(n)s nder 5 (100 %)", "twice"),
        (Source("yes", "oui"), "bm", "a" * 161, "2 SMS; at most 1"),
        (Source("yes", "oui"), "ar", "ن" * 135, "3 SMS; at most 2"),
        (Source("yes", "oui"), "fr", "نعم", "basic SMS alphabet"),
    ],
)
def test_what_would_go_wrong_is_said_in_a_sentence(source: Source, tag: str, text: str, says: str) -> None:
    found = [str(problem) for problem in problems(source, tag, text)]
    assert any(says in sentence for sentence in found), found


def test_a_letter_that_folds_away_is_no_problem_in_bambara() -> None:
    assert problems(Source("Thank you", "Merci"), "bm", "ɲɛ" * 40) == []
    assert problems(Source("Thank you", "Merci"), "bm", "ɲɛ" * 54) != []
