"""The translation desk from outside: what a translator sees, types, is told, and hands to a second reader."""

import re
from io import BytesIO

import pytest

from bot import main, translations
from bot.languages.catalogue import Catalogues
from bot.store.following import Follower
from tests.chat import Phone
from tests.desk import Desk, Visitor


@pytest.fixture
def bot_catalogues() -> Catalogues:
    """Fresh ones: these tests lay wordings over them."""
    return Catalogues.load(main.LOCALES, "bot", drafts=False)


@pytest.fixture
def awa(desk: Desk) -> Visitor:
    return desk.enter("translator", username="zeinabou")


@pytest.fixture
def moussa(desk: Desk) -> Visitor:
    return desk.enter("translator", username="moussa")


def _address(desk: Desk, msgid: str, tag: str = "shz") -> str:
    (key,) = [key for key, each in translations.sources(desk.road.catalogues).items() if each.msgid == msgid]
    return f"/admin/translations/{tag}/{key}"


def _number(page: str) -> str:
    return re.findall(r'name="number" value="(\d+)"', page)[0]


def test_a_message_goes_from_missing_to_said_through_two_people(
    desk: Desk, awa: Visitor, moussa: Visitor, phone: Phone
) -> None:
    address = _address(desk, "yes")
    assert "manquant" in awa.get(address).text
    assert awa.post(address, text="ayyo").status_code == 303
    page = awa.get(address).text
    assert "ayyo" in page
    assert f"{address}/approve" not in page
    assert awa.post(f"{address}/approve", number=_number(page)).status_code == 303
    assert "translation.approved" not in desk.actions()
    page = moussa.get(address).text
    assert f"{address}/approve" in page
    moussa.post(f"{address}/approve", number=_number(page))
    assert Follower(desk.road.store, translations.follow_wordings(desk.road.catalogues)).look()
    assert desk.road.catalogues.translator("shz").gettext("yes") == "ayyo"
    page = awa.get(address).text
    assert "approuvé par Moussa" in page
    assert "formulé par Zeinabou" in page


def test_what_is_wrong_is_said_and_what_was_typed_stays(desk: Desk, awa: Visitor) -> None:
    address = _address(desk, "yes")
    answer = awa.post(address, text="ayyo %(code)s")
    assert answer.status_code == 422
    assert "%(code)s n&#39;est pas dans l&#39;original" in answer.text
    assert "ayyo %(code)s</textarea>" in answer.text
    assert "translation.proposed" not in desk.actions()


def test_a_check_while_typing_says_segments_spelling_and_problems_and_keeps_nothing(desk: Desk, awa: Visitor) -> None:
    address = _address(desk, "yes", "bm")
    content = [("csrf_token", awa.csrf()), ("text", "ɔwɔ"), ("check", "1")]
    said = awa.sends(address, content, X_Fragment="1").json
    assert said == {"size": "1 SMS · 3 caractères", "sms": "òwò", "problems": []}
    without_script = awa.post(address, text="ɔwɔ" * 60, check="1").text
    assert "2 SMS" in without_script
    assert "translation.proposed" not in desk.actions()


def test_somebody_elses_newer_wording_is_not_overwritten_unseen(desk: Desk, awa: Visitor, moussa: Visitor) -> None:
    address = _address(desk, "yes")
    awa.post(address, text="ayyo", seen="")
    answer = moussa.post(address, text="ayo", seen="")
    assert answer.status_code == 409
    assert "ayyo" in answer.text
    assert ">ayo</textarea>" in answer.text
    seen = re.findall(r'name="seen" value="(\d+)"', answer.text)[0]
    assert moussa.post(address, text="ayo", seen=seen).status_code == 303


def test_the_next_message_without_words_comes_after_this_one(desk: Desk, awa: Visitor) -> None:
    address = _address(desk, "yes")
    answer = awa.post(address, text="ayyo", next="1")
    assert answer.headers["Location"].startswith("/admin/translations/shz/")
    assert answer.headers["Location"] != address
    assert "manquant" in awa.get(answer.headers["Location"]).text


def test_the_lists_count_and_narrow(desk: Desk, awa: Visitor) -> None:
    awa.post(_address(desk, "yes"), text="ayyo")
    assert "ayyo" in awa.get("/admin/translations/shz?show=waiting").text
    assert "ayyo" not in awa.get("/admin/translations/shz?show=missing").text
    assert "ayyo" in awa.get("/admin/translations/shz?show=all").text
    assert awa.get("/admin/translations/shz?show=rubbish").status_code == 200
    assert awa.get("/admin/translations").text.count("/admin/translations/shz") == 1


@pytest.mark.parametrize("path", ["en", "xx", "ses/0123456789abcdef", "xx/file", "ses/../../etc"])
def test_what_is_not_there_is_not_found(awa: Visitor, path: str) -> None:
    assert awa.get(f"/admin/translations/{path}").status_code == 404


@pytest.mark.parametrize("number", ["x", "١", "9" * 30, "-1"])
def test_a_number_that_is_none_is_refused(desk: Desk, awa: Visitor, number: str) -> None:
    assert awa.post(f"{_address(desk, 'yes')}/approve", number=number).status_code == 400


def test_a_file_goes_out_and_comes_in_as_drafts(desk: Desk, awa: Visitor) -> None:
    answer = awa.get("/admin/translations/shz/file")
    assert answer.headers["Content-Disposition"] == 'attachment; filename="kunnafoni-shz.po"'
    changed = answer.data.replace(b'msgid "yes"\nmsgstr ""', b'msgid "yes"\nmsgstr "ayyo"')
    assert changed != answer.data
    assert _sends_file(awa, changed).status_code == 303
    assert "ayyo" in awa.get("/admin/translations/shz?show=waiting").text
    assert "zeinabou" not in awa.get("/admin/translations/shz/file").text.lower()


def test_a_bad_file_is_refused_and_each_bad_entry_named(desk: Desk, awa: Visitor) -> None:
    content = awa.get("/admin/translations/shz/file").data
    bad = content.replace(b'msgid "yes"\nmsgstr ""', b'msgid "yes"\nmsgstr "ayyo %(x)s"')
    answer = _sends_file(awa, bad)
    assert answer.status_code == 422
    assert "%(x)s" in answer.text
    assert _sends_file(awa, b"\xff\xfe").status_code == 303
    assert _sends_file(awa, None).status_code == 303
    assert "translation.imported" not in desk.actions()


def _sends_file(visitor: Visitor, content: bytes | None):  # type: ignore[no-untyped-def]
    fields: dict[str, object] = {"csrf_token": visitor.csrf()}
    if content is not None:
        fields["file"] = (BytesIO(content), "ses.po")
    return visitor.client.post(
        "/admin/translations/shz/file",
        base_url=visitor.desk.base,
        data=fields,
        headers={"Referer": f"{visitor.desk.base}/admin/inbox", "Accept-Language": "fr"},
    )
