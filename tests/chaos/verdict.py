"""What an experiment found: its figures, and for each promise how often it was broken."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Verdict:
    """One run. Each of `broken` counts what must not happen even once."""

    name: str
    figures: Mapping[str, int | float]
    broken: Mapping[str, int]

    @property
    def kept(self) -> bool:
        """Whether every promise was kept."""
        return not any(self.broken.values())


@dataclass(frozen=True, slots=True)
class Control:
    """A broken build in the same experiment, and the promises of which it must break at least one."""

    verdict: Verdict
    must_break: Sequence[str]

    @property
    def convicted(self) -> bool:
        """Whether the experiment saw what is wrong with it."""
        return any(self.verdict.broken[name] for name in self.must_break)


def out_of_order(numbers: Sequence[int]) -> int:
    """How many of these come before one that is smaller."""
    least, count = None, 0
    for number in reversed(numbers):
        if least is not None and number > least:
            count += 1
        least = number if least is None else min(least, number)
    return count
