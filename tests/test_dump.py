"""What a thief of the database learns: nothing that a person wrote, and nobody's number (docs/dump.md)."""

import hashlib
import logging
import uuid
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import UTC, datetime

import pytest
from sqlalchemy import text, update

from bot import main, staff
from bot.casework import desk, drafts, incidents, thread
from bot.casework.drafts import Field
from bot.casework.keeping import forgetting
from bot.casework.rumours import checking
from bot.casework.seats import Seat
from bot.config import Settings
from bot.errors import SealError
from bot.languages.problem import Problem
from bot.main import Parts
from bot.messages import Inbound, InboundKind, Media
from bot.people import imports
from bot.people.reading import BadRow
from bot.store.sealing import unseal
from bot.store.tables import Says, SignInStage, Through, address, audit, report, talk
from tests import services, thief
from tests.providers.settings import SETTINGS

#: Words that nobody writes by chance, and numbers of people. Each is looked for in every dress.
WORDS = ("Zanzibarkatou", "quatrevingtdixneufchevres", "répondupourtoujours", "passe-partout-de-kalifa")
NUMBERS = ("76543210", "65432109", "987654321987")
_NOW = datetime(2026, 11, 24, 9, 0, tzinfo=UTC)


def found(copy: bytes) -> set[str]:
    """Which of our secrets stand in it."""
    return thief.found(copy, (*WORDS, *NUMBERS))


@pytest.fixture
def lived(settings: Callable[..., Settings], database_url: str, caplog: pytest.LogCaptureFixture) -> Iterator[Parts]:
    """A house in which people have told secrets on every wire, been answered, forgotten and spooled."""
    caplog.set_level(logging.DEBUG)
    made = replace(SETTINGS, data_dir=settings().data_dir, database_url=database_url)
    main.migrate(made)
    parts = main.assemble(made)
    _live(parts)
    yield parts
    parts.close()


def _live(parts: Parts) -> None:
    said = f"{WORDS[0]} a {WORDS[1]} chez le chef, appelez le {NUMBERS[1]}"
    for wire, who in (
        ("twilio-sms", f"tel:+223{NUMBERS[0]}"),
        ("telegram", f"telegram:{NUMBERS[2]}"),
        ("simulator", "sim:1"),
    ):
        for each in (said, "1", "1", WORDS[0], "5", f"et encore {WORDS[1]}", "suivi 12345"):
            inbound = Inbound(wire, uuid.uuid4().hex, who, each, media=(Media("photo", WORDS[1]),))
            parts.intake.receive(inbound, parts.channels[wire], _NOW)
    ring = Inbound("simulator", uuid.uuid4().hex, f"sim:{NUMBERS[1]}", kind=InboundKind.MISSED_CALL)
    parts.intake.receive(ring, parts.channels["simulator"], _NOW)
    parts.spool.keep(Inbound("twilio-sms", uuid.uuid4().hex, f"tel:+223{NUMBERS[1]}", said), 1.0)
    seat = Seat(uuid.UUID(int=1), sees_closed=True)
    with parts.store.writing() as session:
        lines = desk.inbox(session, seat).lines
        assert lines
        assert WORDS[0] in (lines[0].narrative or "")
        means = main.means_of(parts)
        thread.reply(
            session,
            _NOW,
            seat,
            lines[0].id,
            f"{WORDS[2]} {NUMBERS[1]}",
            uuid.uuid4().hex,
            means,
            on_purpose=True,
        )
    with parts.store.writing() as session:
        hashed = staff.hash_password(WORDS[3])
        member = staff.make(session, _NOW, "command", "awa", "Awa", hashed, ["triage"])
        identity = staff.open_session(session, _NOW, member, SignInStage.FULL)
        signed_in = staff.signed_in(session, _NOW, identity)
        assert signed_in
        staff.propose_totp(session, signed_in)
    with parts.store.writing() as session:
        seat = Seat(member, sees_closed=True)
        drafts.keep(session, _NOW, member, lines[0].id, Field.REPLY, f"{WORDS[1]} {NUMBERS[0]}", "")
        for _ in range(2):
            imports.begin(session, _NOW, member, f"numero;nom\n{NUMBERS[0]};{WORDS[0]}\n".encode(), only_check=False)
        claimed = imports.claim(session, _NOW, 60.0)
        assert claimed
        imports.refuse(session, _NOW, claimed, [BadRow(2, Problem("%(name)s", {"name": WORDS[1]}))])
        rumour = incidents.join(session, _NOW, seat, lines[0].id, [])
        checking.check(session, _NOW, seat, rumour, source=f"mairie {WORDS[0]}", says=Says.FALSE, finding=WORDS[1])
        checking.sight(session, _NOW, seat, rumour, through=Through.RADIO, place=None, heard_at=_NOW, words=WORDS[2])


