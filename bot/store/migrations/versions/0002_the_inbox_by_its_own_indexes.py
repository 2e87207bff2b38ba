"""The inbox, what changed in it, and the talks and call-backs of a report are found by indexes of their own."""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"

_OPEN = sa.text("status NOT IN ('closed', 'set_aside')")


def upgrade() -> None:
    op.create_index("ix_talk_report_id", "talk", ["report_id"])
    op.create_index("ix_call_back_report_id", "call_back", ["report_id"])
    op.create_index("ix_call_back_address_id", "call_back", ["address_id"])
    by_state: list[str | sa.TextClause] = ["status", "urgency", sa.text("made_at DESC"), "id"]
    op.create_index("ix_report_status", "report", by_state, postgresql_include=["closed_queue"])
    op.drop_index("ix_report_inbox", "report")
    op.create_index("ix_report_open", "report", by_state[1:], sqlite_where=_OPEN, postgresql_where=_OPEN)
    changed = ["closed_queue", "changed_at"]
    op.create_index("ix_report_open_changed", "report", changed, sqlite_where=_OPEN, postgresql_where=_OPEN)


def downgrade() -> None:
    op.drop_index("ix_report_open_changed", "report")
    op.drop_index("ix_report_open", "report")
    op.create_index("ix_report_inbox", "report", ["closed_queue", "status", "urgency", "made_at"])
    op.drop_index("ix_report_status", "report")
    op.drop_index("ix_call_back_address_id", "call_back")
    op.drop_index("ix_call_back_report_id", "call_back")
    op.drop_index("ix_talk_report_id", "talk")
