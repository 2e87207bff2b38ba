"""Staff come by invitation, and a second person approves what one administrator can't do alone."""

import sqlalchemy as sa
from alembic import op

from bot.store.types import Instant

revision = "0024"
down_revision = "0023"


def upgrade() -> None:
    with op.batch_alter_table("staff", schema=None) as batch_op:
        batch_op.alter_column("password_hash", existing_type=sa.String(255), nullable=True)
        batch_op.create_check_constraint(op.f("ck_staff_joined"), "password_hash IS NOT NULL OR NOT active")
    op.create_table(
        "staff_invitation",
        sa.Column("id", sa.Uuid(), primary_key=True),
        sa.Column("staff_id", sa.Uuid(), sa.ForeignKey("staff.id"), nullable=False),
        sa.Column("secret_hash", sa.LargeBinary(32), nullable=False, unique=True),
        sa.Column("made_by", sa.Uuid(), sa.ForeignKey("staff.id"), nullable=False),
        sa.Column("made_at", Instant(), nullable=False),
        sa.Column("expires_at", Instant(), nullable=False),
        sa.Column("ended_at", Instant()),
    )
    op.create_index("ix_staff_invitation_staff_id", "staff_invitation", ["staff_id"])
    op.create_table(
        "staff_request",
        sa.Column("id", sa.Uuid(), primary_key=True),
        sa.Column("what", sa.String(16), nullable=False),
        sa.Column("staff_id", sa.Uuid(), sa.ForeignKey("staff.id"), nullable=False),
        sa.Column("roles", sa.JSON(), nullable=False),
        sa.Column("status", sa.String(12), nullable=False),
        sa.Column("asked_by", sa.Uuid(), sa.ForeignKey("staff.id"), nullable=False),
        sa.Column("asked_at", Instant(), nullable=False),
        sa.Column("expires_at", Instant(), nullable=False),
        sa.Column("decided_by", sa.Uuid(), sa.ForeignKey("staff.id")),
        sa.Column("decided_at", Instant()),
        sa.CheckConstraint("what IN ('roles', 'second_factor')", name=op.f("ck_staff_request_what")),
        sa.CheckConstraint(
            "status IN ('pending', 'approved', 'refused', 'withdrawn')", name=op.f("ck_staff_request_status")
        ),
        sa.CheckConstraint(
            "decided_by <> asked_by AND decided_by <> staff_id", name=op.f("ck_staff_request_second_person")
        ),
        sa.CheckConstraint(
            "(status IN ('approved', 'refused')) = (decided_by IS NOT NULL)", name=op.f("ck_staff_request_decided")
        ),
    )
    op.create_index(
        "uq_staff_request_pending",
        "staff_request",
        ["staff_id", "what"],
        unique=True,
        sqlite_where=sa.text("status = 'pending'"),
        postgresql_where=sa.text("status = 'pending'"),
    )


def downgrade() -> None:
    op.drop_table("staff_request")
    op.drop_table("staff_invitation")
    # Whoever has not come yet could not sign in before either: no password hashes to nothing.
    op.execute("UPDATE staff SET password_hash = '' WHERE password_hash IS NULL")
    with op.batch_alter_table("staff", schema=None) as batch_op:
        batch_op.drop_constraint(op.f("ck_staff_joined"), type_="check")
        batch_op.alter_column("password_hash", existing_type=sa.String(255), nullable=False)
