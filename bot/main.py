"""The only place where parts are joined: the web application, the worker, the clock. Only the command imports it."""

import logging
import threading
import uuid
from collections.abc import Callable, Collection, Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from typing import Any

from flask import Flask, Response
from sqlalchemy import insert, select

import admin
from bot import config, staff, translations
from bot.casework import infos, members, reports, subscriptions, thread
from bot.casework.betrayal import Reader
from bot.casework.call_backs import ask_call_back, withdraw
from bot.casework.duty.hours import KnownHours, follow_hours
from bot.casework.lexicon import follow_lexicon
from bot.casework.report_backs import House
from bot.casework.rumours import known_answers
from bot.casework.thread import Means
from bot.channels import Channel
from bot.channels.simulator import Simulator
from bot.channels.telegram import Telegram
from bot.channels.twilio_sms import TwilioSms
from bot.channels.twilio_voice import TwilioVoice
from bot.clock import (
    Clock,
    ask_members,
    duties,
    ring_duty_phone,
    send_peace,
    send_report_backs,
    send_what_waits,
    tell_reporters,
)
from bot.config import Settings
from bot.conversation import (
    Answered,
    CallBackWanted,
    Helped,
    Joined,
    NewReport,
    ReportSoFar,
    StillMember,
    Subscribed,
    Unsubscribed,
    WeeklySituation,
)
from bot.conversation.lexicon import Lexicon
from bot.delivery.outbox import PATIENCE, Patience
from bot.delivery.queue import Bells, Doorbell, RedisBell, listen
from bot.delivery.receipts import note_receipt
from bot.delivery.sender import Sender
from bot.delivery.sweep import oldest_unsent
from bot.errors import KunnafoniError, NotAllowed, SendError, StoreAway
from bot.intake import Intake, Verb
from bot.languages.catalogue import LANGUAGES, WORKING, Catalogues
from bot.languages.cost import Tariff, read_tariffs, shipped_tariffs, tariff_on
from bot.languages.text import tidy
from bot.messages import Delivery, Inbound, InboundKind, Receipt
from bot.people import importer, importing
from bot.people.addresses import Telephone
from bot.people.importer import Importer
from bot.people.landing import Plan
from bot.places.gazetteer import Gazetteer
from bot.places.villages import Loaded, keep_villages, kept_villages, read_villages
from bot.store import Duplicate, Session, Store, audit, rotation
from bot.store.following import Follower
from bot.store.sealing import Keys, load_keys, save_keys
from bot.store.session import mode_name
from bot.store.spool import Spool
from bot.store.tables import installation
from bot.talks import LookUp, Talk, Talks
from bot.translations import Imported, follow_spelling, follow_wordings
from bot.walks import Budgets, Transcripts, walking
from bot.webhooks import make_webhooks
from flows import FLOWS

log = logging.getLogger(__name__)

VILLAGES, TARIFFS = "villages.csv", "tariffs.csv"
LOCALES = Path(__file__).resolve().parent.parent / "locales"
#: The largest request any door takes, in bytes.
_LARGEST_REQUEST = 256 * 1024

_bells = Bells()


def drain(channel: str) -> None:
    """The job that a wake-up names: ring the bell of this process's sender."""
    _bells.ring(channel)


@dataclass(frozen=True, slots=True)
class Parts:
    """One process's parts, made from the settings once."""

    settings: Settings
    keys: Keys
    store: Store
    spool: Spool
    channels: Mapping[str, Channel]
    gazetteer: Gazetteer
    catalogues: Catalogues
    lexicon: Lexicon
    follower: Follower
    conversations: Talks
    intake: Intake
    doorbell: Doorbell
    patience: Patience

    def close(self) -> None:
        """Give back connections and threads."""
        for channel in self.channels.values():
            channel.close()
        self.store.close()


def make_keys(settings: Settings) -> Keys:
    """The keys of this installation; the demo makes its own at the first run, production never does."""
    path = settings.keys
    if settings.demo and not path.exists():
        with suppress(FileExistsError):  # another process of this demonstration was faster: its keys are everybody's
            save_keys(Keys.make(), path)
    return load_keys(path)


