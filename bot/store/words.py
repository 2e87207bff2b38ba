"""Words of sealed texts as they are looked up: each is kept as a keyed hash, so that a copy of the database shows that
two texts share a word, and not which.
"""

from bot.languages.text import digits, fold
from bot.store.sealing import Keys

#: Shorter words stand in every text; a text has at most so many different ones in an index.
_LETTERS, _MOST_WORDS = 3, 400
_HASH_BYTES = 8


def words_of(text: str, shortest: int = _LETTERS) -> tuple[str, ...]:
    """The words of a text as they are looked up: folded, each once, numbers too."""
    letters = "".join(character if character.isalnum() else " " for character in fold(digits(text)))
    return tuple(dict.fromkeys(word for word in letters.split() if len(word) >= shortest))[:_MOST_WORDS]


def hashed(keys: Keys, index: str, word: str) -> bytes:
    """How a word is kept in this index; the same word in another index can't be told to be the same."""
    return keys.blind(index, word)[:_HASH_BYTES]
