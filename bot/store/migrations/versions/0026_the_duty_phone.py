"""The phone that rings while the desk is closed."""

import sqlalchemy as sa
from alembic import op

from bot.store.types import Instant, RowNumber

revision = "0026"
down_revision = "0025"

_LINE = "line IN ('desk', 'closed_queue')"


def upgrade() -> None:
    op.create_table(
        "duty_phone",
        sa.Column("id", sa.Uuid(), primary_key=True),
        sa.Column("line", sa.String(12), nullable=False),
        sa.Column("address_id", sa.Uuid(), sa.ForeignKey("address.id"), nullable=False),
        sa.Column("code_hash", sa.LargeBinary(32), nullable=False),
        sa.Column("tries", sa.SmallInteger(), nullable=False),
        sa.Column("staff_id", sa.Uuid(), sa.ForeignKey("staff.id"), nullable=False),
        sa.Column("made_at", Instant(), nullable=False),
        sa.Column("confirmed_at", Instant()),
        sa.Column("ended_at", Instant()),
        sa.CheckConstraint(_LINE, name=op.f("ck_duty_phone_line")),
    )
    op.create_index("ix_duty_phone_address_id", "duty_phone", ["address_id"])
    op.create_index(
        "uq_duty_phone_living",
        "duty_phone",
        ["line"],
        unique=True,
        sqlite_where=sa.text("ended_at IS NULL"),
        postgresql_where=sa.text("ended_at IS NULL"),
    )
    op.create_table(
        "duty_ring",
        sa.Column("id", RowNumber, primary_key=True, autoincrement=False),
        sa.Column("line", sa.String(12), nullable=False),
        sa.Column("phone_id", sa.Uuid(), sa.ForeignKey("duty_phone.id"), nullable=False),
        sa.Column("rung_at", Instant(), nullable=False),
        sa.Column("answered_at", Instant()),
        sa.Column("answered_by", sa.Uuid(), sa.ForeignKey("staff.id")),
        sa.CheckConstraint(_LINE, name=op.f("ck_duty_ring_line")),
    )
    op.create_index(
        "ix_duty_ring_unanswered",
        "duty_ring",
        ["line"],
        sqlite_where=sa.text("answered_at IS NULL"),
        postgresql_where=sa.text("answered_at IS NULL"),
    )


def downgrade() -> None:
    op.drop_table("duty_ring")
    op.drop_table("duty_phone")
