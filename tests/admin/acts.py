"""Each form of the panel, filled in as it is meant: who sends it, on what, with which words. Written by hand.

What an act needs is made by other forms, as people at the desk would. Below stand the acts that write no entry, those
that write one for each thing they change, and forms that must be refused although their page is open to the sender.
"""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from io import BytesIO
from typing import Any
from uuid import UUID

from babel.messages.catalog import Catalog
from babel.messages.pofile import write_po
from sqlalchemy import Column, select

from bot.casework.call_backs import CallBack
from bot.conversation.kinds import Kind
from bot.store import tables
from bot.translations import sources
from tests.authenticator import Authenticator
from tests.bot.casework.clerk import file_reports
from tests.bot.people import files
from tests.desk import PASSWORD, Desk, Visitor

_NUMBER = "76555512"
_NEW_PASSWORD = "cinq autres mots que voici"
_KEY = re.compile(r'data-options="([^"]+)"')
#: A text that a radio reads aloud in half a minute is not needed here: a sentence for telephones is enough.
_ANSWER = "Les agents sont alles voir. Tout va bien la-bas."


def _list() -> Any:
    return BytesIO(files.as_csv(files.row())), "contacts.csv"


@dataclass
class Form:
    """A filled form: whose, the ids in its address in their order, and the fields."""

    visitor: Visitor
    ids: tuple[Any, ...] = ()
    fields: Mapping[str, Any] = field(default_factory=dict)

    def path(self, rule: str) -> str:
        """The address that it is sent to."""
        given = iter(self.ids)
        return re.sub(r"<[^>]+>", lambda _: str(next(given)), rule)


