"""What looks like a name: a word with a capital that no place explains."""

import re
from collections.abc import Container, Iterable
from functools import lru_cache

from bot.casework.masking.everyday import everyday
from bot.casework.masking.marks import APART, WORD, Mark, Why
from bot.languages.text import fold
from bot.places.gazetteer import Gazetteer
from bot.places.names import words

#: Words with a capital inside a sentence that name no person; folded.
_NO_NAMES = frozenset(
    "mali etat dieu allah mosquee eglise ministere ministre comite commission gouvernement gouvernorat prefecture"
    " prefet sous-prefecture sous-prefet mairie maire conseil region cercle commune village quartier nord sud est"
    " ouest centre direction service services secretariat justice sante education defense securite protection"
    " civile solidarite reconciliation nations unies croix rouge onu ong pam unicef hcr cicr csref cscom fama"
    " garde gendarmerie police armee brigade hopital ecole lycee marche fleuve niger bani senegal sahel gourma"
    " macina delta afrique burkina faso mauritanie algerie cote ivoire guinee janvier fevrier mars avril mai juin"
    " juillet aout septembre octobre novembre decembre lundi mardi mercredi jeudi vendredi samedi dimanche ramadan"
    " tabaski aid noel sms p1 p2 p3 p4 bonjour merci nord-est nord-ouest sud-est sud-ouest monsieur madame message"
    " gouverneur le la les l un une des du de d au aux ce cet cette ces il elle ils elles on nous vous je j tu et"
    " ou mais donc or ni car si en dans sur sous pour par avec sans depuis pendant apres avant quand lorsque comme"
    " selon vers chez entre plusieurs certains certaines quelques tous toutes tout toute aucun aucune leur leurs"
    " son sa ses notre nos votre vos mon ma mes deux trois quatre cinq six sept huit neuf dix hier aujourd'hui"
    " demain ici ainsi aussi encore puis enfin y a qui que quoi dont environ"
    " ceci cela ca rien personne chacun chacune quiconque beaucoup peu moitie celui celle".split()
)
#: What French cuts off before a vowel; N and M before an apostrophe begin a name: N'Golo.
_CUT_OFF = frozenset({"l", "d", "qu", "jusqu", "lorsqu", "puisqu"})
_STARTS_A_SENTENCE = re.compile(r"(?:^|[.!?:;…\n«\"“(•–—-])\s*$")
#: French puts an article before a noun: a bare word that does something at the beginning of a sentence is a name.
_DOES_SOMETHING = re.compile(
    r"\s+(?:n['’])?(?:est|a|était|avait|s['’](?:est|était)|vient|vit|habite|travaille|dit|veut|va|ira|sera|aura|fut)\b"
)


def by_capital(text: str, known: Iterable[Mark], gazetteer: Gazetteer) -> list[Mark]:
    """The words with a capital that may be a name: inside a sentence, or at its beginning before or after a name."""
    places = words_of_places(gazetteer)
    names = {mark.start for mark in known if mark.why is Why.NAME}
    row = list(WORD.finditer(text))
    found: dict[int, Mark] = {}

    def beside(at: int) -> bool:
        """Whether the word before or after it is a name."""
        before = at and row[at - 1].start() in names and text[row[at - 1].end() : row[at].start()] in (" ", "-")
        after = at + 1 < len(row) and row[at + 1].start() in names and text[row[at].end() : row[at + 1].start()] == " "
        return bool(before or after)

    for at in (*range(len(row)), *reversed(range(len(row)))):
        word = row[at]
        has_capital = any(part[:1].isupper() for part in APART.split(word[0]))
        if not has_capital or word.start() in names or _is_no_name(word[0], places, gazetteer):
            continue
        inside = not _STARTS_A_SENTENCE.search(text, 0, word.start()) and any(map(str.islower, word[0]))
        acts = bool(_DOES_SOMETHING.match(text, word.end())) and any(map(str.islower, word[0]))
        if inside or acts or beside(at):
            names.add(word.start())
            found[word.start()] = Mark(word.start(), word.end(), word[0], Why.NAME)
    return list(found.values())


@lru_cache(maxsize=2)
def words_of_places(gazetteer: Gazetteer) -> frozenset[str]:
    """The words of the names of all places, folded."""
    return frozenset(part for place in gazetteer for name in place.names for part in words(name))


def _is_no_name(word: str, places: Container[str], gazetteer: Gazetteer) -> bool:
    """Whether this is known: a place or a word of every day. Behind an article that is cut off stands the word."""
    folded = fold(word)
    if word.isupper() and folded in everyday():
        return True
    article, _apostrophe, behind = folded.partition("'")
    word = behind if article in _CUT_OFF else folded
    if folded in _NO_NAMES or word in _NO_NAMES or word.removesuffix("s") in _NO_NAMES:
        return True
    parts = words(word)
    return all(part in places or gazetteer.names.is_locality(part) for part in parts)
