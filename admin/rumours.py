"""Rumours: where each is heard, who was asked about it, and how far it is known to be true."""

from collections.abc import Callable, Mapping, Sequence
from datetime import UTC, date, datetime, time, timedelta
from typing import Any
from uuid import UUID

from flask import abort, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from admin.access import DESK, may, page, seat
from admin.audit import names_of
from admin.contacts import SECRETARIES
from admin.forms import new_token, once
from admin.labels import SAYS, THROUGH, VERACITIES
from admin.services import now, services
from admin.words import gettext as _
from bot.casework import incidents
from bot.casework.rumours import answering, checking
from bot.casework.rumours.answering import Answer, Reader
from bot.casework.rumours.repeats import Repeat
from bot.languages import LANGUAGES, tidy
from bot.people import groups
from bot.people.groups import Group, Wanted
from bot.places.gazetteer import Level
from bot.places.matching import named
from bot.store import Session, audit
from bot.store.audit import Action
from bot.store.tables import AnswerForm, GroupKind, Says, Through, Veracity

#: What the desk writes of a source or a sighting is at most so long.
LONGEST_SOURCE, LONGEST_WORDS, LONGEST_ANSWER = 120, 600, 1500
#: A sighting is noted at most so late.
_LATEST = timedelta(days=366)
_WHEN = "%Y-%m-%dT%H:%M"


@page("/rumours", who=DESK)
def rumour_list() -> str:
    """What people say, by how far it is known to be true; and what nobody has looked at yet."""
    state = request.args.get("state", "")
    veracity = Veracity(state) if state in VERACITIES else None
    with services().store.reading() as reading:
        found = checking.listed(reading, seat(), veracity)
        alone = checking.unopened(reading, seat()) if veracity in (None, Veracity.NEW) else []
    label = services().gazetteer.commune_label
    return render_template(
        "rumours.html",
        found=found,
        alone=alone,
        state=veracity,
        most=checking.PAGE,
        place_label=label,
        new_token=new_token,
    )


@page("/rumours/<uuid:incident_id>", who=DESK)
def rumour(incident_id: UUID) -> str:
    """One rumour."""
    return rumour_page(incident_id)


def rumour_page(
    incident_id: UUID,
    typed: Mapping[str, str] | None = None,
    problem: str = "",
    repeated: Sequence[Repeat] = (),
) -> str:
    """The page of a rumour, with what was typed and did not pass, and what in it repeats the rumour."""
    with services().store.reading() as reading:
        found = incidents.look(reading, incident_id)
        if found is None or found.veracity is None:
            abort(404)
        sightings = checking.sightings(reading, seat(), incident_id)
        checks = checking.checks(reading, incident_id)
        texts = answering.listed(reading, now(), incident_id)
        again = checking.asked_again(reading, seat(), incident_id, services().gazetteer)
        entries = audit.timeline(reading, incident_id)
        people = names_of(reading, entries)
    history = [entry for entry in entries if entry.action is Action.INCIDENT_JUDGED and "veracity" in entry.detail]
    return render_template(
        "rumour.html",
        found=found,
        sightings=sightings,
        checks=checks,
        enough={
            veracity: checking.agreeing(checks, says) >= checking.SOURCES
            for veracity, says in checking.CONFIRMS.items()
        },
        texts=texts,
        again=again,
        history=history,
        people=people,
        repeated=repeated,
        forms=AnswerForm,
        seconds=answering.seconds,
        me_id=seat().staff_id,
        moment_now=now(),
        until=(now() + answering.HOLDS).date().isoformat(),
        typed=typed or {},
        problem=problem,
        place_label=services().gazetteer.commune_label,
        new_token=new_token,
        at=now().astimezone(UTC).strftime(_WHEN),
        longest={"source": LONGEST_SOURCE, "words": LONGEST_WORDS, "answer": LONGEST_ANSWER},
    )


@page("/rumours/<uuid:incident_id>/veracity", who=DESK, methods=("POST",))
def judge_rumour(incident_id: UUID) -> Any:
    """How far it is known to be true, for everybody who asked."""
    chosen = request.form.get("veracity", "")
    if chosen not in VERACITIES:
        return rumour_page(incident_id, problem=_("Choose what was found out.")), 422

    def act(writing: Session) -> None:
        incidents.judge(writing, now(), seat(), incident_id, Veracity(chosen))

    refused = _("Two different sources must say so first. Note below whom you asked, and what they said.")
    return _do(
        incident_id, act, _("Noted. What is settled is told to whoever agreed; others hear it by STATUS."), refused
    )


# Where it is heard


