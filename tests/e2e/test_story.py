"""The whole story in the processes of production: from a village to the committee and back, and what a thief gets of it.

A villager in Konna reports in Bambara by SMS, somebody else by Telegram; the desk sees both arrive, joins them, sends a
summary to two seats; one answers on its page, the other on a telephone through a one-time link; the villager is told in
Bambara and says that it helped. With `--pictures` every page is drawn into docs/pictures on the way.
"""

import contextlib
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect
from sqlalchemy import select, update

from bot import main, staff, translations
from bot.casework import committee
from bot.casework.seats import Seat
from bot.config import Settings
from bot.languages.text import fold
from bot.main import Parts
from bot.staff.roles import KEYED
from bot.store.tables import report, talk
from tests import services, thief
from tests.conftest import lacks
from tests.e2e.inspection import faults
from tests.e2e.office import Office, live, refusal
from tests.e2e.pictures import Album
from tests.e2e.visitor import Visitor, Way
from tests.providers import FakeTelegram, FakeTwilio, free_port
from tests.providers.settings import SETTINGS

_VILLAGER, _TELEGRAM = "76543210", 987654321987
#: Names that stand in what was told and answered, and nowhere else.
_CANARIES = ("Zoumanaba", "Kassimbougnan", "Tidianékou", "Birahimadjan", "Mamoutoukaba")
_TOLD = f"Konna pɔn tiɲɛna ji fɛ, mɔgɔ tɛ se ka tɛmɛ. Dugutigi {_CANARIES[0]} y'a fɔ"
_TOLD_TOO = f"Inondation à Konna, le pont est coupé, demandez à {_CANARIES[1]}"
_SUMMARY = "Le pont de Konna est coupé par la crue. Personne ne passe, le marché est isolé."
_STAFF = {
    "awa": ("secretary", "administrator", "translator", "closed_queue", "auditor"),
    "moussa": ("committee",),
    "oumou": ("translator",),
}


@dataclass
class Town:
    """The running service, the two providers, and who works there."""

    folder: Path
    server: services.Postgres
    database: str
    settings: Settings
    twilio: FakeTwilio
    telegram: FakeTelegram
    offices: dict[str, Office]

    @contextlib.contextmanager
    def parts(self) -> Iterator[Parts]:
        """The same service from inside, for what no page shows."""
        parts = main.assemble(self.settings, in_process=True)
        yield parts
        parts.close()

    def heard(self) -> list[str]:
        """What the villager's telephone received, in order."""
        return [each.body for each in self.twilio.ledger if each.to == f"+223{_VILLAGER}"]


@pytest.fixture
def town(tmp_path: Path) -> Iterator[Town]:
    """Production on PostgreSQL, its Bambara approved by two of its translators, one seat with a holder."""
    with contextlib.ExitStack() as stack:
        try:
            server = stack.enter_context(services.postgres(fsync=True))
        except services.MissingProgram as missing:
            lacks(missing)
        database, port = server.create(), free_port()
        door = f"http://127.0.0.1:{port}"
        settings = replace(
            SETTINGS,
            demo=False,
            public_url=f"http://localhost:{port}",
            data_dir=tmp_path / "data",
            key_file=tmp_path / "keys.json",
            database_url=server.url(database),
        )
        twilio = stack.enter_context(FakeTwilio(settings, deliver_to=door))
        telegram = stack.enter_context(FakeTelegram(settings, deliver_to=door))
        settings = replace(settings, twilio_api_base=twilio.url, telegram_api_base=telegram.url)
        wires = "public_url twilio_account_sid twilio_auth_token twilio_from telegram_bot_token telegram_secret"
        more = {name.upper(): getattr(settings, name) for name in f"{wires} twilio_api_base telegram_api_base".split()}
        running = live(tmp_path, settings.database_url, _STAFF, before=_settle_in, PORT=str(port), **more)
        offices = {office.username: office for office in stack.enter_context(running)}
        yield Town(tmp_path, server, database, settings, twilio, telegram, offices)


