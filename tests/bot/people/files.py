"""Files as offices send them, for tests."""

import io
from collections.abc import Sequence
from typing import Any
from zipfile import ZIP_DEFLATED, ZipFile

import openpyxl

HEADINGS = ("Numéro", "Nom", "Langue", "Commune", "Cercle", "Groupe", "Titre", "Rôle", "Personne", "Consentement")
LIST = "liste signée le 3 mars"


def row(number: str = "76123456", name: str = "Awa Coulibaly", **cells: str) -> tuple[str, ...]:
    """A good row, with other cells by the folded name of their column."""
    known = {"langue": "bambara", "commune": "Konna", "groupe": "cellule", "consentement": LIST, **cells}
    order = ("langue", "commune", "cercle", "groupe", "titre", "role", "personne", "consentement")
    return (number, name, *(known.get(each, "") for each in order))


def as_csv(
    *rows: Sequence[str], encoding: str = "utf-8", separator: str = ";", headings: Sequence[str] = HEADINGS
) -> bytes:
    """A CSV file with these rows under the headings."""
    lines = [separator.join(f'"{cell}"' if separator in cell else cell for cell in each) for each in (headings, *rows)]
    return "\r\n".join([*lines, ""]).encode(encoding)


def as_xlsx(*rows: Sequence[Any], headings: Sequence[str] = HEADINGS) -> bytes:
    """The same as an XLSX file; what is no text stays a number."""
    book = openpyxl.Workbook()
    for each in (headings, *rows):
        book.active.append(list(each))
    return _saved(book)


def _saved(book: openpyxl.Workbook) -> bytes:
    written = io.BytesIO()
    book.save(written)
    return written.getvalue()


def with_part(xlsx: bytes, name: str, content: bytes) -> bytes:
    """The same file with one more part in it, or with this content for one that it has."""
    written = io.BytesIO()
    with ZipFile(io.BytesIO(xlsx)) as before, ZipFile(written, "w", ZIP_DEFLATED) as after:
        for each in before.namelist():
            if each != name:
                after.writestr(each, before.read(each))
        after.writestr(name, content)
    return written.getvalue()
