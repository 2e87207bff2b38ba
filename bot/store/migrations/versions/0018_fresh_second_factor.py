"""When a session last proved its second factor."""

import sqlalchemy as sa
from alembic import op

from bot.store.types import Instant

revision = "0018"
down_revision = "0017"


def upgrade() -> None:
    op.add_column("staff_session", sa.Column("proved_at", Instant()))
    # A proposed secret is bound to its member from now on, not to the session.
    op.execute("UPDATE staff_session SET new_totp_secret = NULL")


def downgrade() -> None:
    op.execute("UPDATE staff_session SET new_totp_secret = NULL")
    op.drop_column("staff_session", "proved_at")
