"""What was heard and done in a month, told to cells and associations once a second person has approved it."""

import sqlalchemy as sa
from alembic import op

from bot.store.types import Instant

revision = "0017"
down_revision = "0016"


def upgrade() -> None:
    op.create_table(
        "report_back",
        sa.Column("id", sa.Uuid(), primary_key=True),
        sa.Column("place", sa.String(96)),
        sa.Column("group", sa.String(16)),
        sa.Column("month", sa.Date(), nullable=False),
        sa.Column("language", sa.String(8), nullable=False),
        sa.Column("text", sa.String(640), nullable=False),
        sa.Column("made_by", sa.Uuid(), sa.ForeignKey("staff.id"), nullable=False),
        sa.Column("made_at", Instant(), nullable=False),
        sa.Column("approved_by", sa.Uuid(), sa.ForeignKey("staff.id")),
        sa.Column("approved_at", Instant()),
        sa.Column("withdrawn_at", Instant()),
        sa.CheckConstraint("approved_by <> made_by", name="second_person"),
        sa.CheckConstraint("(approved_by IS NULL) = (approved_at IS NULL)", name="approved"),
    )
    op.create_table(
        "report_back_sent",
        sa.Column("report_back_id", sa.Uuid(), sa.ForeignKey("report_back.id"), primary_key=True),
        sa.Column("address_id", sa.Uuid(), sa.ForeignKey("address.id"), primary_key=True),
        sa.Column("at", Instant(), nullable=False),
    )


def downgrade() -> None:
    for name in ("report_back_sent", "report_back"):
        op.drop_table(name)
