"""When a peace message was sent last to who asked for them, and how far they are along the approved texts."""

import sqlalchemy as sa
from alembic import op

from bot.store.types import Instant

revision = "0040"
down_revision = "0039"


def upgrade() -> None:
    op.add_column("subscription", sa.Column("sent_at", Instant()))
    op.add_column("subscription", sa.Column("had", Instant()))


def downgrade() -> None:
    with op.batch_alter_table("subscription") as batch_op:
        batch_op.drop_column("had")
        batch_op.drop_column("sent_at")