@dataclass
class World:
    """A desk at which everything can be made that an act needs."""

    desk: Desk

    def by(self, *roles: str) -> Visitor:
        """Somebody new with these roles."""
        return self.desk.enter(*roles)

    def newest(self, column: Column[Any]) -> Any:
        """The newest row's value: ids are made in order."""
        with self.desk.road.store.reading() as session:
            return session.run(select(column).order_by(column.desc()).limit(1)).scalar_one()

    def report(self, text: str = "le puits de Konna est sec", number: str = "76123456") -> UUID:
        """A report that somebody sent, and who may be written to."""
        return self.report_of(text, "1", "1", "0", "0", number=number)

    def report_of(self, *said: str, number: str = "76123456") -> UUID:
        """A report that somebody told in these words."""
        phone = self.desk.road.phone(number)
        for text in said:
            phone.says(text)
        return self._report()

    def _report(self) -> UUID:
        found: UUID = self.newest(tables.report.c.id)
        return found

    def list_sent(self) -> UUID:
        """A list of people that waits for a worker."""
        self.by("secretary").post("/admin/contacts/file", file=_list())
        found: UUID = self.newest(tables.contact_import.c.id)
        return found

    def given_to_translators(self) -> tuple[Visitor, tuple[UUID, UUID]]:
        """Whoever works on a report, the report, and what waits for a translator of it."""
        report, visitor = self.report(), self.by("triage")
        visitor.post(f"/admin/reports/{report}/translate", redacted="ji tè yen", language="bm")
        return visitor, (report, self.newest(tables.translation_task.c.id))

    def translator(self) -> Visitor:
        """Somebody who translates from Bambara."""
        visitor = self.by("translator")
        visitor.post("/admin/translation-tasks/languages", language="bm")
        return visitor

    def call_back(self) -> CallBack:
        """Somebody who waits for a call."""
        self.desk.road.phone("76123456").bips()
        return self.desk.road.call_backs()[0]

    def incident(self) -> UUID:
        """An event of two reports, with a kind."""
        first, second = self.report(), self.report("le puits de Konna est vide", "76123457")
        self.by("triage").post(f"/admin/reports/{first}/join", others=str(second))
        found: UUID = self.newest(tables.incident.c.id)
        self.by("triage").post(f"/admin/incidents/{found}/decide", kind="disaster", urgency="2", place="")
        return found

    def item(self) -> tuple[UUID, UUID]:
        """An event, and what the first seat was asked about it."""
        event, triage = self.incident(), self.by("triage")
        triage.post(f"/admin/incidents/{event}/summary", summary="Le puits est sec.")
        triage.post(f"/admin/incidents/{event}/route", lead="solidarity", request="Voir le puits.", days="2")
        return event, self.newest(tables.item.c.id)

    def member_of_committee(self) -> tuple[Visitor, UUID, UUID]:
        """Whoever holds the seat that was asked, the event and the item."""
        event, item = self.item()
        return self.holder(), event, item

    def holder(self) -> Visitor:
        """Whoever holds the first seat."""
        member = self.desk.make("moussa", "committee")
        self.by("secretary").post("/admin/committee/solidarity/holder", username="moussa")
        return self.desk.let_in(member)

    def asked(self) -> UUID:
        """An event, and one question of its seat."""
        holder, _event, item = self.member_of_committee()
        holder.post(f"/admin/items/{item}/step", step="asked", words="Quel puits ?")
        return item

    def link(self) -> tuple[Visitor, str]:
        """A browser without an account, and the secret of a link that it has not opened."""
        event, item = self.item()
        page = self.by("triage").post(f"/admin/incidents/{event}/items/{item}/link").text
        found = re.search(r"/admin/link/([\w-]+)", page)
        assert found
        return self.desk.visitor(), found[1]

    def rumour(self) -> UUID:
        """A report that somebody looks into."""
        self.by("triage").post(f"/admin/reports/{self.report()}/check")
        found: UUID = self.newest(tables.incident.c.id)
        return found

    def sighting(self) -> tuple[UUID, UUID]:
        """A rumour, and where else it was heard."""
        rumour = self.rumour()
        self.by("triage").post(f"/admin/rumours/{rumour}/sightings", **self.heard())
        return rumour, self.newest(tables.sighting.c.id)

    def heard(self) -> dict[str, str]:
        """The form of a sighting."""
        return {
            "through": "radio",
            "place": "Konna",
            "heard_at": f"{self.desk.road.now:%Y-%m-%dT%H:%M}",
            "words": "oui",
        }

    def checked(self, *sources: str) -> tuple[UUID, UUID]:
        """A rumour, and the last of those who were asked about it."""
        rumour = self.rumour()
        for each in sources or ("mairie de Konna",):
            self.by("triage").post(
                f"/admin/rumours/{rumour}/checks", source=each, says="false", finding="par telephone"
            )
        return rumour, self.newest(tables.rumour_check.c.id)

    def settled(self) -> UUID:
        """A rumour of which two sources say that it is false."""
        rumour, _check = self.checked("mairie de Konna", "radio Jamana")
        self.by("triage").post(f"/admin/rumours/{rumour}/veracity", veracity="confirmed_false")
        return rumour

    def answer(self) -> tuple[UUID, UUID]:
        """A rumour, and an answer to it that waits for a second person."""
        rumour = self.settled()
        self.by("triage").post(f"/admin/rumours/{rumour}/answers", **self.sentence())
        return rumour, self.newest(tables.rumour_answer.c.id)

    def sentence(self) -> dict[str, str]:
        """The form of an answer."""
        until = (self.desk.road.now + timedelta(days=3)).date().isoformat()
        return {"form": "sentence", "language": "fr", "text": _ANSWER, "until": until, "keep": "1"}

    def contact(self, number: str = _NUMBER) -> UUID:
        """Somebody the secretariat wrote down."""
        self.by("secretary").post("/admin/contacts", **self.person(number))
        found: UUID = self.newest(tables.contact.c.id)
        return found

    def person(self, number: str = _NUMBER) -> dict[str, str]:
        """The form of a contact."""
        return {"number": number, "name": "Fanta", "language": "bm", "place": "Konna", "consent": "liste du 3 mars"}

    def group(self) -> UUID:
        """A group."""
        self.by("secretary").post("/admin/groups", kind="cell", place="Konna", title="")
        found: UUID = self.newest(tables.contact_group.c.id)
        return found

    def joining(self) -> tuple[UUID, dict[str, str]]:
        """A contact, and the form by which they come into a group."""
        contact, group = self.contact(), self.group()
        return contact, {"group": str(group), "link": str(self.newest(tables.contact_address.c.id)), "role": "member"}

    def membership(self) -> UUID:
        """Somebody in a group."""
        contact, fields = self.joining()
        self.by("secretary").post(f"/admin/contacts/{contact}/join", **fields)
        found: UUID = self.newest(tables.member.c.id)
        return found

    def news(self, topic: str = "tales") -> dict[str, str]:
        """The form of a text for everybody; this topic waits for a second person."""
        until = (self.desk.road.now + timedelta(days=3)).date().isoformat()
        return {"topic": topic, "place": "", "language": "fr", "text": "La paix soit avec vous.", "until": until}

    def info(self, visitor: Visitor | None = None) -> UUID:
        """A text that waits for a second person."""
        (visitor or self.by("secretary")).post("/admin/infos", **self.news())
        found: UUID = self.newest(tables.info.c.id)
        return found

    def month(self) -> dict[str, str]:
        """The form of what was heard and done."""
        if not self.desk.road.reports():
            self.desk.road.phone("76123456").says("aide")
            file_reports(self.desk.road, [Kind.NEED] * 6, seconds=0)
        month = f"{self.desk.road.now:%Y-%m}"
        return {"place": "", "group": "cell", "month": month, "language": "fr", "text": "Merci à vous."}

    def report_back(self, visitor: Visitor | None = None) -> UUID:
        """A message that waits for a second person."""
        (visitor or self.by("secretary")).post("/admin/report-backs", **self.month())
        found: UUID = self.newest(tables.report_back.c.id)
        return found

    def reveal(self, visitor: Visitor | None = None) -> tuple[UUID, UUID]:
        """A report, and a number that somebody asked for."""
        report = self.report()
        (visitor or self.by("triage")).post(f"/admin/reports/{report}/identity", reason="Il faut prévenir la mairie.")
        return report, self.newest(tables.reveal.c.id)

    def allowed(self) -> tuple[Visitor, UUID, UUID]:
        """Whoever asked for a number, the report, and what a second person allowed."""
        visitor = self.by("triage")
        report, reveal = self.reveal(visitor)
        self.by("secretary").post(f"/admin/reveals/{reveal}/allow")
        return visitor, report, reveal

    def shift(self, visitor: Visitor | None = None, days: int = 1) -> tuple[dict[str, str], str]:
        """The form of a shift of somebody of the desk."""
        who = visitor or self.by("triage")
        day = (self.desk.road.now + timedelta(days=days)).date().isoformat()
        return {"person": str(who.staff_id), "line": "desk", "opens": "8", "closes": "12", "day": day}, day

    def on_duty(self, days: int = 1) -> UUID:
        """A shift on the rota."""
        self.by("secretary").post("/admin/duty/shifts", **self.shift(days=days)[0])
        found: UUID = self.newest(tables.shift.c.id)
        return found

    def duty_code(self, secretary: Visitor) -> str:
        """A duty phone that waits for its code, and the code."""
        secretary.post("/admin/duty/phone", line="desk", number=_NUMBER)
        self.desk.road.deliver()
        note = self.desk.road.wire.mailbox.take(_NUMBER)[-1]  # type: ignore[attr-defined]
        found = re.search("[0-9]{6}", note.text)
        assert found
        return found[0]

    def note(self, visitor: Visitor) -> UUID:
        """A note of one shift for the next."""
        visitor.post("/admin/hand-overs", text="Rappeler la radio.")
        found: UUID = self.newest(tables.hand_over.c.id)
        return found

    def view(self, visitor: Visitor) -> UUID:
        """A filter that was kept."""
        visitor.post("/admin/views", name="Inondations", kind="disaster")
        found: UUID = self.newest(tables.saved_view.c.id)
        return found

    def colleague(self, *roles: str) -> UUID:
        """Somebody else of the staff, who has a second factor."""
        staff_id = self.desk.make("fanta", *roles, password=PASSWORD)
        self.desk.enrol(staff_id)
        return staff_id

    def request(self, visitor: Visitor | None = None) -> UUID:
        """Something that waits for a second person."""
        asker = visitor or self.by("administrator")
        asker.post(f"/admin/staff/{self.colleague('triage')}/roles", roles="auditor")
        found: UUID = self.newest(tables.staff_request.c.id)
        return found

    def invited(self) -> str:
        """The secret of an invitation."""
        page = self.by("administrator").post(
            "/admin/staff", username="oumou", name="Oumou", language="fr", roles="triage"
        )
        found = re.search(r"/admin/invitation/([\w-]+)", page.text)
        assert found
        return found[1]

    def message(self) -> str:
        """The key of a sentence of the bot's."""
        return next(iter(sources(self.desk.road.catalogues)))

    def worded(self, visitor: Visitor | None = None) -> tuple[str, str, dict[str, str]]:
        """A wording that waits for its second reader, as the forms about it name it."""
        source = sources(self.desk.road.catalogues)[self.message()]
        text = self.desk.road.catalogues.translator("fr").gettext(source.msgid)
        (visitor or self.by("translator")).post(f"/admin/translations/bm/{self.message()}", text=text, seen="")
        return "bm", self.message(), {"number": str(self.newest(tables.translation.c.id))}

    def po(self) -> bytes:
        """A file that words one sentence of the bot's."""
        source = sources(self.desk.road.catalogues)[self.message()]
        catalog = Catalog("bm")
        catalog.add(source.msgid, self.desk.road.catalogues.translator("fr").gettext(source.msgid))
        written = BytesIO()
        write_po(written, catalog)
        return written.getvalue()

    def with_key(self) -> tuple[Visitor, dict[str, str]]:
        """Somebody with a password, and the form by which their key becomes known."""
        visitor = self.desk.let_in(self.desk.make("awa", "triage", password=PASSWORD))
        return visitor, self.key(visitor)

    def key(self, visitor: Visitor) -> dict[str, str]:
        """The form of a new security key."""
        options = _KEY.search(visitor.get("/admin/keys/new").text)
        assert options
        answer = Authenticator().create(options[1].replace("&#34;", '"'))
        return {"name": "bleue", "answer": answer, "present": PASSWORD}


