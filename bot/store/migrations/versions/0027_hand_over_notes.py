"""What one shift leaves to the next."""

import sqlalchemy as sa
from alembic import op

from bot.store.types import Instant

revision = "0027"
down_revision = "0026"


def upgrade() -> None:
    op.create_table(
        "hand_over",
        sa.Column("id", sa.Uuid(), primary_key=True),
        sa.Column("data_key", sa.LargeBinary()),
        sa.Column("text", sa.LargeBinary(), nullable=False),
        sa.Column("closed_queue", sa.Boolean(), nullable=False),
        sa.Column("author_id", sa.Uuid(), sa.ForeignKey("staff.id"), nullable=False),
        sa.Column("made_at", Instant(), nullable=False),
    )
    op.create_index("ix_hand_over_made_at", "hand_over", ["made_at"])
    op.create_table(
        "hand_over_read",
        sa.Column("hand_over_id", sa.Uuid(), sa.ForeignKey("hand_over.id"), primary_key=True),
        sa.Column("staff_id", sa.Uuid(), sa.ForeignKey("staff.id"), primary_key=True),
        sa.Column("read_at", Instant(), nullable=False),
    )


def downgrade() -> None:
    op.drop_table("hand_over_read")
    op.drop_table("hand_over")
