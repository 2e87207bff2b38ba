"""Talks as the phone shows them, kept as text so that a changed word is seen in a review.

`python -m tests.flows.transcripts` writes them anew.
"""

import tempfile
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from functools import partial
from pathlib import Path
from typing import Any
from uuid import UUID

from bot import main
from bot.casework import desk, incidents, infos, members, thread
from bot.casework.telling import telling
from bot.channels.simulator import Simulator
from bot.config import Settings
from bot.conversation.templates import TEMPLATES
from bot.languages import gsm7
from bot.languages.catalogue import LANGUAGES, Catalogues
from bot.languages.text import visible
from bot.people import groups
from bot.places.gazetteer import Gazetteer
from bot.store import Store, migrations
from bot.store.sealing import Keys
from bot.store.tables import GroupKind, Veracity, report, rumour_answer
from flows import FLOWS
from tests.bot.casework.checks import answer, checker, find_out
from tests.chat import TRUSTED, Phone, Road
from tests.words import code_in

FOLDER = Path(__file__).parent / "transcripts"
#: By language, the digits that choose it.
CHOOSING = {"fr": ("1",), "bm": ("2",), "ar": ("6", "9")}
#: The same where the first words came in Arabic letters.
CHOOSING_IN_ARABIC = {"fr": ("4",), "bm": ("5", "1"), "ar": ("1",)}
BIP = "(rings and hangs up)"
WAITS = "(a day and a half later)"
#: Each scene begins on this Monday morning, so that it says the same whenever it is written.
_BEGINS = datetime(2026, 11, 23, 9, 0, tzinfo=UTC)
#: It stands for the number that the phone heard last, and for one that the secretariat has given.
CODE = "<code>"
INVITATION = "<invitation>"
#: What happens without the phone: the clock asks the members on Monday, or each month; the desk is done or has found out.
MONDAY, MONTHLY = "(Monday at nine)", "(a month later)"
CLOSES = "(the desk closes it)"
ASKS_ON, ASKS_CONSENT = "(the desk asks whether it goes on)", "(the desk asks whether it may be passed on)"
#: What the desk finds out of a rumour; it says so of what is settled and of what it can't know.
FOUND = {f"(the desk finds out: {each.value.replace('_', ' ')})": each for each in Veracity if each.is_settled}

#: Before the phone asks: others asked the same, and the desk has answered them.
ANSWERS = "(the desk has confirmed the answer to the same question)"
QUESTION = "on dit que le marche de Konna est ferme lundi"
SENTENCES = {"fr": "Les services compétents l'ont vérifié ce matin.", "ar": "تحققت الجهات المختصة من ذلك هذا الصباح."}

