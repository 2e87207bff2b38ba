"""Coming in and going out: a password, a code that works once, a session that ends on the server."""

import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
from argon2 import PasswordHasher, extract_parameters
from argon2.profiles import RFC_9106_LOW_MEMORY

from bot import staff
from bot.staff import codes, passwords
from bot.store.tables import SignInStage, staff_session
from bot.store.tables import staff as staff_table
from tests.desk import PASSWORD, Desk, Visitor

WRONG = "une autre phrase que la bonne"


def _at_the_code(desk: Desk, username: str = "awa") -> Visitor:
    visitor = desk.visitor()
    assert visitor.sign_in(username).headers["Location"] == "/admin/second-factor"
    return visitor


# The password


def test_the_demonstration_lets_in_with_the_password_alone(demo_desk: Desk) -> None:
    demo_desk.make("demo", "secretary", password=PASSWORD)
    visitor = demo_desk.visitor()
    assert visitor.sign_in("demo").headers["Location"] == "/admin/"
    assert visitor.is_in()


def test_a_live_desk_lets_nobody_in_without_a_second_factor(desk: Desk) -> None:
    desk.make("awa", "secretary", password=PASSWORD)
    visitor = desk.visitor()
    assert visitor.sign_in("awa").headers["Location"] == "/admin/second-factor/new"
    assert visitor.get("/admin/inbox").headers["Location"] == "/admin/second-factor/new"


def test_who_has_a_second_factor_needs_it_in_the_demonstration_too(demo_desk: Desk) -> None:
    demo_desk.enrol(demo_desk.make("awa", "secretary", password=PASSWORD))
    assert not _at_the_code(demo_desk).is_in()


@pytest.mark.parametrize("username", ["Awa", " awa "])
def test_a_name_is_read_without_its_capitals_and_spaces(demo_desk: Desk, username: str) -> None:
    demo_desk.make("awa", "secretary", password=PASSWORD)
    assert demo_desk.visitor().sign_in(username).status_code == 303


def test_an_unknown_name_gets_the_answer_of_a_wrong_password(desk: Desk) -> None:
    desk.make("awa", "secretary", password=PASSWORD)
    wrong, unknown = (desk.visitor().sign_in(name, WRONG) for name in ("awa", "Awo"))
    assert wrong.status_code == unknown.status_code == 401
    hidden = [answer.text.replace(name, "?") for answer, name in ((wrong, "awa"), (unknown, "Awo"))]
    csrf = [text.partition('csrf_token" value="')[2].partition('"')[0] for text in hidden]
    assert hidden[0].replace(csrf[0], "") == hidden[1].replace(csrf[1], "")


def test_an_unknown_name_costs_as_much_work_as_a_wrong_password(monkeypatch: pytest.MonkeyPatch) -> None:
    compared = []

    class Counted(PasswordHasher):
        def verify(self, hash: str | bytes, password: str | bytes) -> Any:  # noqa: A002 - the library's name
            compared.append(extract_parameters(str(hash)))
            return super().verify(hash, password)

    passwords._nobody.cache_clear()
    monkeypatch.setattr(passwords, "_hasher", Counted(time_cost=1, memory_cost=16, parallelism=1))
    assert not staff.password_fits(None, WRONG)
    assert not staff.password_fits(staff.hash_password(PASSWORD), WRONG)
    passwords._nobody.cache_clear()
    assert len(compared) == 2
    assert compared[0] == compared[1]


def test_a_password_is_kept_as_argon2id_with_the_work_that_the_standard_asks() -> None:
    kept = extract_parameters(PasswordHasher().hash(PASSWORD))
    assert kept.type == RFC_9106_LOW_MEMORY.type
    assert (kept.time_cost, kept.memory_cost) == (RFC_9106_LOW_MEMORY.time_cost, RFC_9106_LOW_MEMORY.memory_cost)


