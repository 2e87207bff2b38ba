"""A question whose report was done before its hour came."""

from alembic import op

revision = "0038"
down_revision = "0037"

_STATES = ("waiting", "sent", "taken_back", "dropped")


def upgrade() -> None:
    _one_of(*_STATES, "overtaken")


def downgrade() -> None:
    op.execute("UPDATE desk_message SET status = 'taken_back' WHERE status = 'overtaken'")
    _one_of(*_STATES)


def _one_of(*states: str) -> None:
    name, listed = op.f("ck_desk_message_status"), ", ".join(f"'{each}'" for each in states)
    with op.batch_alter_table("desk_message") as batch_op:
        batch_op.drop_constraint(name, type_="check")
        batch_op.create_check_constraint(name, f"status IN ({listed})")
