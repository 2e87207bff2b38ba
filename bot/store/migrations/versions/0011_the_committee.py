"""The seats of the committee, the rules by which an event goes to them, and what they were asked to do."""

from typing import Any

import sqlalchemy as sa
from alembic import op

from bot.store.types import Instant, RowNumber

revision = "0011"
down_revision = "0010"

#: The sixteen lines of the coordination and evaluation committee (national policy, December 2017), in its order; the
#: titles are those of 2017 and may be changed, the codes may not. Three lines are colleges with several holders.
_SEATS = (
    ("chair", "Affaires religieuses et Culte (présidence)"),
    ("defence", "Défense et Anciens combattants"),
    ("territory", "Administration territoriale et Décentralisation"),
    ("security", "Sécurité et Protection civile"),
    ("foreign", "Affaires étrangères et Coopération internationale"),
    ("justice", "Justice"),
    ("rights", "Droits de l'homme"),
    ("local", "Collectivités territoriales"),
    ("reconciliation", "Réconciliation nationale et Cohésion sociale"),
    ("women", "Promotion de la Femme, de l'Enfant et de la Famille"),
    ("youth", "Jeunesse et Construction citoyenne"),
    ("solidarity", "Solidarité et Action humanitaire"),
    ("digital", "Économie numérique et Communication"),
    ("civil_society", "Société civile"),
    ("faiths", "Confessions religieuses"),
    ("peoples", "Populations locales"),
)
_COLLEGES = {"civil_society", "faiths", "peoples"}
_PROTECTION_ONLY = {"defence", "security"}
#: Kind: who leads, who contributes. Nothing of the closed queue is ever routed by a rule.
_RULES = {
    "attack": ("security", ["defence", "territory", "solidarity"]),
    "threat": ("security", ["rights", "reconciliation"]),
    "explosive": ("security", ["defence", "territory"]),
    "road": ("territory", ["security"]),
    "theft": ("justice", ["territory", "security"]),
    "tension": ("reconciliation", ["faiths", "peoples", "territory"]),
    "disaster": ("solidarity", ["territory", "local", "women"]),
    "health": ("solidarity", ["women", "local"]),
    "displacement": ("solidarity", ["women", "foreign", "reconciliation"]),
    "need": ("solidarity", ["local"]),
    "service": ("local", ["territory"]),
    "rumour": ("digital", ["reconciliation"]),
    "idea": ("youth", ["civil_society"]),
    "other": ("chair", []),
}


def _at(name: str, *, nullable: bool = False) -> sa.Column[Any]:
    return sa.Column(name, Instant(), nullable=nullable)


def _by(name: str) -> sa.Column[Any]:
    return sa.Column(name, sa.Uuid(), sa.ForeignKey("staff.id"), nullable=False)


def _seat(name: str, *, primary_key: bool = False) -> sa.Column[str]:
    return sa.Column(name, sa.String(16), sa.ForeignKey("committee_seat.code"), nullable=False, primary_key=primary_key)


def upgrade() -> None:
    seats = op.create_table(
        "committee_seat",
        sa.Column("code", sa.String(16), primary_key=True),
        sa.Column("title", sa.String(128), nullable=False),
        sa.Column("college", sa.Boolean(), nullable=False),
        sa.Column("protection_only", sa.Boolean(), nullable=False),
        sa.Column("place", sa.SmallInteger(), nullable=False),
    )
    op.create_table(
        "seat_holder",
        _seat("seat", primary_key=True),
        sa.Column("staff_id", sa.Uuid(), sa.ForeignKey("staff.id"), primary_key=True),
        sa.Column("deputy", sa.Boolean(), nullable=False),
        _at("made_at"),
    )
    op.create_index("ix_seat_holder_staff_id", "seat_holder", ["staff_id"])
    rules = op.create_table(
        "routing_rule",
        sa.Column("id", RowNumber, primary_key=True),
        sa.Column("kind", sa.String(24), nullable=False),
        sa.Column("urgency", sa.SmallInteger()),
        sa.Column("place", sa.String(96)),
        _seat("lead"),
        sa.Column("contributors", sa.JSON(), nullable=False),
        sa.Column("due_hours", sa.Integer()),
    )
    op.create_index("ix_routing_rule_kind", "routing_rule", ["kind"])
    op.create_table(
        "item",
        sa.Column("id", sa.Uuid(), primary_key=True),
        sa.Column("incident_id", sa.Uuid(), sa.ForeignKey("incident.id"), nullable=False),
        _seat("seat"),
        sa.Column("lead", sa.Boolean(), nullable=False),
        sa.Column("status", sa.String(12), nullable=False),
        _at("due_at"),
        _by("made_by"),
        _at("made_at"),
        _at("changed_at"),
        sa.CheckConstraint(
            "status IN ('sent', 'accepted', 'declined', 'asked', 'done', 'withdrawn')", name=op.f("ck_item_status")
        ),
    )
    op.create_index("ix_item_incident_id", "item", ["incident_id"])
    op.create_index("ix_item_seat_due_at", "item", ["seat", "due_at"])
    op.create_table(
        "item_note",
        sa.Column("id", sa.Uuid(), primary_key=True),
        sa.Column("item_id", sa.Uuid(), sa.ForeignKey("item.id"), nullable=False),
        sa.Column("by_desk", sa.Boolean(), nullable=False),
        sa.Column("status", sa.String(12), nullable=False),
        sa.Column("text", sa.LargeBinary(), nullable=False),
        _at("at"),
    )
    op.create_index("ix_item_note_item_id", "item_note", ["item_id"])
    op.create_table(
        "item_link",
        sa.Column("id", sa.Uuid(), primary_key=True),
        sa.Column("item_id", sa.Uuid(), sa.ForeignKey("item.id"), nullable=False),
        sa.Column("secret_hash", sa.LargeBinary(32), nullable=False, unique=True),
        sa.Column("device_hash", sa.LargeBinary(32)),
        _at("expires_at"),
        _at("opened_at", nullable=True),
        _at("ended_at", nullable=True),
        _by("made_by"),
        _at("made_at"),
    )
    op.create_index("ix_item_link_item_id", "item_link", ["item_id"])
    op.create_table(
        "masked_word",
        sa.Column("id", RowNumber, primary_key=True),
        sa.Column("word", sa.String(40), nullable=False),
        sa.Column("why", sa.String(8), nullable=False),
        sa.Column("masked", sa.Boolean(), nullable=False),
        _by("staff_id"),
        _at("made_at"),
    )
    op.bulk_insert(
        seats,
        [
            {
                "code": code,
                "title": title,
                "college": code in _COLLEGES,
                "protection_only": code in _PROTECTION_ONLY,
                "place": place,
            }
            for place, (code, title) in enumerate(_SEATS, start=1)
        ],
    )
    op.bulk_insert(
        rules,
        [{"kind": kind, "lead": lead, "contributors": others} for kind, (lead, others) in _RULES.items()],
    )


def downgrade() -> None:
    for name in ("masked_word", "item_link", "item_note", "item", "routing_rule", "seat_holder", "committee_seat"):
        op.drop_table(name)
