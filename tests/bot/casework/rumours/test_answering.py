"""The answer to a rumour: never repeats it, approved by a second person, told to whoever agreed and to who asks again."""

from datetime import timedelta
from uuid import UUID

import pytest
from sqlalchemy import update
from sqlalchemy.exc import IntegrityError

from bot.casework import incidents, search
from bot.casework.desk import Line
from bot.casework.keeping import retention
from bot.casework.rumours import answering, checking
from bot.casework.rumours.answering import Answer
from bot.casework.telling import telling
from bot.conversation.kinds import Kind
from bot.errors import NotAllowed, Stale
from bot.languages import Folding
from bot.places.gazetteer import Gazetteer
from bot.store.audit import Action
from bot.store.tables import AnswerForm, Says, Through, Veracity, rumour_answer
from tests.bot.casework.checks import SENTENCE, answer, checker, find_out, reader_of
from tests.bot.casework.clerk import Clerk, times
from tests.chat import Road

TOLD = "on dit que le marche de Konna est ferme lundi"
ASKS = ("bonjour", "5", TOLD, "3", "1")


@pytest.fixture(autouse=True)
def _by_day(road: Road) -> None:
    road.now = road.now.replace(hour=10)


def _asks(road: Road, number: str, *said: str) -> Line:
    before = {line.id for line in road.reports()}
    phone = road.phone(number)
    for text in said or ASKS:
        phone.says(text)
    (line,) = [line for line in road.reports() if line.id not in before]
    return line


@pytest.fixture
def rumour(road: Road) -> UUID:
    """A rumour that one telephone asked about and wants to hear of, found to be false."""
    incident_id: UUID = checker(road).does(incidents.join, _asks(road, "76000001").id, [])
    find_out(road, incident_id, Veracity.CONFIRMED_FALSE)
    return incident_id


def _write(road: Road, rumour: UUID, text: str = SENTENCE, by: str = "writer") -> UUID:
    ends = road.now + timedelta(days=5)
    said = {"form": AnswerForm.SENTENCE, "language": "fr", "text": text, "expires_at": ends}
    identity: UUID = checker(road, by).does(answering.write, rumour, reader_of(road), **said)
    return identity


def _approve(road: Road, rumour: UUID, identity: UUID, by: str = "approver") -> None:
    checker(road, by).does(answering.approve, rumour, identity, reader_of(road))


def _listed(road: Road, rumour: UUID) -> list[Answer]:
    with road.store.reading() as session:
        return answering.listed(session, road.now, rumour)


def _told(road: Road, number: str) -> list[str]:
    """What the phone gets unasked by now."""
    road.later(minutes=3)
    heard = len(road.wire.mailbox.take(number))  # type: ignore[attr-defined]
    telling.tell_all(road.store, road.now, road.talks, {road.wire.name: road.wire})
    road.deliver()
    return [note.text for note in road.wire.mailbox.take(number)[heard:]]  # type: ignore[attr-defined]


# Two people


def test_an_answer_is_told_only_when_a_second_person_has_approved_it(road: Road, rumour: UUID) -> None:
    (first,) = _told(road, "76000001")
    assert SENTENCE not in first
    identity = _write(road, rumour)
    assert _told(road, "76000001") == []
    assert [each.holds for each in _listed(road, rumour)] == [False]
    with pytest.raises(NotAllowed):
        _approve(road, rumour, identity, by="writer")
    assert _told(road, "76000001") == []
    _approve(road, rumour, identity)
    (text,) = _told(road, "76000001")
    assert text == f"{first} {SENTENCE}"
    assert _told(road, "76000001") == []
    assert (times(road, Action.ANSWER_WRITTEN), times(road, Action.ANSWER_APPROVED)) == (1, 1)
    with pytest.raises(Stale):
        _approve(road, rumour, identity)


@pytest.mark.parametrize("by", ["made_by", None])
def test_the_database_itself_takes_no_approval_by_the_author_or_by_nobody(
    road: Road, rumour: UUID, by: str | None
) -> None:
    identity = _write(road, rumour)
    approver = rumour_answer.c.made_by if by else None
    with pytest.raises(IntegrityError), road.store.engine.begin() as connection:
        connection.execute(
            update(rumour_answer)
            .where(rumour_answer.c.id == identity)
            .values(approved_by=approver, approved_at=road.now)
        )


