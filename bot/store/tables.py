"""The tables: columns, constraints, indexes, and nothing that acts.

Columns of type LargeBinary hold sealed text (`bot.store.sealing`) or a wrapped data key; all else is in clear by
decision and listed in docs/dump.md.
"""

from collections.abc import Iterable
from enum import StrEnum
from typing import Any

from sqlalchemy import (
    JSON,
    Boolean,
    CheckConstraint,
    Column,
    Date,
    Float,
    ForeignKey,
    Index,
    Integer,
    LargeBinary,
    MetaData,
    SmallInteger,
    String,
    Table,
    Text,
    UniqueConstraint,
    Uuid,
    text,
    true,
)

from bot.store.types import Instant, RowNumber

metadata = MetaData(
    naming_convention={
        "ix": "ix_%(table_name)s_%(column_0_N_name)s",
        "uq": "uq_%(table_name)s_%(column_0_N_name)s",
        "ck": "ck_%(table_name)s_%(constraint_name)s",
        "fk": "fk_%(table_name)s_%(column_0_name)s",
        "pk": "pk_%(table_name)s",
    }
)


class TalkStatus(StrEnum):
    """Where a talk stands; `open` waits for an answer."""

    OPEN = "open"
    DONE = "done"
    LEFT = "left"
    BROKEN = "broken"


class OutboxStatus(StrEnum):
    """Where an outgoing message stands; `bot.delivery.states` has the order."""

    QUEUED = "queued"
    SENDING = "sending"
    UNKNOWN = "unknown"
    SENT = "sent"
    FAILED = "failed"
    DELIVERED = "delivered"
    CANCELLED = "cancelled"
    EXPIRED = "expired"
    REFUSED = "refused"


class ReportStatus(StrEnum):
    """Where a report stands on its way to an answer."""

    HALF_TOLD = "half_told"
    RECEIVED = "received"
    TRIAGED = "triaged"
    ROUTED = "routed"
    IN_HAND = "in_hand"
    ANSWERED = "answered"
    CLOSED = "closed"
    SET_ASIDE = "set_aside"


class Veracity(StrEnum):
    """How far it is known whether something that people say is true."""

    NEW = "new"
    UNDER_CHECK = "under_check"
    PROBABLY_TRUE = "probably_true"
    CONFIRMED_TRUE = "confirmed_true"
    PROBABLY_FALSE = "probably_false"
    CONFIRMED_FALSE = "confirmed_false"
    CANNOT_BE_CHECKED = "cannot_be_checked"

    @property
    def is_settled(self) -> bool:
        """Whether there is something to tell: all but what is new or still being checked."""
        return self not in (Veracity.NEW, Veracity.UNDER_CHECK)


class Through(StrEnum):
    """Through what somebody heard something: the answers of the flow `rumour`."""

    PERSON = "person"
    PHONE = "phone"
    RADIO = "radio"
    CROWD = "crowd"


class Says(StrEnum):
    """What a source says of something that people say."""

    TRUE = "true"
    FALSE = "false"
    UNSURE = "unsure"


class AnswerForm(StrEnum):
    """How an answer to a rumour is told: one sentence on a telephone, or read aloud by a radio."""

    SENTENCE = "sentence"
    RADIO = "radio"


class IncidentStatus(StrEnum):
    """Whether something is still going on."""

    OPEN = "open"
    CLOSED = "closed"


class ItemStatus(StrEnum):
    """Where an item stands: sent to a seat, accepted, declined, waiting for the desk's answer, done, taken back."""

    SENT = "sent"
    ACCEPTED = "accepted"
    DECLINED = "declined"
    ASKED = "asked"
    DONE = "done"
    WITHDRAWN = "withdrawn"


class RevealStatus(StrEnum):
    """Where the wish to see who told something stands."""

    ASKED = "asked"
    ALLOWED = "allowed"
    REFUSED = "refused"


class DeskMessageStatus(StrEnum):
    """What became of something the desk wrote or asked; `dropped`: when its hour came it might not be sent any more,
    `overtaken`: a question whose report was done before its hour came.
    """

    WAITING = "waiting"
    SENT = "sent"
    TAKEN_BACK = "taken_back"
    DROPPED = "dropped"
    OVERTAKEN = "overtaken"


class CallBackStatus(StrEnum):
    """Whether somebody has called back."""

    OPEN = "open"
    DONE = "done"


class DutyLine(StrEnum):
    """What somebody is on duty for: the desk, or the closed queue."""

    DESK = "desk"
    CLOSED_QUEUE = "closed_queue"


class GroupKind(StrEnum):
    """What people are together in; `ccls` is a local security committee."""

    CELL = "cell"
    WOMEN = "women"
    YOUTH = "youth"
    ASSOCIATION = "association"
    CCLS = "ccls"
    RADIO = "radio"
    LEADER = "leader"
    OTHER = "other"


class ImportStatus(StrEnum):
    """Where a list of people stands: waiting, on its way through a worker, or over in one of five ways."""

    WAITING = "waiting"
    READING = "reading"
    CHECKING = "checking"
    SEALING = "sealing"
    LANDING = "landing"
    LANDED = "landed"
    CHECKED = "checked"
    REFUSED = "refused"
    STOPPED = "stopped"
    BROKEN = "broken"


class MemberRole(StrEnum):
    """What somebody is in a group."""

    FOCAL_POINT = "focal_point"
    MEMBER = "member"


class CallOutcome(StrEnum):
    """What came of a call."""

    REACHED = "reached"
    NO_ANSWER = "no_answer"
    WRONG_PERSON = "wrong_person"
    LATER = "later"
    NOT_SAFE = "not_safe"


class TranslationStatus(StrEnum):
    """How far a wording of the desk is; one that was withdrawn is neither said nor read again."""

    DRAFT = "draft"
    REVIEWED = "reviewed"
    WITHDRAWN = "withdrawn"


class SignInStage(StrEnum):
    """How far a member of staff has proved who they are; only `full` opens the panel."""

    HALF_WAY = "half_way"
    ENROLLING = "enrolling"
    FULL = "full"