def migrate(settings: Settings) -> None:
    """Bring the database to the newest migration, and stamp a new one as demo or live, under these keys."""
    keys = make_keys(settings)
    store = Store.open(settings, keys)
    try:
        store.migrate()
        # Another process that started at the same instant may have been faster; the check of the mode is done later.
        with suppress(Duplicate), store.writing() as session:
            if session.run(select(installation)).first() is None:
                _stamp(session, demo=settings.demo)
    finally:
        store.close()


def _stamp(session: Session, *, demo: bool) -> None:
    session.run(
        insert(installation).values(
            id=1,
            mode=mode_name(demo=demo),
            key_check=session.keys.blind("installation", "key check"),
            made_at=datetime.now(UTC),
        )
    )


def assemble(
    settings: Settings, *, in_process: bool = False, may_be_away: bool = False, patience: Patience = PATIENCE
) -> Parts:
    """All parts of a process; `in_process` wakes the senders of this process instead of others through Redis.

    Where the database `may_be_away`, the process starts all the same and checks it as soon as it is back.
    """
    keys = make_keys(settings)
    store = Store.open(settings, keys)
    try:
        store.check(demo=settings.demo)
    except KunnafoniError as problem:
        if not may_be_away or not isinstance(problem, StoreAway):
            store.close()
            raise
        log.warning("the database is away")
        store.check_when_back(demo=settings.demo)
    spool = Spool(settings.spool, keys)
    channels = make_channels(settings)
    gazetteer = load_gazetteer(settings)
    catalogues = Catalogues.load(LOCALES, "bot", drafts=settings.demo)
    lexicon, hours = Lexicon.load(), KnownHours()
    follower = Follower(
        store,
        follow_wordings(catalogues),
        follow_spelling(catalogues.folding),
        follow_lexicon(lexicon),
        follow_hours(hours),
    )
    with suppress(StoreAway):  # then what came with the program speaks until it is back
        follower.look()
    doorbell: Doorbell = RedisBell(settings.redis_url) if settings.redis_url and not in_process else _bells
    conversations = Talks(FLOWS, catalogues, gazetteer, look_ups(gazetteer, lexicon))
    intake = Intake(
        store,
        conversations,
        catalogues,
        gazetteer,
        VERBS,
        doorbell,
        lexicon,
        hours,
        demo=settings.demo,
        patience=patience,
    )
    return Parts(
        settings,
        keys,
        store,
        spool,
        channels,
        gazetteer,
        catalogues,
        lexicon,
        follower,
        conversations,
        intake,
        doorbell,
        patience,
    )


def load_gazetteer(settings: Settings) -> Gazetteer:
    """The packaged places and the villages that were loaded on this machine; read once, at the start of a process."""
    packaged = Gazetteer.load()
    villages = tuple(kept_villages(settings.data_dir / VILLAGES))
    return packaged.with_places(villages) if villages else packaged


def load_tariffs(settings: Settings) -> tuple[Tariff, ...]:
    """The tariffs that a public source tells, and those of this installation. Raises SettingError for a bad row."""
    own = settings.data_dir / TARIFFS
    return shipped_tariffs() + (read_tariffs(own) if own.exists() else ())


def load_villages(settings: Settings, path: Path, *, accept_partial: bool, dry: bool) -> Loaded:
    """Read a file of villages and keep them; nothing is kept of a file with a bad row unless that is accepted."""
    loaded = read_villages(path, Gazetteer.load())
    if loaded.villages and not dry and (accept_partial or not loaded.problems):
        keep_villages(loaded.villages, settings.data_dir / VILLAGES)
    return loaded


def make_channels(settings: Settings) -> dict[str, Channel]:
    """The wires that these settings open; the simulator is always one of them."""
    found: list[Channel] = [Simulator()]
    if settings.twilio_account_sid:
        found.append(TwilioSms(settings))
    if settings.twilio_voice:
        found.append(TwilioVoice(settings, replies_by=TwilioSms.name))
    if settings.telegram_bot_token:
        found.append(Telegram(settings))
    return {channel.name: channel for channel in found}


def _complete_report(session: Session, now: datetime, talk: Talk, _outcome: NewReport) -> None:
    so_far = FLOWS[talk.flow].draft
    told = (so_far(talk.answers) if so_far else None) or ReportSoFar()
    told = replace(told, language=told.language or talk.language_known)
    if talk.report_id is not None:
        reports.complete(session, now, talk.report_id, talk.address_id, talk.id, told)


