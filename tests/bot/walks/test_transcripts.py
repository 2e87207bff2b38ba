"""The conversation around a message is a real one: it can be walked, and the message is said in its last line."""

import time

import pytest
from babel.messages.pofile import read_po

from bot import main
from bot.languages.catalogue import TAGS, Catalogues, forms, messages_of
from bot.places.gazetteer import Gazetteer
from bot.talks import Talks
from bot.walks import Budgets, Line, Transcripts
from bot.walks.walking import look_ups
from flows import FLOWS


@pytest.fixture(scope="module")
def talks(catalogues: Catalogues, gazetteer: Gazetteer) -> Talks:
    return Talks(FLOWS, catalogues, gazetteer, look_ups())


@pytest.fixture(scope="module")
def transcripts(talks: Talks, catalogues: Catalogues) -> Transcripts:
    return Transcripts(talks, FLOWS, catalogues)


@pytest.mark.parametrize(
    ("msgid", "tag", "said"),
    [
        ("Thank you. You need an answer:", "fr", "Il vous faut une réponse"),
        ("May we call you?", "fr", "appeler"),
        ("We check it. The answer: STATUS %(code)s. Until then, better not to repeat it.", "fr", "SUIVI 12345"),
    ],
)
def test_the_message_is_said_at_the_end_after_what_led_to_it(
    transcripts: Transcripts, msgid: str, tag: str, said: str
) -> None:
    lines = transcripts.around(msgid, tag)
    assert said in lines[-1].text
    assert [line.here for line in lines] == [False] * (len(lines) - 1) + [True]
    assert lines[-1].ours


def test_a_first_question_stands_alone_and_what_is_no_talk_has_no_conversation(transcripts: Transcripts) -> None:
    assert transcripts.around("Thank you. You need an answer:", "en")[0].ours
    assert transcripts.around("nobody ever says this", "fr") == []


#: Said to a stranger in the language of the wire, or where there is no news: no walk in the language of the code meets it.
_ELSEWHERE = {
    "Kunnafoni: received, thank you. Emergencies: 17, 18, 15. Language?",
    "Kunnafoni: received, thank you. Emergencies: 17, 18, 15. Or a missed call and we call you back. Language?",
    "Kunnafoni: we will call you back. Language?",
    "Nothing new on that today.",
    "Nothing new on that today. By telephone: 321.",
}


def test_whatever_a_flow_says_is_found_in_a_conversation(transcripts: Transcripts) -> None:
    with (main.LOCALES / "bot.pot").open("rb") as template:
        said = {
            forms(message.id)[0]
            for message in messages_of(read_po(template))
            if any(path.startswith("flows/") for path, _ in message.locations)
        }
    assert len(said) > 100
    assert {msgid for msgid in said if not transcripts.around(msgid, "fr")} == _ELSEWHERE


def test_another_language_is_walked_the_same_way(transcripts: Transcripts) -> None:
    here = [len(transcripts.around("Thank you. You need an answer:", tag)) for tag in ("fr", "bm", "ar", "mey", "snk")]
    assert len(set(here)) == 1
    assert all(isinstance(line, Line) for line in transcripts.around("yes", "ar"))


def test_budgets_are_counted_behind_the_page_and_anew_after_a_change(talks: Talks) -> None:
    catalogues = Catalogues.load(main.LOCALES, "bot", drafts=True)
    budgets = Budgets(talks, {"confirm": FLOWS["confirm"]}, catalogues)
    while len(known := budgets.known()) < len(TAGS):
        time.sleep(0.01)
    assert next(iter(known)) == "fr"
    assert known["fr"] == next(budgets.all())
    catalogues.lay_over({})
    assert len(budgets.known()) < len(TAGS)