class StaffRequestKind(StrEnum):
    """What one administrator can't do to a colleague alone."""

    ROLES = "roles"
    SECOND_FACTOR = "second_factor"


class StaffRequestStatus(StrEnum):
    """Where such a request stands; only a second person approves or refuses it."""

    PENDING = "pending"
    APPROVED = "approved"
    REFUSED = "refused"
    WITHDRAWN = "withdrawn"


def _one_of(column: str, values: Iterable[StrEnum]) -> CheckConstraint:
    listed = ", ".join(f"'{each.value}'" for each in values)
    return CheckConstraint(f"{column} IN ({listed})", name=column)


def _id() -> Column[Any]:
    return Column("id", Uuid, primary_key=True)


def _open_report(name: str, *columns: str, and_where: str = "") -> Index:
    """An index over the open reports of one filter, in the order of the inbox."""
    where = text(" AND ".join(("status NOT IN ('closed', 'set_aside')", *([and_where] if and_where else []))))
    name = f"ix_report_open_{name}"
    return Index(name, *columns, "urgency", text("made_at DESC"), "id", sqlite_where=where, postgresql_where=where)


installation = Table(
    "installation",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("mode", String(8), nullable=False),
    Column("key_check", LargeBinary, nullable=False),
    Column("made_at", Instant, nullable=False),
    CheckConstraint("mode IN ('demo', 'live')", name="mode"),
    CheckConstraint("id = 1", name="single"),
)

contact = Table(
    "contact",
    metadata,
    _id(),
    Column("data_key", LargeBinary),
    Column("name", LargeBinary),
    Column("languages", String(64), nullable=False, server_default=""),
    Column("place", String(96)),
    Column("consent", LargeBinary),
    Column("made_at", Instant, nullable=False),
    Column("changed_at", Instant, nullable=False),
    # Somebody who was written down twice: this row is found no more, and waits to be taken out again.
    Column("merged_into", Uuid),
    Index("ix_contact_merged_into", "merged_into"),
)

contact_word = Table(
    "contact_word",
    metadata,
    Column("word", LargeBinary(8), primary_key=True),
    Column("contact_id", ForeignKey("contact.id"), primary_key=True),
    Index("ix_contact_word_contact_id", "contact_id"),
)

address = Table(
    "address",
    metadata,
    _id(),
    Column("kind", String(16), nullable=False),
    Column("hash", LargeBinary(32), nullable=False, unique=True),
    Column("data_key", LargeBinary),
    Column("sealed", LargeBinary),
    Column("channel", String(32), nullable=False),
    Column("language", String(8)),
    Column("opted_out_at", Instant),
    Column("forgotten_at", Instant),
    Column("ended_at", Instant),
    Column("unsafe_at", Instant),
    Column("heard_at", Instant, nullable=False),
    Column("reply_tokens", Float, nullable=False),
    Column("same_reply", LargeBinary(8)),
    Column("same_replies", SmallInteger, nullable=False),
    Column("code_tries", SmallInteger, nullable=False),
    Column("code_tried_at", Instant),
    Column("made_at", Instant, nullable=False),
    Index(
        "ix_address_forgotten",
        "forgotten_at",
        sqlite_where=text("forgotten_at IS NOT NULL AND sealed IS NOT NULL"),
        postgresql_where=text("forgotten_at IS NOT NULL AND sealed IS NOT NULL"),
    ),
)

contact_address = Table(
    "contact_address",
    metadata,
    _id(),
    Column("contact_id", ForeignKey("contact.id"), nullable=False),
    Column("address_id", ForeignKey("address.id"), nullable=False),
    Column("person", SmallInteger, nullable=False),
    Column("made_at", Instant, nullable=False),
    Column("ended_at", Instant),
    Column("merged_from", Uuid),
    Index("ix_contact_address_contact_id", "contact_id"),
    Index("ix_contact_address_merged_from", "merged_from"),
    Index(
        "uq_contact_address_living",
        "address_id",
        "person",
        unique=True,
        sqlite_where=text("ended_at IS NULL"),
        postgresql_where=text("ended_at IS NULL"),
    ),
    Index("ix_contact_address_address_id", "address_id"),
)

talk = Table(
    "talk",
    metadata,
    _id(),
    Column("address_id", ForeignKey("address.id"), nullable=False),
    Column("contact_id", ForeignKey("contact.id")),
    Column("report_id", Uuid),
    Column("flow", String(32), nullable=False),
    Column("status", String(8), nullable=False),
    Column("data_key", LargeBinary),
    Column("facts", LargeBinary),
    Column("answers", LargeBinary),
    Column("asked", LargeBinary),
    Column("tries", SmallInteger, nullable=False),
    Column("opened_at", Instant, nullable=False),
    Column("heard_at", Instant, nullable=False),
    Column("ended_at", Instant),
    _one_of("status", TalkStatus),
    Index("ix_talk_address_id_opened_at", "address_id", "opened_at"),
    Index("ix_talk_report_id", "report_id"),
    Index(
        "ix_talk_words",
        "heard_at",
        sqlite_where=text("report_id IS NULL AND data_key IS NOT NULL"),
        postgresql_where=text("report_id IS NULL AND data_key IS NOT NULL"),
    ),
    Index("ix_talk_open", "heard_at", sqlite_where=text("status = 'open'"), postgresql_where=text("status = 'open'")),
)

message = Table(
    "message",
    metadata,
    _id(),
    Column("talk_id", ForeignKey("talk.id"), nullable=False),
    Column("outbound", Boolean, nullable=False),
    Column("channel", String(32), nullable=False),
    Column("provider_id", String(64)),
    Column("kind", String(16), nullable=False),
    Column("body", LargeBinary),
    # What a photo or voice note is called at the provider, who keeps it.
    Column("media", LargeBinary),
    Column("at", Instant, nullable=False),
    UniqueConstraint("channel", "provider_id"),
    Index("ix_message_talk_id_at", "talk_id", "at"),
)

