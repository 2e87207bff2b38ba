"""What a summary must not hold is marked: numbers, names, peoples, ages; what names nobody is left alone."""

import pytest

from bot.casework.masking.listed import shipped
from bot.casework.masking.marks import Why
from bot.casework.masking.redaction import marks, marks_in_french, marks_to_send, masked
from bot.places.gazetteer import Gazetteer

WORDS = shipped()
GAZETTEER = Gazetteer.load()


def _found(text: str) -> list[tuple[str, Why]]:
    return [(mark.words, mark.why) for mark in marks(text, WORDS)]


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("appelez 76 12 34 56 ce soir", [("76 12 34 56", Why.NUMBER)]),
        ("son numero est +22376123456", [("+22376123456", Why.NUMBER)]),
        ("NINA 123456789012", [("123456789012", Why.NUMBER)]),
        ("c'est Amadou Diallo qui l'a dit", [("Amadou", Why.NAME), ("Diallo", Why.NAME)]),
        ("AMADOU et traore", [("AMADOU", Why.NAME), ("traore", Why.NAME)]),
        ("l'imam Zongo est menace", [("Zongo", Why.NAME)]),
        ("un nommé Xyzqu Abcde", [("Xyzqu Abcde", Why.NAME)]),
        ("les Peuls et les dogons", [("Peuls", Why.PEOPLE), ("dogons", Why.PEOPLE)]),
        ("une fille de 13 ans", [("13 ans", Why.AGE)]),
        ("une fille de ١٣ سنة", [("١٣ سنة", Why.AGE)]),
        ("le puits de Konna est sec depuis 3 jours, 40 familles", []),
        ("le pont est coupé, la route du marché aussi", []),
        ("appelez le 17, le 18 ou le 15", []),
        ("le maire est parti, l'imam a fui", []),
        ("", []),
    ],
)
def test_what_names_somebody_is_marked_and_nothing_else(text: str, found: list[tuple[str, Why]]) -> None:
    assert [(words, why) for words, why in _found(text)] == found


def test_what_is_marked_is_taken_out_whole() -> None:
    text = "Amadou (76 12 34 56), 45 ans, peul, a vu le pont de Konna coupé"
    assert masked(text, marks(text, WORDS)) == "[…] ([…]), […], […], a vu le pont de Konna coupé"
    assert _found(masked(text, marks(text, WORDS))) == []


def test_a_list_that_lacks_a_word_lets_it_pass() -> None:
    """The negative control: it is the list that marks a name, not luck."""
    assert marks("c'est Amadou", {}) == []


def test_the_words_that_are_shipped_are_folded_and_single() -> None:
    assert len(WORDS) > 150
    assert all(len(word.split()) == 1 and word == word.lower() for word in WORDS)


@pytest.mark.parametrize(
    "text",
    [
        "les Foulbé sont partis",
        "des Songhoïs et des Touarègues",
        "un Bellah, un Mossi, une Peule",
        "les fulaw, les surakaw",
        "الفلان والطوارق",
        "ߝߎ߬ߟߊ",
        "Diallo's",
        "Amadou-Tidiane",
        "Attaher ag Iyad",
        "Bilali Ag Acherif",
        "عيسى ديالو في موبتي",
        "اسمه زكرياء",
        "ߡߊߡߊߘߎ߫ ߖߊ߬ߟߏ",
        "Jallo",
        "76_12_34_56",
        "76,12,34,56",
        "O6 76 l2 34 56",
        "soixante-seize douze trente-quatre cinquante-six",
        "une fille de neuf ans",
        "un bébé de six mois",
        "9 yrs old",
        "si san 12",
        "ߛߊ߲߬ ߉",
        "عمره 9 سنين",
        "une femme de la trentaine",
        "un septuagénaire",
    ],
)
def test_every_way_of_naming_somebody_is_marked(text: str) -> None:
    assert marks(text, WORDS)


