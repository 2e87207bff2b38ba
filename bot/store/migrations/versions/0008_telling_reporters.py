"""What is to be told to a reporter and when, and whether it helped."""

import sqlalchemy as sa
from alembic import op

from bot.store.types import Instant

revision = "0008"
down_revision = "0007"

_WAITS = sa.text("tell IS NOT NULL")


def upgrade() -> None:
    op.add_column("report", sa.Column("tell", sa.String(8)))
    op.add_column("report", sa.Column("tell_at", Instant()))
    op.add_column("report", sa.Column("helped", sa.String(8)))
    op.create_index("ix_report_tell", "report", ["tell_at"], sqlite_where=_WAITS, postgresql_where=_WAITS)


def downgrade() -> None:
    op.drop_index("ix_report_tell", "report")
    for name in ("helped", "tell_at", "tell"):
        op.drop_column("report", name)