#: What the person does; these two are replaced by the digits that choose it.
LANGUAGE, IN_ARABIC = "LANGUAGE", "LANGUAGE, asked in Arabic letters"
_ASKS = ("menu", "5", "on dit que le pont est coupe", "1", "1")
_CHOSEN = {LANGUAGE: CHOOSING, IN_ARABIC: CHOOSING_IN_ARABIC}
SCENES: dict[str, tuple[str, ...]] = {
    "welcome": ("langue", LANGUAGE),
    "report_stranger": ("attaque a konna des gens armes", LANGUAGE, "1", "5"),
    "report_in_arabic_letters": ("قرية بوني تحتاج الماء والدواء", IN_ARABIC, "2", "Boni", "5"),
    "report_known_contact": (
        "bonjour", "langue", LANGUAGE, "le puits de Konna est sec", "3", "2", WAITS,
        "deux puits de Konna sont secs", "2", "0", "et l'eau est sale aussi",
    ),
    "report_place_not_read": ("le puits est sec", LANGUAGE, "2", "Konna", "0"),
    "report_place_unknown": ("le puits est sec", LANGUAGE, "2", "le hameau Zzqqwe", "0"),
    "report_homonym": ("le puits est sec", LANGUAGE, "2", "Farako", "Sikasso"),
    "report_all_skipped": ("le puits est sec", LANGUAGE, "0", "0", "0"),
    "report_three_unclear_replies": ("le puits est sec", LANGUAGE, "peut-etre", "9", "je"),
    "report_words_in_between": ("le puits est sec", LANGUAGE, "il y a aussi des malades", "2", "0", "0"),
    "menu_infos": ("langue", LANGUAGE, "menu", "1", "3", "Konna"),
    "menu_infos_written": ("langue", LANGUAGE, "menu", "1", "1", "Konna"),
    "menu_papers": ("langue", LANGUAGE, "menu", "2", "1"),
    "menu_support": ("langue", LANGUAGE, "menu", "3", "1"),
    "menu_opinion": ("langue", LANGUAGE, "menu", "4", "1", "2", "2", "la cantine est fermee depuis un mois", "Konna", "1"),
    "menu_idea": ("langue", LANGUAGE, "menu", "4", "2", "un jour de marche de plus", "Konna", "1"),
    "menu_mediator": ("langue", LANGUAGE, "menu", "4", "3", "deux familles se disputent un champ", "Konna", "2"),
    "menu_rumour": ("langue", LANGUAGE, *_ASKS),
    "menu_advice": ("langue", LANGUAGE, *(word for digit in "123456" for word in ("menu", "6", digit))),
    "menu_messages": ("langue", LANGUAGE, "menu", "7", "1", "1", "0"),
    "menu_messages_one_now": ("langue", LANGUAGE, "menu", "7", "3", "1", "menu", "7", "3", "2"),
    "menu_messages_no_more": ("langue", LANGUAGE, "menu", "7", "2"),
    "menu_talk_to_us": ("langue", LANGUAGE, "menu", "8", "le puits est sec", "Konna", "0"),
    "menu_language": ("langue", LANGUAGE, "menu", "9", LANGUAGE),
    "coded_line": ("langue", LANGUAGE, "3 2 Konna"),
    "call_back": (BIP, LANGUAGE, "3"),
    "call_back_not_wanted": (BIP, LANGUAGE, "0"),
    "join": ("langue", LANGUAGE, f"inscription {INVITATION}", "1"),
    "join_declined": ("langue", LANGUAGE, "inscription", f"inscription {INVITATION}", "2"),
    "join_stranger": (f"inscription {INVITATION}", LANGUAGE, "1"),
    "join_second_person": ("langue", LANGUAGE, *(f"inscription {INVITATION}", "1") * 2),
    "situation_well": ("langue", LANGUAGE, f"inscription {INVITATION}", "1", MONDAY, "1", "121"),
    "situation_hard": ("langue", LANGUAGE, f"inscription {INVITATION}", "1", MONDAY, "3", "2"),
    "situation_pause": ("langue", LANGUAGE, f"inscription {INVITATION}", "1", MONDAY, "5", "2"),
    "situation_stand_in": ("langue", LANGUAGE, f"inscription {INVITATION}", "1", MONDAY, "6"),
    "confirm": ("langue", LANGUAGE, f"inscription {INVITATION}", "1", MONTHLY, "1"),
    "confirm_somebody_else": ("langue", LANGUAGE, f"inscription {INVITATION}", "1", MONTHLY, "2"),
    "confirm_stop": ("langue", LANGUAGE, f"inscription {INVITATION}", "1", MONTHLY, "3"),
    "rumour_known": (ANSWERS, "langue", LANGUAGE, "menu", "5", QUESTION, f"suivi {CODE}"),
    **{
        f"rumour_{veracity.value}": ("langue", LANGUAGE, *_ASKS, found, f"suivi {CODE}")
        for found, veracity in FOUND.items()
    },
    "helped": ("le puits est sec", LANGUAGE, "2", "Konna", "0", CLOSES, "3", "toujours pas d'eau"),
    "question": ("le puits est sec", LANGUAGE, "2", "Konna", "0", ASKS_ON, "1", ASKS_CONSENT, "2"),
    "commands": (
        "le puits est sec", LANGUAGE, "aide", "menu", "2", "retour", "3", "stop", "start", "0", "5",
        f"suivi {CODE}", "suivi 1111", "suivi", "oubliez-moi", "bonjour",
    ),
}  # fmt: skip


def transcript(road: Road, number: str, scene: str, language: str) -> str:
    """One scene in one language, both sides, with the SMS that each of our texts takes."""
    road.now = _BEGINS
    phone = road.phone(number)
    lines = [f"# {scene.replace('_', ' ')}, {LANGUAGES[language].english}", ""]
    for act in SCENES[scene]:
        for text in _CHOSEN[act][language] if act in _CHOSEN else (act,):
            lines.extend(_turn(road, phone, text))
    return "\n".join(lines) + "\n"


def _turn(road: Road, phone: Phone, text: str) -> Iterator[str]:
    if text == WAITS:
        road.later(hours=36)
        yield from (text, "")
    elif text in _MEANWHILE:
        yield text
        yield from _shown(_unasked(road, phone, text))
    else:
        yield f"> {text}"
        yield from _shown(_heard(road, phone, text))


def _heard(road: Road, phone: Phone, text: str) -> str | None:
    road.later(seconds=40)
    if text == BIP:
        return phone.bips()
    said = text.replace(CODE, phone.code) if CODE in text else text
    return phone.says(said.replace(INVITATION, _invite(road)) if INVITATION in said else said)


def _shown(heard: str | None) -> Iterator[str]:
    if heard is None:
        yield "  (nothing)"
    else:
        taken = gsm7.count(heard)
        code = code_in(heard)
        shown = visible(heard.replace(code, CODE) if code else heard)
        yield from (f"  {line}" for line in shown.split("\n"))
        yield f"  [{taken.segments} SMS, {taken.alphabet}, {taken.units}]"
    yield ""


