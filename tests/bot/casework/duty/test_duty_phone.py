"""The duty phone rings while the desk is closed, for a life in danger alone, and tells whoever reads along nothing."""

import re
import threading
from uuid import UUID

import pytest
from sqlalchemy import update

from bot import staff
from bot.casework.duty import duty_phone
from bot.casework.duty.duty_phone import CODE_TRIES, NoPhone
from bot.casework.duty.rota import Line
from bot.casework.keeping import retention
from bot.casework.seats import Seat
from bot.delivery.outbox import Lane
from bot.errors import NotAllowed, Stale
from bot.people.addresses import Telephone
from bot.store.tables import address, duty_ring, report
from tests.bot.casework.clerk import TAKEN
from tests.chat import Road

ATTACK = "attaque au marche, des tirs"
DUTY, OTHER = "76543210", "76543222"
#: How this road reaches a telephone, and a house with a real wire.
SIMULATED, SMS = Telephone("sim", "simulator"), Telephone("tel", "twilio-sms")
SAYS = "Kunnafoni: un point vous attend au bureau."


class Night:
    """A desk that is closed, its two phones, and the clock."""

    def __init__(self, road: Road) -> None:
        self.road = road
        road.now = road.now.replace(hour=22, minute=0, second=0, microsecond=0)
        with road.store.writing() as session:
            self.awa = staff.make(session, road.now, "command", "awa", "Awa", "x", ["secretary"])
            self.fanta = staff.make(session, road.now, "command", "fanta", "Fanta", "x", ["closed_queue"])
        self.seat = Seat(self.awa)

    def sets(self, line: Line = Line.DESK, number: str = DUTY) -> str:
        """Set a line's phone; the code that it is sent."""
        with self.road.store.writing() as session:
            said = self.road.talks.gettext("fr")
            duty_phone.set_phone(session, self.road.now, self.seat, SIMULATED, line, number, said)
        found = re.fullmatch(r"Kunnafoni: votre code est ([0-9]{6})\.", self.heard(number)[-1])
        assert found
        return found[1]

    def confirms(self, code: str, line: Line = Line.DESK) -> bool:
        with self.road.store.writing() as session:
            return duty_phone.confirm(session, self.road.now, self.seat, line, code)

    def ticks(self, **passed: float) -> int:
        """Time passes, then the clock looks; how many phones rang."""
        self.road.later(**passed)
        return duty_phone.ring_all(self.road.store, self.road.now, SIMULATED, self.road.talks.gettext("fr"))

    def heard(self, number: str = DUTY) -> list[str]:
        self.road.deliver()
        return [note.text for note in self.road.wire.mailbox.take(number)]  # type: ignore[attr-defined]

    def opens_the_panel(self, who: UUID, *roles: str) -> None:
        with self.road.store.writing() as session:
            duty_phone.answer(session, self.road.now, who, roles)


@pytest.fixture
def night(road: Road) -> Night:
    """The desk's phone is set and proved."""
    night = Night(road)
    assert night.confirms(night.sets())
    return night


def test_a_code_proves_that_the_phone_is_there(road: Road) -> None:
    night = Night(road)
    code = night.sets()
    road.phone().says(ATTACK)
    assert night.ticks() == 0, "not before it is proved"
    assert not night.confirms("000000" if code != "000000" else "000001")
    assert night.confirms(code)
    with pytest.raises(Stale):
        night.confirms(code)
    assert night.ticks() == 1


def test_a_code_can_not_be_guessed_or_kept_for_later(road: Road) -> None:
    night = Night(road)
    code = night.sets()
    for _ in range(CODE_TRIES):
        assert not night.confirms("x")
    assert not night.confirms(code)
    code = night.sets()
    road.later(hours=25)
    assert not night.confirms(code)


@pytest.mark.parametrize("typed", ["76 12 34 56", "+223 76123456", "0022376123456", "٧٦١٢٣٤٥٦"])
def test_a_mobile_number_of_mali_may_be_written_to(road: Road, typed: str) -> None:
    _set_by_sms(Night(road), typed)
    assert road.rows(address.c.id, hash=road.store.keys.blind("address", "tel:+22376123456"))
    assert [row.channel for row in road.outbox()] == ["twilio-sms"]


def _set_by_sms(night: Night, typed: str) -> None:
    said = night.road.talks.gettext("fr")
    with night.road.store.writing() as session:
        duty_phone.set_phone(session, night.road.now, night.seat, SMS, Line.DESK, typed, said)


@pytest.mark.parametrize("typed", ["+33612345678", "+22670123456", "20 22 33 44", "17", "", "x", "7612345", "80001234"])
def test_no_other_number_may(road: Road, typed: str) -> None:
    with pytest.raises(NoPhone):
        _set_by_sms(Night(road), typed)
    assert road.outbox() == []


def test_a_phone_that_wants_no_messages_is_not_set_and_does_not_ring(night: Night) -> None:
    road = night.road
    road.phone(DUTY).says("stop")
    road.phone().says(ATTACK)
    assert night.ticks() == 0
    with road.store.reading() as session:
        assert not duty_phone.phones(session)[Line.DESK].rings
    with pytest.raises(NotAllowed):
        night.sets()


def test_while_the_desk_is_open_no_phone_rings(night: Night) -> None:
    night.road.now = night.road.now.replace(hour=10)
    night.road.phone().says(ATTACK)
    assert night.ticks() == 0
    assert night.ticks(hours=12) == 0, "nor in the evening, for what the desk left lying all day"


def test_what_came_just_before_the_desk_closed_rings(night: Night) -> None:
    night.road.now = night.road.now.replace(hour=18, minute=50)
    night.road.phone().says(ATTACK)
    assert night.ticks() == 0
    assert night.ticks(minutes=15) == 1