def _enrolling(world: World) -> Form:
    visitor = world.desk.let_in(world.desk.make("awa", "triage", password=PASSWORD))
    shown = re.search(r'class="code-text"[^>]*>([A-Z2-7 ]+)<', visitor.get("/admin/second-factor/new").text)
    assert shown
    code = world.desk.code(shown[1].replace(" ", ""))
    return Form(visitor, (), {"present": PASSWORD, "code": code})


def _half_way(world: World) -> Form:
    secret, _codes = world.desk.enrol(world.desk.make("awa", "triage", password=PASSWORD))
    visitor = world.desk.visitor()
    visitor.sign_in("awa")
    return Form(visitor, (), {"code": world.desk.code(secret)})


def _signing_in(world: World) -> Form:
    world.desk.enrol(world.desk.make("awa", "triage", password=PASSWORD))
    return Form(world.desk.visitor(), (), {"username": "awa", "password": PASSWORD})


def _adding_a_key(world: World) -> Form:
    visitor, fields = world.with_key()
    return Form(visitor, (), fields)


def _removing_a_key(world: World) -> Form:
    visitor, fields = world.with_key()
    visitor.post("/admin/keys/new", **fields)
    visitor.post("/admin/keys/new", **{**world.key(visitor), "name": "rouge"})
    return Form(visitor, (world.newest(tables.security_key.c.id),))


