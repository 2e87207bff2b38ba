"""What the flows say in each language, before anybody hears it: every path walked, against the limits of each wire."""

from flask import render_template

from admin.access import OVERSIGHT, Role, page
from admin.services import now, services
from bot.languages import TAGS
from bot.languages.cost import tariff_on

READERS = OVERSIGHT | {Role.SECRETARY, Role.TRANSLATOR}


@page("/coverage", who=READERS)
def coverage() -> str:
    """The table; while it is being counted the page says how far, and offers to look again."""
    budgets = services().budgets.known()
    today = now().date()
    prices = {
        route: tariff_on(route, today, services().tariffs) for route in sorted(services().sms_channels | {"retail"})
    }
    return render_template("coverage.html", budgets=budgets, tags=TAGS, prices=prices)
