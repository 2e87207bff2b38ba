"""The demonstration: whoever starts it can try every page, and somebody is there to agree."""

import re
from collections.abc import Callable, Iterator, Mapping

import pytest
from flask.testing import FlaskClient

from bot import demo, main
from bot.config import Settings
from bot.main import Parts
from bot.staff import Role, everybody
from tests.desk import form_token

_CSRF = re.compile(r'name="csrf_token" value="([^"]+)"')


@pytest.fixture
def parts(settings: Callable[..., Settings], sqlite_url: str) -> Iterator[Parts]:
    """A demonstration on an empty database."""
    chosen = settings(database_url=sqlite_url)
    main.migrate(chosen)
    assembled = main.assemble(chosen, in_process=True)
    yield assembled
    assembled.close()


class _Browser:
    """Somebody of the demonstration, who signs in by name and password alone."""

    def __init__(self, parts: Parts, username: str, password: str) -> None:
        self._client: FlaskClient = main.create_app(parts).test_client()
        self.sends("/admin/sign-in", username=username, password=password)

    def reads(self, path: str) -> str:
        answer = self._client.get(path)
        assert answer.status_code == 200, path
        return answer.text

    def sends(self, path: str, **fields: str) -> None:
        token = _CSRF.search(self._client.get("/admin/sign-in").text)
        assert token
        answer = self._client.post(path, data={"csrf_token": token[1], "token": form_token(), **fields})
        assert answer.status_code == 303, path


def _browsers(parts: Parts, passwords: Mapping[str, str]) -> list[_Browser]:
    return [_Browser(parts, username, password) for username, password in passwords.items()]


def test_its_people_come_in_with_a_password_alone_and_hold_every_role_together(parts: Parts) -> None:
    first, _second, third = _browsers(parts, demo.prepare(parts))
    assert "Démonstration" in first.reads("/admin/account")
    assert "item" in third.reads("/admin/items")
    with parts.store.reading() as session:
        assert {role for member in everybody(session) for role in member.roles} == set(Role)


def test_a_second_person_agrees_to_what_the_first_asks(parts: Parts) -> None:
    first, second, _third = _browsers(parts, demo.prepare(parts))
    with parts.store.reading() as session:
        (third,) = [member.id for member in everybody(session) if member.username == "troisieme"]
    first.sends(f"/admin/staff/{third}/roles", roles="closed_queue")
    waiting = re.search(r"/admin/staff/requests/[0-9a-f-]{36}/approve", second.reads("/admin/staff"))
    assert waiting
    second.sends(waiting[0])
    with parts.store.reading() as session:
        assert {member.id: member.roles for member in everybody(session)}[third] == {"closed_queue"}


def test_whoever_was_suspended_is_back_at_the_next_start(parts: Parts) -> None:
    first, *_others = _browsers(parts, demo.prepare(parts))
    with parts.store.reading() as session:
        (third,) = [member.id for member in everybody(session) if member.username == "troisieme"]
    first.sends(f"/admin/staff/{third}/suspend")
    _, _, back = _browsers(parts, demo.prepare(parts))
    assert "Troisième" in back.reads("/admin/account")
