"""Folding for SMS: the tables, and that it never makes a message dearer."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.languages.catalogue import TAGS
from bot.languages.folding import for_sms
from bot.languages.gsm7 import count

ANY_STR = st.text(st.characters(categories=None) | st.sampled_from("ɛɔɲŋ…œçêé’\xa0 abc"), max_size=200)


@pytest.mark.parametrize(
    ("tag", "text", "folded"),
    [
        (
            "bm",
            "Hakɛto, kunnafoni bɛɛ bɔra. Ɲɛ, ŋ, Ɛ, Ɔ.",
            "Hakèto, kunnafoni bèè bòra. Nye, ng, E, O.".replace("Nye", "Nyè"),
        ),
        ("bm", "ƝƐGƐ KƆRƆ", "NYEGE KORO"),
        ("bm", "kɛ\u0301lɛ\u0300n", "kèlèn"),
        ("ffm", "ɓernde ɗiɗi ƴoogirde Ɓ Ɗ Ƴ", "bernde didi yoogirde B D Y"),
        ("ses", "Šilbayyan sohõ žuweŋ ã", "Silbayyan sohon juweng an"),
        ("taq", "ăɣlal ḍ ḥ ḷ ṣ ṭ ẓ ə ǝ ž", "aghlal d h l s t z e e j"),
        ("fr", "Žižek à Žabar", "Zizek à Zabar"),
        ("fr", "Reçu : « N’ayez pas peur… » œuf, ÈÀÊ", 'Recu : " N\'ayez pas peur... " oeuf, EAE'),
        ("fr", "être\u202f–\xa0où", "etre - où"),
        ("fr", "e\u0301te\u0301 e\u0302tre", "été etre"),
        ("xx", "ɛ", "è"),
    ],
)
def test_a_text_is_folded_by_the_table_of_its_language(tag: str, text: str, folded: str) -> None:
    assert count(text).alphabet == "ucs2"
    assert for_sms(text, tag) == folded
    assert count(folded).alphabet == "gsm7"


@pytest.mark.parametrize(
    "text",
    ["déjà là", "10 € [A]", "", "مرحبا é", "ߒߞߏ’", "ⵜⴰⵎⴰ ɛ", "𞤀𞤁 ç", "Merci’ 🙏", "Ελλάς ç"],
)
def test_a_text_that_folding_can_t_bring_into_gsm7_or_that_is_there_stays(text: str) -> None:
    assert for_sms(text, "bm") == text


def test_a_text_stays_when_folding_would_make_it_longer_in_segments() -> None:
    ellipses = "…" * 134
    assert count(ellipses).segments == 2
    assert for_sms(ellipses, "fr") == ellipses


def test_a_text_in_another_script_keeps_its_joiners_even_where_a_segment_could_be_saved() -> None:
    joined = "م" * 70 + "\u200c"
    assert count(joined).segments == 2
    assert for_sms(joined, "ar") == joined


@given(ANY_STR, st.sampled_from(TAGS))
def test_folding_never_takes_more_segments_and_never_undoes_itself(text: str, tag: str) -> None:
    folded = for_sms(text, tag)
    assert count(folded).segments <= count(text).segments
    assert for_sms(folded, tag) == folded
    if folded != text:
        assert count(text).alphabet == "ucs2"
        assert count(folded).alphabet == "gsm7" or count(folded).segments < count(text).segments
