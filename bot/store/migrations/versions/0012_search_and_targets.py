"""Words of reports as keyed hashes, and how soon a desk looks at a report."""

import sqlalchemy as sa
from alembic import op

from bot.store.types import Instant, RowNumber

revision = "0012"
down_revision = "0011"


def upgrade() -> None:
    op.add_column("report", sa.Column("to_index", sa.Boolean(), nullable=False, server_default=sa.true()))
    op.create_index(
        "ix_report_to_index",
        "report",
        ["id"],
        sqlite_where=sa.text("to_index = 1"),
        postgresql_where=sa.text("to_index"),
    )
    op.create_index("ix_report_made_at", "report", ["made_at"])
    op.create_index("ix_report_kind_made_at", "report", ["kind", "made_at"])
    op.create_table(
        "report_word",
        sa.Column("word", sa.LargeBinary(8), primary_key=True),
        sa.Column("report_id", sa.Uuid(), sa.ForeignKey("report.id"), primary_key=True),
    )
    op.create_index("ix_report_word_report_id", "report_word", ["report_id"])
    op.create_table(
        "target",
        sa.Column("id", RowNumber, primary_key=True),
        sa.Column("urgency", sa.SmallInteger(), nullable=False),
        sa.Column("minutes", sa.Integer(), nullable=False),
        sa.Column("staff_id", sa.Uuid(), sa.ForeignKey("staff.id"), nullable=False),
        sa.Column("made_at", Instant(), nullable=False),
    )


def downgrade() -> None:
    for name in ("target", "report_word"):
        op.drop_table(name)
    for name in ("ix_report_kind_made_at", "ix_report_made_at", "ix_report_to_index"):
        op.drop_index(name, "report")
    op.drop_column("report", "to_index")
