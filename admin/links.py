"""One-time links: an official without an account answers one item on one device.

Opening takes a press of a button, so that a program that looks at links in messages does not use it up.
"""

from typing import Any

from flask import make_response, redirect, render_template, request, url_for

from admin.access import Door, page
from admin.forms import new_token
from admin.items import place_of, take_step
from admin.services import now, services
from bot.casework import items
from bot.casework.items import Opened
from bot.languages import tidy

_COOKIE = "link"


@page("/link/<secret>", who=Door.ANYONE)
def link(secret: str) -> Any:
    """The item, on the device that opened it; on another, or with a wrong or old link, one same sentence."""
    device = request.cookies.get(_COOKIE)
    if device is None:
        return render_template("link.html", found=None, secret=secret, gone=False)
    opened = _opened(secret, device)
    return _item_page(secret, opened) if opened else _gone(secret)


def _item_page(secret: str, opened: Opened, problem: str = "") -> Any:
    with services().store.reading() as reading:
        said = items.said_of(reading, opened.item.id)
    values = {"found": opened.item, "said": said, "place": place_of(opened.item), "at": now(), "problem": problem}
    return render_template("link.html", secret=secret, gone=False, new_token=new_token, **values)


def _gone(secret: str, words: str = "") -> Any:
    return render_template("link.html", found=None, secret=secret, gone=True, words=words), 404


def typed() -> str:
    """What an official wrote: there is no account to keep it for, so whatever refuses it shows it again."""
    return tidy(request.form.get("words", "")) if request.endpoint == "admin.step_link" else ""


def _opened(secret: str, device: str | None) -> Opened | None:
    with services().store.writing() as writing:
        found = items.open_link(writing, now(), secret[:80], device)
    return found[0] if found else None


@page("/link/<secret>/open", who=Door.ANYONE, methods=("POST",))
def open_link(secret: str) -> Any:
    """Bind the link to this device; the first that presses is the only one."""
    with services().store.writing() as writing:
        found = items.open_link(writing, now(), secret[:80], request.cookies.get(_COOKIE))
    if found is None:
        return _gone(secret)
    answer = make_response(redirect(url_for("admin.link", secret=secret), 303))
    answer.set_cookie(
        _COOKIE,
        found[1],
        max_age=items.LINK_FOR,
        path=url_for("admin.link", secret=secret),
        secure=not services().settings.demo,
        httponly=True,
        samesite="Lax",
    )
    return answer


@page("/link/<secret>/step", who=Door.ANYONE, methods=("POST",))
def step_link(secret: str) -> Any:
    """What the official answers."""
    device = request.cookies.get(_COOKIE)
    opened = _opened(secret, device) if device else None
    if opened is None:
        return _gone(secret, typed())
    done = take_step(opened.item.id, opened.actor)
    if isinstance(done, str):
        return _item_page(secret, opened, done), 422
    return redirect(url_for("admin.link", secret=secret), 303)
