"""Reading a reply against the question as it was shown: never a guess."""

from datetime import date

import pytest

from bot.conversation import Choice, Choices, Context, Day, Number, Photo, Place, Question, Said, Shown, Text, Voice
from bot.conversation.questions import Media
from bot.conversation.understanding import Answered, Unclear, is_skip, read, whole_number

TODAY = date(2026, 3, 12)


def shown(question: Question) -> Shown:
    return question.shown(Context(lambda message, /, **values: message, "fr", TODAY))


HOURS = shown(
    Choice(
        "call",
        "Peut-on vous appeler?",
        {"now": "maintenant", "morning": "le matin", "afternoon": "l'après-midi", "evening": "le soir", "no": "non"},
        skip="non",
    )
)
COLOURS = shown(Choice("colour", "?", {"red": "Rouge", "green": "Vert"}))
LIKE = shown(Choice("town", "?", {"a": "Bandiagara", "b": "Bandiagora"}))
MANY = shown(Choice("many", "?", {str(number): f"mot{number}" for number in range(1, 13)}))


@pytest.mark.parametrize(
    ("reply", "value"),
    [
        ("1", "now"), ("5", "no"), (" 2 ", "morning"), ("2.", "morning"), ("(3)", "afternoon"), ("n°4", "evening"),
        ("no 4", "evening"), ("numéro 2", "morning"), ("option 2 svp", "morning"), ("2 s'il vous plait", "morning"),
        ("02", "morning"), ("#2", "morning"),
        # digits of every script that our users type
        ("٢", "morning"), ("۲", "morning"), ("߂", "morning"), ("２", "morning"), ("2️⃣", "morning"), ("②", "morning"),
        ("²", "morning"),
        # number words: French, English, Bambara in more than one spelling
        ("deux", "morning"), ("Deux", "morning"), ("DEUX!", "morning"), ("two", "morning"), ("fila", "morning"),
        ("fla", "morning"), ("saba", "afternoon"), ("naani", "evening"), ("duuru", "no"), ("dourou", "no"),
        ("kelen", "now"), ("kɛlɛn", "now"),
        # labels, to the letter and misspelt
        ("maintenant", "now"), ("Maintenant!", "now"), ("mintenant", "now"), ("maintenent", "now"),
        ("le matin", "morning"), ("l'apres midi", "afternoon"), ("l’après-midi", "afternoon"), ("le soir.", "evening"),
        ("non", "no"), ("Non.", "no"),
    ],
)  # fmt: skip
def test_an_option_is_meant_by_its_digit_its_number_in_words_or_its_label(reply: str, value: str) -> None:
    assert read(HOURS, Said(reply)) == Answered(value)


@pytest.mark.parametrize(
    "reply",
    ["6", "99", "1234567890123", "1 2", "1 ou 2", "12", "-", "?", "", "   ", "👍", "oui", "demain", "xyz", "le",
     "matin ou soir", "je ne sais pas", "1,5", "maintenant ou le soir", "dix"],
)  # fmt: skip
def test_a_reply_that_fits_no_option_or_several_is_unclear(reply: str) -> None:
    assert read(HOURS, Said(reply)) == Unclear()


@pytest.mark.parametrize("reply", ["bandiagara", "Bandiagora"])
def test_labels_that_are_alike_are_only_meant_to_the_letter(reply: str) -> None:
    assert isinstance(read(LIKE, Said(reply)), Answered)


@pytest.mark.parametrize("reply", ["bandiagra", "bandiag", "bandiagura"])
def test_a_close_call_is_unclear(reply: str) -> None:
    assert read(LIKE, Said(reply)) == Unclear()


@pytest.mark.parametrize("reply", ["vrt", "rou", "re"])
def test_a_short_word_is_never_guessed(reply: str) -> None:
    assert read(COLOURS, Said(reply)) == Unclear()


def test_numbers_of_two_digits_are_read_whole() -> None:
    assert read(MANY, Said("12")) == Answered("12")
    assert read(MANY, Said("10")) == Answered("10")
    assert read(MANY, Said("dix")) == Answered("10")
    assert read(MANY, Said("13")) == Unclear()


@pytest.mark.parametrize("reply", ["0", "٠", "߀", "zéro", "passer", "Passe", "skip", "suivant", "(0)"])
def test_a_question_that_may_be_skipped_is_skipped(reply: str) -> None:
    assert read(shown(Choice("q", "?", {"a": "A"}, skip="passer")), Said(reply)) == Answered(None)