def _copy(parts: Parts, server: services.Postgres | None) -> bytes:
    """Everything a thief can carry away but the key file: the database as files and as a dump, and the data folder."""
    taken = thief.database(server, parts.store.engine.url.database or "") if server else b""
    return taken + thief.folder(parts.settings.data_dir, but=parts.settings.keys)


@pytest.fixture(params=["sqlite", "postgresql"])
def server(request: pytest.FixtureRequest) -> Iterator[services.Postgres | None]:
    """A server of this test's own, for its log holds what others wrote; None on SQLite."""
    if request.param == "sqlite":
        yield None
        return
    with services.postgres() as server:
        yield server


@pytest.fixture
def database_url(request: pytest.FixtureRequest, server: services.Postgres | None) -> str:
    """An empty database."""
    url: str = server.url(server.create()) if server else request.getfixturevalue("sqlite_url")
    return url


def test_a_copy_holds_no_word_and_no_number(
    lived: Parts, server: services.Postgres | None, caplog: pytest.LogCaptureFixture
) -> None:
    assert found(_copy(lived, server)) == set()
    assert found(caplog.text.encode()) == set()


@pytest.mark.parametrize(
    ("secret", "dress"),
    [(WORDS[0], str), (NUMBERS[0], lambda secret: secret.encode().hex()), (WORDS[0], lambda secret: secret.upper())],
)
def test_one_word_in_clear_is_found(
    lived: Parts, server: services.Postgres | None, secret: str, dress: Callable[[str], str]
) -> None:
    """The negative control: the same search, after one row has been written carelessly."""
    with lived.store.writing() as session:
        session.run(update(talk).values(asked=f'{{"text": "{dress(secret)}"}}'.encode()))
    assert found(_copy(lived, server)) == {secret}


def test_a_number_under_a_plain_hash_is_found(lived: Parts, server: services.Postgres | None) -> None:
    with lived.store.writing() as session:
        first = session.run(address.select()).first()
        assert first
        plain = hashlib.sha256(f"tel:+223{NUMBERS[0]}".encode()).digest()
        session.run(update(address).where(address.c.id == first.id).values(hash=plain))
    assert found(_copy(lived, server)) == {NUMBERS[0]}


def test_a_word_in_the_audit_or_in_the_log_is_found(
    lived: Parts, server: services.Postgres | None, caplog: pytest.LogCaptureFixture
) -> None:
    with lived.store.writing() as session:
        session.run(update(audit).values(detail={"said": WORDS[0]}))
    assert found(_copy(lived, server)) == {WORDS[0]}
    logging.getLogger("bot").debug("somebody said %s", WORDS[1])
    assert found(caplog.text.encode()) == {WORDS[1]}


def test_what_was_forgotten_can_be_opened_by_nobody(lived: Parts) -> None:
    who = f"tel:+223{NUMBERS[0]}"
    with lived.store.reading() as session:
        hashed = session.keys.blind("address", who)
        theirs = session.run(address.select().where(address.c.hash == hashed)).one()
        before = session.run(report.select().where(report.c.address_id == theirs.id)).all()
        key = session.run(talk.select().where(talk.c.id == before[0].talk_id)).one()
        opened = unseal(
            session.keys.unwrap(key.data_key, key.id), "report.narrative", before[0].id, before[0].narrative
        )
        assert WORDS[0] in opened
    wire = lived.channels["twilio-sms"]
    reply = lived.intake.receive(Inbound("twilio-sms", uuid.uuid4().hex, who, "oubliez-moi"), wire, _NOW, inline=False)
    assert reply is None
    with lived.store.writing() as session:
        session.run(text("UPDATE outbox SET status = 'delivered'"))
        forgetting.finish(session)
    with lived.store.reading() as session:
        assert not session.run(address.select().where(address.c.hash == hashed)).all()
        gone = session.run(address.select().where(address.c.id == theirs.id)).one()
        assert gone.sealed is None
        assert gone.data_key is None
        row = session.run(report.select().where(report.c.id == before[0].id)).one()
        assert row.address_id is None
        assert row.code_hash != before[0].code_hash
        if row.narrative is not None:
            kept = session.run(talk.select().where(talk.c.id == row.talk_id)).one()
            with pytest.raises(SealError):
                session.keys.unwrap(kept.data_key, kept.id)
