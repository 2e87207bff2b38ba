"""An answer never repeats the rumour: no place, no danger, nobody, no row of its words."""

import pytest

from bot.casework.masking.listed import shipped
from bot.casework.rumours.repeats import Told, Why, repeats
from bot.conversation.lexicon import Lexicon
from bot.places.gazetteer import Gazetteer

_LEXICON = Lexicon.load()
KONNA = "kun:mopti/mopti/konna"
TOLD = Told(
    ("on dit que le pont de Konna est coupe depuis hier soir", "u ko pon karilen don", "الجسر مقطوع منذ الأمس"),
    (KONNA,),
)


def _why(gazetteer: Gazetteer, text: str, told: Told = TOLD) -> set[Why]:
    return {each.why for each in repeats(text, told, _LEXICON, gazetteer, shipped())}


@pytest.fixture(scope="module")
def gazetteer() -> Gazetteer:
    return Gazetteer.load()


@pytest.mark.parametrize(
    "text",
    [
        "C'est faux. Les autorités l'ont vérifié ce matin avec deux services. Restez calmes.",
        "Ce n'est pas vrai: nous avons appelé deux services qui sont sur les lieux.",
        "C'est vrai. Les services travaillent; écoutez la radio.",
        "Personne n'a pu le confirmer. Ne le répétez pas, nous continuons au Mali et ailleurs.",
        "Tout est normal, vous pouvez circuler. Information: 80333.",
        "A bɛ fo ko tiɲɛ tɛ. An ye a sɛgɛsɛgɛ.",
        "هذا غير صحيح. تحققنا من مصدرين.",
    ],
)
def test_a_neutral_sentence_passes(gazetteer: Gazetteer, text: str) -> None:
    assert _why(gazetteer, text) == set()


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("Konna est calme.", Why.PLACE),
        ("Tout va bien à KONNA", Why.PLACE),
        ("Le calme règne dans le cercle de Mopti.", Why.PLACE),
        ("Selon Gao et San, rien.", Why.PLACE),
        ("Il n'y a aucune attaque.", Why.DANGER),
        ("La mairie dit que non.", Why.DANGER),
        ("Ce n'est qu'une rumeur.", Why.DANGER),
        ("Le maire Diallo dit non.", Why.NAMED),
        ("Les Peuls n'y sont pour rien.", Why.NAMED),
        ("On passe, depuis hier soir tout roule.", Why.ROW),
        ("Le pont est coupé, mais on répare.", Why.ROW),
        ("Les ponts ne sont pas coupés.", Why.ROW),
        ("Coupé? Non, le pont tient.", Why.ROW),
        ("pon karilen te.", Why.ROW),
        ("الجسر ليس مقطوع", Why.ROW),
        ("Le pont tient.", Why.WORD),
    ],
)
def test_what_repeats_the_rumour_is_found(gazetteer: Gazetteer, text: str, why: Why) -> None:
    assert why in _why(gazetteer, text)


def test_only_a_single_word_in_common_may_stand(gazetteer: Gazetteer) -> None:
    found = repeats("Le pont tient.", TOLD, _LEXICON, gazetteer, {})
    assert [(each.words, each.is_forbidden) for each in found] == [("pont", False)]
    found = repeats("Le pont est coupé.", TOLD, _LEXICON, gazetteer, {})
    assert [(each.words, each.is_forbidden) for each in found] == [("pont est coupe", True)]


def test_without_anything_told_the_places_and_dangers_are_found_all_the_same(gazetteer: Gazetteer) -> None:
    nothing = Told((), ())
    assert _why(gazetteer, "Le pont est coupé.", nothing) == set()
    assert _why(gazetteer, "Pas d'attaque à Konna.", nothing) == {Why.PLACE, Why.DANGER}
