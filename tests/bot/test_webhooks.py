"""The doors while the database is away: what got a 2xx arrives, in order and once; what can't be kept gets none."""

import shutil
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select
from werkzeug.test import TestResponse

from bot import main
from bot.clock import drain_spool
from bot.config import Settings
from bot.errors import SettingError
from bot.main import Parts
from bot.messages import Inbound
from bot.store.sealing import unseal
from bot.store.spool import Spool
from bot.store.tables import message, outbox, report, talk
from tests import services
from tests.providers import inbound_fields, receipt_fields, signed_form
from tests.providers.fake_twilio import sid
from tests.providers.settings import SETTINGS

_INBOUND, _RECEIPT = "/channels/twilio-sms/inbound", "/channels/twilio-sms/receipt?o=1&a=1"
_AWA, _MOUSSA = "+22376000001", "+22376000002"


class Door:
    """The web application on a database that can be taken away."""

    def __init__(self, server: services.Postgres, parts: Parts) -> None:
        self.server, self.parts = server, parts
        self.client: FlaskClient = main.create_app(parts).test_client()

    def away(self) -> None:
        """Take the database away at once."""
        self.server.crash()

    def back(self) -> None:
        """Bring it back."""
        self.server.start()

    def says(self, sender: str, text: str, name: str = "", *, token: str = "") -> TestResponse:
        """A signed message, or one signed with another token."""
        settings = replace(SETTINGS, twilio_auth_token=token) if token else SETTINGS
        headers, body = signed_form(settings, _INBOUND, inbound_fields(SETTINGS, sender, text, message=name or sid()))
        return self.client.post(_INBOUND, data=body, headers=headers)

    def drain(self) -> int:
        """What the clock does with the spool."""
        return drain_spool(self.parts.spool, self.parts.channels, self.parts.intake)

    def kept(self) -> list[str]:
        """The words of everything that people sent, in the order it was taken in."""
        with self.parts.store.reading() as session:
            rows = session.run(
                select(message.c.id, message.c.body, talk.c.id.label("talk"), talk.c.data_key)
                .join(talk, talk.c.id == message.c.talk_id)
                .where(message.c.outbound.is_(False))
                .order_by(message.c.id)
            ).all()
            return [
                unseal(session.keys.unwrap(row.data_key, row.talk), "message.body", row.id, row.body) for row in rows
            ]


@pytest.fixture(scope="module")
def server() -> Iterator[services.Postgres]:
    with services.postgres() as server:
        yield server


@pytest.fixture
def settings(server: services.Postgres, tmp_path: Path) -> Settings:
    return replace(SETTINGS, data_dir=tmp_path, database_url=server.url(server.create()))


@pytest.fixture
def door(server: services.Postgres, settings: Settings) -> Iterator[Door]:
    main.migrate(settings)
    parts = main.assemble(settings)
    yield Door(server, parts)
    parts.close()
    if not server._process:
        server.start()


def test_what_comes_while_the_database_is_away_arrives_after_it_in_order_and_once(door: Door) -> None:
    first = sid()
    door.away()
    assert door.says(_AWA, "attaque a konna", first).status_code == 200
    assert door.says(_MOUSSA, "le puits est sec").status_code == 200
    for text in ("1", "2", "5"):
        assert door.says(_AWA, text).status_code == 200
    assert door.says(_AWA, "attaque a konna", first).status_code == 200, "the provider comes again"
    assert door.parts.spool.count() == 5
    assert door.drain() == 0, "still away"
    door.back()
    assert door.drain() == 5
    assert door.kept() == ["attaque a konna", "le puits est sec", "1", "2", "5"]
    assert door.says(_AWA, "attaque a konna", first).status_code == 200
    assert len(door.kept()) == 5
    with door.parts.store.reading() as session:
        assert len(session.run(select(report.c.id)).all()) == 2
        answers = session.run(select(outbox.c.status)).scalars().all()
    assert answers == ["queued"] * 5, "nobody waits on the line any more: the answers go by the outbox"