def test_a_new_text_takes_the_place_of_the_old_one_when_it_is_approved(road: Road, rumour: UUID) -> None:
    answer(road, rumour)
    first = _write(road, rumour, "Tout est normal.")
    second = _write(road, rumour, "Tout est comme toujours.")
    assert [(each.text, each.holds) for each in _listed(road, rumour)] == [
        ("Tout est comme toujours.", False),
        (SENTENCE, True),
    ]
    with pytest.raises(Stale):
        _approve(road, rumour, first)
    _approve(road, rumour, second)
    assert [(each.text, each.holds) for each in _listed(road, rumour)] == [("Tout est comme toujours.", True)]


def test_an_answer_that_was_withdrawn_is_told_to_nobody(road: Road, rumour: UUID) -> None:
    identity = answer(road, rumour)
    clerk = checker(road)
    clerk.does(answering.withdraw, rumour, identity)
    with pytest.raises(Stale):
        clerk.does(answering.withdraw, rumour, identity)
    (text,) = _told(road, "76000001")
    assert SENTENCE not in text
    assert times(road, Action.ANSWER_WITHDRAWN) == 1


# What is known


def test_nothing_is_answered_as_long_as_nothing_is_settled(road: Road, rumour: UUID) -> None:
    checker(road).does(incidents.judge, rumour, Veracity.UNDER_CHECK)
    with pytest.raises(NotAllowed):
        _write(road, rumour)


def test_an_answer_holds_only_for_what_it_was_written_for(road: Road, rumour: UUID) -> None:
    waiting = _write(road, rumour)
    answer(road, rumour, "Tout est normal.", "ar")
    checker(road).does(incidents.judge, rumour, Veracity.PROBABLY_FALSE)
    assert [each.holds for each in _listed(road, rumour)] == [False, False]
    with pytest.raises(Stale):
        _approve(road, rumour, waiting)
    (text,) = _told(road, "76000001")
    assert "probablement faux" in text
    assert "normal" not in text


def test_an_answer_that_is_out_of_date_is_not_told(road: Road, rumour: UUID) -> None:
    answer(road, rumour, days=1)
    (text,) = _told(road, "76000001")
    assert SENTENCE in text
    phone = road.phone("76000001")
    code = text.split()[1].rstrip(":")
    phone.says(f"suivi {code}")
    assert SENTENCE in phone.hears
    road.later(days=2)
    phone.says(f"suivi {code}")
    assert "c'est faux" in phone.hears
    assert SENTENCE not in phone.hears


# Never the rumour


@pytest.mark.parametrize(
    "text", ["Konna est calme.", "Aucune attaque.", "Le marché n'est pas fermé.", "Diallo le dit."]
)
def test_an_answer_never_repeats_the_rumour(road: Road, rumour: UUID, text: str) -> None:
    with pytest.raises(NotAllowed):
        _write(road, rumour, text)
    assert _listed(road, rumour) == []


def test_what_a_radio_says_of_it_counts_too_and_so_does_what_is_told_before_the_approval(
    road: Road, rumour: UUID
) -> None:
    identity = _write(road, rumour, "Les commerçants vendent comme toujours.")
    noted = {
        "through": Through.RADIO,
        "place": None,
        "heard_at": road.now,
        "words": "les commercants vendent au village",
    }
    checker(road).does(checking.sight, rumour, **noted)
    with pytest.raises(NotAllowed):
        _approve(road, rumour, identity)
    with pytest.raises(NotAllowed):
        _write(road, rumour, "Les commerçants vendent.")


# Who is told


def test_each_is_told_in_the_language_they_read_or_its_fallback(road: Road, rumour: UUID) -> None:
    arabic, bambara, silent = "76000002", "76000003", "76000004"
    second = _asks(road, arabic, "langue", "6", "9", "menu", "5", TOLD, "3", "1")
    third = _asks(road, bambara, "langue", "2", "menu", "5", TOLD, "3", "1")
    fourth = _asks(road, silent, "bonjour", "5", TOLD, "3", "2")
    checker(road).does(incidents.join, road.reports()[0].id, [second.id, third.id, fourth.id])
    for number in ("76000001", arabic, bambara):
        _told(road, number)
    answer(road, rumour)
    heard = {number: _told(road, number) for number in ("76000001",)}
    assert SENTENCE in heard["76000001"][0]
    texts = [each.text for each in road.wire.mailbox.take(bambara)]  # type: ignore[attr-defined]
    assert SENTENCE in texts[-1]
    texts = [each.text for each in road.wire.mailbox.take(arabic)]  # type: ignore[attr-defined]
    assert SENTENCE in texts[-1], "French is what Arabic falls back to"
    answer(road, rumour, "تحققت الجهات المختصة من ذلك.", "ar")
    assert _told(road, "76000001") == [], "who heard it in French is not told again"
    texts = [each.text for each in road.wire.mailbox.take(arabic)]  # type: ignore[attr-defined]
    assert "تحققت" in texts[-1]
    assert _told(road, silent) == [], "nobody is written to who did not agree"