def test_at_most_four_passwords_are_compared_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    lock, now, most = threading.Lock(), 0, 0
    four = threading.Barrier(4)

    class Watched(PasswordHasher):
        def verify(self, hash: str | bytes, password: str | bytes) -> Any:  # noqa: A002
            nonlocal now, most
            with lock:
                now += 1
                most = max(most, now)
            four.wait(10)
            with lock:
                now -= 1
            return True

    monkeypatch.setattr(passwords, "_hasher", Watched())
    with ThreadPoolExecutor(12) as pool:
        list(pool.map(lambda _: staff.password_fits("any", WRONG), range(12)))
    assert most == 4


@pytest.mark.parametrize(
    "password",
    ["", "court", "quatorze carac", "aaaaaaaaaaaaaaaa", "abababababababab", "abcdefghijklmnop", "1234567890123456",
     "mariam diarra 1", "kunnafonikunnafoni", "x" * 129],
)  # fmt: skip
def test_a_password_that_would_be_guessed_is_refused(password: str) -> None:
    with pytest.raises(staff.WeakPassword):
        staff.check_password(password, "mdiarra", "Mariam Diarra")


@pytest.mark.parametrize("password", [PASSWORD, "a1b2c3-d4e5f6-07a8b9", "ߞߎߡߊ ߣߊ߯ߣߌ߫ ߢߐ߲߮ ߕߍ߫ ߟߊ߫"])
def test_a_good_password_is_taken(password: str) -> None:
    staff.check_password(password, "mdiarra", "Mariam Diarra")


# Guessing


def test_after_five_failures_each_further_one_waits_longer_up_to_a_minute(desk: Desk) -> None:
    desk.make("awa", "secretary", password=PASSWORD)
    for _ in range(5):
        assert desk.visitor().sign_in("awa", WRONG).status_code == 401
    waits = []
    for _ in range(8):
        answer = desk.visitor().sign_in("awa", WRONG)
        assert answer.status_code == 429
        waits.append(int(answer.headers["Retry-After"]))
        desk.road.later(seconds=waits[-1])
        assert desk.visitor().sign_in("awa", WRONG).status_code == 401
    assert waits == [1, 2, 4, 8, 16, 32, 60, 60]


def test_the_right_password_waits_as_well_and_then_opens(demo_desk: Desk) -> None:
    demo_desk.make("awa", "secretary", password=PASSWORD)
    for _ in range(5):
        demo_desk.visitor().sign_in("awa", WRONG)
    assert demo_desk.visitor().sign_in("awa").status_code == 429
    demo_desk.road.later(seconds=2)
    assert demo_desk.visitor().sign_in("awa").status_code == 303


def test_knocking_while_told_to_wait_makes_nobody_wait_longer(demo_desk: Desk) -> None:
    demo_desk.make("awa", "secretary", password=PASSWORD)
    for _ in range(40):
        demo_desk.visitor().sign_in("awa", WRONG)
    demo_desk.road.later(seconds=1)
    assert demo_desk.visitor().sign_in("awa").status_code == 303


def test_many_names_from_one_address_wait_too(desk: Desk) -> None:
    for number in range(5):
        assert desk.visitor().sign_in(f"nobody-{number}", WRONG).status_code == 401
    assert desk.visitor().sign_in("nobody-5", WRONG).status_code == 429


def test_a_forged_header_is_no_other_address(desk: Desk) -> None:
    visitor = desk.visitor()
    for number in range(6):
        form = {"csrf_token": visitor.csrf(), "username": f"n{number}", "password": WRONG}
        answer = visitor.sends("/admin/sign-in", form.items(), X_Forwarded_For=f"10.0.0.{number}")
    assert answer.status_code == 429


def test_a_stranger_who_hammers_an_account_does_not_keep_its_owner_out(demo_desk: Desk) -> None:
    demo_desk.make("awa", "secretary", password=PASSWORD)
    owner = demo_desk.visitor()
    owner.sign_in("awa")
    owner.post("/admin/sign-out")
    stranger = demo_desk.visitor()
    for _ in range(6):
        csrf = stranger.csrf()
        last = stranger.client.post(
            "/admin/sign-in",
            data={"csrf_token": csrf, "username": "awa", "password": WRONG},
            environ_overrides={"REMOTE_ADDR": "203.0.113.9"},
        )
    assert last.status_code == 429
    assert owner.sign_in("awa").status_code == 303


