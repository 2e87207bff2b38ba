"""The headers on every answer: of every route of the application that runs, by every method, whatever goes wrong."""

import re
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from flask import Flask, Response
from werkzeug.test import TestResponse

from admin import inbox
from bot import main
from bot.config import Settings
from bot.errors import StoreAway
from bot.store.sealing import Keys, save_keys
from bot.store.types import new_id
from tests.admin.matrix import MATRIX, NOT_OURS
from tests.desk import Desk, Visitor

_ALL = ("administrator", "secretary", "triage", "closed_queue", "auditor")
_NUMBER = "76123456"
_METHODS = ("GET", "HEAD", "OPTIONS", "POST", "PUT", "PATCH", "DELETE")
#: What main adds to the panel: two doors for machines.
_MACHINES = {("GET", "/health"), ("GET", "/ready")}
sqlite_is_enough = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)


@pytest.fixture
def visitor(desk: Desk) -> Visitor:
    """Somebody who may see everything."""
    return desk.enter(*_ALL)


_GOLDEN = {
    "Content-Security-Policy": "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self';"
    " media-src 'self' blob:; connect-src 'self'; form-action 'self'; frame-ancestors 'none'; base-uri 'none'",
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Strict-Transport-Security": "max-age=31536000; includeSubDomains",
    "Cache-Control": "no-store",
}


def _is_golden(answer: TestResponse) -> bool:
    return _lacking(answer) == []


def _lacking(answer: TestResponse) -> list[str]:
    """The headers that are not there once and as they should be."""
    wrong = [name for name, value in _GOLDEN.items() if answer.headers.getlist(name) != [value]]
    return wrong + ["Server"] * ("Server" in answer.headers)


@pytest.fixture
def served(settings: Callable[..., Settings], sqlite_url: str, tmp_path: Path) -> Iterator[Flask]:
    """The application as production serves it."""
    key_file = tmp_path / "keys.json"
    save_keys(Keys.make(), key_file)
    chosen = settings(demo=False, database_url=sqlite_url, key_file=key_file)
    main.migrate(chosen)
    parts = main.assemble(chosen, in_process=True)
    yield main.create_app(parts)
    parts.close()


def _knocks(app: Flask) -> Iterator[tuple[str, str]]:
    """Every method at every route, with ids that are nobody's."""
    for rule in app.url_map.iter_rules():
        path = re.sub("<uuid:[a-z_]+>", str(new_id()), re.sub("<int:[a-z_]+>", "1", rule.rule))
        for method in _METHODS:
            yield method, re.sub("<[a-z_]+>", "x", path)


def test_the_routes_are_those_of_the_matrix_the_wires_and_two_for_machines(served: Flask) -> None:
    found = {
        (method, rule.rule)
        for rule in served.url_map.iter_rules()
        for method in (rule.methods or set()) - {"HEAD", "OPTIONS"}
    }
    assert found == set(MATRIX) | NOT_OURS | _MACHINES


def test_every_route_answers_every_method_with_every_header(served: Flask) -> None:
    client, statuses = served.test_client(), set()
    for method, path in _knocks(served):
        answer = client.open(path, method=method)
        statuses.add(answer.status_code)
        assert _lacking(answer) == [], (method, path, answer.status_code)
    assert {200, 303, 400, 404, 405} <= statuses


def test_a_request_that_is_too_large_is_refused_at_every_route_with_every_header(served: Flask) -> None:
    client, statuses = served.test_client(), set()
    for rule in served.url_map.iter_rules():
        if "POST" in (rule.methods or set()):
            answer = client.post(re.sub("<[^>]+>", "x", rule.rule), data=b"x" * 300_000)
            statuses.add(answer.status_code)
            assert _lacking(answer) == [], rule.rule
    assert 413 in statuses


def test_whatever_fails_inside_a_route_answers_with_every_header(served: Flask) -> None:
    def fail(**_arguments: object) -> None:
        raise RuntimeError(f"secret {_NUMBER}")

    for endpoint in served.view_functions:
        served.view_functions[endpoint] = fail  # type: ignore[assignment]
    client = served.test_client()
    for method, path in _knocks(served):
        answer = client.open(path, method=method)
        assert answer.status_code in (200, 400, 405, 500), (method, path)
        assert _lacking(answer) == [], (method, path)
        assert "secret" not in answer.text


