"""The desk's own words for triage, and how it spells a language on an SMS."""

import sqlalchemy as sa
from alembic import op

from bot.store.types import Instant, RowNumber

revision = "0007"
down_revision = "0006"


def _table(name: str, *columns: sa.Column[str] | sa.Column[bool]) -> None:
    op.create_table(
        name,
        sa.Column("id", RowNumber, primary_key=True),
        sa.Column("language", sa.String(8), nullable=False),
        *columns,
        sa.Column("staff_id", sa.Uuid(), sa.ForeignKey("staff.id"), nullable=False),
        sa.Column("made_at", Instant(), nullable=False),
    )


def upgrade() -> None:
    _table(
        "lexicon_word",
        sa.Column("topic", sa.String(20), nullable=False),
        sa.Column("word", sa.String(40), nullable=False),
        sa.Column("read", sa.Boolean(), nullable=False),
    )
    _table(
        "spelling",
        sa.Column("letter", sa.String(4), nullable=False),
        sa.Column("sms", sa.String(8), nullable=False),
    )
    _table("spelling_kept", sa.Column("kept", sa.Boolean(), nullable=False))


def downgrade() -> None:
    for name in ("spelling_kept", "spelling", "lexicon_word"):
        op.drop_table(name)
