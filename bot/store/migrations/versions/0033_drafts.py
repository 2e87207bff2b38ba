"""What somebody has typed and not sent."""

import sqlalchemy as sa
from alembic import op

from bot.store.types import Instant

revision = "0033"
down_revision = "0032"


def upgrade() -> None:
    op.create_table(
        "draft",
        sa.Column("id", sa.Uuid(), primary_key=True),
        sa.Column("data_key", sa.LargeBinary(), nullable=False),
        sa.Column("staff_id", sa.Uuid(), sa.ForeignKey("staff.id"), nullable=False),
        sa.Column("about", sa.Uuid(), nullable=False),
        sa.Column("field", sa.String(12), nullable=False),
        sa.Column("text", sa.LargeBinary(), nullable=False),
        sa.Column("kept_at", Instant(), nullable=False),
        sa.UniqueConstraint("staff_id", "about", "field", name=op.f("uq_draft_staff_id_about_field")),
    )
    op.create_index("ix_draft_about", "draft", ["about"])
    op.create_index("ix_draft_kept_at", "draft", ["kept_at"])


def downgrade() -> None:
    op.drop_table("draft")
