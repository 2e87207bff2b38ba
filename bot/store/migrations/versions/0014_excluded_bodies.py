"""Bodies that must not hear of a report or of an event."""

import sqlalchemy as sa
from alembic import op

from bot.store.types import Instant

revision = "0014"
down_revision = "0013"


def upgrade() -> None:
    op.create_table(
        "exclusion",
        sa.Column("subject", sa.Uuid(), primary_key=True),
        sa.Column("seat", sa.String(16), sa.ForeignKey("committee_seat.code"), primary_key=True),
        sa.Column("why", sa.String(8), nullable=False),
        sa.Column("staff_id", sa.Uuid(), sa.ForeignKey("staff.id"), nullable=False),
        sa.Column("made_at", Instant(), nullable=False),
    )


def downgrade() -> None:
    op.drop_table("exclusion")