def test_many_guesses_at_the_same_instant_don_t_pass_as_one(desk: Desk) -> None:
    desk.make("awa", "secretary", password=PASSWORD)
    guesses = [staff.guess(desk.road.store.keys, "account", "awa")]

    def guess(_: int) -> bool:
        try:
            with desk.road.store.writing() as session:
                return staff.admit(session, desk.road.now, guesses) == 0
        except Exception:  # noqa: BLE001 - two first failures at once: one is refused
            return False

    with ThreadPoolExecutor(8) as pool:
        admitted = sum(pool.map(guess, range(24)))
    assert 1 <= admitted <= 5


def test_a_refused_sign_in_is_in_the_audit_without_the_name_that_was_tried(desk: Desk) -> None:
    staff_id = desk.make("awa", "secretary", password=PASSWORD)
    desk.visitor().sign_in("awa", WRONG)
    desk.visitor().sign_in("motdepasse-tapé-ici", WRONG)
    unknown, known = desk.audit()[:2]
    assert (known.action, known.subject) == ("staff.sign_in_refused", str(staff_id))
    assert (unknown.action, unknown.subject, unknown.detail) == ("staff.sign_in_refused", "unknown", {})


# The second factor


def test_a_code_of_the_app_opens_the_panel(desk: Desk) -> None:
    secret, _ = desk.enrol(desk.make("awa", "secretary", password=PASSWORD))
    visitor = _at_the_code(desk)
    answer = visitor.post("/admin/second-factor", code=desk.code(secret))
    assert answer.headers["Location"] == "/admin/"
    assert visitor.is_in()


def test_a_code_works_once(desk: Desk) -> None:
    secret, _ = desk.enrol(desk.make("awa", "secretary", password=PASSWORD))
    first, second = _at_the_code(desk), _at_the_code(desk)
    code = desk.code(secret)
    assert first.post("/admin/second-factor", code=code).status_code == 303
    assert second.post("/admin/second-factor", code=code).status_code == 401
    assert not second.is_in()


def test_the_code_that_enrolled_does_not_open(desk: Desk) -> None:
    desk.make("awa", "secretary", password=PASSWORD)
    visitor = desk.visitor()
    visitor.sign_in("awa")
    secret = _secret_on(visitor)
    code = desk.code(secret)
    assert visitor.post("/admin/second-factor/new", code=code).status_code == 200
    assert _at_the_code(desk).post("/admin/second-factor", code=code).status_code == 401


def _secret_on(visitor: Visitor) -> str:
    page = visitor.get("/admin/second-factor/new").text
    return page.partition('<p class="code-text">')[2].partition("</p>")[0].replace(" ", "")


@pytest.mark.parametrize("kind", ["app", "recovery"])
def test_a_code_sent_twenty_times_at_once_opens_one_door(desk: Desk, kind: str) -> None:
    staff_id = desk.make("awa", "secretary")
    secret, recovery = desk.enrol(staff_id)
    code = desk.code(secret) if kind == "app" else recovery[3]

    def use(_: int) -> bool:
        with desk.road.store.writing() as session:
            return staff.use_code(session, desk.road.now, staff_id, code)

    with ThreadPoolExecutor(8) as pool:
        assert sum(pool.map(use, range(20))) == 1


