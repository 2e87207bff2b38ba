"""Filters of the inbox by their own indexes, and the views that people save."""

import sqlalchemy as sa
from alembic import op

from bot.store.types import Instant

revision = "0023"
down_revision = "0022"

_OPEN = "status NOT IN ('closed', 'set_aside')"
_INDEXES = {
    "ix_report_open_kind": ("kind", f"{_OPEN} AND kind IS NOT NULL"),
    "ix_report_open_suggested_kind": ("suggested_kind", f"{_OPEN} AND kind IS NULL"),
    "ix_report_open_language": ("language", _OPEN),
    "ix_report_open_channel": ("channel", _OPEN),
    "ix_report_open_unread": (None, f"{_OPEN} AND seen_at IS NULL"),
    "ix_report_open_call": (None, f"{_OPEN} AND call IN ('now', 'morning', 'afternoon', 'evening')"),
}


def upgrade() -> None:
    for name, (column, where) in _INDEXES.items():
        first = [column] if column else []
        columns: list[str | sa.TextClause] = [*first, "urgency", sa.text("made_at DESC"), "id"]
        op.create_index(name, "report", columns, sqlite_where=sa.text(where), postgresql_where=sa.text(where))
    op.create_table(
        "saved_view",
        sa.Column("id", sa.Uuid(), primary_key=True),
        sa.Column("staff_id", sa.Uuid(), sa.ForeignKey("staff.id"), nullable=False),
        sa.Column("name", sa.LargeBinary(), nullable=False),
        sa.Column("query", sa.JSON(), nullable=False),
        sa.Column("made_at", Instant(), nullable=False),
        sa.Column("deleted_at", Instant()),
    )
    op.create_index("ix_saved_view_staff_id", "saved_view", ["staff_id"])


def downgrade() -> None:
    op.drop_table("saved_view")
    for name in _INDEXES:
        op.drop_index(name, "report")
