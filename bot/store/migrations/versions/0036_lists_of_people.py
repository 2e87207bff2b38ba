"""Lists of people that wait for a worker, and what came of them."""

import sqlalchemy as sa
from alembic import op

from bot.store.types import Instant

revision = "0036"
down_revision = "0035"


def upgrade() -> None:
    op.create_table(
        "contact_import",
        sa.Column("id", sa.Uuid(), primary_key=True),
        sa.Column("data_key", sa.LargeBinary()),
        sa.Column("content", sa.LargeBinary()),
        sa.Column("bad", sa.LargeBinary()),
        sa.Column("staff_id", sa.Uuid(), sa.ForeignKey("staff.id"), nullable=False),
        sa.Column("only_check", sa.Boolean(), nullable=False),
        sa.Column("status", sa.String(12), nullable=False),
        sa.Column("rows_read", sa.Integer(), nullable=False, server_default="0"),
        sa.Column("rows_checked", sa.Integer(), nullable=False, server_default="0"),
        sa.Column("people", sa.Integer(), nullable=False, server_default="0"),
        sa.Column("people_ready", sa.Integer(), nullable=False, server_default="0"),
        sa.Column("bad_rows", sa.Integer(), nullable=False, server_default="0"),
        sa.Column("counts", sa.JSON()),
        sa.Column("begun_at", Instant(), nullable=False),
        sa.Column("ended_at", Instant()),
        sa.Column("lease_until", Instant()),
        sa.Column("token", sa.Integer(), nullable=False, server_default="0"),
        sa.Column("attempts", sa.SmallInteger(), nullable=False, server_default="0"),
        sa.CheckConstraint("(ended_at IS NULL) = (content IS NOT NULL)", name=op.f("ck_contact_import_destroyed")),
    )
    op.create_index("ix_contact_import_begun_at", "contact_import", ["begun_at"])


def downgrade() -> None:
    op.drop_table("contact_import")
