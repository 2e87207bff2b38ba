"""What is wrong with something that a person gave us: one sentence of a catalogue, and what is filled into it."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field


def N_(message: str) -> str:  # noqa: N802 - gettext's own name
    """Mark a text that is translated where it is shown."""
    return message


@dataclass(frozen=True, slots=True)
class Problem:
    """One thing that is wrong: a sentence of the catalogue and what is filled into it."""

    sentence: str
    values: Mapping[str, object] = field(default_factory=dict)

    def said(self, gettext: Callable[..., str]) -> str:
        """The sentence in the language of this gettext."""
        return gettext(self.sentence, **self.values)

    def __str__(self) -> str:
        return self.sentence % self.values if self.values else self.sentence
