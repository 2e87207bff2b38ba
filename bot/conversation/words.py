"""Words that more than one flow, or the intake itself, says: the same bytes for everybody but the number."""

from bot.conversation.questions import Gettext


def closing(_: Gettext, code: str) -> str:
    """The last words of every flow; they name no kind, no danger and no place."""
    return _(
        "Thank you, noted, no %(code)s. A person reads everything, 7am to 7pm. No names of people please. "
        "Emergencies: 17, 18, 15. No need to keep these messages.",
        code=code,
    )


def call_hours(_: Gettext) -> dict[str, str]:
    """When a person may be called, as options."""
    return {
        "now": _("now"),
        "morning": _("in the morning"),
        "afternoon": _("in the afternoon"),
        "evening": _("in the evening"),
        "no": _("no"),
    }
