"""Which of the reports with a word lie in a region is read from an index."""

from alembic import op

revision = "0039"
down_revision = "0038"


def upgrade() -> None:
    op.create_index("ix_report_id_place", "report", ["id", "place", "closed_queue"])


def downgrade() -> None:
    op.drop_index("ix_report_id_place", "report")