def _settle_in(parts: Parts) -> None:
    """What a desk has done before its first day: its Bambara is read by a second person, a seat has its holder."""
    now = datetime.now(UTC)
    with parts.store.writing() as session:
        awa, moussa, oumou = (staff.find(session, name) for name in _STAFF)
        assert awa
        assert moussa
        assert oumou
        committee.seat_down(session, now, Seat(awa[0].id), "solidarity", moussa[0].id, deputy=False)
        for each in translations.standings(session, parts.catalogues)["bm"]:
            if each.text:
                folding = parts.catalogues.folding
                number = translations.propose(session, now, awa[0].id, "bm", each.source, each.text, folding, seen=None)
                translations.approve(session, now, oumou[0].id, number)


class Cast:
    """Everybody at a browser; each complaint of theirs fails the story."""

    def __init__(self, browser: Browser, town: Town) -> None:
        self._browser, self._town = browser, town
        self._people: list[Visitor] = []

    def enters(self, way: Way, username: str = "awa") -> Visitor:
        """Somebody with a browser of their own."""
        context = self._browser.new_context(**way.context())
        context.set_default_timeout(60_000)
        self._people.append(Visitor(self._town.offices[username], context, way))
        return self._people[-1]

    def signed_in(self, username: str) -> Visitor:
        """A member of staff who signs in for the first time, with the second factor that their roles ask for."""
        person = self.enters(Way.WIDE, username)
        page = person.opens("/admin/sign-in")
        if KEYED.isdisjoint(_STAFF[username]):
            person.signs_in(page)
            person.enrols(page)
        else:
            person.puts_a_key_in(page)
            person.signs_in(page)
            person.adds_the_key(page)
        page.get_by_role("link", name="Je les ai écrits").click()
        page.wait_for_url("**/admin/**")
        page.close()
        return person

    def leaves(self) -> list[str]:
        """The end: what the browsers complained of."""
        complaints = [complaint for person in self._people for complaint in person.complaints.heard]
        for person in self._people:
            person.context.close()
        return complaints


@pytest.fixture
def cast(browser: Browser, town: Town) -> Iterator[Cast]:
    made = Cast(browser, town)
    yield made
    assert made.leaves() == []


def _arrives(inbox: Page, text: str) -> None:
    expect(inbox.locator(".line").filter(has_text=text)).to_be_visible(timeout=60_000)


def _until(page: Page, happened: str, check: Callable[[], bool]) -> None:
    """Wait for what no page shows."""
    for _ in range(600):
        if check():
            return
        page.wait_for_timeout(100)
    raise AssertionError(f"it never happened: {happened}")


def _report_in_bambara(town: Town) -> None:
    for text in (_TOLD, "2", "1", "5"):
        status, _ = town.twilio.says(f"+223{_VILLAGER}", text)
        assert status == 200
    first, *rest = town.heard()
    assert "2 Bamanankan" in first
    assert "jaabi" in rest[0]
    assert "a sèbènna" in rest[-1]


def _report_by_telegram(town: Town, page: Page) -> None:
    for number, text in enumerate((_TOLD_TOO, "1", "1", "5"), start=1):
        town.telegram.says(_TELEGRAM, text)
        _until(page, f"Telegram has {number} answers", lambda number=number: len(town.telegram.ledger) >= number)


def _decides_and_joins(inbox: Page, album: Album) -> None:
    inbox.locator(".line").filter(has_text=_CANARIES[0]).get_by_role("link").first.click()
    expect(inbox.locator(".narrative")).to_contain_text(_CANARIES[0])
    inbox.get_by_label("Nature").select_option(label="Inondation, feu, catastrophe")
    inbox.get_by_role("radio", name="P2").check()
    inbox.get_by_role("button", name="Enregistrer la décision").click()
    expect(inbox.get_by_role("status").filter(has_text="décidés")).to_be_visible()
    album.takes(inbox, "report")
    inbox.get_by_label(_TOLD_TOO[:20]).check()
    inbox.get_by_role("button", name="joindre").click()