outbox = Table(
    "outbox",
    metadata,
    Column("id", RowNumber, primary_key=True),
    Column("cause", String(96), nullable=False, unique=True),
    Column("message_id", ForeignKey("message.id"), nullable=False),
    Column("address_id", ForeignKey("address.id"), nullable=False),
    Column("channel", String(32), nullable=False),
    Column("lane", SmallInteger, nullable=False),
    Column("status", String(12), nullable=False),
    Column("attempt", SmallInteger, nullable=False),
    Column("token", RowNumber, nullable=False),
    Column("lease_until", Instant),
    Column("not_before", Instant, nullable=False),
    Column("expires_at", Instant),
    Column("provider_id", String(64)),
    Column("code", String(64)),
    Column("possible_duplicate", Boolean, nullable=False),
    Column("made_at", Instant, nullable=False),
    Column("sending_at", Instant),
    Column("settled_at", Instant),
    _one_of("status", OutboxStatus),
    CheckConstraint("lane IN (0, 1, 2)", name="lane"),
    Index(
        "ix_outbox_queued",
        "channel",
        "lane",
        "id",
        sqlite_where=text("status = 'queued'"),
        postgresql_where=text("status = 'queued'"),
    ),
    Index(
        "ix_outbox_unsettled",
        "address_id",
        "lane",
        "id",
        sqlite_where=text("status IN ('queued', 'sending', 'unknown')"),
        postgresql_where=text("status IN ('queued', 'sending', 'unknown')"),
    ),
    Index(
        "ix_outbox_lease",
        "lease_until",
        sqlite_where=text("status IN ('sending', 'unknown')"),
        postgresql_where=text("status IN ('sending', 'unknown')"),
    ),
    Index("ix_outbox_message_id", "message_id"),
    Index("ix_outbox_provider_id", "channel", "provider_id"),
)

pace = Table(
    "pace",
    metadata,
    Column("channel", String(32), primary_key=True),
    Column("tokens", Float, nullable=False),
    Column("refilled_at", Instant, nullable=False),
)

incident = Table(
    "incident",
    metadata,
    _id(),
    Column("data_key", LargeBinary),
    Column("kind", String(24)),
    Column("place", String(96)),
    Column("urgency", SmallInteger, nullable=False),
    Column("status", String(8), nullable=False),
    Column("veracity", String(20)),
    Column("summary", LargeBinary),
    Column("summary_by", ForeignKey("staff.id")),
    Column("summary_at", Instant),
    Column("made_at", Instant, nullable=False),
    Column("changed_at", Instant, nullable=False),
    _one_of("status", IncidentStatus),
    _one_of("veracity", Veracity),
    CheckConstraint("urgency BETWEEN 1 AND 4", name="urgency"),
    Index("ix_incident_status", "status", "urgency", "changed_at"),
    Index("ix_incident_veracity", "veracity", "changed_at"),
)

report = Table(
    "report",
    metadata,
    _id(),
    Column("address_id", ForeignKey("address.id")),
    Column("talk_id", ForeignKey("talk.id"), nullable=False),
    Column("status", String(12), nullable=False),
    Column("closed_queue", Boolean, nullable=False),
    Column("exercise", Boolean, nullable=False),
    Column("urgency", SmallInteger, nullable=False),
    Column("kind", String(24)),
    Column("suggested_kind", String(24)),
    Column("place", String(96)),
    Column("place_confirmed", Boolean, nullable=False),
    Column("language", String(8)),
    Column("channel", String(32), nullable=False),
    Column("answer_needed", String(12)),
    Column("call", String(12)),
    Column("veracity", String(20)),
    Column("tell", String(8)),
    Column("tell_at", Instant),
    Column("helped", String(8)),
    Column("consent", String(8)),
    Column("incident_id", ForeignKey("incident.id")),
    Column("suggested_incident_id", Uuid),
    Column("to_index", Boolean, nullable=False, default=True, server_default=true()),
    Column("code_hash", LargeBinary(32), nullable=False, unique=True),
    Column("narrative", LargeBinary),
    Column("seen_at", Instant),
    Column("made_at", Instant, nullable=False),
    Column("changed_at", Instant, nullable=False),
    _one_of("status", ReportStatus),
    _one_of("veracity", Veracity),
    CheckConstraint("urgency BETWEEN 1 AND 4", name="urgency"),
    # The lists of one state and their counts; the inbox as it is read; what has changed in it.
    Index(
        "ix_report_status",
        "status",
        "urgency",
        text("made_at DESC"),
        "id",
        postgresql_include=["closed_queue"],
    ),
    Index(
        "ix_report_open",
        "urgency",
        text("made_at DESC"),
        "id",
        sqlite_where=text("status NOT IN ('closed', 'set_aside')"),
        postgresql_where=text("status NOT IN ('closed', 'set_aside')"),
    ),
    Index(
        "ix_report_open_changed",
        "closed_queue",
        "changed_at",
        sqlite_where=text("status NOT IN ('closed', 'set_aside')"),
        postgresql_where=text("status NOT IN ('closed', 'set_aside')"),
    ),
    # What retention takes next.
    Index(
        "ix_report_linked",
        "changed_at",
        sqlite_where=text("status IN ('closed', 'set_aside') AND address_id IS NOT NULL"),
        postgresql_where=text("status IN ('closed', 'set_aside') AND address_id IS NOT NULL"),
    ),
    Index(
        "ix_report_told",
        "made_at",
        sqlite_where=text("narrative IS NOT NULL"),
        postgresql_where=text("narrative IS NOT NULL"),
    ),
    # The filters of the inbox, each in the inbox's own order.
    _open_report("kind", "kind", and_where="kind IS NOT NULL"),
    _open_report("suggested_kind", "suggested_kind", and_where="kind IS NULL"),
    _open_report("language", "language"),
    _open_report("channel", "channel"),
    _open_report("unread", and_where="seen_at IS NULL"),
    _open_report("call", and_where="call IN ('now', 'morning', 'afternoon', 'evening')"),
    Index("ix_report_address_id", "address_id", "made_at"),
    Index("ix_report_incident_id", "incident_id"),
    Index("ix_report_suggested_incident_id", "suggested_incident_id"),
    Index("ix_report_made_at", "made_at"),
    Index("ix_report_kind_made_at", "kind", "made_at"),
    Index("ix_report_to_index", "id", sqlite_where=text("to_index = 1"), postgresql_where=text("to_index")),
    Index("ix_report_place_made_at", "place", "made_at"),
    # Which of the reports with a word lie in a region, without reading them.
    Index("ix_report_id_place", "id", "place", "closed_queue"),
    Index(
        "ix_report_ringing",
        "closed_queue",
        "changed_at",
        sqlite_where=text("urgency = 1 AND seen_at IS NULL AND status NOT IN ('closed', 'set_aside')"),
        postgresql_where=text("urgency = 1 AND seen_at IS NULL AND status NOT IN ('closed', 'set_aside')"),
    ),
    Index(
        "ix_report_rumour",
        "made_at",
        sqlite_where=text("kind IS NULL AND suggested_kind = 'rumour'"),
        postgresql_where=text("kind IS NULL AND suggested_kind = 'rumour'"),
    ),
    Index(
        "ix_report_tell", "tell_at", sqlite_where=text("tell IS NOT NULL"), postgresql_where=text("tell IS NOT NULL")
    ),
)

