"""Codes: short, caught when miswritten, good for one address, and never two alike for it."""

import itertools
import secrets
from collections.abc import Iterator

import pytest
from sqlalchemy import Connection, event

from bot.casework import reports
from bot.casework.codes import code_hash, is_code, new_code
from bot.casework.reports import Standing
from bot.store.tables import ReportStatus, report
from tests.bot.casework.clerk import WELL
from tests.chat import Phone, Road


def test_a_code_is_five_digits_and_the_first_is_no_nought() -> None:
    for _ in range(1000):
        code = new_code()
        assert len(code) == 5
        assert code.isdecimal()
        assert code[0] != "0"
        assert is_code(code)


def test_one_wrong_digit_or_two_swapped_ones_make_no_code() -> None:
    for code in {new_code() for _ in range(50)}:
        for place, digit in itertools.product(range(5), "0123456789"):
            assert is_code(code[:place] + digit + code[place + 1 :]) == (digit == code[place])
        for place in range(4):
            swapped = code[:place] + code[place + 1] + code[place] + code[place + 2 :]
            assert is_code(swapped) == (swapped == code)


@pytest.mark.parametrize("text", ["", "1", "572", "0000", "57 240 x", "five"])
def test_what_is_too_short_or_no_number_is_no_code(text: str) -> None:
    assert not is_code(text)


def test_a_code_in_other_digits_is_the_same_code(road: Road) -> None:
    code = new_code()
    arabic = code.translate(str.maketrans("0123456789", "٠١٢٣٤٥٦٧٨٩"))
    assert is_code(arabic)
    with road.store.reading() as session:
        assert code_hash(session, b"address", arabic) == code_hash(session, b"address", code)


def test_the_same_code_of_two_addresses_has_nothing_in_common_in_the_database(road: Road) -> None:
    with road.store.reading() as session:
        assert code_hash(session, b"one", "12345") != code_hash(session, b"other", "12345")


# Asking how it stands


@pytest.fixture
def statements(road: Road) -> Iterator[list[str]]:
    """The questions that the database was asked since."""
    asked: list[str] = []

    def keep(_connection: Connection, _cursor: object, statement: str, *_more: object) -> None:
        if statement.startswith("SELECT"):
            asked.append(statement)

    event.listen(road.store.engine, "before_cursor_execute", keep)
    yield asked
    event.remove(road.store.engine, "before_cursor_execute", keep)


def test_a_wrong_code_gets_the_same_answer_for_the_same_work_as_any_other(
    road: Road, phone: Phone, statements: list[str]
) -> None:
    for text in (WELL, "1", "0", "0", "0"):
        phone.says(text)
    road.phone("76000002").says(WELL)
    mine, others = (road.store.keys.blind("address", f"sim:7600000{number}") for number in (1, 2))
    code = phone.code
    body = code[:-1]
    tries = [
        (others, code), (b"nobody", code), (mine, body + str((int(code[-1]) + 1) % 10)), (mine, body), (mine, ""),
        (mine, "9" * 31), (mine, code + code), (mine, "' OR 1=1 --"), (mine, code),
    ]  # fmt: skip
    answers, work = [], []
    for address, tried in tries:
        statements.clear()
        with road.store.reading() as session:
            answers.append(reports.status_of(session, address, tried))
        work.append(tuple(statements))
    assert answers == [None] * (len(tries) - 1) + [Standing(ReportStatus.RECEIVED, None, None)]
    assert len(set(work)) == 1
    assert len(work[0]) == 1, "the look-up by its hash, and nothing before it that tells codes apart"


# Two alike


def test_a_phone_that_is_given_the_same_code_twice_gets_another(
    road: Road, phone: Phone, monkeypatch: pytest.MonkeyPatch
) -> None:
    chances = iter([7, 7, 7, 8])
    monkeypatch.setattr(secrets, "randbelow", lambda _below: next(chances))
    phone.says("3 2 Konna")
    first = phone.code
    phone.says("7 1 Mopti")
    assert phone.code != first
    assert len(road.reports()) == 2
    assert list(chances) == [], "each collision is a new try of the whole turn"
    assert phone.says(f"suivi {first}") == f"No {first}: en cours."


def test_two_phones_may_have_the_same_code_and_each_finds_its_own(
    road: Road, phone: Phone, monkeypatch: pytest.MonkeyPatch
) -> None:
    other = road.phone("76000002")
    monkeypatch.setattr(secrets, "randbelow", lambda _below: 7)
    for each in (phone, other):
        each.says("3 2 Konna")
    assert phone.code == other.code
    assert len({row.code_hash for row in road.rows(report.c.code_hash)}) == 2
    with road.store.writing() as session:
        session.run(report.update().where(report.c.id == road.reports()[0].id).values(status="closed"))
    assert phone.says(f"suivi {phone.code}") == f"No {phone.code}: terminé."
    assert other.says(f"suivi {other.code}") == f"No {other.code}: en cours."
