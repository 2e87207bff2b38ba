"""The demonstration: a desk with a few made-up reports, told through the same intake as a real wire; a phone in the
terminal. Nothing here is a real person, number or event.
"""

import secrets
import threading
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from uuid import UUID

from sqlalchemy import select

from bot import main, staff
from bot.casework import committee
from bot.casework.desk import confirm, inbox
from bot.casework.duty import rota
from bot.casework.duty.hours import Span
from bot.casework.duty.rota import Line
from bot.casework.seats import Seat
from bot.conversation.kinds import Kind
from bot.languages import gsm7
from bot.main import Parts
from bot.store import Session
from bot.store.tables import report


@dataclass(frozen=True, slots=True)
class Person:
    """Somebody who works at the demonstration, and the seat of the committee that they hold."""

    username: str
    name: str
    roles: tuple[str, ...]
    seat: str | None = None


#: The second agrees to what one person can't do alone; the third holds every role that the first does not.
PEOPLE = (
    Person(
        "demo", "Démonstration", ("administrator", "secretary", "closed_queue", "translator", "committee"), "solidarity"
    ),
    Person("deuxieme", "Deuxième personne", ("administrator", "secretary", "translator")),
    Person(
        "troisieme",
        "Troisième personne",
        ("triage", "committee", "observatory", "author", "approver", "auditor"),
        "local",
    ),
)
#: What each made-up phone says, one message after another; "call" is a missed call.
_STORIES: tuple[tuple[int, str, tuple[str, ...]], ...] = (
    (2870, "d1", ("Bonsoir, le pont de Konna est coupé par la crue, les gens ne passent plus", "1", "3", "2")),
    (2690, "d8", ("Inondation à Konna: le pont ne passe plus, le marché est bloqué", "1", "3", "5")),
    (1490, "d2", ("i ni sogoma, ji te an ka dugu kono Bankass", "2", "2", "5")),
    (610, "d3", ("On dit que le marché de Djenné sera fermé lundi, est-ce vrai?", "1", "3", "5")),
    (340, "d4", ("قرية بوني تحتاج الماء والدواء", "1", "2", "Boni", "3")),
    (95, "d5", ("4 1 Douentza",)),
    (41, "d6", ("call", "1", "2")),
    (12, "d7", ("attaque a konna des gens armes", "1", "1", "1")),
)


def prepare(parts: Parts) -> Mapping[str, str]:
    """Load the data where there is none yet, and give the demo's people fresh passwords, by their user names."""
    passwords = {each.username: "-".join(secrets.token_hex(3) for _ in range(3)) for each in PEOPLE}
    for each in PEOPLE:
        main.make_staff(parts, each.username, each.name, passwords[each.username], each.roles, replace=True)
    with parts.store.reading() as session:
        empty = session.run(select(report.c.id).limit(1)).first() is None
        members = {member.username: member.id for member in staff.everybody(session)}
    if empty:
        _tell_stories(parts, members)
    return passwords


def _tell_stories(parts: Parts, members: Mapping[str, UUID]) -> None:
    start = datetime.now(UTC)
    for minutes, phone, words in _STORIES:
        moment = start - timedelta(minutes=minutes)
        for number, text in enumerate(words):
            main.simulate(parts, phone, text, text == "call", moment + timedelta(seconds=40 * number))
    with parts.store.writing() as session:
        seat = Seat(members[PEOPLE[0].username], sees_closed=True)
        oldest = min(inbox(session, seat).lines, key=lambda line: line.made_at)
        confirm(session, start, seat, oldest.id, kind=Kind.DISASTER, place=oldest.place, urgency=2)
        _plan_a_week(session, start, seat)
        for each in PEOPLE:
            if each.seat:
                committee.seat_down(session, start, seat, each.seat, members[each.username], deputy=False)


def _plan_a_week(session: Session, start: datetime, seat: Seat) -> None:
    """The demonstration's person is on duty in the mornings, so that the rota shows where somebody is missing."""
    rota.set_profile(session, start, seat, seat.staff_id, ["fr", "bm"], as_woman=True)
    days = [start.date() + timedelta(days=each) for each in range(7)]
    rota.add(session, start, seat, Line.DESK, seat.staff_id, days, Span(7, 13))
    rota.add(session, start, seat, Line.CLOSED_QUEUE, seat.staff_id, days[:3], Span(7, 19))


def talk_on_the_terminal(parts: Parts) -> None:
    """A phone in the terminal: write a line, read the answer; `bip` is a missed call, an empty line ends."""
    phone = f"t{secrets.token_hex(3)}"
    stop = threading.Event()
    threads = [main.start_clock(parts, stop)]
    print("Write as on a phone. `bip` rings and hangs up. An empty line ends.\n")
    while text := _line():
        answer = main.simulate(parts, phone, text, text.strip() == "bip")
        if answer:
            counted = gsm7.count(answer)
            print(f"\n{answer}\n  ({counted.segments} SMS, {counted.alphabet.upper()}, {counted.units} signs)\n")
        else:
            print("\n  (no answer)\n")
    stop.set()
    for thread in threads:
        thread.join(5)


def _line() -> str:
    try:
        return input("> ").strip("\r\n")
    except EOFError:
        return ""
