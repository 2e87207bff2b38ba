"""The desk's wordings: proposed by one, approved by another, and said by every process that follows."""

import threading
import uuid
from collections.abc import Iterator
from datetime import UTC, date, datetime
from uuid import UUID

import pytest

from bot import main, staff, translations
from bot.errors import NotAllowed, Stale, Unreadable
from bot.languages import Folding
from bot.languages.catalogue import Catalogues, State
from bot.store import Store
from bot.store.audit import newest
from bot.store.following import Follower
from bot.translations import Source, Unfit, follow_wordings
from bot.translations.wordings import overlay

NOW = datetime(2026, 11, 24, 9, 0, tzinfo=UTC)


@pytest.fixture
def live() -> Catalogues:
    """What a live desk says: reviewed messages only."""
    return Catalogues.load(main.LOCALES, "bot", drafts=False)


@pytest.fixture
def demo() -> Catalogues:
    """What a demonstration says."""
    return Catalogues.load(main.LOCALES, "bot", drafts=True)


@pytest.fixture
def source(live: Catalogues) -> Source:
    """A message that Songhay has no words for."""
    return next(each for each in translations.sources(live).values() if each.msgid == "yes")


def _member(store: Store, username: str) -> UUID:
    with store.writing() as session:
        return staff.make(session, NOW, "command", username, username.title(), "nothing fits", ["translator"])


@pytest.fixture
def awa(store: Store) -> UUID:
    return _member(store, "zeinabou")


@pytest.fixture
def moussa(store: Store) -> UUID:
    return _member(store, "moussa")


def _propose(store: Store, who: UUID, source: Source, text: str, seen: int | None = None, tag: str = "shz") -> int:
    with store.writing() as session:
        return translations.propose(session, NOW, who, tag, source, text, Folding(), seen=seen)


def _approve(store: Store, who: UUID, number: int) -> None:
    with store.writing() as session:
        translations.approve(session, NOW, who, number)


def _withdraw(store: Store, who: UUID, number: int) -> None:
    with store.writing() as session:
        translations.withdraw(session, NOW, who, number)


def test_a_live_service_says_a_wording_when_a_second_reader_approved_it_and_not_before(
    store: Store, live: Catalogues, demo: Catalogues, source: Source, awa: UUID, moussa: UUID
) -> None:
    followers = Follower(store, follow_wordings(live)), Follower(store, follow_wordings(demo))
    number = _propose(store, awa, source, "ayyo")
    assert [each.look() for each in followers] == [True, True]
    assert live.translator("shz").gettext("yes") == "oui"
    assert demo.translator("shz").gettext("yes") == "ayyo"
    _approve(store, moussa, number)
    assert [each.look() for each in followers] == [True, True]
    assert live.translator("shz").gettext("yes") == "ayyo"
    assert live.state("shz", "yes") is State.REVIEWED
    assert live.translator("shz").speaker("yes") == "shz"
    assert [each.look() for each in followers] == [False, False]


def test_nobody_approves_their_own_wording(store: Store, source: Source, awa: UUID) -> None:
    number = _propose(store, awa, source, "ayyo")
    with pytest.raises(NotAllowed):
        _approve(store, awa, number)
    with store.reading() as session:
        assert overlay(session, drafts=False) == {}


def test_the_database_itself_refuses_one_who_approves_their_own(store: Store, source: Source, awa: UUID) -> None:
    """Even if the code forgot to ask."""
    from sqlalchemy import update

    from bot.store.tables import translation

    _propose(store, awa, source, "ayyo")
    broken = update(translation).values(status="reviewed", reviewer_id=awa, reviewed_at=NOW)
    with pytest.raises(Exception, match="(?i)constraint"), store.writing() as session:
        session.run(broken)


def test_a_new_wording_waits_while_the_approved_one_is_said_on(
    store: Store, live: Catalogues, source: Source, awa: UUID, moussa: UUID
) -> None:
    first = _propose(store, awa, source, "ayyo")
    _approve(store, moussa, first)
    second = _propose(store, moussa, source, "ayo", seen=first)
    Follower(store, follow_wordings(live)).look()
    assert live.translator("shz").gettext("yes") == "ayyo"
    _approve(store, awa, second)
    Follower(store, follow_wordings(live)).look()
    assert live.translator("shz").gettext("yes") == "ayo"
    _withdraw(store, awa, second)
    Follower(store, follow_wordings(live)).look()
    assert live.translator("shz").gettext("yes") == "ayyo"
    _withdraw(store, moussa, first)
    Follower(store, follow_wordings(live)).look()
    assert live.translator("shz").gettext("yes") == "oui"


def test_what_was_overtaken_is_not_approved_and_nothing_is_withdrawn_twice(
    store: Store, source: Source, awa: UUID, moussa: UUID
) -> None:
    first = _propose(store, awa, source, "ayyo")
    second = _propose(store, moussa, source, "ayo", seen=first)
    with pytest.raises(Stale):
        _approve(store, moussa, first)
    _withdraw(store, awa, second)
    with pytest.raises(Stale):
        _withdraw(store, awa, second)
    with pytest.raises(Stale):
        _approve(store, awa, 10**9)


def test_of_two_who_word_the_same_message_at_once_the_second_is_told(
    store: Store, source: Source, awa: UUID, moussa: UUID
) -> None:
    _propose(store, awa, source, "ayyo")
    with pytest.raises(Stale):
        _propose(store, moussa, source, "ayo", seen=None)


def test_what_may_not_be_said_is_not_kept(store: Store, source: Source, awa: UUID) -> None:
    with pytest.raises(Unfit) as refused:
        _propose(store, awa, source, "ayyo %(code)s")
    assert "%(code)s" in str(refused.value)
    with store.reading() as session:
        assert translations.history(session, "shz", "yes") == []


