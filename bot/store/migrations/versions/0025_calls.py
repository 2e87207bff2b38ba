"""What came of each call, when to call again, and whom a call would endanger."""

import sqlalchemy as sa
from alembic import op

from bot.store.types import Instant

revision = "0025"
down_revision = "0024"


def upgrade() -> None:
    op.add_column("address", sa.Column("unsafe_at", Instant()))
    op.add_column("call_back", sa.Column("call_at", Instant()))
    op.create_table(
        "call",
        sa.Column("id", sa.Uuid(), primary_key=True),
        sa.Column("call_back_id", sa.Uuid(), sa.ForeignKey("call_back.id"), nullable=False),
        sa.Column("staff_id", sa.Uuid(), nullable=False),
        sa.Column("outcome", sa.String(12), nullable=False),
        sa.Column("note", sa.LargeBinary()),
        sa.Column("at", Instant(), nullable=False),
        sa.CheckConstraint(
            "outcome IN ('reached', 'no_answer', 'wrong_person', 'later', 'not_safe')", name=op.f("ck_call_outcome")
        ),
    )
    op.create_index("ix_call_call_back_id", "call", ["call_back_id", "at"])


def downgrade() -> None:
    op.drop_table("call")
    op.drop_column("call_back", "call_at")
    op.drop_column("address", "unsafe_at")
