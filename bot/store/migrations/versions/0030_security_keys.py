"""Security keys of staff, and the challenges they answer."""

import sqlalchemy as sa
from alembic import op

from bot.store.types import Instant, RowNumber

revision = "0030"
down_revision = "0029"


def upgrade() -> None:
    op.create_table(
        "security_key",
        sa.Column("id", sa.Uuid(), primary_key=True),
        sa.Column("staff_id", sa.Uuid(), sa.ForeignKey("staff.id"), nullable=False),
        sa.Column("credential_id", sa.LargeBinary(), nullable=False, unique=True),
        sa.Column("public_key", sa.LargeBinary(), nullable=False),
        sa.Column("sign_count", RowNumber, nullable=False),
        sa.Column("name", sa.String(64), nullable=False),
        sa.Column("made_at", Instant(), nullable=False),
        sa.Column("used_at", Instant()),
    )
    op.create_index("ix_security_key_staff_id", "security_key", ["staff_id"])
    op.add_column("staff_session", sa.Column("challenge", sa.LargeBinary(32)))
    op.add_column("staff_session", sa.Column("new_key_challenge", sa.LargeBinary(32)))


def downgrade() -> None:
    op.drop_column("staff_session", "new_key_challenge")
    op.drop_column("staff_session", "challenge")
    op.drop_table("security_key")
