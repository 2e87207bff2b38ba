"""Every act of the panel writes its entry into the audit, and so does every refusal: over the application's own routes."""

import pytest
from werkzeug.test import TestResponse

from admin import access
from admin.services import now, services
from bot.store.audit import Action, Entry, note
from tests.admin.acts import ACTS, NOT_NOTED, NOTED_ON_EACH, REFUSED, Form, World
from tests.admin.matrix import MATRIX, ROLES
from tests.desk import Desk

_POSTS = sorted(rule for method, rule in MATRIX if method == "POST")
#: What some roles may do and others not; at the door and on one's own account there is no difference.
_GUARDED = [rule for rule in _POSTS if 0 < len(MATRIX["POST", rule].intersection(ROLES)) < len(ROLES)]
# What is noted of a route does not depend on the database.
sqlite_is_enough = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)


@pytest.fixture
def world(desk: Desk) -> World:
    return World(desk)


def _send(world: World, rule: str, form: Form, csrf: str | None = None) -> tuple[TestResponse, list[Entry]]:
    """The answer to a form, and what stands in the audit since, the oldest first."""
    before = {entry.id for entry in world.desk.audit()}
    answer = form.visitor.post(form.path(rule), csrf=csrf, **form.fields)
    made = [entry for entry in world.desk.audit() if entry.id not in before]
    return answer, made[::-1]


def _is_refusal(entry: Entry) -> bool:
    return entry.action.endswith("refused") and entry.action is not Action.ITEM_SOURCE_REFUSED


def test_every_form_of_the_panel_has_its_act() -> None:
    assert sorted(ACTS) == _POSTS
    assert {*NOT_NOTED, *NOTED_ON_EACH, *REFUSED} <= set(_POSTS)


@sqlite_is_enough
@pytest.mark.parametrize("rule", _POSTS)
def test_an_act_is_noted_once_on_each_thing_that_it_changes(world: World, rule: str) -> None:
    answer, made = _send(world, rule, ACTS[rule](world))
    assert answer.status_code in (200, 303)
    assert not any(map(_is_refusal, made)) or rule == "/admin/reveals/<uuid:reveal_id>/refuse"
    if rule in NOTED_ON_EACH:
        assert sorted(str(entry.action) for entry in made) == sorted(NOTED_ON_EACH[rule])
        assert len({entry.subject for entry in made}) == len(made)
    else:
        assert len(made) == (0 if rule in NOT_NOTED else 1), [str(entry.action) for entry in made]


@sqlite_is_enough
@pytest.mark.parametrize("rule", _GUARDED)
def test_an_act_of_another_role_is_noted_as_refused_and_as_nothing_else(world: World, rule: str) -> None:
    form = ACTS[rule](world)
    form.visitor = world.by(*(role for role in ROLES if role not in MATRIX["POST", rule]))
    answer, made = _send(world, rule, form)
    assert answer.status_code == 403
    assert [(entry.action, entry.actor, entry.detail["why"]) for entry in made] == [
        ("staff.refused", f"staff:{form.visitor.staff_id}", "role")
    ]


@sqlite_is_enough
@pytest.mark.parametrize("rule", _POSTS)
def test_a_form_of_another_site_is_noted_as_refused_and_as_nothing_else(world: World, rule: str) -> None:
    form = ACTS[rule](world)
    answer, made = _send(world, rule, form, csrf=" ")
    assert answer.status_code == 400
    signed_in = form.visitor.staff_id is not None or rule == "/admin/second-factor"
    assert [(entry.action, entry.detail["why"]) for entry in made] == [("staff.refused", "form")] * signed_in


@sqlite_is_enough
@pytest.mark.parametrize("rule", REFUSED)
def test_what_a_rule_of_the_desk_forbids_is_noted_as_refused_and_as_nothing_else(world: World, rule: str) -> None:
    form = REFUSED[rule](world)
    _answer, (entry,) = _send(world, rule, form)
    assert _is_refusal(entry)
    assert entry.actor == f"staff:{form.visitor.staff_id}"


def _silent() -> str:
    return ""


def _twice() -> str:
    with services().store.writing() as writing:
        for _ in range(2):
            note(writing, now(), access.actor(), Action.REPORT_SEEN, "the same thing")
    return ""


@sqlite_is_enough
@pytest.mark.parametrize(("view", "noted"), [(_silent, 0), (_twice, 2)])
def test_an_act_that_is_not_noted_or_twice_is_noticed(world: World, view: object, noted: int) -> None:
    """The negative control."""
    access.page("/forgotten", who=access.Door.SIGNED_IN, methods=("POST",), on=world.desk.app)(view)  # type: ignore[arg-type]
    answer, made = _send(world, "/forgotten", Form(world.by("triage")))
    assert answer.status_code == 200
    assert len(made) == noted
