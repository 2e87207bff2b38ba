"""Who told something is shown to one person, with a reason, when another allows it."""

import sqlalchemy as sa
from alembic import op

from bot.store.types import Instant

revision = "0020"
down_revision = "0019"


def upgrade() -> None:
    op.create_table(
        "reveal",
        sa.Column("id", sa.Uuid(), primary_key=True),
        sa.Column("report_id", sa.Uuid(), sa.ForeignKey("report.id"), nullable=False),
        sa.Column("address_id", sa.Uuid(), sa.ForeignKey("address.id"), nullable=False),
        sa.Column("status", sa.String(8), nullable=False),
        sa.Column("reason", sa.LargeBinary(), nullable=False),
        sa.Column("asked_by", sa.Uuid(), sa.ForeignKey("staff.id"), nullable=False),
        sa.Column("asked_at", Instant(), nullable=False),
        sa.Column("decided_by", sa.Uuid(), sa.ForeignKey("staff.id")),
        sa.Column("decided_at", Instant()),
        sa.Column("expires_at", Instant(), nullable=False),
        sa.CheckConstraint("status IN ('asked', 'allowed', 'refused')", name="status"),
        sa.CheckConstraint("decided_by <> asked_by", name="second_person"),
        sa.CheckConstraint("status = 'asked' OR (decided_by IS NOT NULL AND decided_at IS NOT NULL)", name="decided"),
    )
    op.create_index("ix_reveal_report_id", "reveal", ["report_id"])
    op.create_index("ix_reveal_address_id", "reveal", ["address_id"])
    asked = sa.text("status = 'asked'")
    op.create_index("ix_reveal_asked", "reveal", ["id"], sqlite_where=asked, postgresql_where=asked)


def downgrade() -> None:
    op.drop_table("reveal")