rumour_check = Table(
    "rumour_check",
    metadata,
    _id(),
    Column("incident_id", ForeignKey("incident.id"), nullable=False),
    Column("says", String(8), nullable=False),
    Column("source", LargeBinary, nullable=False),
    Column("finding", LargeBinary, nullable=False),
    Column("made_by", ForeignKey("staff.id"), nullable=False),
    Column("made_at", Instant, nullable=False),
    Column("withdrawn_at", Instant),
    _one_of("says", Says),
    Index("ix_rumour_check_incident_id", "incident_id"),
)

sighting = Table(
    "sighting",
    metadata,
    _id(),
    Column("incident_id", ForeignKey("incident.id"), nullable=False),
    Column("place", String(96)),
    Column("through", String(8), nullable=False),
    Column("heard_at", Instant, nullable=False),
    Column("words", LargeBinary),
    Column("made_by", ForeignKey("staff.id"), nullable=False),
    Column("made_at", Instant, nullable=False),
    Column("withdrawn_at", Instant),
    _one_of("through", Through),
    Index("ix_sighting_incident_id", "incident_id"),
)

rumour_answer = Table(
    "rumour_answer",
    metadata,
    _id(),
    Column("incident_id", ForeignKey("incident.id"), nullable=False),
    Column("form", String(8), nullable=False),
    Column("language", String(8), nullable=False),
    Column("veracity", String(20), nullable=False),
    Column("text", LargeBinary, nullable=False),
    Column("expires_at", Instant, nullable=False),
    Column("made_by", ForeignKey("staff.id"), nullable=False),
    Column("made_at", Instant, nullable=False),
    Column("approved_by", ForeignKey("staff.id")),
    Column("approved_at", Instant),
    Column("withdrawn_at", Instant),
    _one_of("form", AnswerForm),
    _one_of("veracity", [each for each in Veracity if each.is_settled]),
    CheckConstraint("approved_by <> made_by", name="second_person"),
    CheckConstraint("(approved_by IS NULL) = (approved_at IS NULL)", name="approved"),
    Index("ix_rumour_answer_incident_id", "incident_id"),
    Index(
        "ix_rumour_answer_approved",
        "expires_at",
        sqlite_where=text("approved_at IS NOT NULL AND withdrawn_at IS NULL"),
        postgresql_where=text("approved_at IS NOT NULL AND withdrawn_at IS NULL"),
    ),
)

desk_message = Table(
    "desk_message",
    metadata,
    _id(),
    Column("report_id", ForeignKey("report.id"), nullable=False),
    # The talk in which it was said: of a question its own.
    Column("talk_id", ForeignKey("talk.id")),
    Column("cause", String(96), nullable=False, unique=True),
    Column("template", String(16)),
    Column("text", LargeBinary),
    Column("status", String(12), nullable=False),
    Column("send_at", Instant, nullable=False),
    Column("answer", LargeBinary),
    Column("answered_at", Instant),
    Column("staff_id", Uuid, nullable=False),
    Column("made_at", Instant, nullable=False),
    _one_of("status", DeskMessageStatus),
    Index("ix_desk_message_report_id", "report_id"),
    Index("ix_desk_message_talk_id", "talk_id"),
    Index(
        "ix_desk_message_waiting",
        "send_at",
        sqlite_where=text("status = 'waiting'"),
        postgresql_where=text("status = 'waiting'"),
    ),
)

draft = Table(
    "draft",
    metadata,
    _id(),
    Column("data_key", LargeBinary, nullable=False),
    Column("staff_id", ForeignKey("staff.id"), nullable=False),
    # The report, the event, the call-back or the item that it is written about.
    Column("about", Uuid, nullable=False),
    Column("field", String(12), nullable=False),
    Column("text", LargeBinary, nullable=False),
    Column("kept_at", Instant, nullable=False),
    UniqueConstraint("staff_id", "about", "field"),
    Index("ix_draft_about", "about"),
    Index("ix_draft_kept_at", "kept_at"),
)

translation_task = Table(
    "translation_task",
    metadata,
    _id(),
    Column("data_key", LargeBinary, nullable=False),
    Column("report_id", ForeignKey("report.id"), nullable=False),
    Column("language", String(8), nullable=False),
    Column("text", LargeBinary, nullable=False),
    Column("translation", LargeBinary),
    Column("asked_by", ForeignKey("staff.id"), nullable=False),
    Column("asked_at", Instant, nullable=False),
    Column("translated_by", ForeignKey("staff.id")),
    Column("translated_at", Instant),
    CheckConstraint("(translated_at IS NULL) = (translation IS NULL)", name="translated"),
    Index("ix_translation_task_report_id", "report_id"),
    Index(
        "ix_translation_task_waiting",
        "asked_at",
        sqlite_where=text("translated_at IS NULL"),
        postgresql_where=text("translated_at IS NULL"),
    ),
)

