"""The page that says how long everything is kept, and who may change it."""

from io import BytesIO

import pytest

from bot.casework import desk
from bot.casework.keeping import retention
from bot.casework.keeping.retention import Kept
from tests.chat import TRUSTED, Phone
from tests.desk import Desk


def _days(desk_: Desk, kept: Kept) -> int:
    with desk_.road.store.reading() as session:
        return retention.periods(session)[kept].days


def test_everybody_at_the_desk_sees_the_periods_and_only_an_administrator_changes_them(desk: Desk) -> None:
    triage, administrator = desk.enter("triage"), desk.enter("administrator")
    page = triage.get("/admin/retention").text
    assert "à confirmer" in page
    assert "<b>1 jour</b> après la clôture du signalement" in page
    assert "<b>180 jours</b> après son arrivée" in page
    assert "/admin/retention/link" not in page
    assert triage.post("/admin/retention/link", days="5").status_code == 403
    administrator.post("/admin/retention/link", days="5")
    assert _days(desk, Kept.LINK) == 5
    assert "retention.changed" in desk.actions()


def test_a_senseless_number_of_days_is_one_sentence_and_changes_nothing(desk: Desk) -> None:
    administrator = desk.enter("administrator")
    for typed in ("", "0", "731", "-3", "dix", "1e3", "٣٠x"):
        said = administrator.post("/admin/retention/text", days=typed)
        assert said.status_code == 303
        assert "de 1 à 730" in administrator.get("/admin/retention").text
    assert administrator.post("/admin/retention/all", days="5").status_code == 303
    assert _days(desk, Kept.TEXT) == 180


def test_what_was_erased_and_what_waits_for_its_closing_is_shown(desk: Desk, phone: Phone) -> None:
    phone.says("le puits est sec")
    desk.road.later(days=190)
    assert "1 signalement est plus ancien" in desk.enter("secretary").get("/admin/retention").text
    _close(desk)
    desk.road.later(days=31)
    retention.enforce(desk.road.store, desk.road.now)
    assert "textes : 1" in desk.enter("secretary").get("/admin/retention").text


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_a_list_that_nobody_took_up_is_named_among_what_was_erased(desk: Desk) -> None:
    secretary = desk.enter("secretary")
    secretary.post("/admin/contacts/file", file=(BytesIO(b"numero;consentement"), "a.csv"))  # type: ignore[arg-type]
    desk.road.later(hours=25)
    retention.enforce(desk.road.store, desk.road.now)
    assert "listes de personnes : 1" in desk.enter("secretary").get("/admin/retention").text


def _close(desk_: Desk) -> None:
    with desk_.road.store.writing() as session:
        desk.close(session, desk_.road.now, TRUSTED, desk_.road.report().id)