def test_the_phone_rings_by_the_clock_once_and_before_all_else(night: Night) -> None:
    night.road.phone().says(ATTACK)
    assert night.heard() == ["Kunnafoni: votre code est " + night.heard()[0][-7:]], "not in the reporter's turn"
    assert night.ticks() == 1
    row = night.road.outbox()[-1]
    assert (row.lane, row.cause) == (Lane.URGENT, "duty:ring:1")
    assert night.heard()[1:] == [SAYS]
    assert night.ticks(seconds=5) == night.ticks(minutes=14) == 0


def test_several_reports_are_one_ring_and_it_rings_on_until_somebody_opens_the_panel(night: Night) -> None:
    for number in range(3):
        night.road.phone(f"7600000{number}").says(ATTACK)
        assert night.ticks(minutes=1) == (number == 0)
    assert night.ticks(minutes=15) == 1
    night.opens_the_panel(night.awa, "secretary")
    assert night.ticks(minutes=16) == 0
    night.road.phone("76000009").says(ATTACK)
    assert night.ticks() == 1
    with night.road.store.reading() as session:
        assert duty_phone.rings(session)[Line.DESK].answered_by is None
    assert [row.answered_by for row in night.road.rows(duty_ring.c.answered_by)].count(night.awa) == 2


@pytest.mark.parametrize("text", ["le puits est sec", "on a vole nos boeufs"])
def test_what_can_wait_rings_nobody(night: Night, text: str) -> None:
    night.road.phone().says(text)
    assert night.ticks() == 0


@pytest.mark.parametrize("change", ["seen_at", "exercise", "status"])
def test_what_was_read_or_is_an_exercise_or_over_rings_nobody(night: Night, change: str) -> None:
    night.road.phone().says(ATTACK)
    values = {"seen_at": night.road.now, "exercise": True, "status": "set_aside"}
    with night.road.store.writing() as session:
        session.run(update(report).values({change: values[change]}))
    assert night.ticks() == 0


def test_more_words_that_make_an_old_report_urgent_ring(night: Night) -> None:
    night.road.now = night.road.now.replace(hour=12)
    phone = night.road.phone()
    phone.says("le puits est sec")
    night.road.now = night.road.now.replace(hour=21)
    phone.says(ATTACK)
    phone.says("ils tirent, des gens armes attaquent le marche maintenant")
    assert night.ticks() == (night.road.report().urgency == 1)


def test_the_closed_queue_rings_its_own_phone_alone_with_the_same_words(night: Night) -> None:
    assert night.confirms(night.sets(Line.CLOSED_QUEUE, OTHER), Line.CLOSED_QUEUE)
    night.road.phone().says(TAKEN + " maintenant")
    line = night.road.report()
    assert (line.closed_queue, line.urgency) == (True, 1)
    assert night.ticks() == 1
    assert (night.heard()[1:], night.heard(OTHER)[1:]) == ([], [SAYS])
    night.opens_the_panel(night.awa, "secretary")
    with night.road.store.reading() as session:
        assert not duty_phone.unanswered(session, ["secretary"])
        assert duty_phone.unanswered(session, ["closed_queue"])
    assert night.ticks(minutes=16) == 1, "whoever can't see the queue has answered nothing"
    night.opens_the_panel(night.fanta, "closed_queue")
    assert night.ticks(minutes=16) == 0


def test_without_a_phone_or_a_wire_nothing_is_queued(road: Road) -> None:
    night = Night(road)
    road.phone().says(ATTACK)
    before = len(road.outbox())
    assert night.ticks() == 0
    assert duty_phone.ring_all(road.store, road.now, Telephone("tel", ""), road.talks.gettext("fr")) == 0
    assert len(road.outbox()) == before


def test_another_number_takes_the_place_of_the_one_before(night: Night) -> None:
    assert night.confirms(night.sets(number=OTHER))
    night.road.phone().says(ATTACK)
    assert night.ticks() == 1
    assert (SAYS in night.heard(), SAYS in night.heard(OTHER)) == (False, True)
    with night.road.store.writing() as session:
        duty_phone.remove(session, night.road.now, night.seat, Line.DESK)
    with pytest.raises(Stale), night.road.store.writing() as session:
        duty_phone.remove(session, night.road.now, night.seat, Line.DESK)
    assert night.ticks(minutes=16) == 0


def test_of_two_clocks_one_rings(night: Night) -> None:
    night.road.phone().says(ATTACK)
    rung: list[int] = []
    ready = threading.Barrier(3)

    def look() -> None:
        ready.wait()
        rung.append(night.ticks())

    threads = [threading.Thread(target=look) for _ in range(3)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sum(rung) == 1
    assert [row.cause for row in night.road.outbox() if row.cause.startswith("duty:ring")] == ["duty:ring:1"]


def test_the_phone_is_still_known_after_months_of_peace(night: Night) -> None:
    night.road.later(days=200)
    retention.enforce(night.road.store, night.road.now)
    night.road.phone().says(ATTACK)
    assert night.ticks() == 1
    assert night.heard()[-1] == SAYS
    with night.road.store.writing() as session:
        duty_phone.remove(session, night.road.now, night.seat, Line.DESK)
    night.road.later(days=200)
    for _ in range(2):
        retention.enforce(night.road.store, night.road.now)
    assert not night.road.rows(address.c.id, hash=night.road.store.keys.blind("address", f"sim:{DUTY}"))


def test_the_number_is_shown_by_its_last_digits_alone(night: Night) -> None:
    with night.road.store.reading() as session:
        assert duty_phone.phones(session)[Line.DESK].masked == "•••• ••10"
        assert duty_phone.rings(session) == {}