def _want_call_back(session: Session, now: datetime, talk: Talk, outcome: CallBackWanted) -> None:
    if outcome.hour in (None, "no"):
        withdraw(session, now, talk.address_id)
    else:
        ask_call_back(session, now, talk.address_id, talk.id, None, talk.language_known, outcome.hour, rang=False)


def _subscribe(session: Session, now: datetime, talk: Talk, outcome: Subscribed) -> None:
    subscriptions.subscribe(session, now, talk.address_id, outcome.day, outcome.theme)


def _unsubscribe(session: Session, now: datetime, talk: Talk, _outcome: Unsubscribed) -> None:
    subscriptions.unsubscribe(session, now, talk.address_id)


def _helped(session: Session, now: datetime, talk: Talk, outcome: Helped) -> None:
    if talk.report_id is not None:
        reports.helped(session, now, talk.report_id, outcome.answer)


VERBS: dict[type, Verb] = {
    NewReport: _complete_report,
    CallBackWanted: _want_call_back,
    Helped: _helped,
    Answered: thread.answered,
    Subscribed: _subscribe,
    Unsubscribed: _unsubscribe,
    Joined: lambda session, now, talk, _outcome: members.join(session, now, talk),
    WeeklySituation: members.record,
    StillMember: members.confirm,
}


def look_ups(gazetteer: Gazetteer, lexicon: Lexicon) -> dict[str, LookUp]:
    """What flows may look up in the store, by the name that stands in their request."""

    def news(session: Session, now: datetime, language: str, request: Mapping[str, Any]) -> str | None:
        place = gazetteer.get(request["place"]) if request["place"] else None
        near = [each.id for each in gazetteer.path(place)] if place else []
        return infos.find(session, now, request["info"], near, [language, *LANGUAGES[language].fallbacks, WORKING])

    def answer(session: Session, now: datetime, language: str, request: Mapping[str, Any]) -> Any:
        found = known_answers.find(session, now, gazetteer, lexicon, language, request["rumour"])
        if found is None:
            return None
        return {"incident": str(found.incident_id), "veracity": found.veracity.value, "sentence": found.text}

    return {"info": news, "rumour": answer}


def create_app(parts: Parts) -> Flask:
    """The web application: the webhooks, the panel, the phone, and how it is."""
    app = Flask("kunnafoni", static_folder=None)
    app.config["MAX_CONTENT_LENGTH"] = _LARGEST_REQUEST
    open_channels = {name: wire for name, wire in parts.channels.items() if name != "simulator" or parts.settings.demo}
    app.register_blueprint(make_webhooks(open_channels, parts.intake, parts.store, parts.spool, _now))
    app.add_url_rule("/health", "health", lambda: Response("ok\n", content_type="text/plain; charset=utf-8"))
    app.add_url_rule("/ready", "ready", lambda: _ready(parts))
    admin.mount(app, _services(parts))
    return app


def web() -> Flask:
    """The web application of one server process, from the environment; the server's factory calls it."""
    parts = assemble(config.read(), may_be_away=True)
    follow_desk(parts, threading.Event())
    return create_app(parts)


def simulate(parts: Parts, phone: str, text: str, call: bool, now: datetime | None = None) -> str | None:
    """What a simulated phone does on this machine: send words or ring once; the reply, marked as delivered."""
    kind = InboundKind.MISSED_CALL if call else InboundKind.TEXT
    said = Inbound("simulator", uuid.uuid4().hex, f"sim:{phone}", "" if call else tidy(text), kind)
    reply = parts.intake.receive(said, parts.channels["simulator"], now or _now())
    if reply is None:
        return None
    with parts.store.writing() as session:
        note_receipt(session, Receipt("simulator", Delivery.DELIVERED, id=reply.id, attempt=reply.attempt), _now())
    return reply.text


def means_of(parts: Parts) -> Means:
    """What the desk speaks to reporters with."""
    reader = Reader(parts.lexicon, parts.gazetteer)
    return Means(parts.conversations, parts.channels, parts.catalogues, reader)


