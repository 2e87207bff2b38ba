"""The words of what people say, as they are compared: folded, and which of them tell something."""

from bot.languages.text import digits, fold

#: A single letter tells nothing; two may, in Bambara: `ji` is water.
_LETTERS = 2
#: Words that stand in every text, in French, Bambara, Arabic and English.
COMMON = frozenset(
    """
    le la les un une de du des au aux en et ou on il elle ils elles je tu nous vous me te se ce ca cet cette ces qui que
    qu quoi dont si ne ni pas plus mais donc or car ma ta sa mon ton son mes tes ses nos vos leur leurs lui moi toi eux
    est sont ont ai as eu ete avait avec chez dans par pour sur sous vers entre depuis apres avant quand comme tout tous
    toute toutes hier ici cela ainsi alors aussi bien tres trop moins encore deja gens
    ye ka ko be ke na la kan kono bolo min nin anw olu an aw fana dee wala ni
    في من على عن الى إلى ان أن إن هذا هذه ذلك التي الذي قد كان هو هي هم و
    the and that this with from have has are was were been of to in is it at by
    """.split()
)
#: Words around what is asked: that it is said, and whether it is true.
FRAME = frozenset(
    """
    dit dire disent disait entendu entend appris parait rumeur rumeurs rumour vrai vraie true faux fausse false mensonge
    confirmer confirmez savoir sait question svp merci bonjour bonsoir salut
    tinye foo folo
    صحيح سمعت سمعنا يقولون يقال هل اشاعة إشاعة السلام عليكم
    """.split()
)


def words(text: str) -> tuple[str, ...]:
    """All words of a text in order, folded, numbers too; "l'eau" is two."""
    return tuple("".join(character if character.isalnum() else " " for character in fold(digits(text))).split())


def stem(word: str) -> str:
    """A word without the ends that French writes and nobody hears: coupé, coupée, coupés are one."""
    while len(word) > 4 and word[-1] in "sxe":
        word = word[:-1]
    return word


def is_telling(word: str) -> bool:
    """Whether a word tells something of what happened; a number always does."""
    return word.isdecimal() or (len(word) >= _LETTERS and word not in COMMON and word not in FRAME)