@page("/rumours/<uuid:incident_id>/sightings", who=DESK, methods=("POST",))
def note_sighting(incident_id: UUID) -> Any:
    """It is heard there, too, as a radio or a caller says."""
    typed = _typed("through", "place", "heard_at", "words")
    read = _read_sighting(typed)
    if isinstance(read, str):
        return rumour_page(incident_id, typed, read), 422

    def act(writing: Session) -> None:
        checking.sight(writing, now(), seat(), incident_id, **read)

    return _do(incident_id, act, _("Noted: it was heard there, too."), _gone())


def _read_sighting(typed: Mapping[str, str]) -> dict[str, Any] | str:
    """What the form says, or what is wrong with it in one sentence."""
    if typed["through"] not in THROUGH:
        return _("Choose through what it was heard.")
    place = named(services().gazetteer, typed["place"])
    if typed["place"] and place is None:
        return _("No single place has this name. Add the cercle, or leave it empty.")
    try:
        heard_at = datetime.strptime(typed["heard_at"], _WHEN).replace(tzinfo=UTC)
    except ValueError:
        return _("Give the day and the hour at which it was heard.")
    if not now() - _LATEST < heard_at < now() + timedelta(minutes=1):
        return _("It was heard today or before, and within a year.")
    words = typed["words"][:LONGEST_WORDS]
    return {"through": Through(typed["through"]), "place": place, "heard_at": heard_at, "words": words}


@page("/rumours/<uuid:incident_id>/sightings/<uuid:sighting_id>/withdraw", who=DESK, methods=("POST",))
def withdraw_sighting(incident_id: UUID, sighting_id: UUID) -> Any:
    """It was noted by mistake."""

    def act(writing: Session) -> None:
        checking.take_back_sighting(writing, now(), seat(), incident_id, sighting_id)

    return _do(incident_id, act, _("Taken back."), _gone())


# What sources say


@page("/rumours/<uuid:incident_id>/checks", who=DESK, methods=("POST",))
def note_check(incident_id: UUID) -> Any:
    """A source was asked, and said so."""
    typed = _typed("source", "says", "finding")
    if problem := _wrong_with_check(typed):
        return rumour_page(incident_id, typed, problem), 422

    def act(writing: Session) -> None:
        finding = typed["finding"][:LONGEST_WORDS]
        checking.check(
            writing, now(), seat(), incident_id, source=typed["source"], says=Says(typed["says"]), finding=finding
        )

    return _do(incident_id, act, _("Noted. Decide above what is known now."), _gone())


def _wrong_with_check(typed: Mapping[str, str]) -> str | None:
    if not 0 < len(typed["source"]) <= LONGEST_SOURCE or typed["says"] not in SAYS or not typed["finding"]:
        return _("Write whom you asked, choose what they say, and write what they told you.")
    with services().store.reading() as reading:
        named = checking.named_in(reading, typed["source"])
    if named:
        return _("Write the role or the body (“town hall of Konna”), no name of a person and no number.")
    return None


@page("/rumours/<uuid:incident_id>/checks/<uuid:check_id>/withdraw", who=DESK, methods=("POST",))
def withdraw_check(incident_id: UUID, check_id: UUID) -> Any:
    """It was noted by mistake."""

    def act(writing: Session) -> None:
        checking.take_back_check(writing, now(), seat(), incident_id, check_id)

    refused = _("What is confirmed rests on this source. Change what is known first, then take it back.")
    return _do(incident_id, act, _("Taken back."), refused)


# What it is answered


@page("/rumours/<uuid:incident_id>/answers", who=DESK, methods=("POST",))
def write_answer(incident_id: UUID) -> Any:
    """A sentence for telephones or a text for the radios; a second person approves it."""
    typed = _typed("form", "language", "text", "until", "keep")
    read = _read_answer(typed)
    if isinstance(read, str):
        return rumour_page(incident_id, typed, read), 422
    with services().store.reading() as reading:
        repeated = _reader().repeats(reading, seat(), incident_id, typed["text"])
    if any(each.is_forbidden for each in repeated):
        return rumour_page(
            incident_id, typed, _("This repeats the rumour. Say it without the words that are marked below."), repeated
        ), 422
    if repeated and not typed["keep"]:
        problem = _("These words are also those of the rumour. Change them, or say below that they may stay.")
        return rumour_page(incident_id, typed, problem, repeated), 422

    def act(writing: Session) -> None:
        answering.write(writing, now(), seat(), incident_id, _reader(), **read)

    done = _("Kept. It is told to nobody before a second person has approved it.")
    return _do(incident_id, act, done, _("Decide first what is known, and write without the words of the rumour."))


