"""Two contacts of one person are joined, and can be taken apart again."""

import sqlalchemy as sa
from alembic import op

revision = "0034"
down_revision = "0033"


def upgrade() -> None:
    op.add_column("contact", sa.Column("merged_into", sa.Uuid()))
    op.create_index("ix_contact_merged_into", "contact", ["merged_into"])
    op.add_column("contact_address", sa.Column("merged_from", sa.Uuid()))
    op.create_index("ix_contact_address_merged_from", "contact_address", ["merged_from"])


def downgrade() -> None:
    op.drop_index("ix_contact_address_merged_from", "contact_address")
    op.drop_column("contact_address", "merged_from")
    op.drop_index("ix_contact_merged_into", "contact")
    op.drop_column("contact", "merged_into")
