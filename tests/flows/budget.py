"""Writes the table of what each language costs: `python -m tests.flows.budget`."""

from collections.abc import Iterable, Iterator
from pathlib import Path

from bot import main
from bot.languages.catalogue import LANGUAGES, Catalogues, State
from bot.places.gazetteer import Gazetteer
from bot.talks import Talks
from bot.walks import Budget, Budgets
from bot.walks.walking import look_ups
from flows import FLOWS

TABLE = Path(main.LOCALES).parent / "docs" / "segments.md"


def budgets() -> Iterator[Budget]:
    """Every language, as the demonstration speaks it, drafts and all."""
    catalogues = Catalogues.load(main.LOCALES, "bot", drafts=True)
    yield from Budgets(Talks(FLOWS, catalogues, Gazetteer.load(), look_ups()), FLOWS, catalogues).all()


def table(languages: Iterable[Budget]) -> str:
    """The table as Markdown."""
    lines = [
        "# What each language costs on SMS",
        "",
        "Every text that any path of any flow says, counted once, as the demonstration speaks (drafts too). Written by",
        "`python -m tests.flows.budget`; a test compares it. The panel shows the same for what this desk says today.",
        "",
        "The aim is that nine questions of ten are one GSM-7 segment (160 signs) in every drafted language, and none over",
        "two. GSM-7 has no Arabic letter, so Arabic, and Hassaniya which falls back to it, can never reach the first half:",
        "their SMS hold 70 signs (UCS-2). For them the share of questions in one SMS of their own is the figure that counts.",
        "What a language has no words for is counted as its fallback says it.",
        "",
        "| language | questions | one GSM-7 segment | one SMS | over two | over one USSD page | UCS-2 after folding | SMS before | SMS after | own words |",
        "|---|---|---|---|---|---|---|---|---|---|",
        *map(_row, languages),
    ]
    return "\n".join(lines) + "\n"


def _row(each: Budget) -> str:
    own = sum(number for state, number in each.states.items() if state is not State.MISSING)
    return (
        f"| {LANGUAGES[each.tag].english} (`{each.tag}`) | {len(each.questions)} | {each.in_one:.0%} | "
        f"{each.in_one_sms:.0%} | "
        f"{len(each.over(2))} | {each.too_long_for_ussd} | {len(each.unicode)} | {each.segments(folded=False)} | "
        f"{each.segments(folded=True)} | {own} of {sum(each.states.values())} |"
    )


if __name__ == "__main__":
    TABLE.write_text(table(budgets()), encoding="utf-8")
    print(TABLE.read_text(encoding="utf-8"))