def _invite(road: Road) -> str:
    with road.store.writing() as session:
        cell = groups.make(session, road.now, TRUSTED.actor, GroupKind.CELL, "kun:mopti/mopti/konna")
        return members.invite(session, road.now, TRUSTED, cell)


def _unasked(road: Road, phone: Phone, what: str) -> str | None:
    """Let it happen; what the phone then gets, or None."""
    number = phone.address.partition(":")[2]
    mailbox = road.wire.mailbox  # type: ignore[attr-defined]
    before = len(mailbox.take(number))
    _MEANWHILE[what](road)
    road.deliver()
    return "\n".join(note.text for note in mailbox.take(number)[before:]) or None


def _asks(road: Road, moment: datetime) -> None:
    road.now = moment
    with road.store.writing() as session:
        members.ask_all(session, road.now, road.talks, {road.wire.name: road.wire})


def _monday(road: Road) -> None:
    _asks(road, (road.now + timedelta(days=7 - road.now.weekday())).replace(hour=9))


def _a_month_later(road: Road) -> None:
    later = road.now + timedelta(days=30)
    # Not on the days of the weekly question.
    _asks(road, (later + timedelta(days=(4 - later.weekday()) % 7)).replace(hour=9))


def _desk(road: Road, act: Callable[..., object], **arguments: Any) -> None:
    road.now = (road.now + timedelta(days=1)).replace(hour=10)
    newest = max(road.rows(report.c.id))
    with road.store.writing() as session:
        act(session, road.now, TRUSTED, newest.id, **arguments)
    road.later(minutes=3)
    telling.tell_all(road.store, road.now, road.talks, {road.wire.name: road.wire})


def _newest(road: Road) -> UUID:
    """The report that was filed last, whatever day it was on its phone: each scene begins on the same one."""
    newest: UUID = max(row.id for row in road.rows(report.c.id))
    return newest


def _answers(road: Road) -> None:
    """One rumour, asked by a phone of its own, that all later scenes find answered."""
    if road.rows(rumour_answer.c.id):
        return
    asking = road.phone("76999999")
    for text in ("bonjour", "5", QUESTION, "1", "2"):
        asking.says(text)
    incident_id = checker(road).does(incidents.take_up, _newest(road))
    find_out(road, incident_id, Veracity.CONFIRMED_FALSE)
    for language, sentence in SENTENCES.items():
        answer(road, incident_id, sentence, language)


def _ask(road: Road, template: str) -> None:
    _desk(road, thread.ask, template=TEMPLATES[template], token=f"{template}-{_newest(road).hex}", means=road.means)


_MEANWHILE: dict[str, Callable[[Road], None]] = {
    MONDAY: _monday,
    MONTHLY: _a_month_later,
    CLOSES: lambda road: _desk(road, desk.close),
    ANSWERS: _answers,
    **{found: partial(_desk, act=desk.judge, veracity=veracity) for found, veracity in FOUND.items()},
    ASKS_ON: lambda road: _ask(road, "ongoing"),
    ASKS_CONSENT: lambda road: _ask(road, "consent"),
}


def all_transcripts(road: Road) -> Iterator[tuple[str, str]]:
    """File name and content of every scene in every language."""
    _publish(road)
    wanted = [(scene, language) for scene in SCENES for language in CHOOSING]
    for number, (scene, language) in enumerate(wanted):
        yield f"{scene}.{language}.txt", transcript(road, f"76{number:06}", scene, language)


def _publish(road: Road) -> None:
    """News of the river and a tale, in each language and named by their topic: what a desk writes is not ours."""
    until = _BEGINS + timedelta(days=100)
    writer, reader = checker(road, "writer"), checker(road, "reader")
    road.now = _BEGINS
    for language in CHOOSING:
        writer.does(infos.publish, "river", None, language, f"<river, {language}>", until)
        tale = writer.does(infos.publish, "tales", None, language, f"<tale, {language}>", until)
        reader.does(infos.approve, tale)


def build_road(folder: Path) -> Road:
    """A road over a fresh SQLite database in this folder, with the simulated phone as its wire."""
    settings = Settings(demo=True, data_dir=folder)
    store = Store.open(settings, Keys.make())
    migrations.upgrade(store.engine)
    catalogues = Catalogues.load(main.LOCALES, "bot", drafts=True)
    return Road.build(store, Simulator(), FLOWS, main.VERBS, catalogues, Gazetteer.load())


def write(say: Callable[[str], None] = print) -> None:
    """Write all transcripts anew."""
    FOLDER.mkdir(exist_ok=True)
    for old in FOLDER.glob("*.txt"):
        old.unlink()
    with tempfile.TemporaryDirectory() as folder:
        road = build_road(Path(folder))
        for name, content in all_transcripts(road):
            FOLDER.joinpath(name).write_text(content, encoding="utf-8")
        road.store.close()
    say(f"{len(SCENES) * len(CHOOSING)} transcripts in {FOLDER}")


if __name__ == "__main__":
    write()
