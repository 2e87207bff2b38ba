"""A phone that is seized and read tells the same story whatever its owner has reported."""

from collections.abc import Callable, Sequence
from datetime import timedelta
from typing import Any

import pytest

from bot import main
from bot.casework.duty.hours import Dated, Hours
from bot.channels.simulator import Simulator
from bot.config import Settings
from bot.conversation import Context, Flow, NewReport, Say, Talking
from bot.conversation.kinds import Kind
from bot.conversation.lexicon import Lexicon
from bot.languages.catalogue import Catalogues
from bot.places.gazetteer import Gazetteer
from bot.store import Store
from bot.store.sealing import Keys
from flows import FLOWS
from tests.chat import Road
from tests.words import is_closing

_LEXICON = Lexicon.load()

#: One text of each kind, without a place.
TOLD = {
    Kind.ATTACK: "des tirs cette nuit",
    Kind.EXPLOSIVE: "une mine sur la piste",
    Kind.ABDUCTION: "mon frere a ete enleve",
    Kind.SEXUAL_VIOLENCE: "une femme violee au marche",
    Kind.CHILD: "des enfants avec eux",
    Kind.THREAT: "des menaces contre nous",
    Kind.THEFT: "vol de nos boeufs",
    Kind.DISASTER: "une inondation du quartier",
    Kind.NEED: "le puits est sec",
    Kind.IDEA: "je propose une reunion",
    None: "il se passe quelque chose",
}
REPLIES = ("1", "2", "Konna", "3")


@pytest.fixture
def make_road(
    settings: Callable[..., Settings], sqlite_url: str, catalogues: Catalogues, gazetteer: Gazetteer
) -> Callable[..., Road]:
    def make(**flows: Flow) -> Road:
        store = Store.open(settings(database_url=sqlite_url), Keys.make())
        road = Road.build(store, Simulator(), {**FLOWS, **flows}, main.VERBS, catalogues, gazetteer)
        # What the hour changes in a closing, it changes for everybody.
        road.now = road.now.replace(hour=12)
        return road

    return make


@pytest.fixture(scope="module")
def catalogues() -> Catalogues:
    return Catalogues.load(main.LOCALES, "bot", drafts=True)


@pytest.fixture(scope="module")
def gazetteer() -> Gazetteer:
    return Gazetteer.load()


def _heard(road: Road, number: int, texts: Sequence[str]) -> list[str]:
    """What the phone shows in the end, the reporter's number taken out."""
    phone = road.phone(f"76{number:06}")
    for text in texts:
        phone.says(text)
    code = phone.code if any(is_closing(text) for text in phone.heard) else "-"
    return [text.replace(code, "N") for text in phone.heard]


def _differing(road: Road, after: Sequence[str] = ()) -> int:
    stories = {tuple(_heard(road, number, (text, *REPLIES, *after))) for number, text in enumerate(TOLD.values())}
    return len(stories)


def test_the_texts_of_this_test_are_of_the_kinds_it_says() -> None:
    assert {kind: _LEXICON.suggest(text).kind for kind, text in TOLD.items()} == {kind: kind for kind in TOLD}


def test_talks_that_differ_only_in_the_kind_show_the_same_bytes(make_road: Callable[..., Road]) -> None:
    assert _differing(make_road()) == 1


def test_what_follows_a_talk_shows_the_same_bytes_too(make_road: Callable[..., Road]) -> None:
    """More on the event, the menu, help, the status of a wrong code, and what forgetting says."""
    after = ("et ils reviennent ce soir", "menu", "aide", "suivi", "retour", "oubliez-moi")
    assert _differing(make_road(), after) == 1


@pytest.mark.parametrize("hour", [3, 12, 22])
def test_at_any_hour_everybody_is_told_the_same(make_road: Callable[..., Road], hour: int) -> None:
    """At night, and on a holiday, a closing says when somebody reads; never more to one than to another."""
    road = make_road()
    road.now = road.now.replace(hour=hour)
    road.hours.now = Hours.of_rows([Dated(road.now.date() + timedelta(days=1), None, name="Tabaski")])
    assert _differing(road, ("et ils reviennent ce soir", "menu", "aide")) == 1
    last = road.phone("76000000")
    last.says("il se passe quelque chose de nouveau")
    reads = (road.now + timedelta(days=2 if hour == 22 else 0)).strftime("le %d/%m")
    assert (reads in last.hears) == (hour != 12)


def test_the_closed_queue_can_not_be_told_from_outside(make_road: Callable[..., Road]) -> None:
    road = make_road()
    usual = _heard(road, 1, ("le puits est sec", "1", "mon frere a ete enleve", "2", "0", "0"))
    other = _heard(road, 2, ("le puits est sec", "1", "le grenier a ete ferme", "2", "0", "0"))
    assert usual == other
    assert [line.closed_queue for line in road.reports()] == [True, False]


def test_a_desk_that_has_decided_the_kind_changes_nothing_on_the_phone(make_road: Callable[..., Road]) -> None:
    from bot.casework import desk
    from tests.chat import TRUSTED

    road = make_road()
    stories = set()
    for number, kind in enumerate((Kind.NEED, Kind.ABDUCTION)):
        phone = road.phone(f"7600000{number}")
        phone.says("il se passe quelque chose")
        with road.store.writing() as session:
            line = road.reports()[-1]
            desk.confirm(session, road.now, TRUSTED, line.id, kind=kind, place=None, urgency=1)
        for text in REPLIES:
            phone.says(text)
        stories.add(tuple(text.replace(phone.code, "N") for text in phone.heard))
    assert len(stories) == 1


def test_a_flow_that_knows_the_kind_and_speaks_by_it_is_found_out(make_road: Callable[..., Road]) -> None:
    kinds = iter(TOLD)

    def betrays(ctx: Context) -> Talking:
        yield Say("Courage." if next(kinds) is Kind.ATTACK else "Merci.")
        return NewReport()

    road = make_road(report=Flow("report", betrays))
    assert len({_first(road, number, text) for number, text in enumerate(TOLD.values())}) == 2


def _first(road: Road, number: int, text: str) -> Any:
    return road.phone(f"76{number:06}").says(text)
