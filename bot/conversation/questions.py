"""What a flow may yield: something to say, a question, or a look-up. Each question shows itself and checks its answers.

An answer is plain JSON and knows no language; `None` is a question that was skipped. Keys are snake_case English and
stay for ever: a changed meaning gets a new key.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any, Protocol

#: The word for "skip" that stands behind a question; a flow may give another ("no").
SKIP_NUMBER = "0"


class Gettext(Protocol):
    """Looks a message up in the language of the talk; values fill its %(named)s places."""

    def __call__(self, message: str, /, **values: object) -> str:
        """The message in the language of the talk."""


@dataclass(frozen=True, slots=True)
class Reading:
    """When a person of the desk reads: between two hours of today, or from an hour of a later `day` on ("26/11")."""

    opens: int = 7
    closes: int = 19
    day: str = ""


@dataclass(frozen=True, slots=True)
class Context:
    """All that a flow may know: facts as they were when the talk began, and the words of its language."""

    gettext: Gettext
    language: str
    today: date
    code: str = ""
    stranger: bool = False
    arabic_letters: bool = False
    place: str | None = None
    homonyms: tuple[str, ...] = ()
    hears_calls: bool = False
    has_media: bool = False
    person: int = 1
    template: str = ""
    reading: Reading = Reading()


@dataclass(frozen=True, slots=True)
class Media:
    """A photo or voice note that came with a reply: its kind and the handle under which it is kept."""

    kind: str
    reference: str


@dataclass(frozen=True, slots=True)
class Said:
    """What a person sent in reply: words, an option's value from a pressed button, or media."""

    text: str = ""
    pressed: str | None = None
    media: tuple[Media, ...] = ()


@dataclass(frozen=True, slots=True)
class Shown:
    """A question as it was shown; a reply is read against this, not against today's flow."""

    key: str
    kind: str
    language: str
    options: tuple[tuple[str, str], ...] = ()
    skip: bool = False
    low: int | None = None
    high: int | None = None
    today: str = ""
    skip_word: str = ""
    yes: str = ""
    no: str = ""
    #: Options of the next page, understood by their names.
    unlisted: tuple[tuple[str, str], ...] = ()
    #: What the options are called in other languages; never stored, it is looked up when a reply needs it.
    also: tuple[tuple[str, str], ...] = ()

    @property
    def takes_words(self) -> bool:
        """Whether nearly any words are an answer."""
        return self.kind in ("text", "place")

    def to_json(self) -> dict[str, Any]:
        """Plain JSON, for the store."""
        return {name: getattr(self, name) for name in self.__slots__ if name != "also"}

    @classmethod
    def from_json(cls, stored: Mapping[str, Any]) -> "Shown":
        """The question that was stored; fields of a later version are passed over."""
        known = {name: stored[name] for name in cls.__slots__ if name in stored}
        for name in ("options", "unlisted"):
            known[name] = tuple((str(value), str(label)) for value, label in known.get(name, ()))
        return cls(**known)


@dataclass(frozen=True, slots=True)
class Say:
    """Words that ask nothing."""

    text: str


@dataclass(frozen=True, slots=True)
class Fetch:
    """A look-up that depends on an answer; the caller resolves it once and keeps the result as an answer."""

    key: str
    request: Mapping[str, Any]


@dataclass(frozen=True, slots=True, kw_only=True)
class Question:
    """The parts that every question has."""

    key: str = field(kw_only=False)
    text: str = field(kw_only=False)
    skip: str | None = None

    kind = "text"

    def shown(self, context: Context) -> Shown:
        """This question as it is about to be shown."""
        return Shown(
            self.key,
            self.kind,
            context.language,
            self.choices(),
            self.skip is not None,
            *self.limits(context),
            skip_word=self.skip or "",
            yes=self.plain("yes"),
            no=self.plain("no"),
            unlisted=self.named(),
        )

    def choices(self) -> tuple[tuple[str, str], ...]:
        """The options, value and label, in the order of their numbers from 1."""
        return ()

    def limits(self, _context: Context) -> tuple[int | None, int | None, str]:
        """The least and the greatest answer, and the day that "today" means."""
        return None, None, ""

    def plain(self, _said: str) -> str:
        """The option that a plain "yes" or "no" means, or ""."""
        return ""

    def named(self) -> tuple[tuple[str, str], ...]:
        """The options that are understood by their names, though this page doesn't list them."""
        return ()

    def words(self) -> str:
        """The question for a wire without buttons: options by number, how to skip at the end."""
        listed = " ".join(f"{number} {label}" for number, (_, label) in enumerate(self.choices(), start=1))
        parts = [self.text, listed + "." if listed and self.skip else listed, self.skip_words()]
        return " ".join(part for part in parts if part)

    def skip_words(self) -> str:
        """`(0 = skip)` in the words of the flow, or nothing."""
        return f"({SKIP_NUMBER} = {self.skip})" if self.skip else ""

    def accepts(self, value: Any) -> bool:
        """Whether a stored answer still fits; None fits what may be skipped."""
        return self.skip is not None if value is None else self.fits(value)

    def fits(self, value: Any) -> bool:
        """Whether an answer that is not a skip fits."""
        return isinstance(value, str)


