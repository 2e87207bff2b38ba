"""What translators are given of a message, and what comes back."""

import sqlalchemy as sa
from alembic import op

from bot.store.types import Instant

revision = "0035"
down_revision = "0034"

_WAITS = sa.text("translated_at IS NULL")


def upgrade() -> None:
    op.create_table(
        "translation_task",
        sa.Column("id", sa.Uuid(), primary_key=True),
        sa.Column("data_key", sa.LargeBinary(), nullable=False),
        sa.Column("report_id", sa.Uuid(), sa.ForeignKey("report.id"), nullable=False),
        sa.Column("language", sa.String(8), nullable=False),
        sa.Column("text", sa.LargeBinary(), nullable=False),
        sa.Column("translation", sa.LargeBinary()),
        sa.Column("asked_by", sa.Uuid(), sa.ForeignKey("staff.id"), nullable=False),
        sa.Column("asked_at", Instant(), nullable=False),
        sa.Column("translated_by", sa.Uuid(), sa.ForeignKey("staff.id")),
        sa.Column("translated_at", Instant()),
        sa.CheckConstraint(
            "(translated_at IS NULL) = (translation IS NULL)", name=op.f("ck_translation_task_translated")
        ),
    )
    op.create_index("ix_translation_task_report_id", "translation_task", ["report_id"])
    op.create_index(
        "ix_translation_task_waiting", "translation_task", ["asked_at"], sqlite_where=_WAITS, postgresql_where=_WAITS
    )


def downgrade() -> None:
    op.drop_table("translation_task")
