"""Telephone numbers as an office writes them, and as a spreadsheet mangles them."""

import re

import phonenumbers

from bot.languages.problem import N_, Problem
from bot.languages.text import digits, tidy

_MALI = "+223"
_LOCAL_DIGITS = 8
_PARTING = re.compile(r"[\s().\-\u2010-\u2015]")
_NUMBER = re.compile(r"\+?[0-9]{6,15}")
#: 76123456,0 is what is left of a number that was one to a spreadsheet.
_DECIMAL = re.compile(r"([0-9]+)[.,]0+")
#: 7,6123456E+07 has all its digits; 7,6123E+07 lost some for ever.
_SCIENTIFIC = re.compile(r"([0-9])(?:[.,]([0-9]*))?E\+?([0-9]{1,2})")
_PLAN = phonenumbers.PhoneMetadata.metadata_for_region("ML")
assert _PLAN is not None
assert _PLAN.mobile is not None
#: Most numbers by far: to ask the library for each would take most of the time of an import.
_MOBILE = re.compile(str(_PLAN.mobile.national_number_pattern))


def read_number(text: str) -> str | Problem:
    """The number in E.164, one of Mali where no country is said; or what is wrong with it."""
    written = digits(tidy(text)).strip()
    if found := _SCIENTIFIC.fullmatch(written.upper()):
        whole = found[1] + (found[2] or "")
        if len(whole) != int(found[3]) + 1:
            return Problem(N_("The spreadsheet has rounded this number: format the column as text and type it again."))
        written = whole
    elif found := _DECIMAL.fullmatch(written):
        written = found[1]
    bare = _PARTING.sub("", written)
    if not _NUMBER.fullmatch(bare):
        return Problem(N_("This is no telephone number: write one number, such as 76 12 34 56."))
    international = _international(bare)
    if international.startswith(_MALI) and _MOBILE.fullmatch(international[len(_MALI) :]):
        return international
    return international if _is_valid(international) else Problem(N_("No network has this telephone number."))


def _international(bare: str) -> str:
    """With its country: a plus sign that the spreadsheet ate is given back."""
    if bare.startswith("+"):
        return bare
    if bare.startswith("00"):
        return f"+{bare[2:]}"
    return f"{_MALI}{bare}" if len(bare) == _LOCAL_DIGITS else f"+{bare}"


def _is_valid(international: str) -> bool:
    try:
        return phonenumbers.is_valid_number(phonenumbers.parse(international))
    except phonenumbers.NumberParseException:
        return False