def _recovery_codes(world: World) -> Form:
    staff_id = world.colleague("triage")
    return Form(world.desk.let_in(staff_id))


def _changing_the_password(world: World) -> Form:
    visitor = world.desk.let_in(world.desk.make("awa", "triage", password=PASSWORD))
    return Form(visitor, (), {"present": PASSWORD, "password": _NEW_PASSWORD, "again": _NEW_PASSWORD})


def _looking_at_a_number(world: World) -> Form:
    visitor, report, reveal = world.allowed()
    return Form(visitor, (report, reveal))


def _taking_over(world: World) -> Form:
    report, holder = world.report(), world.by("triage")
    holder.get(f"/admin/reports/{report}")
    return Form(world.by("triage"), (report,), {"holder": str(holder.staff_id)})


def _taking_back(world: World) -> Form:
    report, visitor = world.report(), world.by("triage")
    visitor.post(f"/admin/reports/{report}/set-aside", reason="test")
    return Form(visitor, (report,))


def _wanting_a_call(world: World) -> Form:
    report, visitor = world.report_of("le puits est sec", "1", "4", "Konna", "2"), world.by("triage")
    visitor.post(f"/admin/call-backs/{world.desk.road.call_backs()[0].id}/done")
    return Form(visitor, (report,))


def _unsaying(world: World) -> Form:
    world.desk.road.now = world.desk.road.now.replace(hour=13)
    report = world.report_of("le puits est sec", "1", "2", "Konna", "2")
    world.desk.road.later(hours=1)
    visitor = world.by("triage")
    visitor.post(f"/admin/reports/{report}/ask", template="ongoing")
    return Form(visitor, (report, world.newest(tables.desk_message.c.id)))


def _splitting(world: World) -> Form:
    world.incident()
    return Form(world.by("triage"), (world.newest(tables.report.c.id),))


def _reopening(world: World) -> Form:
    event = world.incident()
    world.by("triage").post(f"/admin/incidents/{event}/close")
    return Form(world.by("triage"), (event,))


def _releasing(world: World) -> Form:
    report, officer = world.report(), world.by("closed_queue")
    officer.post(f"/admin/reports/{report}/shelter")
    return Form(officer, (report,), {"why": "mistake"})


def _summarised(world: World) -> Form:
    event = world.incident()
    world.by("triage").post(f"/admin/incidents/{event}/summary", summary="Le puits est sec.")
    fields = {"lead": "solidarity", "request": "Voir le puits.", "days": "2"}
    return Form(world.by("triage"), (event,), fields)


def _answering_a_seat(world: World) -> Form:
    item = world.asked()
    return Form(world.by("triage"), (world.newest(tables.incident.c.id), item), {"answer": "Celui du marché."})


def _stepping(world: World) -> Form:
    holder, _event, item = world.member_of_committee()
    return Form(holder, (item,), {"step": "accepted", "words": ""})


def _asking_for_a_source(world: World) -> Form:
    holder, _event, item = world.member_of_committee()
    return Form(holder, (item,))


def _ending_a_link(world: World) -> Form:
    event, item = world.item()
    world.by("triage").post(f"/admin/incidents/{event}/items/{item}/link")
    return Form(world.by("triage"), (event, item))


def _opening_a_link(world: World) -> Form:
    visitor, secret = world.link()
    return Form(visitor, (secret,))


def _answering_by_link(world: World) -> Form:
    visitor, secret = world.link()
    visitor.post(f"/admin/link/{secret}/open")
    return Form(visitor, (secret,), {"step": "accepted", "words": ""})


def _leaving_a_seat(world: World) -> Form:
    holder = world.holder()
    return Form(world.by("secretary"), ("solidarity",), {"holder": str(holder.staff_id)})


def _sitting_down(world: World) -> Form:
    world.desk.make("moussa", "committee")
    return Form(world.by("secretary"), ("solidarity",), {"username": "moussa"})


def _swapping(world: World) -> Form:
    one, other = world.on_duty(), world.on_duty(2)
    return Form(world.by("secretary"), (), {"one": str(one), "other": str(other)})


def _copying(world: World) -> Form:
    world.on_duty(7)
    day = (world.desk.road.now + timedelta(days=7)).date()
    return Form(world.by("secretary"), (), {"week": (day - timedelta(days=day.weekday())).isoformat()})


def _undoing(world: World) -> Form:
    world.on_duty()
    return Form(world.by("secretary"), (), {"change": str(world.newest(tables.rota_change.c.id))})


def _confirming_a_phone(world: World) -> Form:
    secretary = world.by("secretary")
    return Form(secretary, (), {"line": "desk", "code": world.duty_code(secretary)})


def _removing_a_phone(world: World) -> Form:
    secretary = world.by("secretary")
    world.duty_code(secretary)
    return Form(secretary, (), {"line": "desk"})


def _withdrawing_a_note(world: World) -> Form:
    visitor = world.by("triage")
    return Form(visitor, (world.note(visitor),))


def _deleting_a_view(world: World) -> Form:
    visitor = world.by("triage")
    return Form(visitor, (world.view(visitor),))