def test_a_store_that_forgot_the_used_step_would_let_the_code_in_again(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The negative control of the two tests above."""
    staff_id = desk.make("awa", "secretary")
    secret, _ = desk.enrol(staff_id)
    monkeypatch.setattr(
        codes, "_use_step", lambda _session, now, _id, kept, said: bool(codes._step_of(kept, said, now))
    )
    with desk.road.store.writing() as session:
        opened = [staff.use_code(session, desk.road.now, staff_id, desk.code(secret)) for _ in range(2)]
    assert opened == [True, True]


@pytest.mark.parametrize(("seconds", "fits"), [(-90, False), (-30, True), (0, True), (30, True), (90, False)])
def test_a_phone_whose_clock_is_half_a_minute_wrong_still_opens(desk: Desk, seconds: int, fits: bool) -> None:
    secret, _ = desk.enrol(desk.make("awa", "secretary", password=PASSWORD))
    desk.road.later(minutes=5)
    visitor = _at_the_code(desk)
    there = desk.road.now
    desk.road.later(seconds=seconds)
    code, desk.road.now = desk.code(secret), there
    assert (visitor.post("/admin/second-factor", code=code).status_code == 303) == fits


@pytest.mark.parametrize("written", ["{}", " {} ", "{upper}", "{bare}"])
def test_a_recovery_code_opens_once_however_it_is_written(desk: Desk, written: str) -> None:
    _, codes = desk.enrol(desk.make("awa", "secretary", password=PASSWORD))
    code = written.format(codes[0], upper=codes[0].upper(), bare=codes[0].replace("-", ""))
    assert _at_the_code(desk).post("/admin/second-factor", code=code).status_code == 303
    assert _at_the_code(desk).post("/admin/second-factor", code=code).status_code == 401


@pytest.mark.parametrize("code", ["", "000000", "12345", "abcdef", "١٢٣٤٥٦", "x" * 500, "\x00", "' or 1=1"])
def test_any_other_code_is_refused(desk: Desk, code: str) -> None:
    desk.enrol(desk.make("awa", "secretary", password=PASSWORD))
    assert _at_the_code(desk).post("/admin/second-factor", code=code).status_code == 401


def test_codes_can_t_be_tried_in_a_row(desk: Desk) -> None:
    desk.enrol(desk.make("awa", "secretary", password=PASSWORD))
    visitor = _at_the_code(desk)
    answers = [visitor.post("/admin/second-factor", code="000000").status_code for _ in range(6)]
    assert answers == [401] * 5 + [429]


def test_the_way_in_is_new_password_new_key_recovery_codes_once(desk: Desk) -> None:
    desk.make("awa", "secretary", password=PASSWORD)
    visitor = desk.visitor()
    visitor.sign_in("awa")
    page = visitor.get("/admin/second-factor/new").text
    assert '<svg xmlns="http://www.w3.org/2000/svg"' in page
    assert visitor.post("/admin/second-factor/new", code="000000").status_code == 422
    shown = visitor.post("/admin/second-factor/new", code=desk.code(_secret_on(visitor)))
    assert shown.text.count('<li class="code-text">') == 10
    assert visitor.is_in()
    assert "code-text" not in visitor.get("/admin/account").text


def test_a_new_key_asks_for_the_password_of_whoever_is_signed_in(desk: Desk) -> None:
    staff_id = desk.make("awa", "secretary", password=PASSWORD)
    old, _ = desk.enrol(staff_id)
    visitor = desk.let_in(staff_id)
    code = desk.code(_secret_on(visitor))
    assert visitor.post("/admin/second-factor/new", code=code, present=WRONG).status_code == 422
    assert _at_the_code(desk).post("/admin/second-factor", code=desk.code(old)).status_code == 303


def test_neither_secret_nor_codes_stand_in_the_database_as_they_are(desk: Desk, database_url: str) -> None:
    secret, codes = desk.enrol(desk.make("awa", "secretary", password=PASSWORD))
    found = repr(desk.road.rows(staff_table)) + repr(desk.road.rows(staff_session))
    for said in (secret, PASSWORD, *codes, *(code.replace("-", "") for code in codes)):
        assert said not in found


# The session


def test_a_copied_cookie_is_dead_after_signing_out(desk: Desk) -> None:
    visitor, thief = desk.enter("triage"), desk.visitor()
    copied = visitor.cookie()
    thief.paste(copied)
    assert thief.get("/admin/inbox").status_code == 200
    visitor.post("/admin/sign-out")
    thief.paste(copied)
    assert thief.get("/admin/inbox").headers["Location"] == "/admin/sign-in"


def test_a_cookie_from_before_the_sign_in_is_worth_nothing_after_it(demo_desk: Desk) -> None:
    demo_desk.make("awa", "triage", password=PASSWORD)
    visitor, other = demo_desk.visitor(), demo_desk.visitor()
    visitor.csrf()
    planted = visitor.cookie()
    visitor.sign_in("awa")
    other.paste(planted)
    assert visitor.is_in()
    assert not other.is_in()


def test_the_cookie_from_between_password_and_code_opens_nothing_after_the_code(desk: Desk) -> None:
    secret, _ = desk.enrol(desk.make("awa", "triage", password=PASSWORD))
    visitor, other = _at_the_code(desk), desk.visitor()
    half_way = visitor.cookie()
    visitor.post("/admin/second-factor", code=desk.code(secret))
    other.paste(half_way)
    assert other.get("/admin/second-factor").headers["Location"] == "/admin/sign-in"
    assert not other.is_in()


@pytest.mark.parametrize("forge", [lambda cookie: cookie[:-2] + "xx", lambda _: "eyJpZCI6IngifQ.x.y", lambda _: "x"])
def test_a_forged_cookie_is_nobody(desk: Desk, forge: Callable[[str], str]) -> None:
    visitor = desk.enter("triage")
    visitor.paste(forge(visitor.cookie()))
    assert not visitor.is_in()


def test_the_database_holds_only_the_hash_of_a_sessions_id(desk: Desk) -> None:
    staff_id = desk.make("awa")
    with desk.road.store.writing() as session:
        identity = staff.open_session(session, desk.road.now, staff_id, SignInStage.FULL)
    assert desk.session(identity)
    assert identity not in repr(desk.road.rows(staff_session))


def test_a_new_password_signs_out_every_other_browser(desk: Desk) -> None:
    staff_id = desk.make("awa", "secretary", password=PASSWORD)
    here, elsewhere = desk.let_in(staff_id), desk.let_in(staff_id)
    new = "cinq girafes boivent du jus"
    here.post("/admin/account/password", present=PASSWORD, password=new, again=new)
    assert here.is_in()
    assert not elsewhere.is_in()
    assert desk.visitor().sign_in("awa", new).status_code == 303


@pytest.mark.parametrize(
    ("present", "password", "again"),
    [
        (WRONG, "cinq girafes boivent du jus", None),
        (PASSWORD, "court", None),
        (PASSWORD, "cinq girafes boivent", "autre"),
    ],
)
def test_a_password_is_not_changed_without_the_old_one_or_to_a_bad_one(
    desk: Desk, present: str, password: str, again: str | None
) -> None:
    visitor = desk.let_in(desk.make("awa", "secretary", password=PASSWORD))
    answer = visitor.post("/admin/account/password", present=present, password=password, again=again or password)
    assert answer.status_code == 422
    assert desk.visitor().sign_in("awa").status_code == 303


def test_after_the_sign_in_one_is_where_one_wanted_to_go(demo_desk: Desk) -> None:
    demo_desk.make("awa", "triage", password=PASSWORD)
    visitor = demo_desk.visitor()
    visitor.get("/admin/call-backs")
    assert visitor.sign_in("awa").headers["Location"] == "/admin/call-backs"


@pytest.mark.parametrize(
    "lure", ["https://evil.example/admin/", "//evil.example/admin/", "/\\evil.example", "/channels/x"]
)
def test_nobody_is_sent_to_another_site(desk: Desk, lure: str) -> None:
    visitor = desk.visitor()
    content = {"csrf_token": visitor.csrf(), "language": "en"}
    answer = visitor.client.post(
        "/admin/language",
        base_url=desk.base,
        data=content,
        headers={"Referer": lure if "://" in lure else desk.base + lure},
    )
    assert answer.headers.get("Location", "/admin/") == "/admin/"
