"""How French is written on a phone, spelt out: "mtn" is maintenant, "sa s'est calmé" is ça s'est calmé."""

import re

_FORMS = {
    "maintenant": "mtn mnt maint mtnt",
    "aujourd'hui": "auj ajd aujd aujourdhui",
    "apres-midi": "aprem apm apresmidi",
    "semaine": "sem",
    "toujours": "tjr tjrs tjs toujour",
    "beaucoup": "bcp bcou boucou",
    "pour": "pr",
    "dans": "ds",
    "vous": "vs",
    "nous": "ns",
    "que": "ke",
    "qui": "ki",
    "avec": "avc",
    "quelqu'un": "qqun kelkun quelqun kelkin",
    "tout le monde": "tlm",
    "petit": "pti ptit ti",
    "probleme": "pb prob problem",
    "numero": "num",
    "message": "msg",
    "tout": "tt",
    "pas": "pa",
    "ca": "sa",
    "c'est": "c cest cé",
    "s'est": "sest",
    "d'accord": "dacc dac dacor dakor daccor daccord dacord d'acc",
    "j'ai": "jai",
    "n'ai": "nai",
    "rien": "ryen",
    "non": "nn",
    "jamais": "jms",
    "pourquoi": "pk pq",
    "quand": "qd",
    "il y a": "ya ilya",
    "appelez": "apelez apele apelle appele",
}
_SPELT_OUT = {form: word for word, forms in _FORMS.items() for form in forms.split()}
_WORD = re.compile(r"[^\W\d_]+(?:'[^\W\d_]+)*")
#: A digit that is an article, and a number word that is none.
_SOUNDS = ((re.compile(r"\b1 (?=(?:petit |ti |pti )?peu\b)"), "un "), (re.compile(r"\bsete? (?=semaine)"), "cette "))


def spelt_out(folded: str) -> str:
    """The folded text with its short forms written in full, words that are none unchanged."""
    for pattern, sound in _SOUNDS:
        folded = pattern.sub(sound, folded)
    return _WORD.sub(lambda word: _SPELT_OUT.get(word[0], word[0]), folded)
