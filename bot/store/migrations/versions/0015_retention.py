"""How long what was told is kept, and the indexes that find what is to go."""

import sqlalchemy as sa
from alembic import op

from bot.store.types import Instant, RowNumber

revision = "0015"
down_revision = "0014"

_INDEXES = (
    ("ix_talk_words", "talk", "heard_at", "report_id IS NULL AND data_key IS NOT NULL"),
    ("ix_report_linked", "report", "changed_at", "status IN ('closed', 'set_aside') AND address_id IS NOT NULL"),
    ("ix_report_told", "report", "made_at", "narrative IS NOT NULL"),
)


def upgrade() -> None:
    op.create_table(
        "retention_period",
        sa.Column("id", RowNumber, primary_key=True),
        sa.Column("kept", sa.String(16), nullable=False),
        sa.Column("days", sa.Integer(), nullable=False),
        sa.Column("staff_id", sa.Uuid(), sa.ForeignKey("staff.id"), nullable=False),
        sa.Column("made_at", Instant(), nullable=False),
    )
    for name, table, column, condition in _INDEXES:
        op.create_index(name, table, [column], sqlite_where=sa.text(condition), postgresql_where=sa.text(condition))


def downgrade() -> None:
    for name, table, _, _ in _INDEXES:
        op.drop_index(name, table)
    op.drop_table("retention_period")