def _bringing_a_view_back(world: World) -> Form:
    form = _deleting_a_view(world)
    form.visitor.post(f"/admin/views/{form.ids[0]}/delete")
    return form


def _withdrawing_a_request(world: World) -> Form:
    asker = world.by("administrator")
    return Form(asker, (world.request(asker),))


def _returning(world: World) -> Form:
    administrator, staff_id = world.by("administrator"), world.colleague("triage")
    administrator.post(f"/admin/staff/{staff_id}/suspend")
    return Form(administrator, (staff_id,))


def _inviting_again(world: World) -> Form:
    world.invited()
    invited = world.newest(tables.staff.c.id)
    return Form(world.by("administrator"), (invited,))


def _taking_a_membership_back(world: World) -> Form:
    visitor, member = world.by("secretary"), world.membership()
    visitor.post(f"/admin/members/{member}/end")
    return Form(visitor, (member,))


def _wording(world: World) -> Form:
    source = sources(world.desk.road.catalogues)[world.message()]
    text = world.desk.road.catalogues.translator("fr").gettext(source.msgid)
    return Form(world.by("translator"), ("bm", world.message()), {"text": text, "seen": ""})


def _approving_a_wording(world: World) -> Form:
    tag, key, fields = world.worded()
    return Form(world.by("translator"), (tag, key), fields)


def _in_a_group(world: World) -> Form:
    contact, fields = world.joining()
    return Form(world.by("secretary"), (contact,), fields)


def _taking_a_number_back(world: World) -> Form:
    secretary, contact = world.by("secretary"), world.contact()
    link = world.newest(tables.contact_address.c.id)
    secretary.post(f"/admin/contacts/{contact}/numbers/{link}/end", recycled="1")
    return Form(secretary, (contact, link))


def _taking_contacts_apart(world: World) -> Form:
    secretary, contact, other = world.by("secretary"), world.contact(), world.contact("76555513")
    secretary.post(f"/admin/contacts/{contact}/merge", other=str(other))
    return Form(secretary, (contact,), {"other": str(other)})


def _asking_a_group(world: World) -> Form:
    world.membership()
    return Form(world.by("secretary"), (world.newest(tables.contact_group.c.id),))


_R, _I, _U = (
    "/admin/reports/<uuid:report_id>",
    "/admin/incidents/<uuid:incident_id>",
    "/admin/rumours/<uuid:incident_id>",
)
_S = "/admin/staff/<uuid:staff_id>"
_T = "/admin/translations/<tag>"

