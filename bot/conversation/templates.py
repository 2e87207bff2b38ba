"""What the desk may ask or say in ready words, so that they are reviewed once in each language and betray nothing.

A template names no kind of event, no danger and no place. Its key is that of its question and stays for ever.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from types import MappingProxyType

from bot.conversation.questions import Choice, Gettext, Number, Question, Say, Text
from bot.conversation.words import call_hours
from bot.languages.catalogue import LANGUAGES, SOURCE, Catalogues, State, Translator

#: More people than live in any commune.
_MOST_PEOPLE = 999_999


@dataclass(frozen=True, slots=True)
class Template:
    """A question or a statement by its key; `support` may be said to somebody of the closed queue who has come back."""

    key: str
    make: Callable[[Gettext, str], Question | Say]
    support: bool = False

    @property
    def asks(self) -> bool:
        """Whether an answer is waited for."""
        return isinstance(self.make(_plain, ""), Question)

    def options(self, _: Gettext) -> dict[str, str]:
        """The answers by value, in these words; none for a statement or a question that takes words."""
        made = self.make(_, "")
        return dict(made.choices()) if isinstance(made, Question) else {}

    def skip(self, _: Gettext) -> str:
        """What it is called not to answer."""
        made = self.make(_, "")
        return (made.skip if isinstance(made, Question) else None) or ""

    def words(self, _: Gettext, code: str) -> str:
        """All of it as a text shows it."""
        made = self.make(_, code)
        return made.words() if isinstance(made, Question) else made.text

    def question(self, _: Gettext) -> str:
        """What it asks or says, without the answers."""
        return self.make(_, "…").text

    def messages(self) -> tuple[str, ...]:
        """What of it is read together, by its English."""
        skip = self.skip(_plain)
        return (self.make(_plain, "").text, *self.options(_plain).values(), *([skip] if skip else []))


def _plain(message: str, /, **_values: object) -> str:
    return message


def _happened(_: Gettext, _code: str) -> Question:
    days = {"today": _("today"), "yesterday": _("yesterday"), "week": _("this week"), "before": _("before that")}
    return Choice("happened", _("When was it?"), days, skip=_("skip"))


def _ongoing(_: Gettext, _code: str) -> Question:
    return Choice("ongoing", _("Is it still going on?"), {"yes": _("yes"), "no": _("no")}, skip=_("skip"))


def _people(_: Gettext, _code: str) -> Question:
    return Number("people", _("For how many people is it? Write a number."), high=_MOST_PEOPLE, skip=_("skip"))


def _arrived(_: Gettext, _code: str) -> Question:
    answers = {"yes": _("yes"), "part": _("a part"), "no": _("no")}
    return Choice("arrived", _("Has what was promised arrived?"), answers, skip=_("skip"))


def _more(_: Gettext, _code: str) -> Question:
    return Text("more", _("Can you tell us more? A few words, without names of people."), skip=_("skip"))


def _call(_: Gettext, _code: str) -> Question:
    return Choice("call", _("May we call you?"), call_hours(_), skip=_("no"))


def _consent(_: Gettext, _code: str) -> Question:
    answers = {"no": _("no, your office alone"), "yes": _("yes, to the services concerned")}
    return Choice("consent", _("May we pass your request on, without your name?"), answers, skip=_("no"))


def _not_to(_: Gettext, _code: str) -> Question:
    return Text("not_to", _("Is there a service that we should not call? A few words."), skip=_("no"))


def _read(_: Gettext, code: str) -> Say:
    return Say(_("Thank you. A person has read your message no %(code)s. Emergencies: 17, 18, 15.", code=code))


def _numbers(_: Gettext, _code: str) -> Say:
    return Say(_("Useful numbers: health 15, rescue 18, police 17, listening 80333, information 321."))


TEMPLATES: Mapping[str, Template] = MappingProxyType(
    {
        each.key: each
        for each in (
            Template("happened", _happened),
            Template("ongoing", _ongoing),
            Template("people", _people),
            Template("arrived", _arrived),
            Template("more", _more),
            Template("call", _call, support=True),
            Template("consent", _consent),
            Template("not_to", _not_to),
            Template("read", _read, support=True),
            Template("numbers", _numbers, support=True),
        )
    }
)


def voice(catalogues: Catalogues, tag: str, template: Template) -> Translator:
    """Who says it to whoever speaks `tag`: so that what is read together is in one language, if need be a fallback."""
    while True:
        translator = catalogues.translator(tag)
        tags = {translator.speaker(message) for message in template.messages()}
        if len(tags) == 1:
            return translator
        order = [translator.tag, *LANGUAGES[translator.tag].fallbacks, SOURCE]
        tag = max(tags, key=order.index)


def speaker(catalogues: Catalogues, tag: str, template: Template) -> str:
    """The language in which whoever speaks `tag` reads it."""
    return voice(catalogues, tag, template).speaker(template.messages()[0])


def state(catalogues: Catalogues, tag: str, template: Template) -> State:
    """How far all of it is in this very language: no further than its least part."""
    order = (State.MISSING, State.DRAFT, State.REVIEWED)
    return min((catalogues.state(tag, message) for message in template.messages()), key=order.index)