def _read_answer(typed: Mapping[str, str]) -> dict[str, Any] | str:
    """What the form says, or what is wrong with it in one sentence."""
    if typed["form"] not in list(AnswerForm) or typed["language"] not in LANGUAGES:
        return _("Choose a language from the list.")
    form = AnswerForm(typed["form"])
    if not typed["text"] or not answering.fits(form, typed["text"], typed["language"], services().spoken.folding):
        return _too_long_or_short(form, typed["text"])
    try:
        expires_at = datetime.combine(date.fromisoformat(typed["until"]), time(23, 59), UTC)
    except ValueError:
        return _("Give the last day on which this is true.")
    if not now() < expires_at < now() + answering.HOLDS_AT_MOST:
        return _("The last day must be today or later, and within three months.")
    return {"form": form, "language": typed["language"], "text": typed["text"], "expires_at": expires_at}


def _too_long_or_short(form: AnswerForm, text: str) -> str:
    if form is AnswerForm.SENTENCE:
        return _("The sentence must be there and fit into one SMS.")
    return _(
        "Read aloud, this takes about %(seconds)s seconds; 30 to 60 are heard to the end (70 to 140 words).",
        seconds=round(answering.seconds(text)),
    )


@page("/rumours/<uuid:incident_id>/answers/<uuid:answer_id>/approve", who=DESK, methods=("POST",))
def approve_answer(incident_id: UUID, answer_id: UUID) -> Any:
    """A second person answers for this very text."""

    def act(writing: Session) -> None:
        answering.approve(writing, now(), seat(), incident_id, answer_id, _reader())

    refused = _(
        "Somebody else has to approve what you wrote; and what repeats words that were told since is written anew."
    )
    return _do(incident_id, act, _("Approved. A sentence goes to whoever agreed; a text can be printed."), refused)


@page("/rumours/<uuid:incident_id>/answers/<uuid:answer_id>/withdraw", who=DESK, methods=("POST",))
def withdraw_answer(incident_id: UUID, answer_id: UUID) -> Any:
    """It is told to nobody any more."""

    def act(writing: Session) -> None:
        answering.withdraw(writing, now(), seat(), incident_id, answer_id)

    return _do(incident_id, act, _("Withdrawn: it is told to nobody any more."), _gone())


@page("/rumours/<uuid:incident_id>/answers/<uuid:answer_id>", who=DESK)
def answer_sheet(incident_id: UUID, answer_id: UUID) -> str:
    """A text for the radios, to print; none that a second person has not approved or that no longer holds."""
    with services().store.reading() as reading:
        texts = answering.listed(reading, now(), incident_id)
        found = next((each for each in texts if each.id == answer_id and _may_be_read_aloud(each)), None)
        if found is None:
            abort(404)
        places = checking.places_of(reading, incident_id)
        radios = _radios(reading, places)
    told = {
        "communes": dict.fromkeys(_commune(place) for place in places),
        "radios": radios,
        "place_label": services().gazetteer.commune_label,
        "seconds": round(answering.seconds(found.text)),
    }
    return render_template("rumour_sheet.html", answer=found, incident_id=incident_id, **told)


def _radios(reading: Session, places: Sequence[str]) -> list[Group]:
    """The radios of the cercles where it is heard: one that stands in the next commune is listened to as well."""
    gazetteer = services().gazetteer
    paths = [gazetteer.path(place) for each in places if (place := gazetteer.get(each))]
    around = [next((step.id for step in path if step.level is Level.CERCLE), path[0].id) for path in paths]
    within = [each for place in dict.fromkeys(around) for each in gazetteer.ids_within(place)]
    if not within:
        return []
    found = groups.listed(reading, now(), Wanted(GroupKind.RADIO, within), titles=may(SECRETARIES))
    return [group for group, _counts in found]


def _may_be_read_aloud(answer: Answer) -> bool:
    return answer.form is AnswerForm.RADIO and answer.holds


def _commune(place_id: str) -> str:
    gazetteer = services().gazetteer
    commune = gazetteer.commune_of(place_id)
    return gazetteer.commune_label(commune.id if commune else place_id)


def _reader() -> Reader:
    return Reader(services().lexicon, services().gazetteer)


# Who asks it, too


@page("/rumours/<uuid:incident_id>/reports", who=DESK, methods=("POST",))
def join_rumour(incident_id: UUID) -> Any:
    """These reports ask the same: they are sightings of it."""
    try:
        others = [UUID(each) for each in request.form.getlist("reports")]
    except ValueError:
        abort(400)
    if not others:
        return rumour_page(incident_id, problem=_("Tick the reports that tell of the same event.")), 422

    def act(writing: Session) -> None:
        incidents.add(writing, now(), seat(), incident_id, others)

    return _do(incident_id, act, _("Joined. What is found out goes to all of them."), _gone())


def _typed(*names: str) -> dict[str, str]:
    return {name: tidy(request.form.get(name, "")).strip() for name in names}


def _gone() -> str:
    return _("This rumour is not there any more, or its words were erased.")


def _do(incident_id: UUID, act: Callable[[Session], None], done: str, refused: str) -> Response:
    once(act, done, refused)
    return redirect(url_for("admin.rumour", incident_id=incident_id), 303)