@pytest.mark.parametrize(
    ("text", "left"),
    [
        ("Hier Qwerto Zamblé a été battu", "Hier […] […] a été battu"),
        ("Ogobara Doumboli a fui", "[…] […] a fui"),
        ("chez Amadou TEMBINELI à Koro", "chez […] […] à Koro"),
        ("Zarbolo est menacé", "[…] est menacé"),
        ("Personne n'est blessé. Konna est isolée. Elle a peur. Rien n'a brûlé.", None),
        ("M'Baye, N'Diaye et N'Zorba ont fui", "[…], […] et […] ont fui"),
        ("Vu avec d'Xuyo hier", "Vu avec […] hier"),
        ("Le puits de Konna est sec. Selon trois femmes, Banco Kani aussi.", None),
        ("La brigade de Gendarmerie de Hombori est saisie par le Gouverneur de Mopti", None),
        ("TROIS MAISONS BRULEES A OGOSSAGOU", None),
        ("une dizaine de morts, une vingtaine de blessés", None),
    ],
)
def test_what_leaves_triage_is_marked_where_no_list_knows_the_name(text: str, left: str | None) -> None:
    assert masked(text, marks_to_send(text, WORDS, GAZETTEER)) == (left or text)


def _in_french(text: str) -> list[tuple[str, Why]]:
    return [(mark.words, mark.why) for mark in marks_in_french(text, WORDS, GAZETTEER)]


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("le vieux zarbolo a été battu", [("zarbolo", Why.UNKNOWN)]),
        ("chez zamblé, on a tout pris", [("zamblé", Why.UNKNOWN)]),
        ("l'oncle de qwerto-zu", [("qwerto-zu", Why.UNKNOWN)]),
        ("on a volé les beufs", [("beufs", Why.UNKNOWN)]),
        ("HOMMES ARMES CHEZ ZARBOLO", [("ZARBOLO", Why.UNKNOWN)]),
        ("رجال مسلحون", [("رجال", Why.SCRIPT)]),
        ("L'école: ߡߎ߬ߛߏ ߕߊ߯ߡߊ", [("ߡߎ߬ߛߏ", Why.SCRIPT)]),
        ("Près de ⵣⴰⴱⵓ", [("ⵣⴰⴱⵓ", Why.SCRIPT)]),
    ],
)
def test_a_word_that_nothing_explains_is_marked_for_a_person_to_look(text: str, found: list[tuple[str, Why]]) -> None:
    assert _in_french(text) == found
    assert masked(text, marks_in_french(text, WORDS, GAZETTEER)) == text


@pytest.mark.parametrize(
    "text",
    [
        "Des hommes armés sur des motos ont pris le bétail du hameau peu après la prière du soir.",
        "Les femmes ne vont plus au puits. Besoin de vivres, de bâches et d'une escorte pour la foire hebdomadaire.",
        "Le forage est en panne, la pompe à motricité humaine ne marche plus depuis trois semaines, l'eau est salée.",
        "Dispute entre éleveurs et agriculteurs au sujet du couloir de transhumance et du bourgou ; 3 pick-up vers 18h30.",
        "Les orpailleurs demandent une médiation. L'école est fermée, la cantine n'a plus de riz ni de niébé.",
        "L'axe Sévaré-Douentza est miné, un engin explosif improvisé a été signalé près du radier de Boni.",
        "Des déplacés dorment sous les hangars ; il manque des nattes, des moustiquaires et des kits d'hygiène.",
        "Rackets aux check-points, taxes illégales (zakat) ; la mairie n'établit plus d'actes de naissance.",
        "le csref de konna n'a plus de paludeens traites, la sage femme est partie",
    ],
)
def test_a_summary_as_a_desk_writes_it_has_no_mark(text: str) -> None:
    assert _in_french(text) == []


def test_a_word_that_the_desk_says_names_nobody_is_never_marked() -> None:
    words = {**WORDS, "zarbolo": None, "diallo": None}
    assert marks_in_french("le zarbolo de diallo est sec", words, GAZETTEER) == []