contact_import = Table(
    "contact_import",
    metadata,
    _id(),
    # Empty once nothing of the file is left, neither itself nor what was wrong with it.
    Column("data_key", LargeBinary),
    Column("content", LargeBinary),
    Column("bad", LargeBinary),
    Column("staff_id", ForeignKey("staff.id"), nullable=False),
    Column("only_check", Boolean, nullable=False),
    Column("status", String(12), nullable=False),
    Column("rows_read", Integer, nullable=False, server_default="0"),
    Column("rows_checked", Integer, nullable=False, server_default="0"),
    Column("people", Integer, nullable=False, server_default="0"),
    Column("people_ready", Integer, nullable=False, server_default="0"),
    Column("bad_rows", Integer, nullable=False, server_default="0"),
    Column("counts", JSON),
    Column("begun_at", Instant, nullable=False),
    Column("ended_at", Instant),
    Column("lease_until", Instant),
    Column("token", Integer, nullable=False, server_default="0"),
    Column("attempts", SmallInteger, nullable=False, server_default="0"),
    CheckConstraint("(ended_at IS NULL) = (content IS NOT NULL)", name="destroyed"),
    Index("ix_contact_import_begun_at", "begun_at"),
)

report_word = Table(
    "report_word",
    metadata,
    Column("word", LargeBinary(8), primary_key=True),
    Column("report_id", ForeignKey("report.id"), primary_key=True),
    Index("ix_report_word_report_id", "report_id"),
)

saved_view = Table(
    "saved_view",
    metadata,
    _id(),
    Column("staff_id", ForeignKey("staff.id"), nullable=False),
    Column("name", LargeBinary, nullable=False),
    Column("query", JSON, nullable=False),
    Column("made_at", Instant, nullable=False),
    Column("deleted_at", Instant),
    Index("ix_saved_view_staff_id", "staff_id"),
)

report_lock = Table(
    "report_lock",
    metadata,
    Column("report_id", ForeignKey("report.id"), primary_key=True),
    Column("staff_id", ForeignKey("staff.id"), nullable=False),
    Column("since", Instant, nullable=False),
    Column("until", Instant, nullable=False),
)

target = Table(
    "target",
    metadata,
    Column("id", RowNumber, primary_key=True),
    Column("urgency", SmallInteger, nullable=False),
    Column("minutes", Integer, nullable=False),
    Column("staff_id", ForeignKey("staff.id"), nullable=False),
    Column("made_at", Instant, nullable=False),
)

desk_hours = Table(
    "desk_hours",
    metadata,
    Column("id", RowNumber, primary_key=True),
    Column("weekday", SmallInteger),
    Column("day", Date, nullable=False),
    Column("opens", SmallInteger),
    Column("closes", SmallInteger),
    Column("name", String(40), nullable=False),
    Column("kept", Boolean, nullable=False),
    Column("staff_id", ForeignKey("staff.id"), nullable=False),
    Column("made_at", Instant, nullable=False),
    CheckConstraint("weekday BETWEEN 0 AND 6", name="weekday"),
    CheckConstraint("opens BETWEEN 0 AND 23 AND closes BETWEEN 1 AND 24 AND opens < closes", name="hours"),
    CheckConstraint("(opens IS NULL) = (closes IS NULL)", name="closed"),
)

retention_period = Table(
    "retention_period",
    metadata,
    Column("id", RowNumber, primary_key=True),
    Column("kept", String(16), nullable=False),
    Column("days", Integer, nullable=False),
    Column("staff_id", ForeignKey("staff.id"), nullable=False),
    Column("made_at", Instant, nullable=False),
)

duty_profile = Table(
    "duty_profile",
    metadata,
    Column("staff_id", ForeignKey("staff.id"), primary_key=True),
    Column("languages", JSON, nullable=False),
    Column("as_woman", Boolean, nullable=False),
    Column("changed_at", Instant, nullable=False),
)

rota_change = Table(
    "rota_change",
    metadata,
    Column("id", RowNumber, primary_key=True, autoincrement=False),
    Column("what", String(8), nullable=False),
    Column("staff_id", ForeignKey("staff.id"), nullable=False),
    Column("made_at", Instant, nullable=False),
    Column("undone_at", Instant),
)

hand_over = Table(
    "hand_over",
    metadata,
    _id(),
    Column("data_key", LargeBinary),
    Column("text", LargeBinary, nullable=False),
    Column("closed_queue", Boolean, nullable=False),
    Column("author_id", ForeignKey("staff.id"), nullable=False),
    Column("made_at", Instant, nullable=False),
    Index("ix_hand_over_made_at", "made_at"),
)

hand_over_read = Table(
    "hand_over_read",
    metadata,
    Column("hand_over_id", ForeignKey("hand_over.id"), primary_key=True),
    Column("staff_id", ForeignKey("staff.id"), primary_key=True),
    Column("read_at", Instant, nullable=False),
)

duty_phone = Table(
    "duty_phone",
    metadata,
    _id(),
    Column("line", String(12), nullable=False),
    Column("address_id", ForeignKey("address.id"), nullable=False),
    Column("code_hash", LargeBinary(32), nullable=False),
    Column("tries", SmallInteger, nullable=False),
    Column("staff_id", ForeignKey("staff.id"), nullable=False),
    Column("made_at", Instant, nullable=False),
    Column("confirmed_at", Instant),
    Column("ended_at", Instant),
    _one_of("line", DutyLine),
    Index(
        "uq_duty_phone_living",
        "line",
        unique=True,
        sqlite_where=text("ended_at IS NULL"),
        postgresql_where=text("ended_at IS NULL"),
    ),
    Index("ix_duty_phone_address_id", "address_id"),
)

duty_ring = Table(
    "duty_ring",
    metadata,
    Column("id", RowNumber, primary_key=True, autoincrement=False),
    Column("line", String(12), nullable=False),
    Column("phone_id", ForeignKey("duty_phone.id"), nullable=False),
    Column("rung_at", Instant, nullable=False),
    Column("answered_at", Instant),
    Column("answered_by", ForeignKey("staff.id")),
    _one_of("line", DutyLine),
    Index(
        "ix_duty_ring_unanswered",
        "line",
        sqlite_where=text("answered_at IS NULL"),
        postgresql_where=text("answered_at IS NULL"),
    ),
)

