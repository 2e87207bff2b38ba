"""The conversation: a pure function of what was answered.

Nothing in this folder may know a clock, chance, a database, a network or a framework. A flow is a generator that yields
what to say and what to ask; what must *happen* is its return value, done by the caller in its own transaction.
"""

from bot.conversation.engine import Flow, FlowFunction, Talking, Turn, replay
from bot.conversation.kinds import Kind
from bot.conversation.outcomes import (
    Answered,
    CallBackWanted,
    Helped,
    Joined,
    LanguageChosen,
    NewReport,
    Nothing,
    Outcome,
    ReportSoFar,
    StillMember,
    Subscribed,
    Unsubscribed,
    WeeklySituation,
)
from bot.conversation.questions import (
    Choice,
    Choices,
    Context,
    Day,
    Digits,
    Fetch,
    Number,
    Photo,
    Place,
    Question,
    Reading,
    Recording,
    Said,
    Say,
    Shown,
    Text,
    Voice,
)
from bot.conversation.templates import TEMPLATES
from bot.conversation.words import call_hours, closing, known_answer

__all__ = [
    "TEMPLATES",
    "Answered",
    "CallBackWanted",
    "Choice",
    "Choices",
    "Context",
    "Day",
    "Digits",
    "Fetch",
    "Flow",
    "FlowFunction",
    "Helped",
    "Joined",
    "Kind",
    "LanguageChosen",
    "NewReport",
    "Nothing",
    "Number",
    "Outcome",
    "Photo",
    "Place",
    "Question",
    "Reading",
    "Recording",
    "ReportSoFar",
    "Said",
    "Say",
    "Shown",
    "StillMember",
    "Subscribed",
    "Talking",
    "Text",
    "Turn",
    "Unsubscribed",
    "Voice",
    "WeeklySituation",
    "call_hours",
    "closing",
    "known_answer",
    "replay",
]