def test_the_answer_to_what_is_spooled_is_empty(door: Door) -> None:
    door.away()
    answer = door.says(_AWA, "attaque a konna")
    assert "<Message" not in answer.text
    assert "<Response" in answer.text


def test_a_careless_door_would_be_noticed(door: Door, monkeypatch: pytest.MonkeyPatch) -> None:
    """The negative control: a spool that forgets loses what the first test finds."""
    monkeypatch.setattr(Spool, "keep", lambda self, inbound, received: None)
    door.away()
    assert door.says(_AWA, "attaque a konna").status_code == 200
    door.back()
    door.drain()
    assert door.kept() == []


def test_whoever_has_something_in_the_spool_is_read_in_order_and_keeps_nobody_waiting(door: Door) -> None:
    door.away()
    door.says(_AWA, "attaque a konna")
    door.back()
    door.says(_AWA, "1")
    assert "<Message" in door.says(_MOUSSA, "le puits est sec").text
    assert door.parts.spool.count() == 2
    assert door.drain() == 2
    assert door.kept() == ["le puits est sec", "attaque a konna", "1"]
    assert door.says(_AWA, "2").status_code == 200
    assert door.parts.spool.count() == 0, "in order again"


def test_nothing_forged_reaches_the_spool(door: Door) -> None:
    door.away()
    assert door.says(_AWA, "attaque a konna", token="another").status_code == 403
    assert door.parts.spool.count() == 0


def test_a_receipt_is_not_taken_while_it_can_t_be_kept(door: Door) -> None:
    headers, body = signed_form(SETTINGS, _RECEIPT, receipt_fields(SETTINGS, _AWA, sid(), "delivered"))
    door.away()
    assert door.client.post(_RECEIPT, data=body, headers=headers).status_code == 503
    door.back()
    assert door.client.post(_RECEIPT, data=body, headers=headers).status_code < 300


def test_where_neither_the_database_nor_the_spool_can_take_it_the_provider_is_told_to_come_again(door: Door) -> None:
    door.away()
    spool = door.parts.settings.spool
    shutil.rmtree(spool)
    spool.write_bytes(b"no folder")
    assert door.says(_AWA, "attaque a konna").status_code == 503
    spool.unlink()
    spool.mkdir()
    assert door.says(_AWA, "attaque a konna").status_code == 200


def test_ready_says_what_is_away_and_health_touches_nothing(door: Door) -> None:
    assert door.client.get("/ready").status_code == 200
    door.away()
    assert door.client.get("/ready").status_code == 503
    assert door.client.get("/health").status_code == 200
    door.back()
    assert door.client.get("/ready").status_code == 200


def test_a_process_that_starts_while_the_database_is_away_takes_what_comes(door: Door, settings: Settings) -> None:
    door.away()
    late = Door(door.server, main.assemble(settings, may_be_away=True))
    assert late.says(_AWA, "attaque a konna").status_code == 200
    door.back()
    assert late.drain() == 1
    assert late.kept() == ["attaque a konna"]
    late.parts.close()


def test_a_process_that_started_without_its_database_refuses_one_of_the_other_mode(
    door: Door, settings: Settings
) -> None:
    door.away()
    keys = settings.keys
    live = main.assemble(replace(settings, demo=False, key_file=keys), may_be_away=True)
    door.back()
    with pytest.raises(SettingError, match="made for demo use"), live.store.reading():
        pass
    assert Door(door.server, live).says(_AWA, "attaque a konna").status_code == 503
    live.close()


def test_a_message_that_can_t_be_taken_keeps_nobody_else_waiting(door: Door) -> None:
    door.parts.spool.keep(Inbound("twilio-sms", "x" * 200, "tel:+22376000003", "too long an id for its column"), 1.0)
    door.parts.spool.keep(Inbound("twilio-sms", sid(), f"tel:{_MOUSSA}", "le puits est sec"), 2.0)
    assert door.drain() == 1
    assert door.kept() == ["le puits est sec"]
    assert door.parts.spool.count() == 1, "it stays for a person to look at"
