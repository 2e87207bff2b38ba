"""How far it is known whether something that people say is true, on a scale of seven."""

import sqlalchemy as sa
from alembic import op

revision = "0016"
down_revision = "0015"

_SCALE = (
    "new",
    "under_check",
    "probably_true",
    "confirmed_true",
    "probably_false",
    "confirmed_false",
    "cannot_be_checked",
)
_SETTLED = {"true": "confirmed_true", "false": "confirmed_false", "unknown": "cannot_be_checked"}


def upgrade() -> None:
    listed = ", ".join(f"'{each}'" for each in _SCALE)
    for table in ("report", "incident"):
        # With the column, so that neither database rewrites the table.
        op.execute(
            f"ALTER TABLE {table} ADD COLUMN veracity VARCHAR(20) "
            f"CONSTRAINT ck_{table}_veracity CHECK (veracity IN ({listed}))"
        )
        _carry_over(table, "verdict", "veracity", _SETTLED)
        op.drop_column(table, "verdict")
    op.execute("UPDATE incident SET veracity = 'new' WHERE kind = 'rumour' AND veracity IS NULL")


def downgrade() -> None:
    for table in ("report", "incident"):
        op.add_column(table, sa.Column("verdict", sa.String(8)))
        _carry_over(table, "veracity", "verdict", {new: old for old, new in _SETTLED.items()})
        op.drop_column(table, "veracity")


def _carry_over(table: str, old: str, new: str, values: dict[str, str]) -> None:
    """What has no like on the other scale was not settled there."""
    rows = sa.table(table, sa.column(old), sa.column(new))
    for before, after in values.items():
        op.execute(sa.update(rows).where(rows.c[old] == before).values({new: after}))
