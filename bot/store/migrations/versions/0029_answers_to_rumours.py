"""What the desk says of a rumour: a sentence for telephones, a text for the radios; and who was told it at once."""

import sqlalchemy as sa
from alembic import op

from bot.store.types import Instant

revision = "0029"
down_revision = "0028"

_SETTLED = "'probably_true', 'confirmed_true', 'probably_false', 'confirmed_false', 'cannot_be_checked'"


def upgrade() -> None:
    op.create_table(
        "rumour_answer",
        sa.Column("id", sa.Uuid(), primary_key=True),
        sa.Column("incident_id", sa.Uuid(), sa.ForeignKey("incident.id"), nullable=False),
        sa.Column("form", sa.String(8), nullable=False),
        sa.Column("language", sa.String(8), nullable=False),
        sa.Column("veracity", sa.String(20), nullable=False),
        sa.Column("text", sa.LargeBinary(), nullable=False),
        sa.Column("expires_at", Instant(), nullable=False),
        sa.Column("made_by", sa.Uuid(), sa.ForeignKey("staff.id"), nullable=False),
        sa.Column("made_at", Instant(), nullable=False),
        sa.Column("approved_by", sa.Uuid(), sa.ForeignKey("staff.id")),
        sa.Column("approved_at", Instant()),
        sa.Column("withdrawn_at", Instant()),
        sa.CheckConstraint("form IN ('sentence', 'radio')", name=op.f("ck_rumour_answer_form")),
        sa.CheckConstraint(f"veracity IN ({_SETTLED})", name=op.f("ck_rumour_answer_veracity")),
        sa.CheckConstraint("approved_by <> made_by", name=op.f("ck_rumour_answer_second_person")),
        sa.CheckConstraint("(approved_by IS NULL) = (approved_at IS NULL)", name=op.f("ck_rumour_answer_approved")),
    )
    op.create_index("ix_rumour_answer_incident_id", "rumour_answer", ["incident_id"])
    op.create_index(
        "ix_rumour_answer_approved",
        "rumour_answer",
        ["expires_at"],
        sqlite_where=sa.text("approved_at IS NOT NULL AND withdrawn_at IS NULL"),
        postgresql_where=sa.text("approved_at IS NOT NULL AND withdrawn_at IS NULL"),
    )
    op.add_column("report", sa.Column("suggested_incident_id", sa.Uuid()))
    op.create_index("ix_report_suggested_incident_id", "report", ["suggested_incident_id"])


def downgrade() -> None:
    op.drop_index("ix_report_suggested_incident_id", "report")
    op.drop_column("report", "suggested_incident_id")
    op.drop_table("rumour_answer")
