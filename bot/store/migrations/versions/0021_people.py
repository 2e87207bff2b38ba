"""People outside: contacts, how they are reached, the groups they are in; a member is a contact in a group."""

from typing import Any

import sqlalchemy as sa
from alembic import op

from bot.store.types import Instant, new_id

revision = "0021"
down_revision = "0020"

_KINDS = "'cell', 'women', 'youth', 'association', 'ccls', 'radio', 'leader', 'other'"
_LIVING = sa.text("ended_at IS NULL")
_UNTITLED = sa.text("title_hash IS NULL")
#: What a group was called before, where that differs.
_RENAMED = {"committee": "ccls"}

_contact = sa.table(
    "contact", sa.column("id", sa.Uuid()), *(sa.column(each) for each in ("languages", "made_at", "changed_at"))
)
_contact_address = sa.table(
    "contact_address",
    *(sa.column(each, sa.Uuid()) for each in ("id", "contact_id", "address_id")),
    *(sa.column(each) for each in ("person", "made_at")),
)
_group = sa.table(
    "contact_group",
    sa.column("id", sa.Uuid()),
    sa.column("kind"),
    sa.column("place"),
    sa.column("made_at", Instant()),
    sa.column("changed_at", Instant()),
)
_member = sa.table(
    "member",
    sa.column("id", sa.Uuid()),
    sa.column("address_id", sa.Uuid()),
    sa.column("person"),
    sa.column("group"),
    sa.column("place"),
    sa.column("group_id", sa.Uuid()),
    sa.column("contact_address_id", sa.Uuid()),
    sa.column("confirmed_at", Instant()),
    sa.column("asked_at", Instant()),
    sa.column("ended_at", Instant()),
    sa.column("made_at", Instant()),
)
_report_back = sa.table("report_back", sa.column("group"))
_invitation = sa.table(
    "invitation",
    sa.column("group"),
    sa.column("place"),
    sa.column("group_id", sa.Uuid()),
    sa.column("made_at", Instant()),
)


def upgrade() -> None:
    _make_tables()
    bind = op.get_bind()
    for before, now in _RENAMED.items():
        bind.execute(_report_back.update().where(_report_back.c.group == before).values(group=now))
    with op.batch_alter_table("member") as batch_op:
        batch_op.add_column(sa.Column("group_id", sa.Uuid()))
        batch_op.add_column(sa.Column("contact_address_id", sa.Uuid()))
        batch_op.add_column(sa.Column("role", sa.String(12), nullable=False, server_default="member"))
        batch_op.add_column(sa.Column("ended_by", sa.Uuid()))
    with op.batch_alter_table("invitation") as batch_op:
        batch_op.add_column(sa.Column("group_id", sa.Uuid()))
    _make_contacts(bind)
    _make_groups(bind)
    with op.batch_alter_table("member") as batch_op:
        batch_op.drop_constraint("uq_member_address_id_person", type_="unique")
        for name in ("address_id", "group", "place", "person"):
            batch_op.drop_column(name)
        for name in ("group_id", "contact_address_id"):
            batch_op.alter_column(name, existing_type=sa.Uuid(), nullable=False)
        for name in ("confirmed_at", "asked_at"):
            batch_op.alter_column(name, existing_type=Instant(), nullable=True)
        batch_op.alter_column("role", existing_type=sa.String(12), server_default=None)
        batch_op.create_foreign_key("fk_member_group_id", "contact_group", ["group_id"], ["id"])
        batch_op.create_foreign_key("fk_member_contact_address_id", "contact_address", ["contact_address_id"], ["id"])
        batch_op.create_foreign_key("fk_member_ended_by", "staff", ["ended_by"], ["id"])
        batch_op.create_check_constraint(op.f("ck_member_role"), "role IN ('focal_point', 'member')")
        batch_op.create_index("ix_member_group_id", ["group_id"])
        batch_op.create_index(
            "uq_member_living",
            ["contact_address_id", "group_id"],
            unique=True,
            sqlite_where=_LIVING,
            postgresql_where=_LIVING,
        )
    with op.batch_alter_table("invitation") as batch_op:
        for name in ("group", "place"):
            batch_op.drop_column(name)
        batch_op.alter_column("group_id", existing_type=sa.Uuid(), nullable=False)
        batch_op.create_foreign_key("fk_invitation_group_id", "contact_group", ["group_id"], ["id"])
    with op.batch_alter_table("address") as batch_op:
        batch_op.drop_constraint("fk_address_contact_id", type_="foreignkey")
        batch_op.drop_column("contact_id")
        batch_op.add_column(sa.Column("ended_at", Instant()))


