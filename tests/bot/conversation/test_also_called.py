"""The tables of what people say for an option, a yes and a no: whole, sourced, and never saying two things at once."""

import csv
from collections import defaultdict
from collections.abc import Iterator
from importlib import resources

from bot.conversation.also_called import also_called
from bot.conversation.yes_no import yes_or_no
from bot.languages.catalogue import LANGUAGES
from bot.languages.text import fold
from tests.flows.test_replies import questions

_FILES = resources.files("bot.conversation")


def _rows(name: str) -> Iterator[dict[str, str]]:
    yield from csv.DictReader(_FILES.joinpath(name).read_text(encoding="utf-8").splitlines())


def test_every_row_has_words_a_language_and_a_source() -> None:
    for name in ("also_called.csv", "yes_no.csv"):
        for row in _rows(name):
            assert row["source"], row
            assert all(each.strip() for each in row["words"].split(";")), row
            assert row["language"] in (*LANGUAGES, "any"), row


def test_every_option_is_one_of_a_question_that_is_asked() -> None:
    asked = questions("fr", "fr")
    values = {value for shown in asked.values() for value, _ in (*shown.options, *shown.unlisted)}
    both = {f"{shown.key}.{value}" for shown in asked.values() for value, _ in shown.options}
    assert {row["option"] for row in _rows("also_called.csv")} - values - both == set()


def test_no_word_means_two_options_of_one_question() -> None:
    for language in LANGUAGES:
        names = also_called(language)
        for shown in questions(language, language).values():
            meant: dict[str, set[str]] = defaultdict(set)
            for value, label in (*shown.options, *shown.unlisted):
                for name in (label, *names.get(value, ()), *names.get(f"{shown.key}.{value}", ())):
                    meant[fold(name)].add(value)
            assert {name: values for name, values in meant.items() if len(values) > 1} == {}, (language, shown.key)


def test_every_yes_and_no_is_read_in_its_own_language() -> None:
    for row in _rows("yes_no.csv"):
        for word in row["words"].split(";"):
            assert yes_or_no(word, row["language"]) == row["meaning"], (row["language"], word)
