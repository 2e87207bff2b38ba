"""What the desk found out about something that people say."""

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"


def upgrade() -> None:
    op.add_column("report", sa.Column("verdict", sa.String(8)))


def downgrade() -> None:
    op.drop_column("report", "verdict")
