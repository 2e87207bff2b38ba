"""The conversation with a reporter as a page shows it: what was said, what waits, and what may be said now."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from admin.access import seat
from admin.labels import CALL_HOURS, NOT_REACHED, WHEN
from admin.services import now, services
from admin.words import clock_time, language, ngettext
from admin.words import gettext as _
from bot.casework import desk, thread
from bot.casework.desk import Line, Spoken
from bot.casework.telling.reach import DESK, Not, Reach, When
from bot.casework.thread import Entry
from bot.conversation.templates import TEMPLATES, Template, speaker, state, voice
from bot.languages import Segments
from bot.languages.catalogue import WORKING, State, Translator
from bot.store import Session
from bot.store.tables import DeskMessageStatus

#: A reply may take so many SMS; more is not read on a basic phone and costs the country.
MOST_SEGMENTS = 4


@dataclass(frozen=True, slots=True)
class Said:
    """One message, and for a question of the desk what it was and what came back, in the words of this page."""

    message: Spoken
    question: str | None = None
    answer: str | None = None


@dataclass(frozen=True, slots=True)
class Ready:
    """A template that may be sent: how it is called here, its words, their language, and how far they are in theirs."""

    key: str
    label: str
    text: str
    speaker: str
    state: State
    allowed: bool


def values(reading: Session, line: Line) -> Mapping[str, Any]:
    """What the page of a report shows of its conversation."""
    entries = thread.entries(reading, seat(), line.id)
    found = thread.reachable(reading, now(), line.id)
    return {
        "spoken": _spoken(desk.conversation(reading, seat(), line.id), entries),
        "waiting": [(each, _asked(each), _when(each)) for each in entries if each.status is DeskMessageStatus.WAITING],
        "dropped": [_asked(each) for each in entries if each.status is DeskMessageStatus.DROPPED],
        "overtaken": [_asked(each) for each in entries if each.status is DeskMessageStatus.OVERTAKEN],
        "reachable": found.at is not None,
        "goes_out": goes_out(found, line),
        "ready": [_ready(each, line) for each in TEMPLATES.values() if each.support or not line.closed_queue],
        "is_sms": is_sms(line),
        "not_to": next((each.answer for each in reversed(entries) if each.template == "not_to" and each.answer), None),
        "written_in": WORKING,
    }


def goes_out(found: Reach, line: Line) -> str:
    """When a message would go out and why then; or why none may."""
    if isinstance(found.why, Not):
        return _(NOT_REACHED[found.why])
    assert found.at is not None
    why = _(WHEN[found.why])
    if found.why is When.NAMED and line.call:
        why = _("they said: %(hours)s", hours=_(CALL_HOURS[line.call]))
    if found.at <= now():
        return _("Goes out now: %(why)s.", why=why)
    return _("Goes out %(when)s: %(why)s.", when=_day_and_hour(found), why=why)


def _day_and_hour(found: Reach) -> str:
    assert found.at is not None
    if found.at.date() == now().date() + timedelta(days=1):
        return _("tomorrow at %(time)s", time=found.at.strftime("%H:%M"))
    return _("at %(time)s", time=clock_time(found.at))


def _when(entry: Entry) -> str:
    if entry.send_at > now():
        return _("goes out %(when)s", when=_day_and_hour(Reach(entry.send_at, When.DAY)))
    return _("waits while they answer another question")


def _words_here() -> Translator:
    """What the bot says, in the language of this page."""
    return services().spoken.translator(language())


def _spoken(messages: list[Spoken], entries: list[Entry]) -> list[Said]:
    asked = {entry.talk_id: entry for entry in entries if entry.talk_id}
    found = []
    for message in messages:
        # The first thing we say in the talk of a question is that question.
        entry = asked.pop(message.talk_id, None) if message.outbound and message.talk_id else None
        found.append(Said(message, _asked(entry), _answer(entry)) if entry else Said(message))
    return found


def _asked(entry: Entry) -> str | None:
    """The question in the words of this page, or the text that waits."""
    template = TEMPLATES.get(entry.template or "")
    return template.question(_words_here().gettext) if template else entry.text


def _answer(entry: Entry) -> str | None:
    template = TEMPLATES.get(entry.template or "")
    if entry.answered_at is None or template is None:
        return None
    if entry.answer is None:
        return template.skip(_words_here().gettext)
    return template.options(_words_here().gettext).get(str(entry.answer), str(entry.answer))


def _ready(template: Template, line: Line) -> Ready:
    catalogues, theirs = services().spoken, line.language or WORKING
    tag = speaker(catalogues, theirs, template)
    text = template.words(voice(catalogues, theirs, template).gettext, "…")
    allowed = not line.closed_queue or thread.supports(catalogues, template, theirs)
    how_far = state(catalogues, theirs, template)
    return Ready(template.key, template.question(_words_here().gettext), text, tag, how_far, allowed)


def is_sms(line: Line) -> bool:
    """Whether a reply goes by SMS: also to whoever gave their number at the desk."""
    return line.channel in services().sms_channels or line.channel == DESK


def size(taken: Segments, line: Line) -> str:
    """What a text takes, in words."""
    if not is_sms(line):
        return ngettext("%(n)s character", "%(n)s characters", taken.units)
    if not taken.segments:
        return _("Nothing written yet.")
    sms = ngettext("%(n)s SMS", "%(n)s SMS", taken.segments)
    left = ngettext("%(n)s character left in it", "%(n)s characters left in the last", taken.left)
    if taken.alphabet == "gsm7":
        return f"{sms} · {left}"
    return f"{sms} · {left} · " + _("a letter outside the basic alphabet cuts each SMS to 70")
