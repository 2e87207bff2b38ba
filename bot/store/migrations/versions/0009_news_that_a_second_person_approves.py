"""A text of the peace messages is read by nobody before a second person has approved it."""

import sqlalchemy as sa
from alembic import op

from bot.store.types import Instant

revision = "0009"
down_revision = "0008"


def upgrade() -> None:
    with op.batch_alter_table("info", schema=None) as batch_op:
        batch_op.add_column(sa.Column("approved_by", sa.Uuid()))
        batch_op.add_column(sa.Column("approved_at", Instant()))
        batch_op.create_foreign_key("fk_info_approved_by", "staff", ["approved_by"], ["id"])
        batch_op.create_check_constraint(op.f("ck_info_second_person"), "approved_by <> made_by")


def downgrade() -> None:
    with op.batch_alter_table("info", schema=None) as batch_op:
        batch_op.drop_constraint(op.f("ck_info_second_person"), type_="check")
        batch_op.drop_constraint("fk_info_approved_by", type_="foreignkey")
        batch_op.drop_column("approved_at")
        batch_op.drop_column("approved_by")
