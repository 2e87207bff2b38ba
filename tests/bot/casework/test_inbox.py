"""The inbox: what is most urgent stands first, and leafing through it loses nothing."""

import itertools
from collections.abc import Callable, Iterator
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import update

from bot.casework import desk, thread
from bot.casework.desk import PAGE, Filter, Line
from bot.casework.duty import targets
from bot.casework.duty.hours import Hours
from bot.conversation.kinds import Kind
from bot.store.tables import ReportStatus, report
from tests.bot.casework.clerk import ATTACK, TAKEN, WELL, Clerk, file_reports
from tests.chat import Phone, Road

SOME = UUID(int=0)


def test_the_most_urgent_stand_first_and_within_that_the_newest(usual: Clerk, road: Road, phone: Phone) -> None:
    phone.says("bonjour")
    file_reports(road, (Kind.NEED, Kind.ATTACK, Kind.IDEA, Kind.ROAD, Kind.NEED, Kind.ATTACK))
    lines = usual.asks(desk.inbox).lines
    assert [line.urgency for line in lines] == [1, 1, 2, 3, 3, 4]
    times = [line.made_at for line in lines]
    assert times[0] > times[1]
    assert times[3] > times[4]


def test_a_tab_shows_one_state_and_the_counts_are_those_of_the_tabs(usual: Clerk, road: Road) -> None:
    for number, text in enumerate((WELL, ATTACK, "la pluie a emporte le pont")):
        road.phone(f"7600000{number}").says(text)
    well = usual.asks(desk.inbox).lines[-1]
    usual.does(desk.set_aside, well.id, "unclear")
    assert {line.narrative for line in usual.asks(desk.inbox, status=ReportStatus.SET_ASIDE).lines} == {WELL}
    assert WELL not in {line.narrative for line in usual.asks(desk.inbox).lines}
    assert usual.asks(desk.counts) == {"received": 2, "set_aside": 1}


def test_a_last_page_that_is_full_leads_to_no_empty_one(usual: Clerk, road: Road, phone: Phone) -> None:
    phone.says("bonjour")
    file_reports(road, [Kind.NEED] * PAGE)
    found = usual.asks(desk.inbox)
    assert (len(found.lines), found.older) == (PAGE, None)


# Leafing


def _pages(clerk: Clerk, between: Callable[[], None] = lambda: None) -> Iterator[Line]:
    after = None
    while True:
        found = clerk.asks(desk.inbox, after=after)
        yield from found.lines
        if found.older is None:
            return
        assert len(found.lines) == PAGE
        after = found.older
        between()


@pytest.mark.parametrize("seconds", [0, 0.000001, 1], ids=["all at one instant", "by microseconds", "by seconds"])
def test_leafing_shows_every_report_once_and_in_order_however_close_they_came(
    usual: Clerk, road: Road, phone: Phone, seconds: float
) -> None:
    phone.says("bonjour")
    file_reports(road, [Kind.ATTACK, Kind.NEED] * (PAGE + 5), seconds=seconds)
    lines = list(_pages(usual))
    assert len(lines) == len({line.id for line in lines}) == 2 * PAGE + 10
    assert lines == sorted(lines, key=lambda line: (line.urgency, -line.made_at.timestamp(), line.id))


def test_leafing_loses_and_repeats_nothing_while_new_reports_come(usual: Clerk, road: Road, phone: Phone) -> None:
    phone.says("bonjour")
    file_reports(road, [Kind.ATTACK, Kind.ROAD, Kind.IDEA] * PAGE)
    before = {row.id for row in road.rows(report.c.id)}
    lines = list(_pages(usual, lambda: file_reports(road, (Kind.ATTACK, Kind.IDEA))))
    seen = [line.id for line in lines]
    assert len(seen) == len(set(seen))
    assert before <= set(seen)


def test_leafing_goes_on_from_its_place_when_the_report_there_is_gone(usual: Clerk, road: Road, phone: Phone) -> None:
    phone.says("bonjour")
    file_reports(road, [Kind.NEED] * (PAGE + 5))
    first = usual.asks(desk.inbox)
    usual.does(desk.set_aside, first.lines[-1].id, "duplicate")
    assert len(usual.asks(desk.inbox, after=first.older).lines) == 5


@pytest.mark.parametrize(
    "mark",
    [
        "", "x", "|", "||", "|" * 500, "1|2|3", "\x00", "\ud800|\ud800|\ud800", "1||", "9" * 5000 + "||",
        f"1|yesterday|{SOME}", "1|2026-11-24T00:00:00+00:00|me", f"1|2026-11-24T00:00:00+00:00|{SOME}|1",
        f"0|2026-11-24T00:00:00+00:00|{SOME}", f"5|2026-11-24T00:00:00+00:00|{SOME}",
        f"-1|2026-11-24T00:00:00+00:00|{SOME}", f"²|2026-11-24T00:00:00+00:00|{SOME}",
        f"1|0001-01-01T00:00:00+14:00|{SOME}", f"4|9999-12-31T23:59:59-14:00|{SOME}", f"1|0001-01-01T00:00:00|{SOME}",
        f"1' OR 1=1 --|2026-11-24T00:00:00+00:00|{SOME}",
    ],
)  # fmt: skip
def test_a_mark_that_nobody_gave_out_opens_the_first_page(usual: Clerk, phone: Phone, mark: str) -> None:
    phone.says(WELL)
    assert [line.narrative for line in usual.asks(desk.inbox, after=mark).lines] == [WELL]


