"""Pages go packed, whoever takes them plain gets them so, and the length of what is packed is a matter of chance."""

import gzip

import pytest
from werkzeug.test import TestResponse

from admin import packing
from tests.desk import Desk, Visitor

pytestmark = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
#: gzip's flags stand in byte 3, and the name of a file, where there is one, begins after byte 9 (RFC 1952).
_FLAGS, _NAMED, _NAME = 3, 8, 10


@pytest.fixture
def visitor(desk: Desk) -> Visitor:
    for number in range(5):
        desk.road.phone(f"7000{number:04}").says("le puits de Konna est sec")
    return desk.enter("triage")


def _packed(visitor: Visitor, path: str = "/admin/inbox") -> TestResponse:
    return visitor.get(path, Accept_Encoding="gzip, br")


def test_a_page_is_packed_for_whoever_takes_it_so(visitor: Visitor) -> None:
    plain, packed = visitor.get("/admin/inbox"), _packed(visitor)
    assert "Content-Encoding" not in plain.headers
    assert packed.headers["Content-Encoding"] == "gzip"
    assert packed.headers["Content-Length"] == str(len(packed.data))
    assert len(packed.data) < len(plain.data) / 3
    assert "le puits de Konna est sec" in gzip.decompress(packed.data).decode()
    assert all("Accept-Encoding" in answer.headers["Vary"] for answer in (plain, packed))


def test_an_error_is_packed_and_what_is_short_or_for_a_wire_is_not(desk: Desk, visitor: Visitor) -> None:
    assert _packed(visitor, "/admin/reports/00000000-0000-7000-8000-000000000000").headers["Content-Encoding"] == "gzip"
    assert "Content-Encoding" not in _packed(visitor, "/admin/inbox/changes").headers
    assert "Content-Encoding" not in _packed(visitor, "/channels/simulator/inbound").headers


def _fillers(visitor: Visitor) -> set[int]:
    """How long the fillers of some answers are."""
    found = set()
    for _ in range(20):
        content = _packed(visitor).data
        found.add(content.index(b"\0", _NAME) - _NAME if content[_FLAGS] & _NAMED else 0)
    return found


def test_the_length_of_a_packed_page_is_a_matter_of_chance(visitor: Visitor) -> None:
    assert len(_fillers(visitor)) > 5


def test_packing_without_a_filler_is_found_out(visitor: Visitor, monkeypatch: pytest.MonkeyPatch) -> None:
    """The negative control: packed as most servers do."""
    monkeypatch.setattr(packing, "_packed", gzip.compress)
    assert _fillers(visitor) == {0}
