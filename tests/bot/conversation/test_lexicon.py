"""The first guess: the closed queue wins over everything, and nothing is guessed from half a word.

`first_words/closed.txt` holds what people may write first about sexual violence, a child or an abduction, in their words
and around them; `first_words/ordinary.txt` what they write about all else. Both are ours, with the misspellings of SMS.
"""

from pathlib import Path

import pytest

from bot.conversation.kinds import CLOSED, USUAL_URGENCY, Kind
from bot.conversation.lexicon import TOPICS, Entry, Lexicon, said

_LEXICON = Lexicon.load()
_FIRST_WORDS = Path(__file__).parent / "first_words"


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("une femme a été violée au marché", Kind.SEXUAL_VIOLENCE),
        ("des viols a chaque passage", Kind.SEXUAL_VIOLENCE),
        ("ils violent les femmes", Kind.SEXUAL_VIOLENCE),
        ("deux filles violées", Kind.SEXUAL_VIOLENCE),
        ("ils ont violé", Kind.SEXUAL_VIOLENCE),
        ("mon mari me bat tous les jours", Kind.SEXUAL_VIOLENCE),
        ("victimes de violences sexuelles", Kind.SEXUAL_VIOLENCE),
        ("agressions sexuelles sur la route", Kind.SEXUAL_VIOLENCE),
        ("un mariage forcé", Kind.SEXUAL_VIOLENCE),
        ("ils prennent des enfants soldats", Kind.CHILD),
        ("un enfant est blessé", Kind.CHILD),
        ("deux mineurs sont avec eux", Kind.CHILD),
        ("des talibés dorment dehors", Kind.CHILD),
        ("denmisɛnw", Kind.CHILD),
        ("mon frère a été enlevé", Kind.ABDUCTION),
        ("trois personnes enlevées", Kind.ABDUCTION),
        ("ils enlèvent les chefs", Kind.ABDUCTION),
        ("plusieurs enlèvements", Kind.ABDUCTION),
        ("kidnappés sur la route", Kind.ABDUCTION),
        ("ils ont kidnapé le maire", Kind.ABDUCTION),
        ("pris en otage", Kind.ABDUCTION),
        ("ils demandent une rançon", Kind.ABDUCTION),
        ("ma soeur a disparu", Kind.ABDUCTION),
        ("L'ENLÈVEMENT DU MAIRE", Kind.ABDUCTION),
    ],
)
def test_what_may_concern_the_closed_queue_goes_there(text: str, kind: Kind) -> None:
    suggestion = _LEXICON.suggest(text)
    assert suggestion.kind is kind
    assert suggestion.closed
    assert suggestion.urgency == 1


@pytest.mark.parametrize(
    "text",
    ["attaque, tirs, morts, et une femme violée", "inondation: un bébé sans eau", "on dit que le maire est enlevé",
     "ecole fermee, les enfants a la maison", "vol de boeufs, le berger a disparu"],
)  # fmt: skip
def test_the_closed_queue_wins_over_every_other_word(text: str) -> None:
    assert _LEXICON.suggest(text).closed


@pytest.mark.parametrize(
    ("text", "kind", "urgency"),
    [
        ("attaque a konna des gens armes", Kind.ATTACK, 1),
        ("des coups de feu", Kind.ATTACK, 1),
        ("une mine sur la piste", Kind.EXPLOSIVE, 1),
        ("ils nous menacent", Kind.THREAT, 2),
        ("la route coupée", Kind.ROAD, 2),
        ("vol de boeufs", Kind.THEFT, 3),
        ("un conflit de champ", Kind.TENSION, 2),
        ("inondation du quartier", Kind.DISASTER, 2),
        ("beaucoup de malades", Kind.HEALTH, 2),
        ("des déplacés arrivent", Kind.DISPLACEMENT, 2),
        ("le puits est sec", Kind.NEED, 3),
        ("le puits est sec, urgent", Kind.NEED, 2),
        ("l'ecole est fermee", Kind.SERVICE, 4),
        ("est-ce vrai pour le riz", Kind.RUMOUR, 3),
        ("je propose une reunion", Kind.IDEA, 4),
        ("il se passe quelque chose", None, 3),
        ("venez vite", None, 2),
        ("", None, 3),
    ],
)
def test_a_kind_is_suggested_with_its_usual_urgency(text: str, kind: Kind | None, urgency: int) -> None:
    suggestion = _LEXICON.suggest(text)
    assert (suggestion.kind, suggestion.urgency) == (kind, urgency)
    assert not suggestion.closed