def _sends_to_two_seats(awa: Visitor, page: Page, album: Album) -> None:
    """The name in the request is shown before it leaves; a person says that it may."""
    awa.complaints.expected.add(422)
    page.goto(page.url.partition("/admin")[0] + "/admin/incidents")
    page.locator(".line a").first.click()
    page.locator("#summary-text").fill(_SUMMARY)
    page.get_by_role("button", name="Garder le résumé").click()
    expect(page.get_by_role("status").locator(".said").first).to_be_visible()
    seats = page.locator("[name=contributors]")
    for number in range(seats.count()):
        seats.nth(number).set_checked(seats.nth(number).get_attribute("value") == "local")
    page.get_by_label("Ce qui est demandé").fill(
        f"Dire ce qui peut être fait pour le pont, et le dire à {_CANARIES[2]}."
    )
    page.get_by_role("button", name="Envoyer le résumé").click()
    expect(page.locator(".said.note q")).to_have_text(_CANARIES[2])
    page.get_by_label("Cela ne nomme personne").check()
    page.get_by_role("button", name="Envoyer le résumé").click()
    expect(page.locator(".item")).to_have_count(2)
    album.takes(page, "event")


def _seat_answers(moussa: Visitor, album: Album) -> None:
    page = moussa.opens("/admin/items")
    album.takes(page, "items")
    page.locator(".line a").first.click()
    expect(page.locator(".narrative")).to_have_text(_SUMMARY)
    for canary in _CANARIES[:2]:
        expect(page.locator("body")).not_to_contain_text(canary)
    page.locator("#words").fill(f"Des sacs de sable partent demain avec {_CANARIES[3]}.")
    page.get_by_role("button", name="Nous nous en chargeons").click()
    expect(page.locator(".mark.state")).to_have_text("accepté")
    album.takes(page, "item")
    page.locator("#words").fill("Le passage est rouvert.")
    page.get_by_role("button", name="C'est fait").click()
    expect(page.locator(".mark.state").first).to_have_text("fait")


def _official_answers(cast: Cast, page: Page, album: Album) -> None:
    """Somebody without an account, on their own telephone; on any other the link opens nothing."""
    page.locator(".item").filter(has_text="Collectivités").get_by_role("button", name="Lien à usage unique").click()
    link = page.locator(".secret code").inner_text()
    official = cast.enters(Way.SMALL)
    phone = official.context.new_page()
    phone.goto(link)
    album.takes(phone, "link", small_only=True)
    phone.get_by_role("button", name="Ouvrir sur cet appareil").click()
    expect(phone.locator(".narrative")).to_have_text(_SUMMARY)
    assert faults(phone) == []
    phone.set_viewport_size({"width": 360, "height": 740})
    album.takes(phone, "link-opened", small_only=True)
    phone.locator("#words").fill(f"La pirogue de {_CANARIES[4]} fait la traversée.")
    phone.get_by_role("button", name="C'est fait").click()
    expect(phone.locator(".mark.state")).to_have_text("fait")
    other = cast.enters(Way.SMALL)
    other.complaints.expected.add(404)
    stolen = other.context.new_page()
    stolen.goto(link)
    stolen.get_by_role("button", name="Ouvrir sur cet appareil").click()
    expect(stolen.get_by_role("heading", level=1)).to_contain_text("n'ouvre rien ici")


def _closes(page: Page) -> None:
    page.reload()
    for words in (_CANARIES[3], _CANARIES[4], "Le passage est rouvert."):
        expect(page.locator("#committee ~ .item").filter(has_text=words)).to_be_visible()
    page.get_by_role("button", name="C'est fait : clore").click()
    expect(page.get_by_role("button", name="rouvrir")).to_be_visible()


