"""What reading one reply costs a turn: the dearest replies that we know, in microseconds."""

from statistics import median
from time import perf_counter

from bot.conversation import Said, Shown
from bot.conversation.understanding import read

_HOURS = ("now", "maintenant"), ("morning", "le matin"), ("afternoon", "l'après-midi"), ("evening", "le soir")
_DEAREST = ("lapré midi maintnan stp", "un, deux et trois, vivr et soin", "الساعة " * 16, "a " * 60)


def measure(times: int = 1000) -> str:
    """The median and the worst median of the dearest replies to a question of four options."""
    question = Shown("call", "choices", "mey", _HOURS, skip=True, skip_word="non")
    medians = [median(_seconds(question, text) for _ in range(times)) * 1e6 for text in _DEAREST]
    return f"  median {median(medians):.0f} µs, dearest {max(medians):.0f} µs"


def _seconds(question: Shown, text: str) -> float:
    began = perf_counter()
    read(question, Said(text))
    return perf_counter() - began