def test_each_act_is_in_the_audit_without_a_word_of_it(store: Store, source: Source, awa: UUID, moussa: UUID) -> None:
    number = _propose(store, awa, source, "ayyo")
    _approve(store, moussa, number)
    _withdraw(store, awa, number)
    with store.reading() as session:
        entries = [each for each in newest(session, 10) if str(each.action).startswith("translation")]
    assert [str(each.action) for each in entries] == [
        "translation.withdrawn",
        "translation.approved",
        "translation.proposed",
    ]
    assert "ayyo" not in repr(entries)


# Files


@pytest.fixture
def approved(store: Store, source: Source, awa: UUID, moussa: UUID) -> int:
    number = _propose(store, awa, source, "ayyo")
    _approve(store, moussa, number)
    return number


def _export(store: Store, catalogues: Catalogues, tag: str = "shz") -> bytes:
    with store.reading() as session:
        return translations.as_po(session, catalogues, tag)


def _import(
    store: Store, catalogues: Catalogues, content: bytes, tag: str = "shz", **how: bool
) -> translations.Imported:
    with store.writing() as session:
        return translations.load_po(session, NOW, None, catalogues, tag, content, **how)


def test_a_file_that_leaves_the_desk_says_the_state_and_names_nobody(
    store: Store, live: Catalogues, approved: int, awa: UUID, moussa: UUID
) -> None:
    content = _export(store, live).decode()
    assert 'msgid "yes"\nmsgstr "ayyo"' in content
    assert f"state: reviewed by the desk, {date(2026, 11, 24)}" in content
    for name in ("zeinabou", "moussa", str(awa), str(moussa)):
        assert name not in content.lower()


def test_a_file_that_comes_back_unchanged_changes_nothing(store: Store, live: Catalogues, approved: int) -> None:
    assert _import(store, live, _export(store, live)) == translations.Imported(0, 1, ())


def test_whatever_state_a_file_claims_its_wordings_are_drafts(store: Store, live: Catalogues, source: Source) -> None:
    content = _export(store, live).decode()
    content = content.replace(
        'msgid "yes"\nmsgstr ""', '# state: reviewed by a friend, 2026-01-01\nmsgid "yes"\nmsgstr "ayyo"'
    )
    assert _import(store, live, content.encode()).drafts == 1
    Follower(store, follow_wordings(live)).look()
    assert live.translator("shz").gettext("yes") == "oui"


def test_a_bad_entry_keeps_the_whole_file_out_unless_one_accepts_the_rest(store: Store, live: Catalogues) -> None:
    content = _export(store, live).decode()
    content = content.replace('msgid "yes"\nmsgstr ""', 'msgid "yes"\nmsgstr "ayyo %(x)s"')
    content = content.replace('msgid "no"\nmsgstr ""', 'msgid "no"\nmsgstr "kala"')
    content += '\nmsgid "never asked"\nmsgstr "nobody"\n'
    taken = _import(store, live, content.encode())
    assert (taken.drafts, {each.msgid for each in taken.bad}) == (0, {"yes", "never asked"})
    assert _import(store, live, content.encode(), partial=True).drafts == 1
    with store.reading() as session:
        assert [each.text for each in translations.history(session, "shz", "no")] == ["kala"]


@pytest.mark.parametrize("content", [b"", b"\xff\xfe\x00", b"msgid broken", b'msgid "a"\nmsgstr "b"\nmsgstr "c"\n'])
def test_what_is_no_file_of_this_language_is_refused(store: Store, live: Catalogues, content: bytes) -> None:
    with pytest.raises(Unreadable):
        _import(store, live, content)
    with pytest.raises(Unreadable):
        _import(store, live, _export(store, live, "bm"))


# While people talk


def test_texts_that_change_while_others_speak_are_the_old_or_the_new_one(
    store: Store, live: Catalogues, source: Source, awa: UUID, moussa: UUID
) -> None:
    heard: set[str] = set()
    failures: list[BaseException] = []
    stop = threading.Event()

    def speak() -> None:
        try:
            while not stop.is_set():
                heard.add(live.translator("shz").gettext("yes"))
        except BaseException as failure:  # noqa: BLE001
            failures.append(failure)

    speakers = [threading.Thread(target=speak) for _ in range(3)]
    for each in speakers:
        each.start()
    follower = Follower(store, follow_wordings(live))
    seen = None
    for text in ("ayyo", "ayo", "ayyo!"):
        seen = _propose(store, awa, source, text, seen=seen)
        _approve(store, moussa, seen)
        follower.look()
    stop.set()
    for each in speakers:
        each.join(10)
    assert not failures
    assert heard <= {"oui", "ayyo", "ayo", "ayyo!"}
    assert live.translator("shz").gettext("yes") == "ayyo!"


@pytest.fixture
def away(store: Store) -> Iterator[Store]:
    yield store
    store.close()


def test_a_follower_says_on_what_it_knew_while_the_store_is_away(away: Store, live: Catalogues) -> None:
    follower = Follower(away, follow_wordings(live))
    follower.look()
    stop = threading.Event()
    away.engine.dispose()
    thread = threading.Thread(target=follower.run, args=(stop,))
    thread.start()
    assert live.translator("shz").gettext("yes") == "oui"
    stop.set()
    thread.join(10)
    assert not thread.is_alive()


def test_a_number_of_somebody_who_never_was_is_refused_by_the_store(store: Store, source: Source) -> None:
    with pytest.raises(Exception, match="(?i)foreign key|constraint"):
        _propose(store, uuid.uuid4(), source, "ayyo")