shift = Table(
    "shift",
    metadata,
    _id(),
    Column("line", String(12), nullable=False),
    Column("staff_id", ForeignKey("staff.id"), nullable=False),
    Column("day", Date, nullable=False),
    Column("opens", SmallInteger, nullable=False),
    Column("closes", SmallInteger, nullable=False),
    Column("made_in", ForeignKey("rota_change.id"), nullable=False),
    Column("removed_in", ForeignKey("rota_change.id")),
    _one_of("line", DutyLine),
    CheckConstraint("opens BETWEEN 0 AND 23 AND closes BETWEEN 1 AND 24 AND opens < closes", name="hours"),
    Index("ix_shift_day", "day", "line"),
    Index("ix_shift_made_in", "made_in"),
    Index("ix_shift_removed_in", "removed_in"),
)

call_back = Table(
    "call_back",
    metadata,
    _id(),
    Column("address_id", ForeignKey("address.id")),
    Column("talk_id", ForeignKey("talk.id")),
    Column("report_id", ForeignKey("report.id")),
    Column("status", String(8), nullable=False),
    Column("language", String(8)),
    Column("hour", String(12)),
    Column("asked", SmallInteger, nullable=False),
    Column("made_at", Instant, nullable=False),
    Column("heard_at", Instant, nullable=False),
    Column("done_at", Instant),
    Column("done_by", Uuid),
    Column("call_at", Instant),
    _one_of("status", CallBackStatus),
    Index("ix_call_back_status", "status", "heard_at"),
    Index("ix_call_back_report_id", "report_id"),
    Index("ix_call_back_address_id", "address_id"),
    Index(
        "uq_call_back_open",
        "address_id",
        unique=True,
        sqlite_where=text("status = 'open'"),
        postgresql_where=text("status = 'open'"),
    ),
)

reveal = Table(
    "reveal",
    metadata,
    _id(),
    Column("report_id", ForeignKey("report.id"), nullable=False),
    Column("address_id", ForeignKey("address.id"), nullable=False),
    Column("status", String(8), nullable=False),
    Column("reason", LargeBinary, nullable=False),
    Column("asked_by", ForeignKey("staff.id"), nullable=False),
    Column("asked_at", Instant, nullable=False),
    Column("decided_by", ForeignKey("staff.id")),
    Column("decided_at", Instant),
    Column("expires_at", Instant, nullable=False),
    _one_of("status", RevealStatus),
    CheckConstraint("decided_by <> asked_by", name="second_person"),
    CheckConstraint("status = 'asked' OR (decided_by IS NOT NULL AND decided_at IS NOT NULL)", name="decided"),
    Index("ix_reveal_report_id", "report_id"),
    Index("ix_reveal_address_id", "address_id"),
    Index("ix_reveal_asked", "id", sqlite_where=text("status = 'asked'"), postgresql_where=text("status = 'asked'")),
)

call = Table(
    "call",
    metadata,
    _id(),
    Column("call_back_id", ForeignKey("call_back.id"), nullable=False),
    Column("staff_id", Uuid, nullable=False),
    Column("outcome", String(12), nullable=False),
    Column("note", LargeBinary),
    Column("at", Instant, nullable=False),
    _one_of("outcome", CallOutcome),
    Index("ix_call_call_back_id", "call_back_id", "at"),
)

committee_seat = Table(
    "committee_seat",
    metadata,
    Column("code", String(16), primary_key=True),
    Column("title", String(128), nullable=False),
    Column("college", Boolean, nullable=False),
    Column("protection_only", Boolean, nullable=False),
    Column("place", SmallInteger, nullable=False),
)

seat_holder = Table(
    "seat_holder",
    metadata,
    Column("seat", ForeignKey("committee_seat.code"), primary_key=True),
    Column("staff_id", ForeignKey("staff.id"), primary_key=True),
    Column("deputy", Boolean, nullable=False),
    Column("made_at", Instant, nullable=False),
    Index("ix_seat_holder_staff_id", "staff_id"),
)

routing_rule = Table(
    "routing_rule",
    metadata,
    Column("id", RowNumber, primary_key=True),
    Column("kind", String(24), nullable=False),
    Column("urgency", SmallInteger),
    Column("place", String(96)),
    Column("lead", ForeignKey("committee_seat.code"), nullable=False),
    Column("contributors", JSON, nullable=False),
    Column("due_hours", Integer),
    Index("ix_routing_rule_kind", "kind"),
)

item = Table(
    "item",
    metadata,
    _id(),
    Column("incident_id", ForeignKey("incident.id"), nullable=False),
    Column("seat", ForeignKey("committee_seat.code"), nullable=False),
    Column("lead", Boolean, nullable=False),
    Column("status", String(12), nullable=False),
    Column("due_at", Instant, nullable=False),
    Column("made_by", ForeignKey("staff.id"), nullable=False),
    Column("made_at", Instant, nullable=False),
    Column("changed_at", Instant, nullable=False),
    _one_of("status", ItemStatus),
    Index("ix_item_incident_id", "incident_id"),
    Index("ix_item_seat_due_at", "seat", "due_at"),
)

item_note = Table(
    "item_note",
    metadata,
    _id(),
    Column("item_id", ForeignKey("item.id"), nullable=False),
    Column("by_desk", Boolean, nullable=False),
    Column("status", String(12), nullable=False),
    Column("text", LargeBinary, nullable=False),
    Column("at", Instant, nullable=False),
    Index("ix_item_note_item_id", "item_id"),
)

item_link = Table(
    "item_link",
    metadata,
    _id(),
    Column("item_id", ForeignKey("item.id"), nullable=False),
    Column("secret_hash", LargeBinary(32), nullable=False, unique=True),
    Column("device_hash", LargeBinary(32)),
    Column("expires_at", Instant, nullable=False),
    Column("opened_at", Instant),
    Column("ended_at", Instant),
    Column("made_by", ForeignKey("staff.id"), nullable=False),
    Column("made_at", Instant, nullable=False),
    Index("ix_item_link_item_id", "item_id"),
)

