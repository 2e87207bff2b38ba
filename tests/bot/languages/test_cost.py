"""What a text costs: in segments always, in FCFA where somebody has said the price, and never a guess."""

from datetime import date
from pathlib import Path

import pytest

from bot.errors import SettingError
from bot.languages.cost import RETAIL, Tariff, cost, read_tariffs, shipped_tariffs, tariff_on

_DAY = date(2026, 11, 24)
_OURS = (
    Tariff("twilio-sms", date(2026, 1, 1), 30, "contract"),
    Tariff("twilio-sms", date(2026, 12, 1), 35, "contract"),
)


def test_a_text_is_priced_by_the_segments_it_is_sent_in() -> None:
    found = cost("ɲɛ" * 60, "bm", "twilio-sms", _DAY, _OURS)
    assert (found.written.segments, found.sent.segments, found.fcfa) == (2, 2, 60)
    found = cost("ɲɛ" * 40, "bm", "twilio-sms", _DAY, _OURS)
    assert (found.written.segments, found.sent.segments, found.fcfa) == (2, 1, 30)


@pytest.mark.parametrize(
    ("route", "day", "fcfa"),
    [
        ("twilio-sms", date(2025, 12, 31), None),
        ("twilio-sms", date(2026, 11, 30), 30),
        ("twilio-sms", date(2026, 12, 1), 35),
        ("kannel", _DAY, None),
    ],
)
def test_the_price_is_the_one_of_that_day_and_an_unknown_one_is_not_zero(
    route: str, day: date, fcfa: int | None
) -> None:
    assert cost("Bonjour", "fr", route, day, _OURS).fcfa == fcfa


def test_the_shipped_price_is_the_regulated_one_and_says_who_says_so() -> None:
    tariff = tariff_on(RETAIL, _DAY, shipped_tariffs())
    assert tariff
    assert tariff.fcfa == 10
    assert "AMRTP" in tariff.source
    assert tariff_on(RETAIL, date(2019, 10, 31), shipped_tariffs()) is None


def test_an_installations_own_prices_are_read(tmp_path: Path) -> None:
    path = tmp_path / "tariffs.csv"
    path.write_text("route,from,fcfa,source\ntwilio-sms,2026-01-01,30,contract 12\n", encoding="utf-8-sig")
    assert read_tariffs(path) == (Tariff("twilio-sms", date(2026, 1, 1), 30, "contract 12"),)


@pytest.mark.parametrize(
    "row", ["twilio-sms,2026-01-01,free,contract", "twilio-sms,tomorrow,3,c", "twilio-sms,2026-01-01,-1,c", ",2026-01-01,3,c",
            "twilio-sms,2026-01-01,3,", "twilio-sms"],
)  # fmt: skip
def test_a_bad_row_is_named_in_one_sentence(tmp_path: Path, row: str) -> None:
    path = tmp_path / "tariffs.csv"
    path.write_text(f"route,from,fcfa,source\nx,2026-01-01,3,c\n{row}\n")
    with pytest.raises(SettingError, match="line 3"):
        read_tariffs(path)


def test_a_file_that_cannot_be_read_is_one_sentence(tmp_path: Path) -> None:
    with pytest.raises(SettingError, match="can't be read"):
        read_tariffs(tmp_path)