def test_a_question_that_may_not_be_skipped_is_not() -> None:
    assert read(COLOURS, Said("0")) == Unclear()
    assert read(COLOURS, Said("passer")) == Unclear()


@pytest.mark.parametrize("question", [Choice("q", "?", {"a": "A"}, skip="ka tɛmɛn"), Place("q", "?", skip="Ka tɛmɛn")])
@pytest.mark.parametrize("reply", ["ka tɛmɛn", "KA TEMEN", "ka tèmèn."])
def test_the_word_that_stood_behind_the_zero_skips_too(question: Question, reply: str) -> None:
    assert read(shown(question), Said(reply)) == Answered(None)


def test_a_word_that_is_also_an_option_means_the_option() -> None:
    assert read(HOURS, Said("non")) == Answered("no")
    assert read(HOURS, Said("0")) == Answered(None)


def test_a_question_stored_by_an_older_version_is_still_read() -> None:
    old = {"key": "q", "kind": "choice", "language": "fr", "options": [["a", "A"], ["b", "B"]], "skip": True, "new": 1}
    assert read(Shown.from_json(old), Said("2")) == Answered("b")
    assert read(Shown.from_json(old), Said("0")) == Answered(None)


@pytest.mark.parametrize("question", [HOURS, MANY, shown(Number("q", "?", low=2, high=8)), shown(Day("q", "?"))])
def test_a_question_survives_the_store(question: Shown) -> None:
    assert Shown.from_json(question.to_json()) == question


SEVERAL = shown(Choices("help", "?", {"a": "Eau", "b": "Vivres", "c": "Soins"}, skip="non"))


@pytest.mark.parametrize(
    ("reply", "values"),
    [("1", ["a"]), ("1 3", ["a", "c"]), ("3,1", ["a", "c"]), ("13", ["a", "c"]), ("1 et 3", ["a", "c"]),
     ("١ ٣", ["a", "c"]), ("1-2-3", ["a", "b", "c"]), ("1 1", ["a"]), ("vivres", ["b"]), ("deux", ["b"])],
)  # fmt: skip
def test_several_options_may_be_named(reply: str, values: list[str]) -> None:
    assert read(SEVERAL, Said(reply)) == Answered(values)


@pytest.mark.parametrize("reply", ["4", "1 4", "14", "xyz", "", "1 million de vivres"])
def test_several_options_with_one_that_is_none_are_unclear(reply: str) -> None:
    assert read(SEVERAL, Said(reply)) == Unclear()


@pytest.mark.parametrize(
    ("reply", "value"), [("2", 2), ("8", 8), ("cinq", 5), ("٥", 5), ("5 svp", 5), ("1", None), ("9", None), ("", None),
                         ("-5", None), ("2.5", None), ("beaucoup", None), ("5 ou 6", None), ("99999999999999", None)],
)  # fmt: skip
def test_a_number_lies_between_its_limits(reply: str, value: int | None) -> None:
    expected = Unclear() if value is None else Answered(value)
    assert read(shown(Number("q", "?", low=2, high=8)), Said(reply)) == expected


@pytest.mark.parametrize(
    ("reply", "value"),
    [("aujourd'hui", "2026-03-12"), ("Aujourd’hui", "2026-03-12"), ("bi", "2026-03-12"), ("hier", "2026-03-11"),
     ("kunun", "2026-03-11"), ("12/03", "2026-03-12"), ("1.3", "2026-03-01"), ("1-3-2026", "2026-03-01"),
     ("31/12", "2025-12-31"), ("13/03", "2025-03-13"), ("١٢/٠٣", "2026-03-12"), ("29/02", None), ("32/01", None),
     ("00/00", None), ("demain", None), ("12", None), ("29/02/2024", "2024-02-29"), ("1/1/0000", None)],
)  # fmt: skip
def test_a_day_is_a_word_or_digits_and_never_lies_ahead_without_its_year(reply: str, value: str | None) -> None:
    expected = Unclear() if value is None else Answered(value)
    assert read(shown(Day("q", "?")), Said(reply)) == expected


