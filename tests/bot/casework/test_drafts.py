"""Drafts: their author's alone, sealed, replaced by the next, and gone with what they are about."""

from pathlib import Path
from uuid import UUID

import pytest
from sqlalchemy import insert

from bot import staff
from bot.casework import apart, drafts, incidents
from bot.casework.drafts import Draft, Field
from bot.casework.keeping import forgetting, retention
from bot.store import form_tokens, rotation
from bot.store.sealing import save_keys
from bot.store.tables import address, draft, incident, item
from bot.store.types import new_id
from tests.bot.casework.clerk import WELL, Clerk
from tests.chat import Phone, Road

WORDS = "Merci, quelqu'un passe vendredi."
TOKEN, NEXT = "a" * 24, "b" * 24


def _make(road: Road, name: str) -> UUID:
    with road.store.writing() as session:
        return staff.make(session, road.now, "command", name, name.title(), "x", ["triage"])


@pytest.fixture
def awa(road: Road) -> UUID:
    """Somebody of the desk."""
    return _make(road, "awa")


def _types(
    road: Road, who: UUID, about: UUID, text: str = WORDS, what: Field = Field.REPLY, token: str = TOKEN
) -> None:
    with road.store.writing() as session:
        drafts.keep(session, road.now, who, about, what, text, token)


def _finds(road: Road, who: UUID, about: UUID) -> dict[Field, Draft]:
    with road.store.reading() as session:
        return dict(drafts.of(session, who, about))


def _kept(road: Road) -> int:
    return len(road.rows(draft.c.id))


def test_what_was_typed_is_there_for_its_author_and_for_nobody_else(road: Road, awa: UUID) -> None:
    about = new_id()
    _types(road, awa, about)
    assert _finds(road, awa, about) == {Field.REPLY: Draft(WORDS, road.now)}
    assert _finds(road, _make(road, "moussa"), about) == {}
    assert _finds(road, awa, new_id()) == {}


def test_the_next_takes_its_place_and_no_words_keep_nothing(road: Road, awa: UUID) -> None:
    about = new_id()
    _types(road, awa, about, "Merci")
    _types(road, awa, about)
    _types(road, awa, about, "Le puits est sec.", Field.SUMMARY)
    assert {what: each.text for what, each in _finds(road, awa, about).items()} == {
        Field.REPLY: WORDS,
        Field.SUMMARY: "Le puits est sec.",
    }
    _types(road, awa, about, " \n")
    assert set(_finds(road, awa, about)) == {Field.SUMMARY}
    with road.store.writing() as session:
        drafts.discard(session, awa, about, Field.SUMMARY)
    assert _kept(road) == 0


def test_a_save_that_arrives_after_its_form_was_sent_keeps_nothing(road: Road, awa: UUID) -> None:
    about = new_id()
    with road.store.writing() as session:
        form_tokens.use(session, road.now, TOKEN)
    _types(road, awa, about)
    assert _kept(road) == 0
    _types(road, awa, about, token=NEXT)
    assert _kept(road) == 1, "the next form is another"


def test_its_words_are_sealed_and_open_after_the_keys_were_rotated(road: Road, awa: UUID, tmp_path: Path) -> None:
    _types(road, awa, new_id())
    (row,) = road.rows(draft.c.text, draft.c.data_key)
    assert b"vendredi" not in row.text
    path = tmp_path / "keys.json"
    save_keys(road.store.keys, path)
    assert rotation.rotate(road.store, path) >= 1
    (after,) = road.rows(draft.c.text, draft.c.data_key)
    assert (after.text, after.data_key != row.data_key) == (row.text, True)


def test_after_seven_days_it_is_gone(road: Road, awa: UUID) -> None:
    _types(road, awa, new_id())
    for days, left in ((6, 1), (2, 0)):
        road.later(days=days)
        retention.enforce(road.store, road.now)
        assert _kept(road) == left


def test_whoever_is_forgotten_is_forgotten_in_what_is_being_written(
    road: Road, awa: UUID, phone: Phone, usual: Clerk
) -> None:
    for text in (WELL, "1", "2", "Konna", "2"):
        phone.says(text)
    other = road.phone("76000002")
    for text in (WELL, "1", "2", "Konna", "2"):
        other.says(text)
    theirs, others = (line.id for line in road.reports())
    event = usual.does(incidents.join, theirs, [])
    for about in (theirs, event, others, road.call_backs()[0].id):
        _types(road, awa, about)
    (first, _second) = (row.id for row in sorted(road.rows(address.c.id)))
    with road.store.writing() as session:
        forgetting.forget(session, road.now, first, "")
    assert [row.about for row in road.rows(draft.c.about)] == [others]


def test_nothing_is_left_of_a_report_that_goes_to_the_closed_queue(
    road: Road, awa: UUID, phone: Phone, usual: Clerk
) -> None:
    phone.says(WELL)
    line = road.report()
    event = usual.does(incidents.join, line.id, [])
    for about in (line.id, event):
        _types(road, awa, about)
    with road.store.writing() as session:
        apart.set_apart(session, road.now, usual.seat.actor, line.id)
    assert _kept(road) == 0


def test_of_an_event_what_is_written_to_and_from_its_seats_goes_as_well(road: Road, awa: UUID) -> None:
    event, asked, others = new_id(), new_id(), new_id()
    at = {"made_at": road.now, "changed_at": road.now}
    with road.store.writing() as session:
        session.run(insert(incident).values(id=event, urgency=3, status="open", **at))
        told = {"incident_id": event, "seat": "solidarity", "status": "sent", "lead": True, "made_by": awa}
        session.run(insert(item).values(id=asked, due_at=road.now, **told, **at))
    for about in (event, asked, others):
        _types(road, awa, about, what=Field.WORDS)
    with road.store.writing() as session:
        drafts.forget_events(session, [event])
    assert [row.about for row in road.rows(draft.c.about)] == [others]