ACTS: Mapping[str, Callable[[World], Form]] = {
    "/admin/sign-in": _signing_in,
    "/admin/second-factor": _half_way,
    "/admin/second-factor/new": _enrolling,
    "/admin/keys/new": _adding_a_key,
    "/admin/keys/<uuid:key_id>/remove": _removing_a_key,
    "/admin/account/recovery-codes": _recovery_codes,
    "/admin/account/password": _changing_the_password,
    "/admin/sign-out": lambda w: Form(w.by("triage")),
    "/admin/language": lambda w: Form(w.by("triage"), (), {"language": "en"}),
    f"{_R}/identity": lambda w: Form(w.by("triage"), (w.report(),), {"reason": "Il faut prévenir la mairie."}),
    f"{_R}/identity/<uuid:reveal_id>": _looking_at_a_number,
    "/admin/reveals/<uuid:reveal_id>/allow": lambda w: Form(w.by("secretary"), w.reveal()[1:]),
    "/admin/reveals/<uuid:reveal_id>/refuse": lambda w: Form(w.by("secretary"), w.reveal()[1:]),
    "/admin/report-backs": lambda w: Form(w.by("secretary"), (), w.month()),
    "/admin/report-backs/<uuid:report_back_id>/approve": lambda w: Form(w.by("secretary"), (w.report_back(),)),
    "/admin/report-backs/<uuid:report_back_id>/withdraw": lambda w: Form(w.by("secretary"), (w.report_back(),)),
    "/admin/retention/<kept>": lambda w: Form(w.by("administrator"), ("link",), {"days": "20"}),
    "/admin/reports/bulk": lambda w: Form(
        w.by("triage"), (), {"report": [str(w.report())], "act": "set_aside", "reason": "test"}
    ),
    "/admin/views": lambda w: Form(w.by("triage"), (), {"name": "Inondations", "kind": "disaster"}),
    "/admin/views/<uuid:view_id>/delete": _deleting_a_view,
    "/admin/views/<uuid:view_id>/bring-back": _bringing_a_view_back,
    "/admin/entry": lambda w: Form(
        w.by("triage"), (), {"behalf": "walk_in", "text": "Le puits est sec", "urgency": "3", "may_write": "none"}
    ),
    "/admin/targets": lambda w: Form(w.by("secretary"), (), {"urgency": "3", "minutes": "90"}),
    f"{_R}/decide": lambda w: Form(w.by("triage"), (w.report(),), {"kind": "need", "urgency": "3"}),
    f"{_R}/reply": lambda w: Form(w.by("triage"), (w.report(),), {"text": "Merci."}),
    f"{_R}/ask": lambda w: Form(w.by("triage"), (w.report(),), {"template": "ongoing"}),
    f"{_R}/call": _wanting_a_call,
    f"{_R}/messages/<uuid:message_id>/take-back": _unsaying,
    f"{_R}/translate": lambda w: Form(w.by("triage"), (w.report(),), {"redacted": "ji tè yen", "language": "bm"}),
    f"{_R}/translations/<uuid:task_id>/withdraw": lambda w: Form(*w.given_to_translators()),
    "/admin/translation-tasks/languages": lambda w: Form(w.by("translator"), (), {"language": ["bm"]}),
    "/admin/translation-tasks/<uuid:task_id>": lambda w: Form(
        w.translator(), w.given_to_translators()[1][1:], {"text": "il n'y a pas d'eau"}
    ),
    f"{_R}/set-aside": lambda w: Form(w.by("triage"), (w.report(),), {"reason": "test"}),
    f"{_R}/take-back": _taking_back,
    f"{_R}/check": lambda w: Form(w.by("triage"), (w.report(),)),
    f"{_R}/event": lambda w: Form(w.by("triage"), (w.report(),)),
    f"{_R}/close": lambda w: Form(w.by("triage"), (w.report(),)),
    f"{_R}/join": lambda w: Form(
        w.by("triage"), (w.report(),), {"others": [str(w.report("le puits de Konna est vide", "76123457"))]}
    ),
    f"{_R}/split": _splitting,
    f"{_R}/excluded": lambda w: Form(w.by("triage"), (w.report(),), {"seat": "solidarity", "why": "risk"}),
    f"{_R}/shelter": lambda w: Form(w.by("triage"), (w.report(),)),
    f"{_R}/release": _releasing,
    f"{_R}/take-over": _taking_over,
    f"{_R}/lock": lambda w: Form(w.by("triage"), (w.report(),)),
    f"{_I}/excluded": lambda w: Form(w.by("triage"), (w.incident(),), {"seat": "solidarity", "why": "risk"}),
    f"{_I}/decide": lambda w: Form(w.by("triage"), (w.incident(),), {"kind": "need", "urgency": "3", "place": ""}),
    f"{_I}/close": lambda w: Form(w.by("triage"), (w.incident(),)),
    f"{_I}/reopen": _reopening,
    f"{_I}/summary": lambda w: Form(w.by("triage"), (w.incident(),), {"summary": "Le puits est sec."}),
    f"{_I}/route": _summarised,
    f"{_I}/items/<uuid:item_id>/answer": _answering_a_seat,
    f"{_I}/items/<uuid:item_id>/withdraw": lambda w: Form(w.by("triage"), w.item()),
    f"{_I}/items/<uuid:item_id>/link": lambda w: Form(w.by("triage"), w.item()),
    f"{_I}/items/<uuid:item_id>/link/end": _ending_a_link,
    f"{_U}/veracity": lambda w: Form(
        w.by("triage"), w.checked("mairie de Konna", "radio Jamana")[:1], {"veracity": "confirmed_false"}
    ),
    f"{_U}/sightings": lambda w: Form(w.by("triage"), (w.rumour(),), w.heard()),
    f"{_U}/sightings/<uuid:sighting_id>/withdraw": lambda w: Form(w.by("triage"), w.sighting()),
    f"{_U}/checks": lambda w: Form(
        w.by("triage"), (w.rumour(),), {"source": "mairie de Konna", "says": "false", "finding": "par telephone"}
    ),
    f"{_U}/checks/<uuid:check_id>/withdraw": lambda w: Form(w.by("triage"), w.checked()),
    f"{_U}/answers": lambda w: Form(w.by("triage"), (w.settled(),), w.sentence()),
    f"{_U}/answers/<uuid:answer_id>/approve": lambda w: Form(w.by("triage"), w.answer()),
    f"{_U}/answers/<uuid:answer_id>/withdraw": lambda w: Form(w.by("triage"), w.answer()),
    f"{_U}/reports": lambda w: Form(
        w.by("triage"), (w.rumour(),), {"reports": [str(w.report("le puits de Konna est vide", "76123457"))]}
    ),
    "/admin/items/<uuid:item_id>/step": _stepping,
    "/admin/items/<uuid:item_id>/source": _asking_for_a_source,
    "/admin/link/<secret>/open": _opening_a_link,
    "/admin/link/<secret>/step": _answering_by_link,
    "/admin/committee/<code>/holder": _sitting_down,
    "/admin/committee/<code>/leave": _leaving_a_seat,
    "/admin/committee/<code>/title": lambda w: Form(w.by("secretary"), ("solidarity",), {"title": "Solidarité"}),
    "/admin/committee/masking": lambda w: Form(w.by("secretary"), (), {"word": "zzqq", "why": "name"}),
    "/admin/contacts": lambda w: Form(w.by("secretary"), (), w.person()),
    "/admin/contacts/file": lambda w: Form(w.by("secretary"), (), {"file": _list()}),
    "/admin/contacts/imports/<uuid:import_id>/stop": lambda w: Form(w.by("secretary"), (w.list_sent(),)),
    "/admin/contacts/<uuid:contact_id>": lambda w: Form(
        w.by("secretary"), (w.contact(),), {**w.person(), "name": "Oumou"}
    ),
    "/admin/contacts/<uuid:contact_id>/join": _in_a_group,
    "/admin/contacts/<uuid:contact_id>/numbers": lambda w: Form(
        w.by("secretary"), (w.contact(),), {"number": "76555513", "instead": ""}
    ),
    "/admin/contacts/<uuid:contact_id>/numbers/<uuid:link_id>/end": lambda w: Form(
        w.by("secretary"), (w.contact(), w.newest(tables.contact_address.c.id)), {"recycled": "1"}
    ),
    "/admin/contacts/<uuid:contact_id>/numbers/<uuid:link_id>/take-back": _taking_a_number_back,
    "/admin/contacts/<uuid:contact_id>/merge": lambda w: Form(
        w.by("secretary"), (w.contact(),), {"other": str(w.contact("76555513"))}
    ),
    "/admin/contacts/<uuid:contact_id>/split": _taking_contacts_apart,
    "/admin/groups": lambda w: Form(w.by("secretary"), (), {"kind": "cell", "place": "Konna", "title": ""}),
    "/admin/groups/<uuid:group_id>/invite": lambda w: Form(w.by("secretary"), (w.group(),)),
    "/admin/groups/<uuid:group_id>/ask": _asking_a_group,
    "/admin/members/<uuid:member_id>/end": lambda w: Form(w.by("secretary"), (w.membership(),)),
    "/admin/members/<uuid:member_id>/take-back": _taking_a_membership_back,
    "/admin/infos": lambda w: Form(w.by("secretary"), (), w.news("river")),
    "/admin/infos/<uuid:info_id>/approve": lambda w: Form(w.by("secretary"), (w.info(),)),
    "/admin/infos/<uuid:info_id>/withdraw": lambda w: Form(w.by("secretary"), (w.info(),)),
    f"{_T}/file": lambda w: Form(w.by("translator"), ("bm",), {"file": (BytesIO(w.po()), "bm.po")}),
    f"{_T}/<key>": _wording,
    f"{_T}/<key>/approve": _approving_a_wording,
    f"{_T}/<key>/withdraw": _approving_a_wording,
    f"{_T}/spelling": lambda w: Form(w.by("translator"), ("bm",), {"letter": "ɛ", "sms": "e"}),
    "/admin/lexicon": lambda w: Form(w.by("triage"), (), {"kind": "need", "language": "fr", "word": "forage"}),
    "/admin/call-backs/<uuid:call_back_id>/number": lambda w: Form(w.by("triage"), (w.call_back().id,)),
    "/admin/call-backs/<uuid:call_back_id>/log": lambda w: Form(
        w.by("triage"), (w.call_back().id,), {"outcome": "no_answer", "note": ""}
    ),
    "/admin/call-backs/<uuid:call_back_id>/done": lambda w: Form(w.by("triage"), (w.call_back().id,)),
    "/admin/duty/shifts": lambda w: Form(w.by("secretary"), (), w.shift()[0]),
    "/admin/duty/shifts/<uuid:shift_id>/remove": lambda w: Form(w.by("secretary"), (w.on_duty(),)),
    "/admin/duty/swap": _swapping,
    "/admin/duty/copy": _copying,
    "/admin/duty/undo": _undoing,
    "/admin/duty/hours": lambda w: Form(
        w.by("secretary"), (), {"day": w.shift()[1], "opens": "8", "closes": "12", "weekday": ""}
    ),
    "/admin/duty/phone": lambda w: Form(w.by("secretary"), (), {"line": "desk", "number": _NUMBER}),
    "/admin/duty/phone/confirm": _confirming_a_phone,
    "/admin/duty/phone/remove": _removing_a_phone,
    "/admin/hand-overs": lambda w: Form(w.by("triage"), (), {"text": "Rappeler la radio."}),
    "/admin/hand-overs/<uuid:note_id>/read": lambda w: Form(w.by("triage"), (w.note(w.by("triage")),)),
    "/admin/hand-overs/<uuid:note_id>/withdraw": _withdrawing_a_note,
    "/admin/duty/people/<uuid:staff_id>": lambda w: Form(
        w.by("secretary"), (w.by("triage").staff_id,), {"language": ["fr", "bm"]}
    ),
    "/admin/staff": lambda w: Form(
        w.by("administrator"), (), {"username": "oumou", "name": "Oumou", "language": "fr", "roles": ["triage"]}
    ),
    f"{_S}/link": _inviting_again,
    f"{_S}/roles": lambda w: Form(w.by("administrator"), (w.colleague("triage"),), {"roles": ["secretary"]}),
    f"{_S}/languages": lambda w: Form(w.by("administrator"), (w.colleague("translator"),), {"language": ["bm"]}),
    f"{_S}/suspend": lambda w: Form(w.by("administrator"), (w.colleague("triage"),)),
    f"{_S}/return": _returning,
    f"{_S}/second-factor": lambda w: Form(w.by("administrator"), (w.colleague("triage"),)),
    "/admin/staff/requests/<uuid:request_id>/approve": lambda w: Form(w.by("administrator"), (w.request(),)),
    "/admin/staff/requests/<uuid:request_id>/decline": lambda w: Form(w.by("administrator"), (w.request(),)),
    "/admin/staff/requests/<uuid:request_id>/withdraw": _withdrawing_a_request,
    "/admin/audit": lambda w: Form(w.by("auditor")),
    "/admin/invitation/<secret>": lambda w: Form(
        w.desk.visitor(), (w.invited(),), {"password": _NEW_PASSWORD, "again": _NEW_PASSWORD}
    ),
    "/phone": lambda w: Form(w.by("triage"), (), {"place": "0", "text": "le puits est sec"}),
    "/phone/new": lambda w: Form(w.by("triage"), (), {"place": "0"}),
}