@pytest.mark.parametrize("reply", ["Konna", "près de Konna", "ߓߊߡߊߞߐ߫", "كونا", "Tin-Hama 3", "quartier 2"])
def test_a_place_is_taken_in_the_persons_own_words(reply: str) -> None:
    assert read(shown(Place("q", "?")), Said(reply)) == Answered(reply)


@pytest.mark.parametrize("reply", ["3", "?!", "", "👍", "merci", "Bonjour!", "ok"])
def test_neither_a_digit_nor_a_courtesy_is_a_place(reply: str) -> None:
    assert read(shown(Place("q", "?")), Said(reply)) == Unclear()


def test_a_very_long_place_is_cut_and_words_are_not() -> None:
    assert read(shown(Place("q", "?")), Said("a" * 500)) == Answered("a" * 200)
    assert read(shown(Text("q", "?")), Said("a" * 1600)) == Answered("a" * 1600)


def test_words_are_taken_as_they_were_written() -> None:
    assert read(shown(Text("q", "?")), Said("  Il est ٣ heures. ")) == Answered("Il est ٣ heures.")
    assert read(shown(Text("q", "?")), Said("...")) == Unclear()


def test_a_button_means_its_value_and_only_what_was_shown() -> None:
    assert read(HOURS, Said(pressed="evening")) == Answered("evening")
    assert read(HOURS, Said(pressed="0")) == Answered(None)
    assert read(COLOURS, Said(pressed="0")) == Unclear()
    assert read(HOURS, Said(pressed="2")) == Unclear()
    assert read(SEVERAL, Said(pressed="b")) == Answered(["b"])


def test_a_photo_or_a_voice_note_answers_only_its_own_question() -> None:
    photo = (Media("photo", "file-1"),)
    assert read(shown(Photo("q", "?")), Said(media=photo)) == Answered("file-1")
    assert read(shown(Voice("q", "?")), Said(media=photo)) == Unclear()
    assert read(shown(Photo("q", "?")), Said("voici")) == Unclear()
    assert read(shown(Photo("q", "?", skip="non")), Said("0")) == Answered(None)


@pytest.mark.parametrize(("text", "number"), [("7", 7), ("sept", 7), ("wolonwula", 7), ("7 7", None), ("", None)])
def test_one_number_in_the_words(text: str, number: int | None) -> None:
    assert whole_number(text) == number


def test_zero_skips_and_ten_does_not() -> None:
    assert is_skip("0")
    assert not is_skip("10")
    assert not is_skip("00")


#: 1 to 10 as people spell them in an SMS, after Chan (2019): each row the other one than the first of `number_words`.
COUNTED = {
    "bm": "kelen fla saba naani dourou wòòrò wolonfila seguin konoton tan",
    "ffm": "gooto ɗiɗi tati nai djoy jegom jeɗɗi jetti jenay sapo",
    "ses": "affoo hinka hinja tachi iguu iddu iye yaaha yagga woy",
    "snk": "bane filli sikki naxato karagi tumi nyeri segi kabi tanmi",
    "taq": "iyen esin kerad akkoz semmus sedis essa ettam tazza meraw",
    "mey": "wahid thneyn tlata arba hamsa sitta asbaa tmanya tissa ashart",
    "bmq": "dou nyou tin naa honu hezin henyou hetin denu pilu",
    "bze": "sana fende siyo natan kogon tumi jeni sekki kiawi cemi",
    "dts": "turu lei taanu nay nno kulei soy gagara tugo pelu",
    "myk": "nigin shoo taare shisheere kaguro gbaara gbaarashuu shuulake niginlake ke",
    "mwk": "kilin fula sawa naani looli wooron wooronfila segin kononto tan",
    "shz": "ninkin shuunni taanre sicyeere kankuro baani baashuunni baataanre baasicyeere ke",
    "kao": "kelen fila saba naani luulu wooro woorowula sagi kononto tan",
}


@pytest.mark.parametrize("tag", COUNTED)
def test_every_national_language_counts_to_ten(tag: str) -> None:
    assert [whole_number(word, tag) for word in COUNTED[tag].split()] == [*range(1, 11)]


def test_a_number_word_that_says_two_numbers_is_asked_again() -> None:
    """`sabaa` is 7 in Hassaniya and 3 in Bambara, `sett` is 6 in Hassaniya and 7 in French."""
    assert [whole_number(word, "mey") for word in ("sabaa", "saba", "sett")] == [None, None, None]