exclusion = Table(
    "exclusion",
    metadata,
    # A report or an event: a report that is joined with others excludes for them, too.
    Column("subject", Uuid, primary_key=True),
    Column("seat", ForeignKey("committee_seat.code"), primary_key=True),
    Column("why", String(8), nullable=False),
    Column("staff_id", ForeignKey("staff.id"), nullable=False),
    Column("made_at", Instant, nullable=False),
)

masked_word = Table(
    "masked_word",
    metadata,
    Column("id", RowNumber, primary_key=True),
    Column("word", String(40), nullable=False),
    Column("why", String(8), nullable=False),
    Column("masked", Boolean, nullable=False),
    Column("staff_id", ForeignKey("staff.id"), nullable=False),
    Column("made_at", Instant, nullable=False),
)

audit = Table(
    "audit",
    metadata,
    Column("id", RowNumber, primary_key=True),
    Column("at", Instant, nullable=False),
    Column("actor", String(64), nullable=False),
    Column("action", String(48), nullable=False),
    Column("subject", String(64), nullable=False),
    Column("detail", JSON, nullable=False),
    Column("link", RowNumber, unique=True),
    Column("hash", LargeBinary(32)),
    Index("ix_audit_subject", "subject", "id"),
    Index("ix_audit_actor", "actor", "id"),
    Index("ix_audit_action", "action", "id"),
    Index("ix_audit_unlinked", "id", sqlite_where=text("link IS NULL"), postgresql_where=text("link IS NULL")),
)

info = Table(
    "info",
    metadata,
    _id(),
    Column("topic", String(16), nullable=False),
    Column("place", String(96)),
    Column("language", String(8), nullable=False),
    Column("text", String(640), nullable=False),
    Column("expires_at", Instant, nullable=False),
    Column("made_by", ForeignKey("staff.id"), nullable=False),
    Column("made_at", Instant, nullable=False),
    Column("withdrawn_at", Instant),
    Column("approved_by", ForeignKey("staff.id")),
    Column("approved_at", Instant),
    CheckConstraint("approved_by <> made_by", name="second_person"),
    Index(
        "ix_info_living",
        "topic",
        "place",
        sqlite_where=text("withdrawn_at IS NULL"),
        postgresql_where=text("withdrawn_at IS NULL"),
    ),
)

report_back = Table(
    "report_back",
    metadata,
    _id(),
    Column("place", String(96)),
    Column("group", String(16)),
    Column("month", Date, nullable=False),
    Column("language", String(8), nullable=False),
    Column("text", String(640), nullable=False),
    Column("made_by", ForeignKey("staff.id"), nullable=False),
    Column("made_at", Instant, nullable=False),
    Column("approved_by", ForeignKey("staff.id")),
    Column("approved_at", Instant),
    Column("withdrawn_at", Instant),
    CheckConstraint("approved_by <> made_by", name="second_person"),
    CheckConstraint("(approved_by IS NULL) = (approved_at IS NULL)", name="approved"),
)

report_back_sent = Table(
    "report_back_sent",
    metadata,
    Column("report_back_id", ForeignKey("report_back.id"), primary_key=True),
    Column("address_id", ForeignKey("address.id"), primary_key=True),
    Column("at", Instant, nullable=False),
)

translation = Table(
    "translation",
    metadata,
    Column("id", RowNumber, primary_key=True),
    Column("language", String(8), nullable=False),
    Column("msgid", Text, nullable=False),
    Column("text", Text, nullable=False),
    Column("status", String(12), nullable=False),
    Column("author_id", ForeignKey("staff.id")),
    Column("made_at", Instant, nullable=False),
    Column("reviewer_id", ForeignKey("staff.id")),
    Column("reviewed_at", Instant),
    Column("withdrawn_at", Instant),
    _one_of("status", TranslationStatus),
    CheckConstraint("status <> 'reviewed' OR (reviewer_id IS NOT NULL AND reviewed_at IS NOT NULL)", name="reviewed"),
    CheckConstraint("reviewer_id <> author_id", name="second_reader"),
    CheckConstraint("status <> 'withdrawn' OR withdrawn_at IS NOT NULL", name="withdrawn"),
    Index("ix_translation_language_msgid", "language", "msgid", "id"),
)

lexicon_word = Table(
    "lexicon_word",
    metadata,
    Column("id", RowNumber, primary_key=True),
    Column("language", String(8), nullable=False),
    Column("topic", String(20), nullable=False),
    Column("word", String(40), nullable=False),
    Column("read", Boolean, nullable=False),
    Column("staff_id", ForeignKey("staff.id"), nullable=False),
    Column("made_at", Instant, nullable=False),
)

spelling = Table(
    "spelling",
    metadata,
    Column("id", RowNumber, primary_key=True),
    Column("language", String(8), nullable=False),
    Column("letter", String(4), nullable=False),
    Column("sms", String(8), nullable=False),
    Column("staff_id", ForeignKey("staff.id"), nullable=False),
    Column("made_at", Instant, nullable=False),
)

spelling_kept = Table(
    "spelling_kept",
    metadata,
    Column("id", RowNumber, primary_key=True),
    Column("language", String(8), nullable=False),
    Column("kept", Boolean, nullable=False),
    Column("staff_id", ForeignKey("staff.id"), nullable=False),
    Column("made_at", Instant, nullable=False),
)

subscription = Table(
    "subscription",
    metadata,
    Column("address_id", ForeignKey("address.id"), primary_key=True),
    Column("day", String(12), nullable=False),
    Column("theme", String(12)),
    Column("made_at", Instant, nullable=False),
    Column("sent_at", Instant),
    # When the last text that they had was approved; they get those approved later.
    Column("had", Instant),
)

