"""What the photos and voice notes of a message are called at the provider, sealed."""

import sqlalchemy as sa
from alembic import op

revision = "0041"
down_revision = "0040"


def upgrade() -> None:
    op.add_column("message", sa.Column("media", sa.LargeBinary()))


def downgrade() -> None:
    with op.batch_alter_table("message") as batch_op:
        batch_op.drop_column("media")