def _two_minutes_pass(town: Town) -> None:
    """In which the desk could have taken it back."""
    with town.parts() as parts, parts.store.writing() as session:
        session.run(
            update(report).where(report.c.tell_at.is_not(None)).values(tell_at=datetime.now(UTC) - timedelta(1))
        )


def _is_told_and_says_it_helped(town: Town, page: Page) -> None:
    before = len(town.heard())
    _two_minutes_pass(town)
    _until(page, "the villager is told", lambda: len(town.heard()) > before)
    with town.parts() as parts:
        words = parts.catalogues.translator("bm").gettext("No %(code)s: done. Did it help you?", code="")
    assert fold(words.partition(":")[2]).strip() in fold(town.heard()[-1])
    status, _ = town.twilio.says(f"+223{_VILLAGER}", "1")
    assert status == 200


def _loot(town: Town) -> bytes:
    """All that a thief can carry away but the key file: the database, its logs, what our processes wrote and said."""
    taken = thief.database(town.server, town.database)
    return taken + thief.folder(town.folder, but=town.settings.keys)


def _shows_the_rest(awa: Visitor, album: Album) -> None:
    """The pages of the menu that the story did not come by."""
    page = awa.opens("/admin/inbox")
    groups = page.locator("nav").first.locator("a").evaluate_all("links => links.map(each => each.pathname)")
    seen: dict[str, None] = {}
    for path in groups:
        page.goto(awa.office.at(path))
        links = page.locator("nav.section a").evaluate_all("links => links.map(each => each.pathname)")
        seen |= dict.fromkeys(links or [path])
    for path in seen:
        page.goto(awa.office.at(path))
        album.takes(page, path.removeprefix("/admin/").strip("/").replace("/", "-"))


def test_from_a_village_to_the_committee_and_back(town: Town, cast: Cast, album: Album) -> None:
    awa, moussa = cast.signed_in("awa"), cast.signed_in("moussa")
    inbox = awa.opens("/admin/inbox")
    inbox.evaluate("window.neverLoadedAgain = true")
    _report_in_bambara(town)
    _arrives(inbox, _CANARIES[0])
    _report_by_telegram(town, inbox)
    _arrives(inbox, _CANARIES[1])
    assert inbox.evaluate("window.neverLoadedAgain") is True
    album.takes(inbox, "inbox")

    _decides_and_joins(inbox, album)
    _sends_to_two_seats(awa, inbox, album)
    _seat_answers(moussa, album)
    _official_answers(cast, inbox, album)
    _closes(inbox)
    _is_told_and_says_it_helped(town, inbox)
    page = awa.opens("/admin/inbox?status=closed")
    page.locator(".line").filter(has_text=_CANARIES[0]).get_by_role("link").first.click()
    expect(page.locator(".report-heading .mark").filter(has_text="cela a aidé")).to_be_visible()
    album.takes(page, "report-closed")
    if album.wanted:
        _shows_the_rest(awa, album)

    secrets = (*_CANARIES, _VILLAGER, str(_TELEGRAM))
    assert thief.found(_loot(town), secrets) == set()
    _one_row_is_written_carelessly(town)
    assert thief.found(_loot(town), secrets) == {_CANARIES[1]}
    _without_the_key_file_nothing_is_shown(town)


def _one_row_is_written_carelessly(town: Town) -> None:
    """The negative control of what a thief gets."""
    with town.parts() as parts, parts.store.writing() as session:
        first = session.run(select(talk.c.id).limit(1)).scalar_one()
        session.run(update(talk).where(talk.c.id == first).values(asked=_TOLD_TOO.encode()))


def _without_the_key_file_nothing_is_shown(town: Town) -> None:
    town.settings.keys.rename(town.folder / "elsewhere.json")
    settings = {"DATABASE_URL": town.settings.database_url, "KEY_FILE": str(town.settings.keys)}
    status, said = refusal(town.folder, {**settings, "PORT": str(free_port())}, "web")
    assert status == 1
    assert "KEY_FILE" in said
    assert "does not exist" in said
    assert "Traceback" not in said
