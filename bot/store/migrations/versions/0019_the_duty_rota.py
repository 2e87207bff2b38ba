"""Who is on duty from hour to hour, in which languages."""

import sqlalchemy as sa
from alembic import op

from bot.store.types import Instant, RowNumber

revision = "0019"
down_revision = "0018"

_RINGING = "urgency = 1 AND seen_at IS NULL AND status NOT IN ('closed', 'set_aside')"


def upgrade() -> None:
    op.create_table(
        "duty_profile",
        sa.Column("staff_id", sa.Uuid(), sa.ForeignKey("staff.id"), primary_key=True),
        sa.Column("languages", sa.JSON(), nullable=False),
        sa.Column("as_woman", sa.Boolean(), nullable=False),
        sa.Column("changed_at", Instant(), nullable=False),
    )
    op.create_table(
        "rota_change",
        sa.Column("id", RowNumber, primary_key=True, autoincrement=False),
        sa.Column("what", sa.String(8), nullable=False),
        sa.Column("staff_id", sa.Uuid(), sa.ForeignKey("staff.id"), nullable=False),
        sa.Column("made_at", Instant(), nullable=False),
        sa.Column("undone_at", Instant()),
    )
    op.create_table(
        "shift",
        sa.Column("id", sa.Uuid(), primary_key=True),
        sa.Column("line", sa.String(12), nullable=False),
        sa.Column("staff_id", sa.Uuid(), sa.ForeignKey("staff.id"), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("opens", sa.SmallInteger(), nullable=False),
        sa.Column("closes", sa.SmallInteger(), nullable=False),
        sa.Column("made_in", RowNumber, sa.ForeignKey("rota_change.id"), nullable=False),
        sa.Column("removed_in", RowNumber, sa.ForeignKey("rota_change.id")),
        sa.CheckConstraint("line IN ('desk', 'closed_queue')", name=op.f("ck_shift_line")),
        sa.CheckConstraint(
            "opens BETWEEN 0 AND 23 AND closes BETWEEN 1 AND 24 AND opens < closes", name=op.f("ck_shift_hours")
        ),
    )
    op.create_index("ix_shift_day", "shift", ["day", "line"])
    op.create_index("ix_shift_made_in", "shift", ["made_in"])
    op.create_index("ix_shift_removed_in", "shift", ["removed_in"])
    op.create_index(
        "ix_report_ringing",
        "report",
        ["closed_queue", "changed_at"],
        sqlite_where=sa.text(_RINGING),
        postgresql_where=sa.text(_RINGING),
    )


def downgrade() -> None:
    op.drop_index("ix_report_ringing", "report")
    for name in ("shift", "rota_change", "duty_profile"):
        op.drop_table(name)
