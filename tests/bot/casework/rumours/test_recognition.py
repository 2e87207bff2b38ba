"""Whether somebody asks what was asked before: rather ten times no than once wrongly yes."""

import pytest

from bot.casework.rumours.recognition import Asked, is_same
from bot.places.gazetteer import Gazetteer, Level, Place

KNOWN = "on dit que le pont de Konna est coupe"


@pytest.fixture(scope="module")
def gazetteer() -> Gazetteer:
    village = Place(
        "kun:mopti/mopti/konna/kotaka", "Kotaka", Level.VILLAGE, "kun:mopti/mopti/konna", None, None, ("Kotaka",)
    )
    return Gazetteer.load().with_places([village])


def _same(gazetteer: Gazetteer, asked: str, known: str = KNOWN, place: str | None = None) -> bool:
    return is_same(Asked.read(asked, gazetteer), Asked.read(known, gazetteer), place)


@pytest.mark.parametrize(
    "asked",
    [
        KNOWN,
        "On dit que le pont de Konna est coupé",
        "le pont de Konna est coupé, c'est vrai ?",
        "est-ce que c'est vrai que le pont de Konna est coupé?",
        "Bonjour, j'ai entendu que les ponts de Konna sont coupés. Merci",
        "pont konna coupe",
    ],
)
def test_the_same_question_in_other_words_around_it_is_recognised(gazetteer: Gazetteer, asked: str) -> None:
    assert _same(gazetteer, asked)
    assert _same(gazetteer, KNOWN, asked), "in either direction"


@pytest.mark.parametrize(
    "asked",
    [
        "le pont de Konna n'est pas coupé",
        "le pont de Konna n'est plus coupé",
        "c'est faux que le pont de Konna est coupe",
        "le pont de Mopti est coupe",
        "le pont de Kotaka est coupe",
        "le pont de Farako est coupe",
        "le pont de Konna et celui de Mopti est coupe",
        "le pont est coupe",
        "le pont du hameau Zzqqwe est coupe",
        "le pont de Konna est ouvert",
        "le pont de Konna sera coupe",
        "le pont de Konna etait coupe",
        "2 ponts de Konna coupes",
        "la route de Konna est coupee",
        "le pont de Konna coupe la route",
        "coupe le pont de Konna",
        "Konna",
        "le pont de Konna",
        "",
    ],
)
def test_what_differs_in_anything_is_not(gazetteer: Gazetteer, asked: str) -> None:
    assert not _same(gazetteer, asked)
    assert not _same(gazetteer, KNOWN, asked)


@pytest.mark.parametrize(
    ("asked", "known"),
    [
        ("les eleveurs ont chasse les chasseurs", "les chasseurs ont chasse les eleveurs"),
        ("10 morts au marche hier", "2 morts au marche hier"),
        ("le maire a donne 5 sacs de riz aux jeunes lundi", "le maire a donne des sacs de riz aux jeunes lundi"),
        (
            "tous les soldats sauf les jeunes quittent la ville lundi",
            "tous les soldats les jeunes quittent la ville lundi",
        ),
        ("ji bannen dugu kono", "ba bannen dugu kono"),
        ("ji te dugu kono sisan", "ji be dugu kono sisan"),
        ("السوق غير مغلق يوم الاثنين", "السوق مغلق يوم الاثنين"),
    ],
)
def test_who_did_it_to_whom_how_many_and_whether_not(gazetteer: Gazetteer, asked: str, known: str) -> None:
    assert not _same(gazetteer, asked, known)
    assert _same(gazetteer, asked, asked)


def test_of_four_words_one_more_may_stand_in_one(gazetteer: Gazetteer) -> None:
    known = "le gouverneur ferme toutes les pharmacies lundi matin"
    assert _same(gazetteer, "le gouverneur ferme toutes les pharmacies lundi matin prochain", known)
    assert not _same(gazetteer, "le gouverneur ferme toutes les grandes pharmacies lundi matin prochain", known)
    assert not _same(gazetteer, "le gouverneur ferme toutes les pharmacies mardi matin", known)
    assert not _same(gazetteer, "le gouverneur ferme lundi", "le gouverneur ferme lundi matin")


def test_the_place_that_the_desk_found_counts_where_the_words_name_none(gazetteer: Gazetteer) -> None:
    known, konna = "on dit que le pont est coupe", "kun:mopti/mopti/konna"
    assert _same(gazetteer, "le pont est coupe", known)
    assert _same(gazetteer, "le pont de Konna est coupe", known, konna)
    assert not _same(gazetteer, "le pont est coupe", known, konna), "it may be another bridge"
    assert not _same(gazetteer, "le pont de Konna est coupe", known)