@dataclass(frozen=True, slots=True, kw_only=True)
class Text(Question):
    """Free words; the answer is the text."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Choice(Question):
    """One of several options; the answer is the option's value.

    A plain "yes" or "no" means the option of that value, else the one that `yes` or `no` names. Those of `unlisted`
    stand on another page and are understood here as well.
    """

    options: Mapping[str, str] = field(kw_only=False)
    yes: str = ""
    no: str = ""
    unlisted: Mapping[str, str] = field(default_factory=dict)

    kind = "choice"

    def choices(self) -> tuple[tuple[str, str], ...]:
        """The options in the order they were written."""
        return tuple(self.options.items())

    def named(self) -> tuple[tuple[str, str], ...]:
        """The options of another page."""
        return tuple(self.unlisted.items())

    def plain(self, said: str) -> str:
        """The option of that value, or the one that the flow names for it."""
        return said if said in self.options else {"yes": self.yes, "no": self.no}[said]

    def fits(self, value: Any) -> bool:
        """Whether it is one of today's options, or of another page's."""
        return isinstance(value, str) and (value in self.options or value in self.unlisted)


@dataclass(frozen=True, slots=True, kw_only=True)
class Choices(Choice):
    """Any number of the options, as "1 3 4" or "134"; the answer is a list of values."""

    kind = "choices"

    def fits(self, value: Any) -> bool:
        """Whether all are among today's options."""
        return (
            isinstance(value, list)
            and bool(value)
            and all(isinstance(each, str) and each in self.options for each in value)
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Number(Question):
    """A whole number between two limits, both included."""

    low: int = 0
    high: int = 1_000_000

    kind = "number"

    def limits(self, _context: Context) -> tuple[int | None, int | None, str]:
        """The two limits."""
        return self.low, self.high, ""

    def fits(self, value: Any) -> bool:
        """Whether it lies between the limits."""
        return isinstance(value, int) and not isinstance(value, bool) and self.low <= value <= self.high


@dataclass(frozen=True, slots=True, kw_only=True)
class Digits(Question):
    """A row of digits, one for each thing asked ("121"); each from 0 to `highest`. The answer is the row as text."""

    length: int
    highest: int = 9

    kind = "digits"

    def limits(self, _context: Context) -> tuple[int | None, int | None, str]:
        """How many digits, and the greatest that each may be."""
        return self.length, self.highest, ""

    def fits(self, value: Any) -> bool:
        """Whether it is such a row."""
        return (
            isinstance(value, str)
            and len(value) == self.length
            and value.isdecimal()
            and all(int(each) <= self.highest for each in value)
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Day(Question):
    """A day: today, yesterday, or digits such as 12/03; the answer is an ISO date."""

    kind = "day"

    def limits(self, context: Context) -> tuple[int | None, int | None, str]:
        """The day that "today" means in this talk."""
        return None, None, context.today.isoformat()

    def fits(self, value: Any) -> bool:
        """Whether it is an ISO date."""
        try:
            date.fromisoformat(value)
        except (TypeError, ValueError):
            return False
        return True


@dataclass(frozen=True, slots=True, kw_only=True)
class Place(Question):
    """The name of a place as a person writes it; the flow settles it by a Fetch."""

    kind = "place"


@dataclass(frozen=True, slots=True, kw_only=True)
class Photo(Question):
    """A photo, where the wire has it; the answer is the handle under which it is kept."""

    kind = "photo"


@dataclass(frozen=True, slots=True, kw_only=True)
class Voice(Question):
    """A voice note, where the wire has it; the answer is the handle under which it is kept."""

    kind = "voice"


@dataclass(frozen=True, slots=True, kw_only=True)
class Recording(Question):
    """A photo or a voice note, whichever they like; the answer is the handle under which it is kept."""

    kind = "recording"


Step = Say | Question | Fetch
Lookup = Callable[[Mapping[str, Any]], Any]
Answers = Mapping[str, Any]
Options = Sequence[tuple[str, str]]
