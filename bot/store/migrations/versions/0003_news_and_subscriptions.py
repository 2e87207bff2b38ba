"""News for everybody, and who asked for peace messages."""

import sqlalchemy as sa
from alembic import op

from bot.store.types import Instant

revision = "0003"
down_revision = "0002"


def upgrade() -> None:
    op.create_table(
        "info",
        sa.Column("id", sa.Uuid(), primary_key=True),
        sa.Column("topic", sa.String(16), nullable=False),
        sa.Column("place", sa.String(96)),
        sa.Column("language", sa.String(8), nullable=False),
        sa.Column("text", sa.String(640), nullable=False),
        sa.Column("expires_at", Instant(), nullable=False),
        sa.Column("made_by", sa.Uuid(), sa.ForeignKey("staff.id"), nullable=False),
        sa.Column("made_at", Instant(), nullable=False),
        sa.Column("withdrawn_at", Instant()),
    )
    living = sa.text("withdrawn_at IS NULL")
    op.create_index("ix_info_living", "info", ["topic", "place"], sqlite_where=living, postgresql_where=living)
    op.create_table(
        "subscription",
        sa.Column("address_id", sa.Uuid(), sa.ForeignKey("address.id"), primary_key=True),
        sa.Column("day", sa.String(12), nullable=False),
        sa.Column("theme", sa.String(12)),
        sa.Column("made_at", Instant(), nullable=False),
    )


def downgrade() -> None:
    op.drop_table("subscription")
    op.drop_table("info")
