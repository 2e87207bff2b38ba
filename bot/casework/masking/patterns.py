"""What names somebody by its form: numbers, ages, and the words behind a title or a particle of descent."""

import re

from phonenumbers import Leniency, PhoneNumberMatcher

from bot.casework.masking.marks import Mark, Why, spans

#: What stands between the figures of a number: also those cut into pairs, and identity papers.
_BETWEEN = r"(?:[ \t.\-–/_·()]{0,2}|[,;])"
#: A letter that stands for a figure (O for 0, l for 1) counts where it stands among figures.
_LONG_NUMBER = re.compile(
    rf"(?<![^\W\d_])[OolI]?\d(?:{_BETWEEN}[\dOolI]){{5,}}(?![^\W\d_])|\+?\d(?:{_BETWEEN}\d){{5,}}"
)
_FIGURE = (
    "z[ée]ro|un|une|deux|trois|quatre|cinq|six|sept|huit|neuf|dix|onze|douze|treize|quatorze|quinze|seize|vingts?|trente"
    "|quarante|cinquante|soixante|septante|nonante|cents?"
)
_SPELT_NUMBER = re.compile(rf"\b(?:{_FIGURE})(?:[ \t,.;–-]+(?:et[ \t-]+)?(?:{_FIGURE})){{3,}}\b", re.IGNORECASE)
_SPELT = rf"(?:{_FIGURE})(?:[ -](?:et[ -])?(?:{_FIGURE})){{0,2}}"
_YEARS = r"ans|an|ann[ée]es?|y(?:ea)?rs?(?:[ \t]+old)?|y/?o|san|jiiri|duu[ɓb]i|سنة|سنه|سنين|سنوات|عام|عاما|أعوام|اعوام"
_AGE = re.compile(
    rf"\b(?:\d{{1,3}}|{_SPELT})\s*(?:{_YEARS})\b"
    rf"|\b(?:b[ée]b[ée]|enfant|fille|fillette|gar[çc]on|nourrisson|[âa]g[ée]+e?s?)\s+(?:de\s+|d'|d’)?"
    rf"(?:\d{{1,2}}|{_SPELT})\s*(?:mois|jours|semaines)\b"
    r"|\b(?:san|jiiri|duu[ɓb]i)\s+\d{1,3}\b"
    r"|ߛߊ߲[\u07eb-\u07f3]*\s*\d{1,3}"
    r"|\b\d{1,3}\s*(?:شهرا?|أشهر|اشهر|شهور)\b"
    r"|\b(?:dix|vingt|trent|quarant|cinquant|soixant)aine(?:\s+d['’]ann[ée]es?)?\b(?!\s+d[e'’])"
    r"|\b(?:trenten|quadrag[ée]n|quinquag[ée]n|sexag[ée]n|septuag[ée]n|octog[ée]n|nonag[ée]n|centen)aires?\b",
    re.IGNORECASE,
)
#: Whoever is called by a title has the name behind it; "nommé", a particle of descent and the like say so themselves.
_TITLED = re.compile(
    r"(?:\bM\.?|\b(?i:Mr|Mme|Mlle|Dr|monsieur|madame|imam|cheikh|marabout|el[ -]hadj[i]?|hogon|pasteur|abb[ée]|chef"
    r"|maire|docteur|commandant|capitaine|adjudant|lieutenant|sergent|caporal|colonel|g[ée]n[ée]ral|pr[ée]fet|gouverneur"
    r"|juge|infirmi[eè]re?|sage-femme|ma[iî]tre|directeur|directrice|conseill[eè]re?)"
    r"\.?)[ \t]+([A-ZÀ-Ý][\w'’-]+(?:[ \t]+[A-ZÀ-Ý][\w'’-]+)?)"
)
_CALLED = re.compile(
    r"(?i:\bnomm[ée]e?|\bappel[ée]e?|s['’]appelle|\balias)[ \t]+([^\W\d_][\w'’-]+(?:[ \t]+[A-ZÀ-Ý][\w'’-]+)?)"
)
_DESCENT = re.compile(
    r"(?:[^\W\d_][\w'’-]*[ \t]+)?\b(?i:ag|ould|mint|walet|wallet|wlet)[ \t]+[^\W\d_][\w'’-]*"
    r"|\b(?:[Dd]ite?|[Bb]en|[Bb]int?)[ \t]+[A-ZÀ-Ý][\w'’-]+"
)
_CALLED_IN_ARABIC = re.compile(
    r"\b(?:اسمه|اسمها|المدعو|المدعوة|السيد|السيدة|الإمام|الشيخ)[ \t]+([^\W\d_]+(?:[ \t]+[^\W\d_]+)?)"
)


def by_form(text: str) -> list[Mark]:
    """Numbers, also spelt out, ages, and who is called by a title or by whose child they are."""
    found = [*spans(_LONG_NUMBER, text, Why.NUMBER), *spans(_SPELT_NUMBER, text, Why.NUMBER)]
    for each in PhoneNumberMatcher(text, "ML", leniency=Leniency.POSSIBLE):
        written = each.raw_string.lstrip("(")
        found.append(Mark(each.end - len(written), each.end, written, Why.NUMBER))
    found += spans(_AGE, text, Why.AGE)
    found += spans(_DESCENT, text, Why.NAME)
    for pattern in (_TITLED, _CALLED, _CALLED_IN_ARABIC):
        found += [Mark(each.start(1), each.end(1), each[1], Why.NAME) for each in pattern.finditer(text)]
    return found