#: Forms that do nothing which could be asked about later.
NOT_NOTED: Mapping[str, str] = {
    "/admin/sign-in": "the sign-in is noted once it is whole, with the second factor",
    "/admin/language": "how one's own panel speaks",
    f"{_R}/lock": "says only that a page is still open",
    "/phone/new": "another number in a drawn phone",
}
#: Acts on several things: an entry on each of them.
NOTED_ON_EACH: Mapping[str, tuple[str, ...]] = {
    f"{_R}/join": ("incident.opened", "report.joined", "report.joined"),
    f"{_R}/check": ("incident.opened", "report.joined"),
    f"{_R}/event": ("incident.opened", "report.joined"),
    f"{_I}/close": ("incident.closed", "report.closed", "report.closed"),
    f"{_I}/reopen": ("incident.reopened", "report.taken_back", "report.taken_back"),
    f"{_U}/veracity": ("incident.judged", "report.judged"),
}


def _no_need(world: World) -> Form:
    return Form(
        world.by("triage"), (world.report_of("le puits est sec", "1", "4", "Konna", "0"),), {"template": "ongoing"}
    )


def _own_reveal(world: World) -> Form:
    secretary = world.by("secretary")
    return Form(secretary, world.reveal(secretary)[1:])


def _own_text(world: World, make: Callable[[World, Visitor], UUID]) -> Form:
    secretary = world.by("secretary")
    return Form(secretary, (make(world, secretary),))


