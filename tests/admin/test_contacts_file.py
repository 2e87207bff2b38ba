"""Lists of people in the panel: how far one is, every bad row named, nothing of the file on a disk."""

import re
import tempfile
from collections.abc import Callable
from datetime import timedelta
from html import unescape
from io import BytesIO
from threading import Event
from uuid import UUID

import pytest
from werkzeug.test import TestResponse

from admin import contacts_file
from bot import staff
from bot.people import imports
from bot.people.importer import BELL, Importer
from bot.people.spreadsheet import LARGEST_FILE
from bot.places.gazetteer import Gazetteer
from bot.store.tables import contact, contact_import
from tests.bot.people.files import as_csv, as_xlsx, row
from tests.desk import Desk, Visitor

#: What the table does has its tests on both databases beside it.
pytestmark = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
_BAD, _GOOD = row("12"), row()
_FORM = "/admin/contacts/file"


@pytest.fixture
def visitor(desk: Desk) -> Visitor:
    return desk.enter("secretary")


@pytest.fixture
def work(desk: Desk, gazetteer: Gazetteer) -> Callable[[], bool]:
    """What a worker does next."""
    return Importer(desk.road.store, gazetteer, "simulator", Event(), clock=lambda: desk.road.now).step


def _sends(visitor: Visitor, content: bytes, name: str = "liste.csv", **fields: str) -> TestResponse:
    return visitor.post(_FORM, file=(BytesIO(content), name), **fields)  # type: ignore[arg-type]


def _begins(visitor: Visitor, content: bytes, **fields: str) -> str:
    """The address of the page of a list that was sent."""
    answer = _sends(visitor, content, **fields)
    assert answer.status_code == 303
    return answer.headers["Location"]


def _said(answer: TestResponse) -> str:
    return unescape(answer.text)


@pytest.mark.parametrize("write", [as_csv, as_xlsx])
def test_a_list_is_checked_and_then_written(
    desk: Desk, visitor: Visitor, work: Callable[[], bool], write: Callable[..., bytes]
) -> None:
    content = write(row(), row("76123457", "Moussa Traoré"))
    checked = _begins(visitor, content, check="1")
    assert desk.bells.event(BELL).is_set()
    work()
    assert "rien n'est encore écrit" in _said(visitor.get(checked))
    assert desk.road.rows(contact.c.id) == []
    written = _begins(visitor, content)
    work()
    assert '<h2 id="state">Écrit</h2>' in _said(visitor.get(written))
    assert len(desk.road.rows(contact.c.id)) == 2
    assert desk.actions()[0] == "contacts.imported"
    assert "Moussa" in visitor.get("/admin/contacts?q=moussa").text


def test_the_page_looks_again_by_itself_until_the_list_is_through(visitor: Visitor, work: Callable[[], bool]) -> None:
    sent = _begins(visitor, as_csv(_GOOD))
    waiting = visitor.get(sent)
    assert re.fullmatch(rf"[0-9]+; url={sent}\?by_itself=1", waiting.headers["Refresh"])
    assert "Attend son tour" in _said(waiting)
    assert f'href="{sent}"' in waiting.text, "and whoever does not want to wait looks by hand"
    work()
    assert "Refresh" not in visitor.get(sent).headers


def test_a_list_that_nobody_takes_up_says_so(desk: Desk, visitor: Visitor) -> None:
    sent = _begins(visitor, as_csv(_GOOD))
    assert "Personne ne l'a prise" not in _said(visitor.get(sent))
    desk.road.later(minutes=2)
    assert "Personne ne l'a prise" in _said(visitor.get(sent))


def test_how_far_it_is_stands_on_the_page(desk: Desk, visitor: Visitor) -> None:
    sent = _begins(visitor, as_csv(_GOOD))
    with desk.road.store.writing() as session:
        claimed = imports.claim(session, desk.road.now, 60.0)
        assert claimed
        imports.advance(
            session, claimed, 60.0, rows_read=41_000, rows_checked=17_000, people=39_000, people_ready=5_000
        )
    said = _said(visitor.get(sent))
    spaced = said.replace("\u202f", " ")
    assert all(number in spaced for number in ("41 000", "17 000", "5 000 sur 39 000")), said


def test_a_page_that_looks_again_by_itself_keeps_nobody_signed_in(desk: Desk, visitor: Visitor) -> None:
    sent = _begins(visitor, as_csv(_GOOD))
    desk.road.later(minutes=20)
    for _ in range(4):
        asked = visitor.get(f"{sent}?by_itself=1").status_code
        desk.road.now += timedelta(seconds=staff.IDLE.total_seconds() / 3)
    assert asked == 303
    other = desk.enter("secretary")
    for _ in range(4):
        asked = other.get(sent).status_code
        desk.road.now += timedelta(seconds=staff.IDLE.total_seconds() / 3)
    assert asked == 200, "the negative control: somebody who looks by hand stays"


def test_a_list_is_found_again_by_every_secretary(desk: Desk, visitor: Visitor) -> None:
    sent = _begins(visitor, as_csv(_GOOD))
    colleague = desk.enter("secretary")
    assert f'href="{sent}"' in colleague.get(_FORM).text
    assert colleague.get(sent).status_code == 200
    assert visitor.get("/admin/contacts/imports/01a21860-2f70-7f83-9d91-f5a3e4f7ab3a").status_code == 404


