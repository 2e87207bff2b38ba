"""When the desk is staffed, as rows with history."""

import sqlalchemy as sa
from alembic import op

from bot.store.types import Instant, RowNumber

revision = "0013"
down_revision = "0012"


def upgrade() -> None:
    op.create_table(
        "desk_hours",
        sa.Column("id", RowNumber, primary_key=True),
        sa.Column("weekday", sa.SmallInteger()),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("opens", sa.SmallInteger()),
        sa.Column("closes", sa.SmallInteger()),
        sa.Column("name", sa.String(40), nullable=False),
        sa.Column("kept", sa.Boolean(), nullable=False),
        sa.Column("staff_id", sa.Uuid(), sa.ForeignKey("staff.id"), nullable=False),
        sa.Column("made_at", Instant(), nullable=False),
        sa.CheckConstraint("weekday BETWEEN 0 AND 6", name=op.f("ck_desk_hours_weekday")),
        sa.CheckConstraint(
            "opens BETWEEN 0 AND 23 AND closes BETWEEN 1 AND 24 AND opens < closes", name=op.f("ck_desk_hours_hours")
        ),
        sa.CheckConstraint("(opens IS NULL) = (closes IS NULL)", name=op.f("ck_desk_hours_closed")),
    )


def downgrade() -> None:
    op.drop_table("desk_hours")
