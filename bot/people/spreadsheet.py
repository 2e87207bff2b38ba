"""A table from a file as an office saves it: CSV in the encodings and with the separators of spreadsheets, or XLSX.

Rows have the numbers that a spreadsheet shows. Formulas are never worked out, macros never touched.
"""

import csv
import io
import re
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import openpyxl
from openpyxl.cell.read_only import EmptyCell

from bot.errors import KunnafoniError
from bot.languages.problem import N_, Problem
from bot.languages.text import tidy

#: The most that is taken: bytes of a file, bytes that an XLSX may unfold to, rows, columns, characters of a cell.
LARGEST_FILE = 16 * 1024 * 1024
_LARGEST_UNFOLDED = 256 * 1024 * 1024
MOST_ROWS = 100_000
_MOST_COLUMNS, _LONGEST_CELL = 60, 2_000
#: Old .xls files, and every file with a password.
_BINARY_OFFICE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_MACROS = re.compile(r"vba|macro", re.IGNORECASE)
_SEPARATORS = ";,\t"
#: How offices write that there is nothing.
_NOTHING = frozenset("-–—/")
_FORMULA = re.compile(r"[=@]|[+\-](?![0-9\s(]*[0-9])")


class BadFile(KunnafoniError):
    """A file that can't be read at all; `problem` says why."""

    def __init__(self, problem: Problem) -> None:
        super().__init__(str(problem))
        self.problem = problem


@dataclass(frozen=True, slots=True)
class Row:
    """One row: its number, its cells as text, and whether one of them is a formula."""

    number: int
    cells: tuple[str, ...]
    formula: bool = False


def read_rows(content: bytes, most: int = MOST_ROWS) -> Iterator[Row]:
    """The rows of a file that are not empty, the first of them the headings, and so many after it at most.

    Raises BadFile, at once or on the way.
    """
    if len(content) > LARGEST_FILE:
        raise BadFile(Problem(N_("The file is too large: at most %(most)s MB."), {"most": LARGEST_FILE // 1024**2}))
    if content.startswith(_BINARY_OFFICE):
        raise BadFile(
            Problem(N_("This is an old or a locked spreadsheet: save it as XLSX or CSV, without a password."))
        )
    rows = _of_xlsx(content) if content.startswith(b"PK") else _of_csv(content)
    return _limited(rows, most)


def _limited(rows: Iterator[Row], most: int) -> Iterator[Row]:
    taken = 0
    for row in rows:
        if not any(row.cells):
            continue
        taken += 1
        if taken > most + 1:
            raise BadFile(Problem(N_("The file has too many rows: at most %(most)s."), {"most": most}))
        if len(row.cells) > _MOST_COLUMNS or any(len(cell) > _LONGEST_CELL for cell in row.cells):
            raise BadFile(Problem(N_("Row %(row)s is too long: is a quotation mark open?"), {"row": row.number}))
        yield row


# CSV


def _of_csv(content: bytes) -> Iterator[Row]:
    lines = io.StringIO(_decoded(content), newline="")
    first = lines.readline()
    separator = next((each for each in _SEPARATORS if first.strip().lower() == f"sep={each}"), "")
    if not separator:
        lines.seek(0)
        separator = max(_SEPARATORS, key=lambda each: (first.count(each), -_SEPARATORS.index(each)))
    number = 0
    try:
        for number, cells in enumerate(csv.reader(lines, delimiter=separator, strict=True), start=1):
            tidied = tuple(map(_tidied, cells))
            yield Row(number, tidied, any(_FORMULA.match(cell) for cell in tidied))
    except csv.Error:
        problem = Problem(
            N_("Row %(row)s can't be read: a quotation mark is open or in the wrong place."), {"row": number + 1}
        )
        raise BadFile(problem) from None


def _decoded(content: bytes) -> str:
    for mark, encoding in ((b"\xef\xbb\xbf", "utf-8-sig"), (b"\xff\xfe", "utf-16"), (b"\xfe\xff", "utf-16")):
        if content.startswith(mark):
            return _as(content, encoding)
    if b"\0" in content[:1000]:
        # Half of the bytes of plain letters in UTF-16 are zero: the second of each pair, or the first.
        return _as(content, "utf-16-le" if content[1:2] == b"\0" else "utf-16-be")
    try:
        return content.decode("utf-8")
    except UnicodeDecodeError:
        return _as(content, "windows-1252")


def _as(content: bytes, encoding: str) -> str:
    try:
        text = content.decode(encoding)
    except UnicodeDecodeError:
        text = "\0"
    if "\0" in text:
        raise BadFile(Problem(N_("This is neither a CSV nor an XLSX file that can be read.")))
    return text


def _tidied(cell: str) -> str:
    text = tidy(cell).strip()
    return "" if text in _NOTHING else text


# XLSX


def _of_xlsx(content: bytes) -> Iterator[Row]:
    _check_unfolded(content)
    try:
        book = openpyxl.load_workbook(io.BytesIO(content), read_only=True, keep_links=False)
        sheet: Any = book.worksheets[0]
        sheet.reset_dimensions()
        for number, cells in enumerate(sheet.iter_rows(), start=1):
            yield Row(number, tuple(map(_text, cells)), any(cell.data_type == "f" for cell in cells))
    except BadFile:
        raise
    except Exception as failure:
        # openpyxl says what is wrong with a file in a dozen ways of the libraries below it.
        raise BadFile(Problem(N_("This XLSX file can't be read: open it, and save it anew or as CSV."))) from failure


def _check_unfolded(content: bytes) -> None:
    """Nothing is unpacked that would fill the memory, or that holds a program."""
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as packed:
            parts = packed.infolist()
    except zipfile.BadZipFile:
        raise BadFile(Problem(N_("This XLSX file can't be read: open it, and save it anew or as CSV."))) from None
    if sum(part.file_size for part in parts) > _LARGEST_UNFOLDED:
        raise BadFile(Problem(N_("The file is too large: at most %(most)s MB."), {"most": LARGEST_FILE // 1024**2}))
    if any(_MACROS.search(part.filename) for part in parts):
        raise BadFile(Problem(N_("The file holds macros: save it as XLSX without them, or as CSV.")))


def _text(cell: Any) -> str:
    """What stands in the cell, as text: a number that is whole has no decimals."""
    value = cell.value
    if value is None or isinstance(cell, EmptyCell):
        return ""
    if isinstance(value, float) and value.is_integer():
        value = int(value)
    return _tidied(str(value))
