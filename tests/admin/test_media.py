"""Photos and voice notes: the desk opens what the provider keeps, whoever may not see the report finds nothing."""

import re

import pytest

from bot import main
from bot.casework.keeping import forgetting
from bot.channels.simulator import Simulator
from bot.errors import Refused, RetryLater
from bot.languages.catalogue import Catalogues
from bot.messages import Media
from bot.places.gazetteer import Gazetteer
from bot.store import Store
from bot.store.audit import Action
from bot.store.tables import message
from flows import FLOWS
from tests.chat import Phone, Road
from tests.desk import Desk, Visitor

PHOTO = Media("photo", "handle-of-a-photo", "image/jpeg")
VOICE = Media("voice", "handle-of-a-voice", "audio/ogg")


class Lens(Simulator):
    """A simulated phone that can send more than words."""

    has_media = True

    def __init__(self) -> None:
        super().__init__()
        self.kept = {PHOTO.reference: b"JFIF", VOICE.reference: b"OggS", "page": b"<script>"}

    def fetch(self, reference: str) -> bytes:
        """What is kept, or that it is gone."""
        if reference == "away":
            raise RetryLater("away")
        if reference not in self.kept:
            raise Refused("gone")
        return self.kept[reference]


@pytest.fixture
def road(store: Store, bot_catalogues: Catalogues, gazetteer: Gazetteer) -> Road:
    """The road from phones with a lens."""
    return Road.build(store, Lens(), FLOWS, main.VERBS, bot_catalogues, gazetteer)


@pytest.fixture
def triage(desk: Desk) -> Visitor:
    """Somebody of the desk."""
    return desk.enter("triage")


def _links(desk: Desk, visitor: Visitor) -> list[str]:
    page = visitor.get(f"/admin/reports/{desk.road.report().id}").text
    return list(dict.fromkeys(re.findall(r'(?:href|src)="(/admin/reports/[^"]*/media/[^"]*)"', page)))


def test_a_voice_note_is_heard_and_a_photo_seen(desk: Desk, triage: Visitor, phone: Phone) -> None:
    phone.shows(VOICE)
    phone.shows(PHOTO, text="le pont")
    voice, photo = _links(desk, triage)
    for address, kind, content in ((voice, "audio/ogg", b"OggS"), (photo, "image/jpeg", b"JFIF")):
        answer = triage.get(address)
        assert (answer.status_code, answer.data) == (200, content)
        assert answer.content_type == kind
        assert answer.headers["Cache-Control"] == "no-store"
        assert answer.headers["Content-Disposition"] == "inline"


def test_a_photo_that_no_question_asked_for_is_kept_too(desk: Desk, triage: Visitor, phone: Phone) -> None:
    phone.says("le pont est coupe")
    phone.shows(PHOTO)
    (photo,) = _links(desk, triage)
    assert triage.get(photo).data == b"JFIF"


def test_each_opening_is_in_the_audit(desk: Desk, triage: Visitor, phone: Phone) -> None:
    phone.shows(VOICE)
    (voice,) = _links(desk, triage)
    assert desk.actions().count(Action.MEDIA_OPENED) == 0
    triage.get(voice)
    assert desk.actions().count(Action.MEDIA_OPENED) == 1


def test_what_a_browser_could_run_is_only_saved(desk: Desk, triage: Visitor, phone: Phone) -> None:
    phone.shows(Media("file", "page", "text/html"))
    (address,) = _links(desk, triage)
    answer = triage.get(address)
    assert answer.content_type == "application/octet-stream"
    assert answer.headers["Content-Disposition"] == "attachment"


@pytest.mark.parametrize("reference", ["away", "gone"])
def test_what_cannot_be_fetched_is_said_in_a_sentence(
    desk: Desk, triage: Visitor, phone: Phone, reference: str
) -> None:
    phone.shows(Media("photo", reference, "image/jpeg"))
    (photo,) = _links(desk, triage)
    answer = triage.get(photo)
    assert answer.status_code == 502
    assert 'role="alert"' in answer.text


def test_whoever_may_not_see_the_report_finds_nothing(desk: Desk, triage: Visitor, phone: Phone) -> None:
    phone.shows(VOICE, text="on m'a violee")
    closed = desk.enter("closed_queue")
    (voice,) = _links(desk, closed)
    assert closed.get(voice).status_code == 200
    assert triage.get(voice).status_code == 404
    assert closed.get(voice.rpartition("/")[0] + "/2").status_code == 404


def test_the_handle_lies_sealed_and_goes_with_the_words(desk: Desk, triage: Visitor, phone: Phone) -> None:
    phone.shows(VOICE)
    (voice,) = _links(desk, triage)
    kept = [row.media for row in desk.road.rows(message.c.media) if row.media]
    assert len(kept) == 1
    assert VOICE.reference.encode() not in kept[0]
    phone.says("oubliez-moi")
    assert triage.get(voice).status_code == 404
    with desk.road.store.writing() as session:
        assert forgetting.finish(session) == 1
    assert [row.media for row in desk.road.rows(message.c.media) if row.media] == []
