"""The pages of a seat of the committee: what was asked of it, and its answer.

A seat sees its own items and nothing else. Three taps and a sentence are enough for an answer.
"""

from collections.abc import Callable
from typing import Any
from uuid import UUID

from flask import abort, redirect, render_template, request, url_for

from admin.access import COMMITTEE, actor, me, page
from admin.drafts import answer, sent
from admin.forms import new_token, once
from admin.services import now, services
from admin.words import gettext as _
from bot.casework import committee, drafts, items
from bot.casework.drafts import Field
from bot.casework.items import Item
from bot.languages import tidy
from bot.places.gazetteer import Level
from bot.store import Session, audit
from bot.store.tables import ItemStatus

#: A sentence is at most so long.
LONGEST_WORDS = 600


def place_of(item: Item) -> str:
    """Where it is, as this seat may know: the commune, or for a seat that hears of protection alone its cercle."""
    gazetteer = services().gazetteer
    place = gazetteer.get(item.place) if item.place else None
    if place is None:
        return _("place not known")
    if not item.protection_only:
        return gazetteer.commune_label(place.id)
    return next((each.name for each in gazetteer.path(place) if each.level is Level.CERCLE), _("place not known"))


@page("/items", who=COMMITTEE)
def item_list() -> str:
    """What the seats of this member have to do, what is due first at the top."""
    with services().store.reading() as reading:
        found = items.own(reading, now(), me().id)
        seats = {body.code: body.title for body in committee.bodies(reading)}
        mine = [seats[code] for code in committee.sitting(reading, me().id).codes]
    return render_template("items.html", found=found, mine=mine, place_of=place_of, at=now())


@page("/items/<uuid:item_id>", who=COMMITTEE)
def item(item_id: UUID) -> str:
    """One item of theirs."""
    return _item_page(item_id)


def _item_page(item_id: UUID, **values: Any) -> str:
    found = _own(item_id)
    with services().store.reading() as reading:
        said = items.said_of(reading, item_id)
        kept = drafts.of(reading, me().id, item_id).get(Field.WORDS)
        refused_at = items.source_refused(reading, item_id)
    told = {"kept": kept, "found": found, "said": said, "refused_at": refused_at, "place": place_of(found), "at": now()}
    return render_template("item.html", new_token=new_token, **told, **values)


def _own(item_id: UUID) -> Item:
    """404, the same for an item that is not there and one that is not theirs; the try is in the audit."""
    with services().store.reading() as reading:
        found = items.look(reading, now(), me().id, item_id)
    if found is None:
        with services().store.writing() as writing:
            audit.note(writing, now(), actor(), audit.Action.ITEM_REFUSED, item_id)
        abort(404)
    return found


@page("/items/<uuid:item_id>/step", who=COMMITTEE, methods=("POST",), draft=Field.WORDS)
def step_item(item_id: UUID) -> Any:
    """Accept, "not us", ask for more, add what was found, report it done."""
    _own(item_id)
    kept = answer()
    if kept:
        return kept
    done = take_step(item_id, actor(), sent)
    if isinstance(done, str):
        return _item_page(item_id, problem=done), 422
    return redirect(url_for("admin.item", item_id=item_id), 303)


def take_step(item_id: UUID, who: str, ends: Callable[[Session], None] = lambda _: None) -> bool | str:
    """What the form of an item asks to have done; what is wrong with it in one sentence. `ends` ends a draft of it."""
    step, words = request.form.get("step", ""), tidy(request.form.get("words", "")).strip()[:LONGEST_WORDS]
    lacking = _("Write one sentence: why, what is missing, or what was done.")
    if step not in {*ItemStatus, "add"} or step in (ItemStatus.SENT, ItemStatus.WITHDRAWN):
        abort(400)
    if step != ItemStatus.ACCEPTED and not words:
        return lacking

    def act(writing: Session) -> None:
        ends(writing)
        if step == "add":
            items.add(writing, now(), who, item_id, words)
        else:
            items.step(writing, now(), who, item_id, ItemStatus(step), words)

    return once(
        act,
        _("Kept. The secretariat sees it at once."),
        _("Write one sentence: why, what is missing, or what was done."),
    )


@page("/items/<uuid:item_id>/source", who=COMMITTEE, methods=("POST",))
def ask_source(item_id: UUID) -> Any:
    """Who told is never said: the refusal in writing, which stays on the page, and the question in the audit."""
    _own(item_id)

    def act(writing: Session) -> None:
        items.refuse_source(writing, now(), actor(), item_id)

    once(act, _("Refused. The refusal in writing stands below."), "")
    return redirect(url_for("admin.item", item_id=item_id, _anchor="source"), 303)
