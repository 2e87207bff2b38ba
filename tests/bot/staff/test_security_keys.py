"""A security key answers one challenge of one site, once; anything else is refused."""

import json
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor

import pytest
from sqlalchemy import select

from bot import staff
from bot.errors import NotAllowed
from bot.staff import SignedIn, security_keys
from bot.staff.security_keys import Site
from bot.store import Duplicate, Session
from bot.store.tables import SignInStage, security_key
from tests.authenticator import Authenticator, changed
from tests.bot.staff.people import House

SITE = Site("https://desk.example")


def _session(house: House, username: str) -> SignedIn:
    def begin(session: Session) -> SignedIn:
        identity = staff.open_session(session, house.now, house.ids[username], SignInStage.HALF_WAY)
        found = staff.signed_in(session, house.now, identity)
        assert found
        return found

    return house.does(begin)


def _again(house: House, found: SignedIn) -> SignedIn:
    """The same session, its member read anew."""
    return SignedIn(found.id_hash, house.member(found.member.username), found.stage, found.made_at, found.seen_at, None)


def _add(house: House, found: SignedIn, key: Authenticator, answer: Callable[[str], str] | None = None) -> bool:
    options = house.does(lambda session: security_keys.ask_for_new(session, found, SITE))
    said = (answer or key.create)(options)
    return house.does(lambda session: security_keys.add(session, house.now, found, SITE, "bleue", said))


def _ask(house: House, found: SignedIn) -> str:
    options = house.does(lambda session: security_keys.ask(session, found, SITE))
    assert options
    return options


def _prove(house: House, found: SignedIn, answer: str) -> bool:
    return house.does(lambda session: security_keys.prove(session, house.now, found, SITE, answer))


@pytest.fixture
def key() -> Authenticator:
    """A key."""
    return Authenticator()


@pytest.fixture
def found(house: House, key: Authenticator) -> SignedIn:
    """A session of somebody who has added this key."""
    first = _session(house, "awa")
    assert _add(house, first, key)
    return _again(house, first)


def test_a_key_that_was_added_proves_who_it_is(house: House, found: SignedIn, key: Authenticator) -> None:
    assert found.member.keys == 1
    assert _prove(house, found, key.get(_ask(house, found)))
    (entry,) = house.entries()
    assert (entry.action, entry.detail) == ("staff.changed", {"what": "key_added"})


def test_several_keys_are_named_and_each_opens(house: House, found: SignedIn, key: Authenticator) -> None:
    other = Authenticator()
    assert _add(house, found, other)
    for each in (key, other):
        assert _prove(house, found, each.get(_ask(house, found)))
    with house.store.reading() as session:
        assert [each.name for each in security_keys.keys_of(session, found.member.id)] == ["bleue", "bleue"]


def test_an_answer_works_once(house: House, found: SignedIn, key: Authenticator) -> None:
    answer = key.get(_ask(house, found))
    assert _prove(house, found, answer)
    assert not _prove(house, found, answer)


def test_an_answer_sent_twenty_times_at_once_works_once(house: House, found: SignedIn, key: Authenticator) -> None:
    answer = key.get(_ask(house, found))
    with ThreadPoolExecutor(8) as pool:
        assert sum(pool.map(lambda _: _prove(house, found, answer), range(20))) == 1


def test_a_wrong_answer_uses_the_challenge_up(house: House, found: SignedIn, key: Authenticator) -> None:
    options = _ask(house, found)
    assert not _prove(house, found, "{}")
    assert not _prove(house, found, key.get(options))


def test_a_challenge_of_another_session_is_none(house: House, found: SignedIn, key: Authenticator) -> None:
    other = _again(house, _session(house, "awa"))
    options = _ask(house, other)
    _ask(house, found)
    assert not _prove(house, found, key.get(options))


def test_nobody_proves_anything_unasked(house: House, found: SignedIn, key: Authenticator) -> None:
    options = _ask(house, found)
    answer = key.get(options)
    fresh = _again(house, _session(house, "awa"))
    assert not _prove(house, fresh, answer)


def test_a_copied_key_whose_counter_stands_still_is_noticed(house: House, found: SignedIn, key: Authenticator) -> None:
    assert _prove(house, found, key.get(_ask(house, found)))
    assert _prove(house, found, key.get(_ask(house, found)))
    key.count = 0
    assert not _prove(house, found, key.get(_ask(house, found)))


