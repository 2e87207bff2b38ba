"""How many SMS each language takes, over every path of every flow: `python -m tests.flows.budget` writes the table.

A language whose messages have no words yet speaks its fallback's; its own share stands in the last column.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from bot import main
from bot.channels.simulator import Simulator
from bot.languages import gsm7
from bot.languages.catalogue import LANGUAGES, TAGS, Catalogues, State
from bot.languages.folding import for_sms
from bot.places.gazetteer import Gazetteer
from bot.talks import Talks
from flows import FLOWS
from tests.flows.walker import look_ups, walk

TABLE = Path(main.LOCALES).parent / "docs" / "segments.md"
_FACTS = ({}, {"hears_calls": True})


@dataclass(frozen=True)
class Budget:
    """One language over all paths: texts by their SMS before and after folding."""

    tag: str
    questions: frozenset[str]
    statements: frozenset[str]
    own: int
    all: int

    def over(self, most: int) -> list[str]:
        """The questions that take more SMS than that."""
        return [text for text in self.questions if gsm7.count(for_sms(text, self.tag)).segments > most]

    @property
    def in_one(self) -> float:
        """The share of questions that fit one GSM-7 segment."""
        fit = [each for each in map(self._taken, self.questions) if each.segments == 1 and each.alphabet == "gsm7"]
        return len(fit) / len(self.questions)

    @property
    def unicode(self) -> list[str]:
        """The texts that need UCS-2 even when folded."""
        return [text for text in self.questions | self.statements if self._taken(text).alphabet != "gsm7"]

    def segments(self, *, folded: bool) -> int:
        """All texts, each once, in SMS."""
        texts = self.questions | self.statements
        return sum((self._taken(text) if folded else gsm7.count(text)).segments for text in texts)

    def _taken(self, text: str) -> gsm7.Segments:
        return gsm7.count(for_sms(text, self.tag))


class _Unfolded(Simulator):
    """The simulated phone without folding: a text as its language writes it."""

    is_sms = False


def budgets() -> Iterator[Budget]:
    """Every language, as the demonstration speaks it, drafts and all."""
    catalogues = Catalogues.load(main.LOCALES, "bot", drafts=True)
    talks = Talks(FLOWS, catalogues, Gazetteer.load(), look_ups())
    master = list(catalogues.messages())
    for tag in TAGS:
        steps = [
            step
            for name in FLOWS
            for facts in _FACTS
            for path in walk(talks, _Unfolded(), name, {"language": tag, **facts})
            for step in path.steps
            # Another language was chosen on the way; it has a row of its own.
            if step.asked is None or step.asked.language == tag
        ]
        own = sum(catalogues.state(tag, message) is not State.MISSING for message in master)
        yield Budget(
            tag,
            frozenset(step.text for step in steps if step.asked),
            frozenset(step.text for step in steps if not step.asked),
            own,
            len(master),
        )


def table() -> str:
    """The table as Markdown."""
    lines = [
        "# What each language costs on SMS",
        "",
        "Every text that any path of any flow says, counted once, as the demonstration speaks (drafts too). Written by",
        "`python -m tests.flows.budget`; a test compares it.",
        "",
        "| language | questions | in one SMS | over two | UCS-2 after folding | SMS before | SMS after | own words |",
        "|---|---|---|---|---|---|---|---|",
    ]
    for each in budgets():
        lines.append(
            f"| {LANGUAGES[each.tag].english} (`{each.tag}`) | {len(each.questions)} | {each.in_one:.0%} | "
            f"{len(each.over(2))} | {len(each.unicode)} | {each.segments(folded=False)} | {each.segments(folded=True)} | "
            f"{each.own} of {each.all} |"
        )
    return "\n".join(lines) + "\n"


if __name__ == "__main__":
    TABLE.write_text(table(), encoding="utf-8")
    print(TABLE.read_text(encoding="utf-8"))
