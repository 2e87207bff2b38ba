"""Members of cells and associations, their invitations, what they answer each week."""

import sqlalchemy as sa
from alembic import op

from bot.store.types import Instant

revision = "0004"
down_revision = "0003"


def upgrade() -> None:
    op.create_table(
        "invitation",
        sa.Column("id", sa.Uuid(), primary_key=True),
        sa.Column("code_hash", sa.LargeBinary(32), nullable=False),
        sa.Column("group", sa.String(16), nullable=False),
        sa.Column("place", sa.String(96)),
        sa.Column("expires_at", Instant(), nullable=False),
        sa.Column("used_at", Instant()),
        sa.Column("made_at", Instant(), nullable=False),
    )
    op.create_index("ix_invitation_code_hash", "invitation", ["code_hash"])
    op.create_table(
        "member",
        sa.Column("id", sa.Uuid(), primary_key=True),
        sa.Column("address_id", sa.Uuid(), sa.ForeignKey("address.id"), nullable=False),
        sa.Column("group", sa.String(16), nullable=False),
        sa.Column("place", sa.String(96)),
        sa.Column("person", sa.SmallInteger(), nullable=False),
        sa.Column("confirmed_at", Instant(), nullable=False),
        sa.Column("asked_at", Instant(), nullable=False),
        sa.Column("paused_until", Instant()),
        sa.Column("ended_at", Instant()),
        sa.Column("made_at", Instant(), nullable=False),
        sa.UniqueConstraint("address_id", "person"),
    )
    op.create_table(
        "weekly",
        sa.Column("member_id", sa.Uuid(), sa.ForeignKey("member.id"), primary_key=True),
        sa.Column("week", sa.String(8), primary_key=True),
        sa.Column("talk_id", sa.Uuid(), sa.ForeignKey("talk.id"), nullable=False),
        sa.Column("asked_at", Instant(), nullable=False),
        sa.Column("reminded_at", Instant()),
        sa.Column("answer", sa.String(12)),
        sa.Column("services", sa.String(3)),
        sa.Column("answered_at", Instant()),
    )


def downgrade() -> None:
    op.drop_table("weekly")
    op.drop_table("member")
    op.drop_table("invitation")