@sqlite_is_enough
def test_a_file_of_ours_has_every_header_but_is_kept_for_ever(desk: Desk, visitor: Visitor) -> None:
    found = re.findall(r'(?:href|src)="(/admin/file/[^"]+)"', visitor.get("/admin/inbox").text)
    assert found
    for path in found:
        assert _lacking(visitor.get(path)) == ["Cache-Control"]


def test_a_header_that_an_answer_lacks_is_noticed(served: Flask) -> None:
    """The negative control: an answer made before ours are added."""

    @served.after_request
    def forget(response: Response) -> Response:
        del response.headers["X-Frame-Options"]
        response.headers.add("Referrer-Policy", "unsafe-url")
        return response

    served.after_request_funcs[None].insert(0, served.after_request_funcs[None].pop())
    assert _lacking(served.test_client().get("/health")) == ["X-Frame-Options", "Referrer-Policy"]


@sqlite_is_enough
@pytest.mark.parametrize(
    ("method", "path", "status"),
    [
        ("GET", "/", 404), ("GET", "/admin/nothing", 404), ("GET", "/phone/x", 404), ("PUT", "/admin/inbox", 405),
        ("POST", "/admin/inbox", 405), ("POST", "/admin/sign-in", 400), ("GET", "/channels/x/inbound", 405),
        ("POST", "/channels/x/inbound", 404), ("GET", "/admin/reports/x", 404), ("GET", "/admin/file/x/panel.css", 404),
        ("GET", "/admin/%00", 404), ("GET", "/admin/%ff", 404), ("GET", "/admin/inbox?after=%00&status=%ff", 303),
    ],
)  # fmt: skip
def test_every_error_has_every_header(desk: Desk, method: str, path: str, status: int) -> None:
    answer = desk.visitor().client.open(path, method=method, base_url=desk.base)
    assert answer.status_code == status
    assert _is_golden(answer)


@sqlite_is_enough
def test_a_failure_of_ours_has_every_header_and_tells_nothing(
    desk: Desk, visitor: Visitor, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail() -> None:
        raise RuntimeError(f"secret {_NUMBER}")

    monkeypatch.setattr(inbox, "seat", fail)
    answer = visitor.get("/admin/inbox")
    assert answer.status_code == 500
    assert _is_golden(answer)
    assert "secret" not in answer.text
    assert "Traceback" not in answer.text


@sqlite_is_enough
@pytest.mark.parametrize("failure", [RuntimeError, StoreAway, KeyError])
def test_a_check_of_rights_that_fails_lets_nobody_in(
    desk: Desk, visitor: Visitor, monkeypatch: pytest.MonkeyPatch, failure: type[Exception]
) -> None:
    def fail(*_: object) -> None:
        raise failure("the check itself is broken")

    monkeypatch.setattr("admin.access.staff.signed_in", fail)
    answer = visitor.get("/admin/inbox")
    assert answer.status_code == (503 if failure is StoreAway else 500)
    assert "</main>" in answer.text
    assert _is_golden(answer)


@sqlite_is_enough
def test_the_cookies_are_for_this_host_over_https_and_for_no_script(desk: Desk) -> None:
    for header in desk.visitor().get("/admin/sign-in").headers.getlist("Set-Cookie"):
        assert header.startswith("__Host-kunnafoni=")
        assert {"Secure", "HttpOnly", "Path=/", "SameSite=Lax"} <= set(header.split("; "))
        assert "Domain" not in header


@sqlite_is_enough
def test_the_demonstration_on_localhost_needs_no_https(demo_desk: Desk) -> None:
    answer = demo_desk.visitor().get("/admin/sign-in")
    assert "Strict-Transport-Security" not in answer.headers
    assert "; Secure" not in answer.headers["Set-Cookie"]


@sqlite_is_enough
def test_signing_out_clears_what_the_browser_kept(visitor: Visitor) -> None:
    assert visitor.post("/admin/sign-out").headers["Clear-Site-Data"] == '"cache", "storage"'
