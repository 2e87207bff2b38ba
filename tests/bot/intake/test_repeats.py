"""Webhooks that come again."""

from tests.chat import Road


def test_a_repeated_forget_me_is_answered_by_nothing_once_its_words_are_destroyed(road: Road, telegram: object) -> None:
    phone = road.phone("7000001", telegram)  # type: ignore[arg-type]
    phone.says("on a vole nos boeufs cette nuit")
    assert phone.says("oubliez-moi", provider_id="77")
    assert phone.says("oubliez-moi", provider_id="77") is None


def test_a_repeated_message_is_answered_as_before_while_nothing_proves_the_first_answer(road: Road) -> None:
    phone = road.phone()
    phone.confirms = False
    first = phone.says("on a vole nos boeufs cette nuit", provider_id="a" * 32)
    assert first
    assert phone.says("on a vole nos boeufs cette nuit", provider_id="a" * 32) == first
    phone.confirm()
    assert phone.says("on a vole nos boeufs cette nuit", provider_id="a" * 32) is None
    assert len(road.reports()) == 1
