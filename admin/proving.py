"""Proving the second factor: at the door, and again on the spot before an act that an open laptop must not do."""

import math
from collections.abc import Callable, Iterable
from dataclasses import dataclass

from flask import Response, g, make_response, render_template, request, session

from admin.services import now, services
from admin.words import gettext as _
from admin.words import ngettext
from bot import staff
from bot.staff import Guess, SignedIn, security_keys
from bot.staff.security_keys import Site
from bot.store import Duplicate, Session
from bot.store.audit import Action, note

#: What the page that asks again adds to a form; all other fields are kept for the act itself.
_CODE, _ANSWER = "fresh_code", "fresh_answer"
_OWN_FIELDS = frozenset({"csrf_token", _CODE, _ANSWER})


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


def site() -> Site:
    """The address that security keys answer for."""
    return Site.of(services().settings.public_url or request.host_url)


def prove(found: SignedIn, code: str, answer: str, then: Callable[[Session], str]) -> str | Wrong:
    """Try a key's answer, or else this code; if it is theirs, it is used up and `then` gives the session's next id."""
    guesses = [staff.guess(services().store.keys, "second factor", str(found.member.id))]
    wait = admit(guesses)
    if wait:
        return too_fast(wait)
    with services().store.writing() as writing:
        if answer:
            right = security_keys.prove(writing, now(), found, site(), answer)
        else:
            right = staff.use_code(writing, now(), found.member.id, code[:32])
        if right:
            staff.forgive(writing, guesses)
            return then(writing)
        note(writing, now(), "nobody", Action.STAFF_SIGN_IN_REFUSED, found.member.id, {"why": "second_factor"})
    if answer:
        return Wrong(_("This key was not taken. Try again with a key of yours, or use a recovery code."), 401)
    return Wrong(_("This code does not fit, or it was used before. Wait for the next one."), 401)


def proof_page(found: SignedIn, template: str, wrong: Wrong | None = None, **values: object) -> Response:
    """The page that asks for a proof, with a fresh challenge for whoever has a key."""
    with services().store.writing() as writing:
        options = security_keys.ask(writing, found, site())
    shown = {"member": found.member, "options": options, "site": site().origin}
    return (wrong or Wrong("", 200)).answer(template, **shown, **values)


def fresh_factor(found: SignedIn) -> Response | None:
    """None if the second factor was proved lately, or is by this form; else the page that asks for it.

    That page keeps what was filled in, so that the act needs no second filling in; the session's id changes.
    """
    if found.is_fresh(now()) or (services().settings.demo and not found.member.has_second_factor):
        return None
    code, answer = request.form.get(_CODE, ""), request.form.get(_ANSWER, "")
    if not code and not answer:
        return proof_page(found, "fresh_factor.html", Wrong("", 401), kept=_kept())
    proof = prove(found, code, answer, lambda writing: staff.renew(writing, now(), found))
    if isinstance(proof, Wrong):
        return proof_page(found, "fresh_factor.html", proof, kept=_kept())
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
    return Wrong(
        ngettext(
            "Too many attempts. Try again in %(n)s second.", "Too many attempts. Try again in %(n)s seconds.", seconds
        ),
        429,
        seconds,
    )