def _own_answer(world: World) -> Form:
    rumour, triage = world.settled(), world.by("triage")
    triage.post(f"/admin/rumours/{rumour}/answers", **world.sentence())
    return Form(triage, (rumour, world.newest(tables.rumour_answer.c.id)))


def _own_wording(world: World) -> Form:
    translator = world.by("translator")
    tag, key, fields = world.worded(translator)
    return Form(translator, (tag, key), fields)


def _own_request(world: World) -> Form:
    asker = world.by("administrator")
    return Form(asker, (world.request(asker),))


def _held(world: World) -> Form:
    form = _taking_over(world)
    return Form(form.visitor, form.ids, {"kind": "need", "urgency": "3"})


def _closed_call(world: World) -> Form:
    phone = world.desk.road.phone("76123456")
    for said in ("ma fille a ete enlevee hier a Konna", "1", "1", "1"):
        phone.says(said)
    (task,) = world.desk.road.call_backs()
    return Form(world.by("triage"), (task.id,), {"outcome": "no_answer", "note": ""})


def _closed_report(world: World) -> Form:
    report = world.report()
    world.by("closed_queue").post(f"/admin/reports/{report}/shelter")
    return Form(world.by("triage"), (report,), {"text": "Merci."})


def _closed_note(world: World) -> Form:
    officer = world.by("closed_queue")
    officer.post("/admin/hand-overs", text="Rappeler Fanta.", closed_queue="1")
    return Form(world.by("triage"), (world.newest(tables.hand_over.c.id),))


def _anothers_item(world: World) -> Form:
    _event, item = world.item()
    return Form(world.by("committee"), (item,), {"step": "accepted", "words": ""})


def _anothers_language(world: World) -> Form:
    _visitor, (_report, task) = world.given_to_translators()
    return Form(world.by("translator"), (task,), {"text": "il n'y a pas d'eau"})


#: One's own wish or words, what somebody else works on, and what is not the sender's to see.
REFUSED: Mapping[str, Callable[[World], Form]] = {
    "/admin/reveals/<uuid:reveal_id>/allow": _own_reveal,
    "/admin/reveals/<uuid:reveal_id>/refuse": _own_reveal,
    "/admin/report-backs/<uuid:report_back_id>/approve": lambda w: _own_text(w, World.report_back),
    "/admin/infos/<uuid:info_id>/approve": lambda w: _own_text(w, World.info),
    f"{_U}/answers/<uuid:answer_id>/approve": _own_answer,
    f"{_T}/<key>/approve": _own_wording,
    "/admin/staff/requests/<uuid:request_id>/approve": _own_request,
    f"{_R}/decide": _held,
    f"{_R}/reply": _closed_report,
    f"{_R}/ask": _no_need,
    "/admin/call-backs/<uuid:call_back_id>/number": _closed_call,
    "/admin/call-backs/<uuid:call_back_id>/log": _closed_call,
    "/admin/call-backs/<uuid:call_back_id>/done": _closed_call,
    "/admin/hand-overs/<uuid:note_id>/read": _closed_note,
    "/admin/items/<uuid:item_id>/step": _anothers_item,
    "/admin/translation-tasks/<uuid:task_id>": _anothers_language,
}
