"""What a walk must keep: it ends, it fits, it betrays nothing."""

import re

from bot.languages import gsm7
from bot.languages.text import fold
from bot.store.tables import TalkStatus
from bot.walks.walking import Path


def ends_well(path: Path) -> bool:
    """Whether the talk is over and says so to the store."""
    return path.talk.status is TalkStatus.DONE and path.outcome is not None


def segments(text: str) -> int:
    """How many SMS the words take."""
    return gsm7.count(text).segments


def betrayals(text: str, words: frozenset[str]) -> set[str]:
    """Which of these (folded) words stand in what we say."""
    said = set(re.findall(r"\w+", fold(text)))
    return {word for word in words if word in said or (" " in word and word in fold(text))}
