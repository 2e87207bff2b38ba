"""Numbers as an office writes them and as a spreadsheet mangles them."""

import pytest

from bot.languages.problem import Problem
from bot.people.addresses import masked
from bot.people.numbers import read_number


@pytest.mark.parametrize(
    "written",
    [
        "76123456", "76 12 34 56", "76-12-34-56", "76.12.34.56", " 76123456 ", "+22376123456", "+223 76 12 34 56",
        "0022376123456", "22376123456", "(+223) 76 12 34 56", "(223) 76.12.34.56", "76123456.0", "76123456,00",
        "7,6123456E+07", "7.6123456e7", "2,2376123456E+10", "٧٦١٢٣٤٥٦", "７６１２３４５６", "76\u00a012\u202f34 56",
    ],
)  # fmt: skip
def test_a_number_of_mali_is_read_however_it_is_written(written: str) -> None:
    assert read_number(written) == "+22376123456"


@pytest.mark.parametrize(
    ("written", "number"),
    [("+226 70 12 34 56", "+22670123456"), ("22670123456", "+22670123456"), ("20 22 45 67", "+22320224567")],
)
def test_other_numbers_that_a_network_has_are_read_too(written: str, number: str) -> None:
    assert read_number(written) == number


@pytest.mark.parametrize("written", ["7,6123E+07", "7.6E+7", "2,23761E+10", "2.237612345E+10"])
def test_a_number_that_a_spreadsheet_has_rounded_is_not_guessed(written: str) -> None:
    found = read_number(written)
    assert isinstance(found, Problem)
    assert "rounded" in str(found)


@pytest.mark.parametrize(
    "written",
    ["", "awa", "7612345", "761234567", "76123456/66123456", "76123456 ou 66123456", "36019", "+0012345678", "1" * 40,
     "76-12-34-5é", "=76123456", "12345678", "+22399", "1E99", "7,61E+99", "9" * 14],
)  # fmt: skip
def test_what_is_no_number_is_told_in_one_sentence(written: str) -> None:
    found = read_number(written)
    assert isinstance(found, Problem)
    assert str(found).endswith(".")


@pytest.mark.parametrize(
    ("uri", "shown"), [("tel:+22376123412", "•••• ••12"), ("sim:d7", "•••• ••d7"), (None, "•••• ••••")]
)
def test_of_a_number_two_digits_are_shown(uri: str | None, shown: str) -> None:
    assert masked(uri) == shown