def _services(parts: Parts) -> admin.Services:
    simulator = parts.channels["simulator"]
    assert isinstance(simulator, Simulator)
    walked = Talks(FLOWS, parts.catalogues, parts.gazetteer, walking.look_ups())
    return admin.Services(
        store=parts.store,
        settings=parts.settings,
        gazetteer=parts.gazetteer,
        catalogues=Catalogues.load(LOCALES, "admin", drafts=parts.settings.demo),
        spoken=parts.catalogues,
        lexicon=parts.lexicon,
        budgets=Budgets(walked, FLOWS, parts.catalogues),
        transcripts=Transcripts(walked, FLOWS, parts.catalogues),
        tariffs=load_tariffs(parts.settings),
        doorbell=parts.doorbell,
        means=means_of(parts),
        clock=_now,
        sms_channels=frozenset(name for name, wire in parts.channels.items() if wire.is_sms),
        telephone=_telephone(parts),
        mailbox=simulator.mailbox,
        simulate=partial(simulate, parts),
    )


def _telephone(parts: Parts) -> Telephone:
    """The wire that writes to telephones; the demonstration's are simulated."""
    if parts.settings.demo:
        return Telephone(Simulator.address_kind, Simulator.name)
    wires = (wire for wire in parts.channels.values() if wire.address_kind == "tel" and wire.replies_by == wire.name)
    return Telephone("tel", next((wire.name for wire in wires), ""))


def make_staff(
    parts: Parts, username: str, name: str, password: str, roles: Collection[str], *, replace: bool = False
) -> None:
    """A member of staff who may sign in at once; `replace` gives one who is there this password and these roles."""
    staff.check_password(password, username, name)
    hashed = staff.hash_password(password)
    with parts.store.writing() as session:
        known = {each.username: each.id for each in staff.everybody(session)} if replace else {}
        if username not in known:
            staff.make(session, _now(), "command", username, name, hashed, roles)
            return
        staff.change_password(session, _now(), "command", known[username], hashed)
        staff.change_rights(session, _now(), "command", known[username], roles)


def check_contacts(parts: Parts, content: bytes) -> Plan:
    """What a file of contacts would change, and each bad row. Raises BadFile."""
    with parts.store.reading() as session:
        return importing.check(session, parts.gazetteer, content)


def import_contacts(parts: Parts, content: bytes, tell: Callable[[int, int], None] = lambda done, of: None) -> Plan:
    """Write a file of contacts whole; a plan with a bad row is not written. `tell` hears how far it is.

    Raises BadFile, and Stale if meanwhile somebody changed the same people.
    """
    made = check_contacts(parts, content)
    if not made.bad:
        channel, of = numbers_by(parts.channels), len(made.people)
        importing.write(parts.store, _now(), "command", made, channel, prepared=lambda done: tell(done, of))
    return made


def numbers_by(channels: Mapping[str, Channel]) -> str:
    """The wire that carries what we say to a telephone number that never wrote to us."""
    speaking = (name for name, wire in channels.items() if wire.address_kind == "tel" and wire.replies_by == name)
    return next(speaking, TwilioSms.name)


def export_translations(parts: Parts, language: str) -> bytes:
    """The newest texts of a language as a PO file, with their states and without any name."""
    with parts.store.reading() as session:
        return translations.as_po(session, parts.catalogues, language)


def import_translations(parts: Parts, language: str, content: bytes, *, by: str | None, partial: bool) -> Imported:
    """Take a PO file's texts as drafts; `by` is the user name of who worded them and so may not approve them."""
    with parts.store.writing() as session:
        author = staff.find(session, by) if by else None
        if by and author is None:
            raise NotAllowed(f"nobody here is called {by}.")
        author_id = author[0].id if author else None
        return translations.load_po(session, _now(), author_id, parts.catalogues, language, content, partial=partial)


def rotate_keys(parts: Parts) -> int:
    """Wrap all data keys anew and destroy the old wrapping key; how many keys."""
    return rotation.rotate(parts.store, parts.settings.keys)


