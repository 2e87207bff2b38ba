"""A draft is named by the field that it was typed in."""

from alembic import op

revision = "0037"
down_revision = "0036"


def upgrade() -> None:
    op.execute("UPDATE draft SET field = 'text' WHERE field = 'reply'")


def downgrade() -> None:
    op.execute("DELETE FROM draft WHERE field NOT IN ('text', 'summary', 'note')")
    op.execute("UPDATE draft SET field = 'reply' WHERE field = 'text'")
