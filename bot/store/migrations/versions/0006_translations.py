"""What the desk words itself, message by message, over the catalogues that came with the program."""

import sqlalchemy as sa
from alembic import op

from bot.store.types import Instant, RowNumber

revision = "0006"
down_revision = "0005"

_REVIEWED = "status <> 'reviewed' OR (reviewer_id IS NOT NULL AND reviewed_at IS NOT NULL)"


def upgrade() -> None:
    op.create_table(
        "translation",
        sa.Column("id", RowNumber, primary_key=True),
        sa.Column("language", sa.String(8), nullable=False),
        sa.Column("msgid", sa.Text(), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("status", sa.String(12), nullable=False),
        sa.Column("author_id", sa.Uuid(), sa.ForeignKey("staff.id")),
        sa.Column("made_at", Instant(), nullable=False),
        sa.Column("reviewer_id", sa.Uuid(), sa.ForeignKey("staff.id")),
        sa.Column("reviewed_at", Instant()),
        sa.Column("withdrawn_at", Instant()),
        sa.CheckConstraint("status IN ('draft', 'reviewed', 'withdrawn')", name=op.f("ck_translation_status")),
        sa.CheckConstraint(_REVIEWED, name=op.f("ck_translation_reviewed")),
        sa.CheckConstraint("reviewer_id <> author_id", name=op.f("ck_translation_second_reader")),
        sa.CheckConstraint("status <> 'withdrawn' OR withdrawn_at IS NOT NULL", name=op.f("ck_translation_withdrawn")),
    )
    op.create_index("ix_translation_language_msgid", "translation", ["language", "msgid", "id"])


def downgrade() -> None:
    op.drop_table("translation")