def diagnose(parts: Parts) -> Iterator[str]:
    """What is well and what is not, a line each."""
    yield f"mode        {mode_name(demo=parts.settings.demo)}"
    yield f"database    {parts.store.engine.dialect.name}, migrated, its keys are here"
    yield f"spool       writable, {parts.spool.count()} waiting"
    yield f"wires       {', '.join(sorted(parts.channels))}"
    tariffs = load_tariffs(parts.settings)
    for route in sorted(name for name, wire in parts.channels.items() if wire.is_sms):
        tariff = tariff_on(route, _now().date(), tariffs)
        yield f"tariff      {route}: {f'{tariff.fcfa} FCFA a segment ({tariff.source})' if tariff else 'not set'}"
    with parts.store.reading() as session:
        yield f"outbox      oldest unsent {oldest_unsent(session):.0f} s"
        chain = audit.verify(session)
        state = "whole" if chain.broken_at is None else f"BROKEN at {chain.broken_at}"
        yield f"audit       linked up to {chain.linked}, {state}"


def _ready(parts: Parts) -> Response:
    try:
        parts.store.check(demo=parts.settings.demo)
        parts.spool.check()
    except KunnafoniError as problem:
        return Response(f"not ready: {type(problem).__name__}\n", status=503, content_type="text/plain; charset=utf-8")
    return Response(f"ready\nspool {parts.spool.count()}\n", content_type="text/plain; charset=utf-8")


def start_workers(parts: Parts, stop: threading.Event) -> list[threading.Thread]:
    """A sender for each wire and an importer, and where Redis is used listeners for their wake-ups; those to wait for
    at the end.
    """
    listed = Importer(parts.store, parts.gazetteer, _telephone(parts).channel, _bells.event(importer.BELL))
    threads = [_start("importer", listed.run, stop)]
    bells = [importer.BELL, *(wire.name for wire in parts.channels.values())]
    for wire in parts.channels.values():
        sender = Sender(parts.store, wire, _bells.event(wire.name), patience=parts.patience)
        threads.append(_start(f"sender-{wire.name}", sender.run, stop))
    for name in bells if parts.settings.redis_url else ():
        # It holds nothing that could be lost, and may hang for long in a Redis that is away.
        _start(f"bell-{name}", listen, parts.settings.redis_url, name, stop)
    telegram = parts.channels.get("telegram")
    if isinstance(telegram, Telegram):
        polling = parts.settings.telegram_mode == "polling"
        threads.append(_start("telegram-in", _poll if polling else _tell_address, parts, telegram, stop))
    return threads


def start_clock(parts: Parts, stop: threading.Event) -> threading.Thread:
    """The clock, in a thread of its own."""
    listed = duties(parts.store, parts.channels, parts.intake, parts.spool, parts.patience)
    speaking = [
        make(parts.store, parts.conversations, parts.channels) for make in (ask_members, tell_reporters, send_peace)
    ]
    house = House(parts.channels, parts.gazetteer.ids_within)
    speaking.append(ring_duty_phone(parts.store, parts.conversations, _telephone(parts)))
    speaking += [
        send_report_backs(parts.store, parts.conversations, house),
        send_what_waits(parts.store, means_of(parts)),
    ]
    clock = Clock(parts.store, [*listed, *speaking])
    return _start("clock", clock.run, stop)


def follow_desk(parts: Parts, stop: threading.Event) -> threading.Thread:
    """What the desk decides holds in this process, too, in a few seconds; every process that speaks needs it."""
    return _start("follower", parts.follower.run, stop)


def _tell_address(_parts: Parts, telegram: Telegram, stop: threading.Event) -> None:
    """Tell Telegram where its webhook is, as often as it takes."""
    pause = 1.0
    while not stop.is_set():
        try:
            telegram.set_webhook()
        except SendError as failure:
            log.warning("telegram does not know our address yet", extra={"code": failure.code})
            stop.wait(pause)
            pause = min(pause * 2, 60.0)
        else:
            return


def _poll(parts: Parts, telegram: Telegram, stop: threading.Event) -> None:
    def handle(inbound: Inbound) -> None:
        try:
            parts.intake.receive(inbound, telegram, _now(), inline=False)
        except StoreAway:
            parts.spool.keep(inbound, _now().timestamp())

    telegram.poll(handle, stop)


def _start(name: str, target: object, *arguments: object) -> threading.Thread:
    thread = threading.Thread(target=target, args=arguments, name=name, daemon=True)  # type: ignore[arg-type]
    thread.start()
    return thread


def _now() -> datetime:
    return datetime.now(UTC)