def test_who_joins_later_hears_the_answer_too(road: Road, rumour: UUID) -> None:
    answer(road, rumour, "Tout est normal.")
    later = _asks(road, "76000002", "bonjour", "5", "a Konna plus rien ne se vend lundi", "3", "1")
    checker(road).does(incidents.join, later.id, [road.reports()[0].id])
    (text,) = _told(road, "76000002")
    assert "Tout est normal." in text


# Who asks the same


def _hears(road: Road, number: str, text: str = TOLD, *before: str) -> str:
    phone = road.phone(number)
    for said in (*(before or ("bonjour", "5")), text):
        phone.says(said)
    return phone.hears


def test_who_asks_the_same_is_answered_at_once_and_the_report_is_kept(road: Road, rumour: UUID) -> None:
    answer(road, rumour)
    heard = _hears(road, "76000002", "Le marché de Konna est-il fermé lundi ? C'est vrai ?")
    known, closing = heard.split("\n")
    assert known == f"C'est faux. {SENTENCE}"
    assert "c'est noté" in closing
    assert "marche" not in heard
    phone = road.phone("76000002")
    phone.heard.append(heard)
    code = phone.code
    phone.says(f"suivi {code}")
    answered = phone.hears
    assert "c'est faux" in answered
    assert answered.endswith(SENTENCE)
    *_, kept = road.reports()
    assert (kept.suggested_kind, kept.place, kept.veracity) == (Kind.RUMOUR, "kun:mopti/mopti/konna", Veracity.NEW)
    clerk = checker(road)
    assert [line.id for line in clerk.asks(checking.asked_again, rumour, Gazetteer.load())] == [kept.id]
    clerk.does(incidents.add, rumour, [kept.id])
    assert clerk.asks(checking.asked_again, rumour, Gazetteer.load()) == []
    phone.says(f"suivi {code}")
    assert phone.hears == answered, "before and after a person has joined them"
    clerk.does(incidents.split, kept.id)
    phone.says(f"suivi {code}")
    assert "nous vérifions" in phone.hears, "it tells of something else, as a person says"


def test_nothing_that_may_concern_the_closed_queue_is_answered_at_once(road: Road, rumour: UUID) -> None:
    told = "le marche de Konna est ferme lundi pour les jeunes"
    noted = {"through": Through.RADIO, "place": None, "heard_at": road.now, "words": told}
    checker(road).does(checking.sight, rumour, **noted)
    answer(road, rumour)
    assert SENTENCE in _hears(road, "76000002", told)
    assert "Comment l'avez-vous appris" in _hears(road, "76000003", f"{told} enfants")


@pytest.mark.parametrize("indexed", [True, False])
def test_a_question_is_found_whether_it_is_indexed_or_not_yet(road: Road, rumour: UUID, indexed: bool) -> None:
    answer(road, rumour)
    if indexed:
        with road.store.writing() as session:
            search.index_new(session)
    assert SENTENCE in _hears(road, "76000002")


@pytest.mark.parametrize(
    "text",
    [
        "on dit que le marche de Konna n'est pas ferme lundi",
        "on dit que le marche de Mopti est ferme lundi",
        "on dit que le marche de Konna est ferme mardi",
        "on dit que le marche est ferme lundi",
        "lundi",
    ],
)
def test_who_asks_something_else_is_asked_on_as_ever(road: Road, rumour: UUID, text: str) -> None:
    answer(road, rumour)
    assert "Comment l'avez-vous appris" in _hears(road, "76000002", text)


