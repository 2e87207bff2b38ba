"""What happened, beside what people said of it."""

import sqlalchemy as sa
from alembic import op

from bot.store.types import Instant

revision = "0010"
down_revision = "0009"


def upgrade() -> None:
    op.create_table(
        "incident",
        sa.Column("id", sa.Uuid(), primary_key=True),
        sa.Column("data_key", sa.LargeBinary()),
        sa.Column("kind", sa.String(24)),
        sa.Column("place", sa.String(96)),
        sa.Column("urgency", sa.SmallInteger(), nullable=False),
        sa.Column("status", sa.String(8), nullable=False),
        sa.Column("verdict", sa.String(8)),
        sa.Column("summary", sa.LargeBinary()),
        sa.Column("summary_by", sa.Uuid(), sa.ForeignKey("staff.id")),
        sa.Column("summary_at", Instant()),
        sa.Column("made_at", Instant(), nullable=False),
        sa.Column("changed_at", Instant(), nullable=False),
        sa.CheckConstraint("status IN ('open', 'closed')", name=op.f("ck_incident_status")),
        sa.CheckConstraint("urgency BETWEEN 1 AND 4", name=op.f("ck_incident_urgency")),
    )
    op.create_index("ix_incident_status", "incident", ["status", "urgency", "changed_at"])
    with op.batch_alter_table("report", schema=None) as batch_op:
        batch_op.add_column(sa.Column("incident_id", sa.Uuid()))
        batch_op.create_foreign_key("fk_report_incident_id", "incident", ["incident_id"], ["id"])
        batch_op.create_index("ix_report_incident_id", ["incident_id"])
        batch_op.create_index("ix_report_place_made_at", ["place", "made_at"])


def downgrade() -> None:
    with op.batch_alter_table("report", schema=None) as batch_op:
        batch_op.drop_index("ix_report_place_made_at")
        batch_op.drop_index("ix_report_incident_id")
        batch_op.drop_constraint("fk_report_incident_id", type_="foreignkey")
        batch_op.drop_column("incident_id")
    op.drop_table("incident")
