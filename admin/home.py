"""The first page of whoever is signed in: their work, or what their roles may do."""

from typing import Any

from flask import redirect, render_template, url_for

from admin.access import COMMITTEE, DESK, OVERSIGHT, Door, may, me, page
from admin.staff import ADMINISTRATORS
from admin.translations import TRANSLATORS

#: Whoever holds several roles begins with the most urgent work.
_WORK = (
    (DESK, "admin.inbox"),
    (COMMITTEE, "admin.item_list"),
    (TRANSLATORS, "admin.language_list"),
    (ADMINISTRATORS, "admin.staff_list"),
    (OVERSIGHT, "admin.audit_page"),
)


@page("/", who=Door.SIGNED_IN)
def home() -> Any:
    """On to their work; whose work has no page yet is told what their roles are."""
    for who, endpoint in _WORK:
        if may(who):
            return redirect(url_for(endpoint), 303)
    return render_template("home.html", me=me())
