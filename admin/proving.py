"""Proving the second factor: at the door, and again on the spot before an act that an open laptop must not do."""

import math
from collections.abc import Callable, Iterable
from dataclasses import dataclass

from flask import Response, g, make_response, render_template, request, session

from admin.services import now, services
from admin.words import gettext as _
from bot import staff
from bot.staff import Guess, SignedIn
from bot.store import Duplicate, Session
from bot.store.audit import Action, note

#: What the page that asks again adds to a form; all other fields are kept for the act itself.
_CODE = "fresh_code"
_OWN_FIELDS = frozenset({"csrf_token", _CODE})


@dataclass(frozen=True, slots=True)
class Wrong:
    """A proof that was not taken: what to say, with which status, and how many seconds to wait."""

    problem: str
    status: int
    wait: int = 0

    def answer(self, template: str, **values: object) -> Response:
        """The page that says so."""
        response = make_response(render_template(template, problem=self.problem, **values), self.status)
        if self.wait:
            response.headers["Retry-After"] = str(self.wait)
        return response


def prove(found: SignedIn, code: str, then: Callable[[Session], str]) -> str | Wrong:
    """Try this code; if it is theirs, it is used up and `then` gives the session's next id."""
    guesses = [staff.guess(services().store.keys, "second factor", str(found.member.id))]
    wait = admit(guesses)
    if wait:
        return too_fast(wait)
    with services().store.writing() as writing:
        if staff.use_code(writing, now(), found.member.id, code[:32]):
            staff.forgive(writing, guesses)
            return then(writing)
        note(writing, now(), "nobody", Action.STAFF_SIGN_IN_REFUSED, found.member.id, {"why": "second_factor"})
    return Wrong(_("This code does not fit, or it was used before. Wait for the next one."), 401)


def fresh_factor(found: SignedIn) -> Response | None:
    """None if the second factor was proved lately, or is by this form; else the page that asks for it.

    That page keeps what was filled in, so that the act needs no second filling in; the session's id changes.
    """
    if found.is_fresh(now()) or (services().settings.demo and not found.member.has_second_factor):
        return None
    if _CODE not in request.form:
        return make_response(render_template("fresh_factor.html", kept=_kept()), 401)
    proof = prove(found, request.form[_CODE], lambda writing: staff.renew(writing, now(), found))
    if isinstance(proof, Wrong):
        return proof.answer("fresh_factor.html", kept=_kept())
    session["id"] = proof
    del g.signed_in
    return None


def _kept() -> list[tuple[str, str]]:
    return [(name, value) for name, value in request.form.items(multi=True) if name not in _OWN_FIELDS]


def admit(guesses: Iterable[Guess]) -> float:
    """Seconds to wait before this try may be looked at; 0.0 counts it."""
    try:
        with services().store.writing() as writing:
            return staff.admit(writing, now(), guesses)
    except Duplicate:  # two first failures at the same instant
        return 1.0


def too_fast(wait: float) -> Wrong:
    """What is said to whoever tries too often."""
    seconds = math.ceil(wait)
    return Wrong(_("Too many attempts. Try again in %(seconds)s seconds.", seconds=seconds), 429, seconds)
