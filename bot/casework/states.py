"""The states of a report that are asked for together: open, and open with a life in danger."""

from sqlalchemy import literal_column, not_

from bot.store.tables import ReportStatus, report
from bot.store.types import among

OPEN = tuple(each.value for each in ReportStatus if each not in (ReportStatus.CLOSED, ReportStatus.SET_ASIDE))
#: As the indexes of the inbox say it.
IS_OPEN = not_(among(report.c.status, "closed", "set_aside"))
#: Life is in danger and nobody has opened it; as its index says it.
RINGING = (report.c.urgency == literal_column("1"), report.c.seen_at.is_(None), IS_OPEN)
