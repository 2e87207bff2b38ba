"""What a stolen copy can't read, and what can't be moved or changed unnoticed."""

import itertools
import os
import uuid
from collections.abc import Iterator
from types import SimpleNamespace

import pytest
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from sqlalchemy import select, update

from bot.casework import desk
from bot.errors import SealError
from bot.store.sealing import Keys, new_data_key, seal, unseal, unseal_bytes
from bot.store.tables import message, report, talk
from tests.chat import TRUSTED, Road

ROW = uuid.UUID(int=7)
KEY = new_data_key()
WORDS = ["", "attaque à Konna", "ߌ ߣߌ ߛߐ߲߬ߜߐߡߊ", "صباح الخير", "ⴰⵣⵓⵍ", "👨‍👩‍👧", "x" * 10_000]


@pytest.mark.parametrize("text", WORDS, ids=lambda text: ascii(text)[:12])
def test_what_was_sealed_is_read_again_in_its_place(text: str) -> None:
    assert unseal(KEY, "message.body", ROW, seal(KEY, "message.body", ROW, text)) == text


@pytest.mark.parametrize(
    ("key", "label", "row"),
    [
        (new_data_key(), "message.body", ROW),
        (KEY, "report.narrative", ROW),
        (KEY, "message.body", uuid.UUID(int=8)),
    ],
    ids=["another key", "another column", "another row"],
)
def test_a_moved_ciphertext_is_refused(key: bytes, label: str, row: uuid.UUID) -> None:
    sealed = seal(KEY, "message.body", ROW, "attaque")
    with pytest.raises(SealError):
        unseal(key, label, row, sealed)


@pytest.mark.parametrize("content", ["attaque à Konna", b"\x00\xff no text"])
def test_what_is_sealed_alone_is_read_with_its_row_only(content: str | bytes) -> None:
    keys = Keys.make()
    made = keys.seal_alone("draft.text", ROW, content)
    assert set(made) == {"data_key", "text"}
    assert made["data_key"] != keys.seal_alone("draft.text", ROW, content)["data_key"]
    if isinstance(content, str):
        assert keys.unseal_of("draft.text", SimpleNamespace(id=ROW, **made)) == content
    else:
        key = keys.unwrap(made["data_key"], ROW)
        assert unseal_bytes(key, "draft.text", ROW, made["text"]) == content
    for moved in ({"id": uuid.UUID(int=8), **made}, {"id": ROW, **made, "data_key": None}):
        with pytest.raises(SealError):
            keys.unseal_of("draft.text", SimpleNamespace(**moved))


def test_without_the_bound_place_a_moved_ciphertext_would_pass() -> None:
    """The negative control: the same cipher without additional data reads it anywhere."""
    nonce = os.urandom(12)
    sealed = AESGCM(KEY).encrypt(nonce, b"attaque", None)
    assert AESGCM(KEY).decrypt(nonce, sealed, None) == b"attaque"


def test_every_changed_byte_and_every_cut_is_noticed() -> None:
    sealed = seal(KEY, "message.body", ROW, "attaque")
    for broken in _broken(sealed):
        with pytest.raises(SealError):
            unseal(KEY, "message.body", ROW, broken)


def test_every_changed_byte_and_every_cut_of_a_wrapped_key_is_noticed() -> None:
    keys = Keys.make()
    for broken in _broken(keys.wrap(KEY, ROW)):
        with pytest.raises(SealError):
            keys.unwrap(broken, ROW)


def test_a_wrapped_key_moved_to_another_row_is_refused() -> None:
    keys = Keys.make()
    wrapped = keys.wrap(KEY, ROW)
    assert keys.unwrap(wrapped, ROW) == KEY
    with pytest.raises(SealError):
        keys.unwrap(wrapped, uuid.UUID(int=8))


def test_a_wrapped_key_is_nothing_without_the_key_file() -> None:
    with pytest.raises(SealError):
        Keys.make().unwrap(Keys.make().wrap(KEY, ROW), ROW)


def test_an_erased_data_key_is_final() -> None:
    with pytest.raises(SealError):
        Keys.make().unwrap(None, ROW)


def test_no_nonce_comes_twice_and_equal_words_never_look_equal() -> None:
    sealed = [seal(KEY, "message.body", ROW, "oui") for _ in range(20_000)]
    assert len({each[1:13] for each in sealed}) == len(set(sealed)) == 20_000


def test_keys_never_show_themselves() -> None:
    keys = Keys.make()
    keys.derive("spool")
    for secret in (keys.pepper, *keys.wrapping.values()):
        assert repr(secret) not in repr(keys)


# The blind index


def test_the_same_address_is_found_again_and_no_other() -> None:
    keys = Keys.make()
    numbers = [f"tel:+2237600{number:04d}" for number in range(2_000)]
    hashes = [keys.blind("address", number) for number in numbers]
    assert hashes == [Keys(keys.pepper, {9: os.urandom(32)}).blind("address", number) for number in numbers]
    assert len(set(hashes)) == 2_000


def test_a_hash_says_nothing_without_the_pepper_and_nothing_of_another_index() -> None:
    keys = Keys.make()
    number = "tel:+22376000001"
    hashes = [keys.blind("address", number), keys.blind("code", number), Keys.make().blind("address", number)]
    assert len(set(hashes)) == 3
    assert len({keys.derive(purpose) for purpose in ("spool", "blind:spool", "staff-totp")} | {keys.pepper}) == 4


# In the database


def test_any_two_sealed_values_swapped_in_the_database_are_refused(road: Road) -> None:
    phone = road.phone()
    for text in ("attaque a konna des gens armes", "1", "1", "1"):
        phone.says(text)
    talk_id = road.rows(talk.c.id)[0].id
    for one, two in itertools.permutations(road.rows(message.c.id, message.c.body, talk_id=talk_id), 2):
        with pytest.raises(SealError), road.store.writing() as session:
            session.run(update(message).where(message.c.id == one.id).values(body=two.body))
            desk.conversation(session, TRUSTED, road.report().id)


def test_a_sealed_value_swapped_between_columns_is_refused(road: Road) -> None:
    road.phone().says("attaque a konna des gens armes")
    (line,) = road.reports()
    with pytest.raises(SealError), road.store.writing() as session:
        row = session.run(select(talk)).one()
        session.run(update(report).values(narrative=row.facts))
        desk.look(session, TRUSTED, line.id)


def test_a_talk_whose_key_was_erased_shows_no_word_and_breaks_nothing(road: Road) -> None:
    phone = road.phone()
    phone.says("attaque a konna des gens armes")
    with road.store.writing() as session:
        session.run(update(talk).values(data_key=None))
    assert road.report().narrative is None
    assert {text for _, text in road.conversation(road.report())} == {None}
    assert phone.says("le puits est sec depuis hier") is not None


def _broken(sealed: bytes) -> Iterator[bytes]:
    for place in range(len(sealed)):
        yield sealed[:place] + bytes([sealed[place] ^ 0x40]) + sealed[place + 1 :]
        yield sealed[:place]
    yield sealed + b"\x00"
