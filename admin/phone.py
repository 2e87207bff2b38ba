"""The simulated phone: two drawn phones that write and ring as real ones do, with what each message takes as SMS.

The script of the page speaks to the wire `simulator` itself; without a script the forms of the page do the same by way
of the server, which then keeps the last messages of a phone in memory.
"""

import secrets
import threading
from collections import OrderedDict, deque
from dataclasses import dataclass
from typing import Any, cast

from flask import abort, current_app, jsonify, redirect, render_template, request, session, url_for
from werkzeug.wrappers import Response

from admin.access import Door, page
from admin.access import phone as pages
from admin.services import services
from bot.languages import Segments, count, tidy
from bot.languages.gsm7 import BASIC, EXTENSION

_NAME = "kunnafoni-threads"
_MOST_PHONES, _MOST_BUBBLES, _LONGEST_TEXT = 500, 100, 1600
_PHONES = 2


@dataclass(frozen=True, slots=True)
class Bubble:
    """One message on a screen: from the phone or to it, or a call; `after` is the mailbox's last number before it."""

    mine: bool
    text: str
    call: bool = False
    after: int = 0

    @property
    def size(self) -> Segments:
        """What it takes as SMS."""
        return count(self.text)


class _Threads:
    """What phones without a script have said and heard; the oldest goes when there are too many."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._phones: OrderedDict[str, deque[Bubble]] = OrderedDict()

    def add(self, number: str, *bubbles: Bubble) -> None:
        with self._lock:
            self._phones.setdefault(number, deque(maxlen=_MOST_BUBBLES)).extend(bubbles)
            self._phones.move_to_end(number)
            if len(self._phones) > _MOST_PHONES:
                self._phones.popitem(last=False)

    def of(self, number: str) -> list[Bubble]:
        with self._lock:
            return list(self._phones.get(number, ()))


def keep_threads(extensions: dict[str, object]) -> None:
    """Give the application an empty memory for its phones."""
    extensions[_NAME] = _Threads()


def _threads() -> _Threads:
    return cast(_Threads, current_app.extensions[_NAME])


@page("/phone", who=Door.PHONE, on=pages)
def phone() -> str:
    """Two phones beside each other."""
    phones = [{"number": number, "bubbles": _bubbles(number), "after": _last(number)} for number in _numbers()]
    # Only a demonstration opens the simulator's wire; elsewhere the forms do all.
    return render_template(
        "phone.html", phones=phones, wire=services().settings.demo, basic=BASIC, extension=EXTENSION, most=_LONGEST_TEXT
    )


@page("/phone", who=Door.PHONE, methods=("POST",), on=pages)
def say() -> Response:
    """One message, one digit or one missed call of one phone, without a script."""
    place = _place()
    number = _numbers()[place]
    call = "call" in request.form
    text = "" if call else tidy(request.form.get("digit") or request.form.get("text", "")).strip()[:_LONGEST_TEXT]
    if call or text:
        after = _last(number)
        reply = services().simulate(number, text, call)
        said = [Bubble(True, text, call, after)]
        _threads().add(number, *said, *([Bubble(False, reply, False, after)] if reply else []))
    return redirect(url_for("phone.phone", _anchor=f"phone-{place + 1}"), 303)


@page("/phone/new", who=Door.PHONE, methods=("POST",), on=pages)
def new_card() -> Response:
    """Another number in this phone: a stranger to the desk."""
    place = _place()
    numbers = _numbers()
    numbers[place] = _new_number()
    session["phones"] = numbers
    return redirect(url_for("phone.phone", _anchor=f"phone-{place + 1}"), 303)


@page("/phone/messages", who=Door.PHONE, on=pages)
def messages() -> Any:
    """What came later for a phone of this browser: replies of the desk, after the mailbox's number `after`."""
    number, after = request.args.get("phone", ""), request.args.get("after", "")
    if number not in _numbers():
        abort(404)
    notes = services().mailbox.take(number, int(after) if after.isdecimal() and len(after) < 16 else 0)
    return jsonify(
        [{"number": note.number, "id": note.id, "attempt": note.attempt, "text": note.text} for note in notes]
    )


def _place() -> int:
    place = request.form.get("place", "")
    if place not in {str(each) for each in range(_PHONES)}:
        abort(400)
    return int(place)


def _numbers() -> list[str]:
    """The numbers in this browser's phones."""
    kept = session.get("phones")
    if not isinstance(kept, list) or len(kept) != _PHONES:
        session["phones"] = kept = [_new_number() for _ in range(_PHONES)]
    return kept


def _new_number() -> str:
    return f"{secrets.choice('67')}{secrets.randbelow(10**7):07}"


def _last(number: str) -> int:
    return max((note.number for note in services().mailbox.take(number)), default=0)


def _bubbles(number: str) -> list[Bubble]:
    """What stands on the screen: the thread, and each message of the mailbox where it came."""
    waiting = services().mailbox.take(number)
    shown: list[Bubble] = []
    for bubble in _threads().of(number):
        while waiting and waiting[0].number <= bubble.after:
            shown.append(Bubble(False, waiting.pop(0).text))
        shown.append(bubble)
    return [*shown, *(Bubble(False, note.text) for note in waiting)]