@pytest.mark.parametrize("case", ["unapproved", "expired", "probable", "another kind", "withdrawn", "two rumours"])
def test_what_is_not_sure_is_not_answered_at_once(road: Road, rumour: UUID, case: str) -> None:
    clerk = checker(road)
    if case == "unapproved":
        _write(road, rumour)
    else:
        identity = answer(road, rumour, days=1)
    if case == "expired":
        road.later(days=2)
    if case == "probable":
        clerk.does(incidents.judge, rumour, Veracity.PROBABLY_FALSE)
        answer(road, rumour)
    if case == "another kind":
        clerk.does(incidents.decide, rumour, kind=Kind.NEED, place=None, urgency=3)
    if case == "withdrawn":
        clerk.does(answering.withdraw, rumour, identity)
    if case == "two rumours":
        line = _asks(road, "76000003", TOLD, "1", "1", "5")
        other: UUID = clerk.does(incidents.take_up, line.id)
        clerk.does(incidents.decide, other, kind=Kind.RUMOUR, place=None, urgency=3)
        find_out(road, other, Veracity.CONFIRMED_TRUE)
        answer(road, other)
    assert "Comment l'avez-vous appris" in _hears(road, "76000002")


def test_words_that_were_forgotten_are_recognised_no_more_but_those_of_a_radio_are(road: Road, rumour: UUID) -> None:
    answer(road, rumour)
    road.phone("76000001").says("oubliez-moi")
    assert "Comment l'avez-vous appris" in _hears(road, "76000002")
    noted = {"through": Through.RADIO, "place": None, "heard_at": road.now, "words": TOLD}
    checker(road).does(checking.sight, rumour, **noted)
    assert SENTENCE in _hears(road, "76000003")


def test_a_step_back_after_the_question_looks_the_new_words_up(road: Road, rumour: UUID) -> None:
    answer(road, rumour)
    assert "Comment l'avez-vous appris" in _hears(road, "76000002", "le pont de Mopti est coupe")
    phone = road.phone("76000002")
    phone.says("retour")
    assert "Qu'avez-vous entendu" in phone.hears
    phone.says(TOLD)
    assert SENTENCE in phone.hears


# Sizes and ends


@pytest.mark.parametrize(
    ("form", "text", "good"),
    [
        (AnswerForm.SENTENCE, "é" * 160, True),
        (AnswerForm.SENTENCE, "é" * 161, False),
        (AnswerForm.SENTENCE, "ش" * 70, True),
        (AnswerForm.SENTENCE, "ش" * 71, False),
        (AnswerForm.RADIO, "mot " * 69, False),
        (AnswerForm.RADIO, "mot - " * 70, True),
        (AnswerForm.RADIO, "mot " * 140, True),
        (AnswerForm.RADIO, "mot " * 141, False),
    ],
)
def test_a_sentence_is_one_sms_and_a_text_half_a_minute_to_a_minute(form: AnswerForm, text: str, good: bool) -> None:
    assert answering.fits(form, text, "fr", Folding()) is good


def test_the_answers_of_two_rumours_that_are_one_are_that_one_s_and_all_go_with_the_event(
    road: Road, rumour: UUID
) -> None:
    clerk = checker(road)
    newer: UUID = clerk.does(incidents.take_up, _asks(road, "76000002", TOLD, "1", "1", "5").id)
    find_out(road, newer, Veracity.CONFIRMED_FALSE)
    answer(road, newer)
    first, second = road.reports()
    clerk.does(incidents.join, second.id, [first.id])
    assert [each.text for each in _listed(road, rumour)] == [SENTENCE]
    clerk.does(incidents.close, rumour)
    road.later(days=200)
    retention.enforce(road.store, road.now)
    assert _listed(road, rumour) == []
    assert road.rows(rumour_answer.c.id) == []


def test_a_check_of_one_source_does_not_confirm_what_is_answered(road: Road, rumour: UUID) -> None:
    """The answer at once says "two sources": it can't be there without them."""
    clerk = Clerk(road, checker(road).seat)
    other: UUID = clerk.does(incidents.take_up, _asks(road, "76000002", TOLD, "1", "1", "5").id)
    clerk.does(checking.check, other, source="mairie de Konna", says=Says.TRUE, finding="vu")
    with pytest.raises(NotAllowed):
        clerk.does(incidents.judge, other, Veracity.CONFIRMED_TRUE)
