"""What the desk writes to a reporter or asks, until it has gone out and is answered; whether what they told may be passed on."""

import sqlalchemy as sa
from alembic import op

from bot.store.types import Instant

revision = "0031"
down_revision = "0030"

_WAITS = sa.text("status = 'waiting'")
_STATES = "'waiting', 'sent', 'taken_back', 'dropped'"


def upgrade() -> None:
    op.add_column("report", sa.Column("consent", sa.String(8)))
    op.create_table(
        "desk_message",
        sa.Column("id", sa.Uuid(), primary_key=True),
        sa.Column("report_id", sa.Uuid(), sa.ForeignKey("report.id"), nullable=False),
        sa.Column("talk_id", sa.Uuid(), sa.ForeignKey("talk.id")),
        sa.Column("cause", sa.String(96), nullable=False, unique=True),
        sa.Column("template", sa.String(16)),
        sa.Column("text", sa.LargeBinary()),
        sa.Column("status", sa.String(12), nullable=False),
        sa.Column("send_at", Instant(), nullable=False),
        sa.Column("answer", sa.LargeBinary()),
        sa.Column("answered_at", Instant()),
        sa.Column("staff_id", sa.Uuid(), nullable=False),
        sa.Column("made_at", Instant(), nullable=False),
        sa.CheckConstraint(f"status IN ({_STATES})", name=op.f("ck_desk_message_status")),
    )
    op.create_index("ix_desk_message_report_id", "desk_message", ["report_id"])
    op.create_index("ix_desk_message_talk_id", "desk_message", ["talk_id"])
    op.create_index(
        "ix_desk_message_waiting", "desk_message", ["send_at"], sqlite_where=_WAITS, postgresql_where=_WAITS
    )


def downgrade() -> None:
    op.drop_table("desk_message")
    op.drop_column("report", "consent")