@pytest.mark.parametrize("text", ["le ministre", "volontaires", "la violence du vent", "le bambou", "minerai", "enfin"])
def test_half_a_word_says_nothing(text: str) -> None:
    assert _LEXICON.suggest(text).kind is None


def test_the_words_that_led_to_it_are_kept() -> None:
    assert _LEXICON.suggest("tirs et encore des tirs, une attaque").words == ("tirs", "attaque")


def test_every_kind_has_an_urgency_and_the_closed_ones_are_the_highest() -> None:
    assert set(USUAL_URGENCY) == set(Kind)
    assert {USUAL_URGENCY[kind] for kind in CLOSED} == {1}


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("اغتصبوا امرأة في السوق", Kind.SEXUAL_VIOLENCE),
        ("خطفوا الرجال", Kind.ABDUCTION),
        ("والأطفال في خطر", Kind.CHILD),
        ("هجوم على القرية", Kind.ATTACK),
        ("نحتاج الماء والدواء", Kind.NEED),
        ("السلام عليكم", None),
    ],
)
def test_arabic_words_are_read_also_where_they_are_written_together_with_and_or_the(
    text: str, kind: Kind | None
) -> None:
    assert _LEXICON.suggest(text).kind is kind


def test_the_lexicon_that_is_shipped_has_no_word_twice_and_none_that_reads_as_another() -> None:
    assert len(set(_LEXICON.shipped)) == len(_LEXICON.shipped)
    assert all(entry.word == said(entry.word) and entry.topic in TOPICS for entry in _LEXICON.shipped)
    assert {entry.topic for entry in _LEXICON.shipped} == set(TOPICS)


def _first_words(name: str) -> list[str]:
    return (_FIRST_WORDS / name).read_text(encoding="utf-8").splitlines()


def test_what_people_may_write_first_of_the_closed_queue_is_nearly_always_seen_there() -> None:
    missed = [text for text in _first_words("closed.txt") if not _LEXICON.suggest(text).closed]
    assert len(missed) <= 0.02 * len(_first_words("closed.txt")), missed


def test_ordinary_words_seldom_go_to_the_closed_queue() -> None:
    """A false alarm is released by an officer; too many would hide the true ones."""
    alarms = [text for text in _first_words("ordinary.txt") if _LEXICON.suggest(text).closed]
    assert len(alarms) <= 0.1 * len(_first_words("ordinary.txt")), alarms


def _reads(word: str, text: str) -> bool:
    return bool(Lexicon([Entry("fr", "theft", said(word))]).hits(text))


def test_a_pair_is_read_where_the_one_stands_a_few_words_before_the_other() -> None:
    assert _reads("pris + vache/mouton", "ils ont pris toutes nos vieilles vache hier")
    assert _reads("pris + vache/mouton", "pris: mouton")
    assert not _reads("pris + vache/mouton", "la vache a pris peur")
    assert not _reads("pris + vache/mouton", "ils ont pris la route de Gao et non celle de la vache")
    assert not _reads("pris + vache/mouton", "ils ont pris")


def test_a_star_stands_for_any_letters_of_one_word() -> None:
    assert _reads("recrut*", "le recrutement")
    assert _reads("*pillage", "grandpillage")
    assert not _reads("recrut*", "la rec ruche")


def test_a_long_text_is_read_in_a_moment_whatever_it_repeats() -> None:
    """Only the neighbours of a word are looked at: all pairs of these would be four million."""
    assert _LEXICON.suggest("pris " * 2000 + "x " * 10 + "frere " * 2000).kind is None