@pytest.mark.parametrize(
    "spoil",
    [
        lambda answer: changed(answer, "clientDataJSON", origin="https://desk.example.evil.example"),
        lambda answer: changed(answer, "clientDataJSON", origin="http://desk.example"),
        lambda answer: changed(answer, "clientDataJSON", type="webauthn.create"),
        lambda answer: changed(answer, "clientDataJSON", challenge="AAAA"),
        lambda answer: changed(answer, "authenticatorData"),
        lambda answer: changed(answer, "signature"),
        lambda _: "", lambda _: "null", lambda _: "[]", lambda _: "{}", lambda _: "x" * 20_000, lambda _: '"\\ud800"',
        lambda answer: answer.replace("public-key", "password"),
        lambda answer: json.dumps({**json.loads(answer), "rawId": "é"}),
        lambda answer: json.dumps({**json.loads(answer), "response": {}}),
        lambda answer: json.dumps({**json.loads(answer), "response": {"clientDataJSON": "AA", "authenticatorData": "AA", "signature": "AA"}}),
    ],
)  # fmt: skip
def test_any_other_answer_is_refused(
    house: House, found: SignedIn, key: Authenticator, spoil: Callable[[str], str]
) -> None:
    assert not _prove(house, found, spoil(key.get(_ask(house, found))))


def test_another_key_is_refused_and_so_is_another_members(house: House, found: SignedIn) -> None:
    assert not _prove(house, found, Authenticator().get(_ask(house, found)))
    theirs = Authenticator()
    assert _add(house, _session(house, "boubou"), theirs)
    assert not _prove(house, found, theirs.get(_ask(house, found)))


@pytest.mark.parametrize(
    "answer",
    [
        lambda _: "", lambda _: "{}", lambda _: "null",
        lambda options: Authenticator(origin="https://evil.example").create(options),
        lambda options: changed(Authenticator().create(options), "clientDataJSON", challenge="AAAA"),
        lambda options: changed(Authenticator().create(options), "attestationObject"),
        lambda options: Authenticator().create(options).replace("attestationObject", "other"),
        lambda options: Authenticator().create(options.replace("desk.example", "evil.example")),
    ],
)  # fmt: skip
def test_what_is_no_new_key_is_not_added(house: House, answer: Callable[[str], str]) -> None:
    assert not _add(house, _session(house, "awa"), Authenticator(), answer)
    assert not house.member("awa").keys


def test_a_key_is_added_once(house: House, found: SignedIn, key: Authenticator) -> None:
    with pytest.raises(Duplicate):
        _add(house, _session(house, "boubou"), key)
    assert "excludeCredentials" in house.does(lambda session: security_keys.ask_for_new(session, found, SITE))


def test_a_challenge_to_add_a_key_outlives_the_one_to_prove_it(
    house: House, found: SignedIn, key: Authenticator
) -> None:
    """Whoever adds a second key may be asked for the first one in between."""
    other = Authenticator()
    options = house.does(lambda session: security_keys.ask_for_new(session, found, SITE))
    assert _prove(house, found, key.get(_ask(house, found)))
    said = other.create(options)
    assert house.does(lambda session: security_keys.add(session, house.now, found, SITE, "rouge", said))


def _key_ids(house: House) -> list[object]:
    with house.store.reading() as session:
        return list(session.run(select(security_key.c.id).order_by(security_key.c.id)).scalars())


def test_a_lost_key_is_removed_and_the_last_one_stays(house: House, found: SignedIn, key: Authenticator) -> None:
    assert _add(house, found, Authenticator())
    lost, kept = _key_ids(house)
    member = house.member("awa")
    house.does(lambda session: security_keys.remove(session, house.now, member, lost, keep_one=True))
    assert not _prove(house, found, key.get(_ask(house, found)))
    with pytest.raises(NotAllowed):
        house.does(lambda session: security_keys.remove(session, house.now, member, kept, keep_one=True))
    assert _key_ids(house) == [kept]


def test_nobody_removes_anothers_key(house: House, found: SignedIn) -> None:
    (theirs,) = _key_ids(house)
    with pytest.raises(NotAllowed):
        house.does(
            lambda session: security_keys.remove(session, house.now, house.member("boubou"), theirs, keep_one=False)
        )
    assert _key_ids(house) == [theirs]


@pytest.mark.parametrize(
    ("address", "host", "origin"),
    [
        ("https://desk.example/prefix", "desk.example", "https://desk.example"),
        ("http://localhost:8000/", "localhost", "http://localhost:8000"),
        ("https://Desk.Example:443", "desk.example", "https://desk.example"),
        ("https://desk.example:8443", "desk.example", "https://desk.example:8443"),
        ("http://[::1]:8000", "::1", "http://[::1]:8000"),
    ],
)
def test_a_site_is_known_by_its_address(address: str, host: str, origin: str) -> None:
    assert (Site.of(address).host, Site.of(address).origin) == (host, origin)