def test_bad_rows_are_named_page_by_page_and_keep_all_of_the_file_out(
    desk: Desk, visitor: Visitor, work: Callable[[], bool]
) -> None:
    bad = [row("76123458", consentement="")] * (contacts_file.SHOWN + 1)
    sent = _begins(visitor, as_csv(_GOOD, _BAD, *bad))
    work()
    first = _said(visitor.get(sent))
    assert f"{contacts_file.SHOWN + 2} lignes sont fausses" in first
    assert "<b>Ligne 3</b>" in first
    assert "<b>Ligne 4</b>" in first
    assert "<b>Ligne 2</b>" not in first
    last = contacts_file.SHOWN + 4
    assert f"<b>Ligne {last}</b>" not in first
    assert f"<b>Ligne {last}</b>" in _said(visitor.get(f"{sent}?since={contacts_file.SHOWN}"))
    assert desk.road.rows(contact.c.id) == []
    assert desk.actions()[0] == "import.refused"


@pytest.mark.parametrize(
    "content", [b"\0\1\2", b"PK\3\4 no zip", b"a;b\r\n1;2\r\n", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"]
)
def test_what_is_no_list_is_said_in_a_sentence(
    desk: Desk, visitor: Visitor, work: Callable[[], bool], content: bytes
) -> None:
    sent = _begins(visitor, content)
    work()
    assert '<li><span dir="auto">' in visitor.get(sent).text
    assert desk.road.rows(contact.c.id) == []


def test_no_file_is_said_in_a_sentence(desk: Desk, visitor: Visitor) -> None:
    for answer in (visitor.post(_FORM), _sends(visitor, b"", "leer.csv")):
        assert answer.status_code == 422
        assert 'role="alert"' in answer.text
    assert desk.road.rows(contact_import.c.id) == []


def test_the_same_form_twice_sends_one_list(desk: Desk, visitor: Visitor) -> None:
    first, second = (_sends(visitor, as_csv(_GOOD), token="t" * 24).headers["Location"] for _ in range(2))
    assert (len(first) > len(second), second) == (True, _FORM)
    assert len(desk.road.rows(contact_import.c.id)) == 1


def test_a_list_is_stopped_before_anything_is_written(desk: Desk, visitor: Visitor, work: Callable[[], bool]) -> None:
    sent = _begins(visitor, as_csv(_GOOD))
    assert desk.enter("secretary").post(f"{sent}/stop").status_code == 303
    assert not work()
    assert "le fichier est détruit" in _said(visitor.get(sent))
    assert desk.road.rows(contact.c.id) == []
    assert [action for action in desk.actions() if "import" in action] == ["import.stopped", "import.begun"]
    visitor.post(f"{sent}/stop")
    assert desk.actions().count("import.stopped") == 1
    visitor.post(f"/admin/contacts/imports/{UUID(int=1)}/stop")
    assert desk.actions()[0] == "staff.refused"


def test_a_list_that_is_too_large_is_refused_unread_in_a_sentence(desk: Desk, visitor: Visitor) -> None:
    unread = _Watched(b"x" * (LARGEST_FILE + 20_000))
    kind = "multipart/form-data; boundary=x"
    answer = visitor.client.post(_FORM, base_url=desk.base, content_type=kind, input_stream=unread)
    assert answer.status_code == 413
    assert "16 Mo" in _said(answer)
    assert unread.asked == 0
    assert visitor.post("/admin/contacts", name="x" * 70_000).status_code == 413, "no other page takes as much"


@pytest.mark.parametrize(("role", "status"), [("", 303), ("triage", 403)])
def test_nothing_is_read_of_a_list_of_whoever_may_send_none(desk: Desk, role: str, status: int) -> None:
    unread, visitor = _Watched(b"x" * 1_000_000), desk.enter(role) if role else desk.visitor()
    kind = "multipart/form-data; boundary=x"
    answer = visitor.client.post(_FORM, base_url=desk.base, content_type=kind, input_stream=unread)
    assert (answer.status_code, unread.asked) == (status, 0)
    control = desk.enter("secretary")
    control.client.post(_FORM, base_url=desk.base, content_type=kind, input_stream=unread)
    assert unread.asked, "the negative control"


class _Watched(BytesIO):
    """What a browser sends, and how often it was asked for more."""

    asked = 0

    def readinto(self, buffer: bytearray) -> int:  # type: ignore[override]
        self.asked += 1
        return super().readinto(buffer)

    def read(self, size: int | None = -1, /) -> bytes:
        self.asked += 1
        return super().read(size)


def test_a_list_as_large_as_may_be_is_never_put_on_a_disk(visitor: Visitor, monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(*_: object) -> None:
        raise AssertionError("the file was written to the disk")

    monkeypatch.setattr(tempfile.SpooledTemporaryFile, "rollover", fail)
    monkeypatch.setattr(tempfile, "TemporaryFile", fail)
    fields = (("csrf_token", visitor.csrf()), ("token", "t" * 24))
    head = "".join(f'--x\r\nContent-Disposition: form-data; name="{name}"\r\n\r\n{value}\r\n' for name, value in fields)
    head += '--x\r\nContent-Disposition: form-data; name="file"; filename="a.csv"\r\n\r\n'
    body = head.encode() + b"x" * LARGEST_FILE + b"\r\n--x--\r\n"
    answer = visitor.sends(_FORM, body, Content_Type="multipart/form-data; boundary=x")
    assert answer.status_code == 303
    assert "/imports/" in answer.headers["Location"]
    with pytest.raises(AssertionError), tempfile.SpooledTemporaryFile(500 * 1024) as control:
        control.write(b"x" * 600_000)


def test_the_template_comes_back_with_its_examples_named(visitor: Visitor, work: Callable[[], bool]) -> None:
    template = visitor.get("/admin/contacts/template")
    assert template.headers["Content-Disposition"] == 'attachment; filename="contacts.csv"'
    sent = _begins(visitor, template.data)
    work()
    assert "<b>Ligne 2</b>" in _said(visitor.get(sent))
