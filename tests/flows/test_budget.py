"""What a villager pays: the SMS of every question in every language."""

import pytest

from bot.walks import Budget
from tests.flows.budget import TABLE, budgets, table

#: Written in Arabic letters, which GSM-7 has none of: their one SMS holds 70 signs.
ARABIC = {"ar", "mey"}


@pytest.fixture(scope="module")
def found() -> dict[str, Budget]:
    return {each.tag: each for each in budgets()}


def test_nine_questions_of_ten_fit_one_segment_and_none_takes_three(found: dict[str, Budget]) -> None:
    assert {tag: each.over(2) for tag, each in found.items() if each.over(2)} == {}
    assert {tag: each.in_one for tag, each in found.items() if each.in_one < 0.9 and tag not in ARABIC} == {}


def test_arabic_is_gsm_7_only_where_it_speaks_french_and_yet_nine_questions_of_ten_are_one_sms(
    found: dict[str, Budget],
) -> None:
    assert all(found[tag].in_one < 0.25 for tag in ARABIC)
    assert all(found[tag].in_one_sms >= 0.9 for tag in ARABIC)


def test_no_french_and_no_bambara_needs_ucs_2(found: dict[str, Budget]) -> None:
    assert found["fr"].unicode == []
    assert found["bm"].unicode == []


def test_folding_never_costs(found: dict[str, Budget]) -> None:
    assert all(each.segments(folded=True) <= each.segments(folded=False) for each in found.values())


def test_the_table_in_the_docs_is_this_one(found: dict[str, Budget]) -> None:
    assert TABLE.read_text(encoding="utf-8") == table(found.values())


def test_a_language_that_speaks_too_long_is_found_out() -> None:
    long = Budget("fr", frozenset({"é" * 161, "中" * 71, "Oui?"}), frozenset({"中"}), {})
    assert long.in_one == pytest.approx(1 / 3)
    assert long.in_one_sms == pytest.approx(1 / 3)
    assert long.over(1)
    assert long.too_long_for_ussd == 0
    assert Budget("fr", frozenset({"e" * 183, "中" * 81}), frozenset(), {}).too_long_for_ussd == 2
    assert sorted(long.unicode) == ["中", "中" * 71]