def _make_tables() -> None:
    with op.batch_alter_table("contact") as batch_op:
        batch_op.add_column(sa.Column("languages", sa.String(64), nullable=False, server_default=""))
        batch_op.add_column(sa.Column("place", sa.String(96)))
        batch_op.add_column(sa.Column("consent", sa.LargeBinary()))
        batch_op.add_column(sa.Column("changed_at", Instant()))
    op.execute("UPDATE contact SET changed_at = made_at")
    with op.batch_alter_table("contact") as batch_op:
        batch_op.alter_column("changed_at", existing_type=Instant(), nullable=False)
    op.create_table(
        "contact_word",
        sa.Column("word", sa.LargeBinary(8), primary_key=True),
        sa.Column("contact_id", sa.Uuid(), sa.ForeignKey("contact.id"), primary_key=True),
    )
    op.create_index("ix_contact_word_contact_id", "contact_word", ["contact_id"])
    op.create_table(
        "contact_address",
        sa.Column("id", sa.Uuid(), primary_key=True),
        sa.Column("contact_id", sa.Uuid(), sa.ForeignKey("contact.id"), nullable=False),
        sa.Column("address_id", sa.Uuid(), sa.ForeignKey("address.id"), nullable=False),
        sa.Column("person", sa.SmallInteger(), nullable=False),
        sa.Column("made_at", Instant(), nullable=False),
        sa.Column("ended_at", Instant()),
    )
    op.create_index("ix_contact_address_contact_id", "contact_address", ["contact_id"])
    op.create_index("ix_contact_address_address_id", "contact_address", ["address_id"])
    op.create_index(
        "uq_contact_address_living",
        "contact_address",
        ["address_id", "person"],
        unique=True,
        sqlite_where=_LIVING,
        postgresql_where=_LIVING,
    )
    op.create_table(
        "contact_group",
        sa.Column("id", sa.Uuid(), primary_key=True),
        sa.Column("kind", sa.String(16), nullable=False),
        sa.Column("place", sa.String(96)),
        sa.Column("data_key", sa.LargeBinary()),
        sa.Column("title", sa.LargeBinary()),
        sa.Column("title_hash", sa.LargeBinary(32)),
        sa.Column("made_at", Instant(), nullable=False),
        sa.Column("changed_at", Instant(), nullable=False),
        sa.CheckConstraint(f"kind IN ({_KINDS})", name=op.f("ck_contact_group_kind")),
    )
    op.create_index("ix_contact_group_kind_place", "contact_group", ["kind", "place"])
    op.create_index("uq_contact_group_title", "contact_group", ["title_hash"], unique=True)
    op.create_index(
        "uq_contact_group_untitled",
        "contact_group",
        ["kind", "place"],
        unique=True,
        sqlite_where=_UNTITLED,
        postgresql_where=_UNTITLED,
    )


def _make_contacts(bind: sa.Connection) -> None:
    """Each member on a telephone is a person whose name nobody has told us."""
    made = sa.select(_member.c.id, sa.literal(""), _member.c.made_at, _member.c.made_at)
    bind.execute(_contact.insert().from_select(["id", "languages", "made_at", "changed_at"], made))
    reached = sa.select(_member.c.id, _member.c.id, _member.c.address_id, _member.c.person, _member.c.made_at)
    columns = ["id", "contact_id", "address_id", "person", "made_at"]
    bind.execute(_contact_address.insert().from_select(columns, reached))
    bind.execute(_member.update().values(contact_address_id=_member.c.id))


def _make_groups(bind: sa.Connection) -> None:
    """Each kind of group in each place is a group without a title."""
    found: dict[tuple[str, str | None], Any] = {}
    for table in (_member, _invitation):
        statement = sa.select(
            table.c.group, table.c.place, sa.func.min(table.c.made_at, type_=Instant()).label("first")
        )
        for row in bind.execute(statement.group_by(table.c.group, table.c.place)):
            key = (row.group, row.place)
            found[key] = min(found.get(key, row.first), row.first)
    for (kind, place), made_at in found.items():
        identity = new_id()
        values = {"id": identity, "kind": _RENAMED.get(kind, kind), "place": place}
        bind.execute(_group.insert().values(**values, made_at=made_at, changed_at=made_at))
        for table in (_member, _invitation):
            same_place = table.c.place == place if place is not None else table.c.place.is_(None)
            bind.execute(table.update().where(table.c.group == kind, same_place).values(group_id=identity))


