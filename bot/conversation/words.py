"""Words that more than one flow, or the intake itself, says: the same bytes for everybody but the number."""

from bot.conversation.questions import Gettext, Reading


def closing(_: Gettext, code: str, reading: Reading) -> str:
    """The last words of every flow; they name no kind, no danger and no place, and differ by the hour alone."""
    if reading.day:
        return _(
            "Thank you, noted, no %(code)s. A person reads it on %(day)s from %(start)sh. No names of people please. "
            "Emergencies: 17, 18, 15. No need to keep these messages.",
            code=code,
            day=reading.day,
            start=reading.opens,
        )
    return _(
        "Thank you, noted, no %(code)s. A person reads everything, %(start)sh to %(end)sh. No names of people please. "
        "Emergencies: 17, 18, 15. No need to keep these messages.",
        code=code,
        start=reading.opens,
        end=reading.closes,
    )


def found_out(_: Gettext, veracity: str, code: str, sentence: str | None = None) -> str:
    """How far something that people say is known to be true (a `Veracity`), with the desk's sentence on it; never what
    it was.
    """
    known = _known(_, veracity, code)
    return f"{known} {sentence}" if sentence else known


def known_answer(_: Gettext, veracity: str, sentence: str) -> str:
    """What is confirmed (true or false), and the desk's sentence, for whoever asks what is answered already."""
    known = _("It is true.") if veracity == "confirmed_true" else _("It is false.")
    return f"{known} {sentence}"


def _known(_: Gettext, veracity: str, code: str) -> str:
    if veracity == "confirmed_true":
        return _("No %(code)s: it is true. Checked by 2 sources.", code=code)
    if veracity == "confirmed_false":
        return _("No %(code)s: it is false. Checked by 2 sources. Listen to the local radio.", code=code)
    if veracity == "probably_true":
        return _("No %(code)s: it is probably true. We go on checking. Better not to repeat it.", code=code)
    if veracity == "probably_false":
        return _("No %(code)s: it is probably false. We go on checking. Better not to repeat it.", code=code)
    if veracity == "cannot_be_checked":
        return _("No %(code)s: we could not check it. Neither true nor false. Better not to repeat it.", code=code)
    return _("No %(code)s: we are checking it. Until then, better not to repeat it.", code=code)


def call_hours(_: Gettext) -> dict[str, str]:
    """When a person may be called, as options."""
    return {
        "now": _("now"),
        "morning": _("in the morning"),
        "afternoon": _("in the afternoon"),
        "evening": _("in the evening"),
        "no": _("no"),
    }
