"""Where a rumour is heard, and what sources say of it."""

import sqlalchemy as sa
from alembic import op

from bot.store.types import Instant

revision = "0028"
down_revision = "0027"


def upgrade() -> None:
    op.create_table(
        "rumour_check",
        sa.Column("id", sa.Uuid(), primary_key=True),
        sa.Column("incident_id", sa.Uuid(), sa.ForeignKey("incident.id"), nullable=False),
        sa.Column("says", sa.String(8), nullable=False),
        sa.Column("source", sa.LargeBinary(), nullable=False),
        sa.Column("finding", sa.LargeBinary(), nullable=False),
        sa.Column("made_by", sa.Uuid(), sa.ForeignKey("staff.id"), nullable=False),
        sa.Column("made_at", Instant(), nullable=False),
        sa.Column("withdrawn_at", Instant()),
        sa.CheckConstraint("says IN ('true', 'false', 'unsure')", name=op.f("ck_rumour_check_says")),
    )
    op.create_index("ix_rumour_check_incident_id", "rumour_check", ["incident_id"])
    op.create_table(
        "sighting",
        sa.Column("id", sa.Uuid(), primary_key=True),
        sa.Column("incident_id", sa.Uuid(), sa.ForeignKey("incident.id"), nullable=False),
        sa.Column("place", sa.String(96)),
        sa.Column("through", sa.String(8), nullable=False),
        sa.Column("heard_at", Instant(), nullable=False),
        sa.Column("words", sa.LargeBinary()),
        sa.Column("made_by", sa.Uuid(), sa.ForeignKey("staff.id"), nullable=False),
        sa.Column("made_at", Instant(), nullable=False),
        sa.Column("withdrawn_at", Instant()),
        sa.CheckConstraint("through IN ('person', 'phone', 'radio', 'crowd')", name=op.f("ck_sighting_through")),
    )
    op.create_index("ix_sighting_incident_id", "sighting", ["incident_id"])
    op.create_index("ix_incident_veracity", "incident", ["veracity", "changed_at"])
    op.create_index(
        "ix_report_rumour",
        "report",
        ["made_at"],
        sqlite_where=sa.text("kind IS NULL AND suggested_kind = 'rumour'"),
        postgresql_where=sa.text("kind IS NULL AND suggested_kind = 'rumour'"),
    )


def downgrade() -> None:
    op.drop_index("ix_report_rumour", "report")
    op.drop_index("ix_incident_veracity", "incident")
    for name in ("sighting", "rumour_check"):
        op.drop_table(name)