def downgrade() -> None:
    bind = op.get_bind()
    for before, now in _RENAMED.items():
        bind.execute(_report_back.update().where(_report_back.c.group == now).values(group=before))
    with op.batch_alter_table("address") as batch_op:
        batch_op.drop_column("ended_at")
        batch_op.add_column(sa.Column("contact_id", sa.Uuid()))
        batch_op.create_foreign_key("fk_address_contact_id", "contact", ["contact_id"], ["id"])
    with op.batch_alter_table("invitation") as batch_op:
        batch_op.add_column(sa.Column("group", sa.String(16)))
        batch_op.add_column(sa.Column("place", sa.String(96)))
    with op.batch_alter_table("member") as batch_op:
        batch_op.add_column(sa.Column("address_id", sa.Uuid()))
        batch_op.add_column(sa.Column("group", sa.String(16)))
        batch_op.add_column(sa.Column("place", sa.String(96)))
        batch_op.add_column(sa.Column("person", sa.SmallInteger()))
    _take_apart(bind)
    with op.batch_alter_table("invitation") as batch_op:
        batch_op.drop_constraint("fk_invitation_group_id", type_="foreignkey")
        batch_op.drop_column("group_id")
        batch_op.alter_column("group", existing_type=sa.String(16), nullable=False)
    with op.batch_alter_table("member") as batch_op:
        batch_op.drop_index("uq_member_living")
        batch_op.drop_index("ix_member_group_id")
        batch_op.drop_constraint(op.f("ck_member_role"), type_="check")
        for name in ("group_id", "contact_address_id", "ended_by"):
            batch_op.drop_constraint(f"fk_member_{name}", type_="foreignkey")
            batch_op.drop_column(name)
        batch_op.drop_column("role")
        batch_op.alter_column("address_id", existing_type=sa.Uuid(), nullable=False)
        batch_op.alter_column("group", existing_type=sa.String(16), nullable=False)
        batch_op.alter_column("person", existing_type=sa.SmallInteger(), nullable=False)
        for name in ("confirmed_at", "asked_at"):
            batch_op.alter_column(name, existing_type=Instant(), nullable=False)
        batch_op.create_foreign_key("fk_member_address_id", "address", ["address_id"], ["id"])
        batch_op.create_unique_constraint("uq_member_address_id_person", ["address_id", "person"])
    for name in ("contact_group", "contact_address", "contact_word"):
        op.drop_table(name)
    op.execute("DELETE FROM contact")
    with op.batch_alter_table("contact") as batch_op:
        for name in ("changed_at", "consent", "place", "languages"):
            batch_op.drop_column(name)


def _take_apart(bind: sa.Connection) -> None:
    """A member is an address and a digit again; who never confirmed goes, for nobody was on a list unasked."""
    old = {new: name for name, new in _RENAMED.items()}
    for row in bind.execute(sa.select(_group.c.id, _group.c.kind, _group.c.place)):
        for table in (_member, _invitation):
            values = {"group": old.get(row.kind, row.kind), "place": row.place}
            bind.execute(table.update().where(table.c.group_id == row.id).values(values))
    bind.execute(_member.delete().where(_member.c.confirmed_at.is_(None)))
    bind.execute(_member.update().where(_member.c.asked_at.is_(None)).values(asked_at=_member.c.made_at))
    joined = sa.select(_member.c.id, _contact_address.c.address_id, _contact_address.c.person).join(
        _contact_address, _contact_address.c.id == _member.c.contact_address_id
    )
    taken: set[tuple[Any, int]] = set()
    for row in bind.execute(joined.order_by(_member.c.made_at, _member.c.id)).all():
        person = row.person
        while (row.address_id, person) in taken:
            person += 1
        taken.add((row.address_id, person))
        own = _member.c.id == row.id
        bind.execute(_member.update().where(own).values(address_id=row.address_id, person=person))