# Whether something is new


def test_the_mark_of_the_inbox_changes_with_each_thing_that_changes_it(usual: Clerk, road: Road, phone: Phone) -> None:
    marks = [usual.asks(desk.newest_change)]
    phone.says(WELL)
    marks.append(usual.asks(desk.newest_change))
    phone.says("et les animaux meurent de soif")
    marks.append(usual.asks(desk.newest_change))
    line = road.report()
    for act in (
        lambda: usual.does(desk.confirm, line.id, kind=Kind.NEED, place=None, urgency=2),
        lambda: usual.does(thread.reply, line.id, "Merci", "token", usual.road.means),
        lambda: usual.does(desk.set_aside, line.id, "test"),
        lambda: usual.does(desk.take_back, line.id),
    ):
        road.later(seconds=1)
        act()
        marks.append(usual.asks(desk.newest_change))
    assert all(before != after for before, after in itertools.pairwise(marks))


def test_looking_changes_no_mark(usual: Clerk, phone: Phone, road: Road) -> None:
    phone.says(WELL)
    before = usual.asks(desk.newest_change)
    road.later(seconds=1)
    usual.does(desk.mark_seen, road.report().id)
    assert usual.asks(desk.newest_change) == before


def test_a_report_whose_text_is_gone_still_stands_in_its_place(usual: Clerk, road: Road, phone: Phone) -> None:
    phone.says(ATTACK)
    with road.store.writing() as session:
        session.run(update(report).values(narrative=None))
    (line,) = usual.asks(desk.inbox).lines
    assert (line.narrative, line.urgency, line.suggested_kind) == (None, 1, Kind.ATTACK)


# Filters


def _found(clerk: Clerk, **wanted: Any) -> list[Kind | None]:
    return [line.suggested_kind for line in clerk.asks(desk.inbox, wanted=Filter(**wanted)).lines]


def test_a_filter_shows_what_has_all_of_it(usual: Clerk, road: Road, phone: Phone) -> None:
    phone.says("bonjour")
    file_reports(road, [Kind.ATTACK, Kind.NEED, Kind.HEALTH])
    by_kind = {line.suggested_kind: line for line in road.reports()}
    usual.does(desk.confirm, by_kind[Kind.HEALTH].id, kind=Kind.ROAD, place="kun:mopti/mopti/konna", urgency=1)
    usual.does(desk.mark_seen, by_kind[Kind.ATTACK].id)
    assert _found(usual, kind=Kind.ATTACK) == [Kind.ATTACK]
    assert _found(usual, kind=Kind.HEALTH) == [], "what a person decided counts, not what was suggested"
    assert _found(usual, kind=Kind.ROAD, places=["kun:mopti/mopti/konna"], urgency=1) == [Kind.HEALTH]
    assert _found(usual, places=["cod2025:ML05"]) == []
    assert Kind.ATTACK not in _found(usual, unread=True)
    assert len(_found(usual, unread=True)) == 2
    assert len(_found(usual, language="fr")) == 3
    assert _found(usual, language="fr", channel="telegram") == []
    assert _found(usual, call=True) == []


def test_who_may_be_called_is_found(usual: Clerk, phone: Phone) -> None:
    for text in (WELL, "1", "0", "0", "2"):
        phone.says(text)
    assert len(_found(usual, call=True)) == 1


def test_late_is_what_the_marks_call_late(usual: Clerk, road: Road, phone: Phone) -> None:
    road.now = road.now.replace(hour=9, minute=0)
    phone.says("bonjour")
    file_reports(road, [Kind.ATTACK, Kind.NEED, Kind.IDEA] * 2, seconds=1800)
    staffed, minutes = Hours(), targets.USUAL
    for hours in (0, 1, 5, 30, 50):
        road.later(hours=hours)
        before = {level: targets.late_before(road.now, each, staffed) for level, each in minutes.items()}
        late = {line.id for line in usual.asks(desk.inbox, wanted=Filter(late_before=before)).lines}
        marked = {
            line.id for line in road.reports() if road.now > targets.due(line.made_at, minutes[line.urgency], staffed)
        }
        assert late == marked
    assert late


def test_a_filter_shows_nothing_of_the_closed_queue_to_others(usual: Clerk, trusted: Clerk, phone: Phone) -> None:
    phone.says(TAKEN)
    wanted = Filter(kind=Kind.ABDUCTION, unread=True)
    assert usual.asks(desk.inbox, wanted=wanted).lines == ()
    assert len(trusted.asks(desk.inbox, wanted=wanted).lines) == 1


def test_a_filtered_inbox_is_turned_page_by_page(usual: Clerk, road: Road, phone: Phone) -> None:
    phone.says("bonjour")
    file_reports(road, [Kind.NEED, Kind.ATTACK] * 40)
    first = usual.asks(desk.inbox, wanted=Filter(kind=Kind.NEED))
    second = usual.asks(desk.inbox, after=first.older, wanted=Filter(kind=Kind.NEED))
    assert second.older is None
    assert len({line.id for line in (*first.lines, *second.lines)}) == 40
