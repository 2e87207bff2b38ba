"""Forms that act once: a token in each, used up in the transaction of its act."""

import re
import secrets
from collections.abc import Callable

from flask import abort, flash, request

from admin.access import refused as note_refusal
from admin.services import now, services
from admin.words import gettext as _
from bot.errors import NotAllowed, Stale
from bot.languages import LANGUAGES
from bot.store import Duplicate, Session, form_tokens

_TOKEN = re.compile("[A-Za-z0-9_-]{24}")


def new_token() -> str:
    """A token for one form: sent twice, it acts once."""
    return secrets.token_urlsafe(18)


def form_token() -> str:
    """The token of the form that was sent; 400 without one."""
    token = request.form.get("token", "")
    if not _TOKEN.fullmatch(token):
        abort(400)
    return token


def languages_ticked() -> list[str]:
    """The languages that a form names, those of ours."""
    return [each for each in request.form.getlist("language") if each in LANGUAGES]


def once(
    act: Callable[[Session], None], done: str | Callable[[], str], refused: str | Callable[[NotAllowed], str]
) -> bool:
    """One act in one transaction, once per form; what came of it is said on the next page. Whether it was done.

    `done` and `refused` are what to say, or what words it by how it went; a refusal is in the audit.
    """
    try:
        with services().store.writing() as writing:
            form_tokens.use(writing, now(), form_token())
            act(writing)
    except Duplicate:
        flash(_("This was done already; it was not done a second time."), "note")
    except Stale:
        flash(_("Somebody else was faster. This is how it stands now."), "note")
    except NotAllowed as refusal:
        note_refusal("rule")
        flash(refused if isinstance(refused, str) else refused(refusal), "bad")
    else:
        flash(done if isinstance(done, str) else done(), "good")
        return True
    return False