contact_group = Table(
    "contact_group",
    metadata,
    _id(),
    Column("kind", String(16), nullable=False),
    Column("place", String(96)),
    Column("data_key", LargeBinary),
    Column("title", LargeBinary),
    Column("title_hash", LargeBinary(32)),
    Column("made_at", Instant, nullable=False),
    Column("changed_at", Instant, nullable=False),
    _one_of("kind", GroupKind),
    Index("ix_contact_group_kind_place", "kind", "place"),
    # One group of a title, and one without, for each kind and place.
    Index("uq_contact_group_title", "title_hash", unique=True),
    Index(
        "uq_contact_group_untitled",
        "kind",
        "place",
        unique=True,
        sqlite_where=text("title_hash IS NULL"),
        postgresql_where=text("title_hash IS NULL"),
    ),
)

invitation = Table(
    "invitation",
    metadata,
    _id(),
    Column("code_hash", LargeBinary(32), nullable=False),
    Column("group_id", ForeignKey("contact_group.id"), nullable=False),
    Column("expires_at", Instant, nullable=False),
    Column("used_at", Instant),
    Column("made_at", Instant, nullable=False),
    Index("ix_invitation_code_hash", "code_hash"),
)

member = Table(
    "member",
    metadata,
    _id(),
    Column("group_id", ForeignKey("contact_group.id"), nullable=False),
    Column("contact_address_id", ForeignKey("contact_address.id"), nullable=False),
    Column("role", String(12), nullable=False),
    Column("confirmed_at", Instant),
    Column("asked_at", Instant),
    Column("paused_until", Instant),
    Column("ended_at", Instant),
    Column("ended_by", ForeignKey("staff.id")),
    Column("made_at", Instant, nullable=False),
    _one_of("role", MemberRole),
    Index("ix_member_group_id", "group_id"),
    Index(
        "uq_member_living",
        "contact_address_id",
        "group_id",
        unique=True,
        sqlite_where=text("ended_at IS NULL"),
        postgresql_where=text("ended_at IS NULL"),
    ),
)

weekly = Table(
    "weekly",
    metadata,
    Column("member_id", ForeignKey("member.id"), primary_key=True),
    Column("week", String(8), primary_key=True),
    Column("talk_id", ForeignKey("talk.id"), nullable=False),
    Column("asked_at", Instant, nullable=False),
    Column("reminded_at", Instant),
    Column("answer", String(12)),
    Column("services", String(3)),
    Column("answered_at", Instant),
)

lease = Table(
    "lease",
    metadata,
    Column("name", String(32), primary_key=True),
    Column("holder", String(64), nullable=False),
    Column("until", Instant, nullable=False),
)

form_token = Table(
    "form_token",
    metadata,
    Column("token", String(64), primary_key=True),
    Column("used_at", Instant, nullable=False),
)

staff = Table(
    "staff",
    metadata,
    _id(),
    Column("username", String(64), nullable=False, unique=True),
    Column("name", String(128), nullable=False),
    Column("password_hash", String(255)),
    Column("active", Boolean, nullable=False),
    Column("roles", JSON, nullable=False),
    Column("language", String(8), nullable=False),
    Column("totp_secret", LargeBinary),
    Column("totp_step", RowNumber, nullable=False),
    Column("recovery_codes", JSON, nullable=False),
    Column("made_at", Instant, nullable=False),
    Column("changed_at", Instant, nullable=False),
    # Whoever was invited and has not come yet has no password and may not sign in.
    CheckConstraint("password_hash IS NOT NULL OR NOT active", name="joined"),
)

staff_invitation = Table(
    "staff_invitation",
    metadata,
    _id(),
    Column("staff_id", ForeignKey("staff.id"), nullable=False),
    Column("secret_hash", LargeBinary(32), nullable=False, unique=True),
    Column("made_by", ForeignKey("staff.id"), nullable=False),
    Column("made_at", Instant, nullable=False),
    Column("expires_at", Instant, nullable=False),
    Column("ended_at", Instant),
    Index("ix_staff_invitation_staff_id", "staff_id"),
)

staff_request = Table(
    "staff_request",
    metadata,
    _id(),
    Column("what", String(16), nullable=False),
    Column("staff_id", ForeignKey("staff.id"), nullable=False),
    Column("roles", JSON, nullable=False),
    Column("status", String(12), nullable=False),
    Column("asked_by", ForeignKey("staff.id"), nullable=False),
    Column("asked_at", Instant, nullable=False),
    Column("expires_at", Instant, nullable=False),
    Column("decided_by", ForeignKey("staff.id")),
    Column("decided_at", Instant),
    _one_of("what", StaffRequestKind),
    _one_of("status", StaffRequestStatus),
    CheckConstraint("decided_by <> asked_by AND decided_by <> staff_id", name="second_person"),
    CheckConstraint("(status IN ('approved', 'refused')) = (decided_by IS NOT NULL)", name="decided"),
    Index(
        "uq_staff_request_pending",
        "staff_id",
        "what",
        unique=True,
        sqlite_where=text("status = 'pending'"),
        postgresql_where=text("status = 'pending'"),
    ),
)

staff_session = Table(
    "staff_session",
    metadata,
    Column("id_hash", LargeBinary(32), primary_key=True),
    Column("staff_id", ForeignKey("staff.id"), nullable=False),
    Column("stage", String(16), nullable=False),
    Column("new_totp_secret", LargeBinary),
    Column("made_at", Instant, nullable=False),
    Column("seen_at", Instant, nullable=False),
    Column("proved_at", Instant),
    Column("challenge", LargeBinary(32)),
    Column("new_key_challenge", LargeBinary(32)),
    _one_of("stage", SignInStage),
    Index("ix_staff_session_staff_id", "staff_id"),
)

security_key = Table(
    "security_key",
    metadata,
    _id(),
    Column("staff_id", ForeignKey("staff.id"), nullable=False),
    Column("credential_id", LargeBinary, nullable=False, unique=True),
    Column("public_key", LargeBinary, nullable=False),
    Column("sign_count", RowNumber, nullable=False),
    Column("name", String(64), nullable=False),
    Column("made_at", Instant, nullable=False),
    Column("used_at", Instant),
    Index("ix_security_key_staff_id", "staff_id"),
)

sign_in_failure = Table(
    "sign_in_failure",
    metadata,
    Column("key", LargeBinary(32), primary_key=True),
    Column("count", Integer, nullable=False),
    Column("last_at", Instant, nullable=False),
)
