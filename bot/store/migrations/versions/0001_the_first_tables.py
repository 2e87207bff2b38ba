"""The first tables."""

import sqlalchemy as sa
from alembic import op

import bot.store.types

revision = "0001"
down_revision = None


def upgrade() -> None:
    op.create_table(
        "audit",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("at", bot.store.types.Instant(timezone=True), nullable=False),
        sa.Column("actor", sa.String(length=64), nullable=False),
        sa.Column("action", sa.String(length=48), nullable=False),
        sa.Column("subject", sa.String(length=64), nullable=False),
        sa.Column("detail", sa.JSON(), nullable=False),
        sa.Column("link", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("hash", sa.LargeBinary(length=32), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_audit")),
        sa.UniqueConstraint("link", name=op.f("uq_audit_link")),
    )
    with op.batch_alter_table("audit", schema=None) as batch_op:
        batch_op.create_index("ix_audit_subject", ["subject", "id"], unique=False)
        batch_op.create_index(
            "ix_audit_unlinked",
            ["id"],
            unique=False,
            sqlite_where=sa.text("link IS NULL"),
            postgresql_where=sa.text("link IS NULL"),
        )

    op.create_table(
        "contact",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("data_key", sa.LargeBinary(), nullable=True),
        sa.Column("name", sa.LargeBinary(), nullable=True),
        sa.Column("made_at", bot.store.types.Instant(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_contact")),
    )
    op.create_table(
        "form_token",
        sa.Column("token", sa.String(length=64), nullable=False),
        sa.Column("used_at", bot.store.types.Instant(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("token", name=op.f("pk_form_token")),
    )
    op.create_table(
        "installation",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("mode", sa.String(length=8), nullable=False),
        sa.Column("key_check", sa.LargeBinary(), nullable=False),
        sa.Column("made_at", bot.store.types.Instant(timezone=True), nullable=False),
        sa.CheckConstraint("mode IN ('demo', 'live')", name=op.f("ck_installation_mode")),
        sa.CheckConstraint("id = 1", name=op.f("ck_installation_single")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_installation")),
    )
    op.create_table(
        "lease",
        sa.Column("name", sa.String(length=32), nullable=False),
        sa.Column("holder", sa.String(length=64), nullable=False),
        sa.Column("until", bot.store.types.Instant(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("name", name=op.f("pk_lease")),
    )
    op.create_table(
        "pace",
        sa.Column("channel", sa.String(length=32), nullable=False),
        sa.Column("tokens", sa.Float(), nullable=False),
        sa.Column("refilled_at", bot.store.types.Instant(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("channel", name=op.f("pk_pace")),
    )
    op.create_table(
        "sign_in_failure",
        sa.Column("key", sa.LargeBinary(length=32), nullable=False),
        sa.Column("count", sa.Integer(), nullable=False),
        sa.Column("last_at", bot.store.types.Instant(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("key", name=op.f("pk_sign_in_failure")),
    )
    op.create_table(
        "staff",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("username", sa.String(length=64), nullable=False),
        sa.Column("name", sa.String(length=128), nullable=False),
        sa.Column("password_hash", sa.String(length=255), nullable=False),
        sa.Column("active", sa.Boolean(), nullable=False),
        sa.Column("roles", sa.JSON(), nullable=False),
        sa.Column("language", sa.String(length=8), nullable=False),
        sa.Column("totp_secret", sa.LargeBinary(), nullable=True),
        sa.Column("totp_step", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("recovery_codes", sa.JSON(), nullable=False),
        sa.Column("made_at", bot.store.types.Instant(timezone=True), nullable=False),
        sa.Column("changed_at", bot.store.types.Instant(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_staff")),
        sa.UniqueConstraint("username", name=op.f("uq_staff_username")),
    )
    op.create_table(
        "address",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("kind", sa.String(length=16), nullable=False),
        sa.Column("hash", sa.LargeBinary(length=32), nullable=False),
        sa.Column("data_key", sa.LargeBinary(), nullable=True),
        sa.Column("sealed", sa.LargeBinary(), nullable=True),
        sa.Column("contact_id", sa.Uuid(), nullable=True),
        sa.Column("channel", sa.String(length=32), nullable=False),
        sa.Column("language", sa.String(length=8), nullable=True),
        sa.Column("opted_out_at", bot.store.types.Instant(timezone=True), nullable=True),
        sa.Column("forgotten_at", bot.store.types.Instant(timezone=True), nullable=True),
        sa.Column("heard_at", bot.store.types.Instant(timezone=True), nullable=False),
        sa.Column("reply_tokens", sa.Float(), nullable=False),
        sa.Column("same_reply", sa.LargeBinary(length=8), nullable=True),
        sa.Column("same_replies", sa.SmallInteger(), nullable=False),
        sa.Column("code_tries", sa.SmallInteger(), nullable=False),
        sa.Column("code_tried_at", bot.store.types.Instant(timezone=True), nullable=True),
        sa.Column("made_at", bot.store.types.Instant(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["contact_id"], ["contact.id"], name=op.f("fk_address_contact_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_address")),
        sa.UniqueConstraint("hash", name=op.f("uq_address_hash")),
    )
    with op.batch_alter_table("address", schema=None) as batch_op:
        batch_op.create_index(
            "ix_address_forgotten",
            ["forgotten_at"],
            unique=False,
            sqlite_where=sa.text("forgotten_at IS NOT NULL AND sealed IS NOT NULL"),
            postgresql_where=sa.text("forgotten_at IS NOT NULL AND sealed IS NOT NULL"),
        )

    op.create_table(
        "staff_session",
        sa.Column("id_hash", sa.LargeBinary(length=32), nullable=False),
        sa.Column("staff_id", sa.Uuid(), nullable=False),
        sa.Column("stage", sa.String(length=16), nullable=False),
        sa.Column("new_totp_secret", sa.LargeBinary(), nullable=True),
        sa.Column("made_at", bot.store.types.Instant(timezone=True), nullable=False),
        sa.Column("seen_at", bot.store.types.Instant(timezone=True), nullable=False),
        sa.CheckConstraint("stage IN ('half_way', 'enrolling', 'full')", name=op.f("ck_staff_session_stage")),
        sa.ForeignKeyConstraint(["staff_id"], ["staff.id"], name=op.f("fk_staff_session_staff_id")),
        sa.PrimaryKeyConstraint("id_hash", name=op.f("pk_staff_session")),
    )
    with op.batch_alter_table("staff_session", schema=None) as batch_op:
        batch_op.create_index("ix_staff_session_staff_id", ["staff_id"], unique=False)

    op.create_table(
        "talk",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("address_id", sa.Uuid(), nullable=False),
        sa.Column("contact_id", sa.Uuid(), nullable=True),
        sa.Column("report_id", sa.Uuid(), nullable=True),
        sa.Column("flow", sa.String(length=32), nullable=False),
        sa.Column("status", sa.String(length=8), nullable=False),
        sa.Column("data_key", sa.LargeBinary(), nullable=True),
        sa.Column("facts", sa.LargeBinary(), nullable=True),
        sa.Column("answers", sa.LargeBinary(), nullable=True),
        sa.Column("asked", sa.LargeBinary(), nullable=True),
        sa.Column("tries", sa.SmallInteger(), nullable=False),
        sa.Column("opened_at", bot.store.types.Instant(timezone=True), nullable=False),
        sa.Column("heard_at", bot.store.types.Instant(timezone=True), nullable=False),
        sa.Column("ended_at", bot.store.types.Instant(timezone=True), nullable=True),
        sa.CheckConstraint("status IN ('open', 'done', 'left', 'broken')", name=op.f("ck_talk_status")),
        sa.ForeignKeyConstraint(["address_id"], ["address.id"], name=op.f("fk_talk_address_id")),
        sa.ForeignKeyConstraint(["contact_id"], ["contact.id"], name=op.f("fk_talk_contact_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_talk")),
    )
    with op.batch_alter_table("talk", schema=None) as batch_op:
        batch_op.create_index("ix_talk_address_id_opened_at", ["address_id", "opened_at"], unique=False)
        batch_op.create_index(
            "ix_talk_open",
            ["heard_at"],
            unique=False,
            sqlite_where=sa.text("status = 'open'"),
            postgresql_where=sa.text("status = 'open'"),
        )

    op.create_table(
        "message",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("talk_id", sa.Uuid(), nullable=False),
        sa.Column("outbound", sa.Boolean(), nullable=False),
        sa.Column("channel", sa.String(length=32), nullable=False),
        sa.Column("provider_id", sa.String(length=64), nullable=True),
        sa.Column("kind", sa.String(length=16), nullable=False),
        sa.Column("body", sa.LargeBinary(), nullable=True),
        sa.Column("at", bot.store.types.Instant(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["talk_id"], ["talk.id"], name=op.f("fk_message_talk_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_message")),
        sa.UniqueConstraint("channel", "provider_id", name=op.f("uq_message_channel_provider_id")),
    )
    with op.batch_alter_table("message", schema=None) as batch_op:
        batch_op.create_index("ix_message_talk_id_at", ["talk_id", "at"], unique=False)

    op.create_table(
        "report",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("address_id", sa.Uuid(), nullable=True),
        sa.Column("talk_id", sa.Uuid(), nullable=False),
        sa.Column("status", sa.String(length=12), nullable=False),
        sa.Column("closed_queue", sa.Boolean(), nullable=False),
        sa.Column("exercise", sa.Boolean(), nullable=False),
        sa.Column("urgency", sa.SmallInteger(), nullable=False),
        sa.Column("kind", sa.String(length=24), nullable=True),
        sa.Column("suggested_kind", sa.String(length=24), nullable=True),
        sa.Column("place", sa.String(length=96), nullable=True),
        sa.Column("place_confirmed", sa.Boolean(), nullable=False),
        sa.Column("language", sa.String(length=8), nullable=True),
        sa.Column("channel", sa.String(length=32), nullable=False),
        sa.Column("answer_needed", sa.String(length=12), nullable=True),
        sa.Column("call", sa.String(length=12), nullable=True),
        sa.Column("code_hash", sa.LargeBinary(length=32), nullable=False),
        sa.Column("narrative", sa.LargeBinary(), nullable=True),
        sa.Column("seen_at", bot.store.types.Instant(timezone=True), nullable=True),
        sa.Column("made_at", bot.store.types.Instant(timezone=True), nullable=False),
        sa.Column("changed_at", bot.store.types.Instant(timezone=True), nullable=False),
        sa.CheckConstraint(
            "status IN ('half_told', 'received', 'triaged', 'routed', 'in_hand', 'answered', 'closed', 'set_aside')",
            name=op.f("ck_report_status"),
        ),
        sa.CheckConstraint("urgency BETWEEN 1 AND 4", name=op.f("ck_report_urgency")),
        sa.ForeignKeyConstraint(["address_id"], ["address.id"], name=op.f("fk_report_address_id")),
        sa.ForeignKeyConstraint(["talk_id"], ["talk.id"], name=op.f("fk_report_talk_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_report")),
        sa.UniqueConstraint("code_hash", name=op.f("uq_report_code_hash")),
    )
    with op.batch_alter_table("report", schema=None) as batch_op:
        batch_op.create_index("ix_report_address_id", ["address_id", "made_at"], unique=False)
        batch_op.create_index("ix_report_inbox", ["closed_queue", "status", "urgency", "made_at"], unique=False)

    op.create_table(
        "call_back",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("address_id", sa.Uuid(), nullable=True),
        sa.Column("talk_id", sa.Uuid(), nullable=True),
        sa.Column("report_id", sa.Uuid(), nullable=True),
        sa.Column("status", sa.String(length=8), nullable=False),
        sa.Column("language", sa.String(length=8), nullable=True),
        sa.Column("hour", sa.String(length=12), nullable=True),
        sa.Column("asked", sa.SmallInteger(), nullable=False),
        sa.Column("made_at", bot.store.types.Instant(timezone=True), nullable=False),
        sa.Column("heard_at", bot.store.types.Instant(timezone=True), nullable=False),
        sa.Column("done_at", bot.store.types.Instant(timezone=True), nullable=True),
        sa.Column("done_by", sa.Uuid(), nullable=True),
        sa.CheckConstraint("status IN ('open', 'done')", name=op.f("ck_call_back_status")),
        sa.ForeignKeyConstraint(["address_id"], ["address.id"], name=op.f("fk_call_back_address_id")),
        sa.ForeignKeyConstraint(["report_id"], ["report.id"], name=op.f("fk_call_back_report_id")),
        sa.ForeignKeyConstraint(["talk_id"], ["talk.id"], name=op.f("fk_call_back_talk_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_call_back")),
    )
    with op.batch_alter_table("call_back", schema=None) as batch_op:
        batch_op.create_index("ix_call_back_status", ["status", "heard_at"], unique=False)
        batch_op.create_index(
            "uq_call_back_open",
            ["address_id"],
            unique=True,
            sqlite_where=sa.text("status = 'open'"),
            postgresql_where=sa.text("status = 'open'"),
        )

    op.create_table(
        "outbox",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("cause", sa.String(length=96), nullable=False),
        sa.Column("message_id", sa.Uuid(), nullable=False),
        sa.Column("address_id", sa.Uuid(), nullable=False),
        sa.Column("channel", sa.String(length=32), nullable=False),
        sa.Column("lane", sa.SmallInteger(), nullable=False),
        sa.Column("status", sa.String(length=12), nullable=False),
        sa.Column("attempt", sa.SmallInteger(), nullable=False),
        sa.Column("token", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("lease_until", bot.store.types.Instant(timezone=True), nullable=True),
        sa.Column("not_before", bot.store.types.Instant(timezone=True), nullable=False),
        sa.Column("expires_at", bot.store.types.Instant(timezone=True), nullable=True),
        sa.Column("provider_id", sa.String(length=64), nullable=True),
        sa.Column("code", sa.String(length=64), nullable=True),
        sa.Column("possible_duplicate", sa.Boolean(), nullable=False),
        sa.Column("made_at", bot.store.types.Instant(timezone=True), nullable=False),
        sa.Column("sending_at", bot.store.types.Instant(timezone=True), nullable=True),
        sa.Column("settled_at", bot.store.types.Instant(timezone=True), nullable=True),
        sa.CheckConstraint(
            "status IN ('queued', 'sending', 'unknown', 'sent', 'failed', 'delivered', 'cancelled', 'expired', 'refused')",
            name=op.f("ck_outbox_status"),
        ),
        sa.CheckConstraint("lane IN (0, 1, 2)", name=op.f("ck_outbox_lane")),
        sa.ForeignKeyConstraint(["address_id"], ["address.id"], name=op.f("fk_outbox_address_id")),
        sa.ForeignKeyConstraint(["message_id"], ["message.id"], name=op.f("fk_outbox_message_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_outbox")),
        sa.UniqueConstraint("cause", name=op.f("uq_outbox_cause")),
    )
    with op.batch_alter_table("outbox", schema=None) as batch_op:
        batch_op.create_index(
            "ix_outbox_lease",
            ["lease_until"],
            unique=False,
            sqlite_where=sa.text("status IN ('sending', 'unknown')"),
            postgresql_where=sa.text("status IN ('sending', 'unknown')"),
        )
        batch_op.create_index("ix_outbox_message_id", ["message_id"], unique=False)
        batch_op.create_index("ix_outbox_provider_id", ["channel", "provider_id"], unique=False)
        batch_op.create_index(
            "ix_outbox_queued",
            ["channel", "lane", "id"],
            unique=False,
            sqlite_where=sa.text("status = 'queued'"),
            postgresql_where=sa.text("status = 'queued'"),
        )
        batch_op.create_index(
            "ix_outbox_unsettled",
            ["address_id", "lane", "id"],
            unique=False,
            sqlite_where=sa.text("status IN ('queued', 'sending', 'unknown')"),
            postgresql_where=sa.text("status IN ('queued', 'sending', 'unknown')"),
        )


def downgrade() -> None:
    with op.batch_alter_table("outbox", schema=None) as batch_op:
        batch_op.drop_index(
            "ix_outbox_unsettled",
            sqlite_where=sa.text("status IN ('queued', 'sending', 'unknown')"),
            postgresql_where=sa.text("status IN ('queued', 'sending', 'unknown')"),
        )
        batch_op.drop_index(
            "ix_outbox_queued", sqlite_where=sa.text("status = 'queued'"), postgresql_where=sa.text("status = 'queued'")
        )
        batch_op.drop_index("ix_outbox_provider_id")
        batch_op.drop_index("ix_outbox_message_id")
        batch_op.drop_index(
            "ix_outbox_lease",
            sqlite_where=sa.text("status IN ('sending', 'unknown')"),
            postgresql_where=sa.text("status IN ('sending', 'unknown')"),
        )

    op.drop_table("outbox")
    with op.batch_alter_table("call_back", schema=None) as batch_op:
        batch_op.drop_index(
            "uq_call_back_open", sqlite_where=sa.text("status = 'open'"), postgresql_where=sa.text("status = 'open'")
        )
        batch_op.drop_index("ix_call_back_status")

    op.drop_table("call_back")
    with op.batch_alter_table("report", schema=None) as batch_op:
        batch_op.drop_index("ix_report_inbox")
        batch_op.drop_index("ix_report_address_id")

    op.drop_table("report")
    with op.batch_alter_table("message", schema=None) as batch_op:
        batch_op.drop_index("ix_message_talk_id_at")

    op.drop_table("message")
    with op.batch_alter_table("talk", schema=None) as batch_op:
        batch_op.drop_index(
            "ix_talk_open", sqlite_where=sa.text("status = 'open'"), postgresql_where=sa.text("status = 'open'")
        )
        batch_op.drop_index("ix_talk_address_id_opened_at")

    op.drop_table("talk")
    with op.batch_alter_table("staff_session", schema=None) as batch_op:
        batch_op.drop_index("ix_staff_session_staff_id")

    op.drop_table("staff_session")
    with op.batch_alter_table("address", schema=None) as batch_op:
        batch_op.drop_index(
            "ix_address_forgotten",
            sqlite_where=sa.text("forgotten_at IS NOT NULL AND sealed IS NOT NULL"),
            postgresql_where=sa.text("forgotten_at IS NOT NULL AND sealed IS NOT NULL"),
        )

    op.drop_table("address")
    op.drop_table("staff")
    op.drop_table("sign_in_failure")
    op.drop_table("pace")
    op.drop_table("lease")
    op.drop_table("installation")
    op.drop_table("form_token")
    op.drop_table("contact")
    with op.batch_alter_table("audit", schema=None) as batch_op:
        batch_op.drop_index(
            "ix_audit_unlinked", sqlite_where=sa.text("link IS NULL"), postgresql_where=sa.text("link IS NULL")
        )
        batch_op.drop_index("ix_audit_subject")

    op.drop_table("audit")
