"""Who works on a report just now."""

import sqlalchemy as sa
from alembic import op

from bot.store.types import Instant

revision = "0022"
down_revision = "0021"


def upgrade() -> None:
    op.create_table(
        "report_lock",
        sa.Column("report_id", sa.Uuid(), sa.ForeignKey("report.id"), primary_key=True),
        sa.Column("staff_id", sa.Uuid(), sa.ForeignKey("staff.id"), nullable=False),
        sa.Column("since", Instant(), nullable=False),
        sa.Column("until", Instant(), nullable=False),
    )


def downgrade() -> None:
    op.drop_table("report_lock")
