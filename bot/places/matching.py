"""Which place somebody means: in an answer, inside a sentence, and after the question that settles homonyms.

A place is returned alone only when no other is nearly as likely; else several are, or none, and the bot asks.
"""

import re
from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from math import inf
from typing import Literal

from bot.places.gazetteer import Gazetteer, Level, Place
from bot.places.names import allowance, sound, spelling, words
from bot.places.words import (
    BAMBARA,
    BEFORE,
    ELSEWHERE,
    FILLERS,
    JOINERS,
    LEVELS,
    LINKS,
    LOOK_ALIKES,
    NAMES_FIRST,
    NOT_AFTER,
    ORDINARY,
    PEOPLES,
    PLACE_OF,
    VERB_A,
)

Certainty = Literal["exact", "close", "none"]


@dataclass(frozen=True, slots=True)
class Match:
    """What was found: no place, one, or several among which the person must choose by naming a cercle or town."""

    places: tuple[Place, ...] = ()
    certainty: Certainty = "none"


@dataclass(frozen=True, slots=True)
class _Mention:
    """The words from `start` to `end` name one of these places (every level of one name, not yet sorted out)."""

    start: int
    end: int
    ids: frozenset[str]
    level: Level | None
    certainty: Certainty
    # What else bears the name or sounds so: meant where another name says that it lies around it.
    namesakes: frozenset[str] = frozenset()


NOWHERE = Match()
# Two names whose costs differ by less are nearly as close: the bot must ask.
_MARGIN = 0.5
_ROUNDING = 1e-9
# Of two names that are each one letter away, none is taken, whatever letter it is: "maina" is Mahina, or Macina.
_ONE_LETTER = 1.0
# What an easily confused or silent letter costs at most, and from how many letters on a name is long.
_SLIGHT = 0.6
_LONG = 7
# So many places of one name are still settled by a cercle; so many names that are merely alike are no question.
_MOST_HOMONYMS = 80
_MOST_NEAR = 10
# Of the localities that are alike so many are asked about: the cercle tells which, and to name them all is no use.
_MOST_ALIKE = 6
# One name stands for no more ids than these that are one place: commune, town, cercle and region, in both layouts.
_OF_ONE_PLACE = 8
# "Hamdallaye" is a quarter of Bamako; where so many localities bear the name too, it may be any of them.
_TOO_COMMON = 5
# What is announced as a commune is no locality.
_OF_A_LOCALITY = (None, Level.TOWN, Level.VILLAGE, Level.QUARTER)
_ANSWER_WORDS = 14
# No name of a locality has more words.
_MOST_WORDS = 4
_PARTING = re.compile(r"[,;:()/\n!?،؛؟]|\. ")
_PREFERENCE = tuple(Level(level) for level in ("commune", "town", "quarter", "village", "locality", "cercle", "region"))


def named(gazetteer: Gazetteer, text: str) -> str | None:
    """The id of the one place of this name, as a report keeps it; None if there is none, or are several."""
    return gazetteer.settled(find(gazetteer, text).places) if text else None


def find(gazetteer: Gazetteer, text: str) -> Match:
    """The place meant by an answer to "which commune or which quarter?"."""
    heard = _heard(text)
    if len(heard) > _ANSWER_WORDS:
        return find_in_sentence(gazetteer, text)
    name = _once(heard)
    for whole in (heard, name):
        if len(whole) > 1 and (ids := _named(gazetteer, whole)):
            return _match(gazetteer, ids, "exact")
    if len(heard) > 1 and heard[-1] in PEOPLES:
        return find(gazetteer, " ".join(heard[:-1]))
    return NOWHERE if "".join(name) in ELSEWHERE else _among_words(gazetteer, heard, name)


def _among_words(gazetteer: Gazetteer, heard: Sequence[str], name: Sequence[str]) -> Match:
    """The place that some of the words name, or all of them misspelt."""
    mentions = _mentions(gazetteer, heard, _in_answer)
    parts = _settle(gazetteer, heard, mentions)
    if parts.places and not _left_over(heard, mentions) and (len(parts.places) == 1 or parts.certainty == "exact"):
        return parts
    if found := _smaller(gazetteer, heard, name, mentions):
        return found
    if len(name) > 1 and (ids := _nearest(gazetteer, " ".join(name))):
        return _match(gazetteer, ids, "close")
    return _settle(gazetteer, heard, _apart(heard, mentions))


def find_in_sentence(gazetteer: Gazetteer, text: str) -> Match:
    """The place named inside free words, more strictly than in an answer: most sentences name none."""
    heard = _heard(text)
    return _settle(gazetteer, heard, _mentions(gazetteer, heard, _in_sentence))


def narrow(gazetteer: Gazetteer, match: Match, text: str) -> Match:
    """The same places reduced by the cercle, region or town that a second answer names; unchanged if it helps not."""
    if len(match.places) < 2:
        return match
    heard = _heard(text)
    for ids in _around(gazetteer, heard, match.places):
        for test in (_same, _inside, _beside):
            kept = tuple(place for place in match.places if test(gazetteer, place, ids))
            if kept and len(kept) < len(match.places):
                return replace(match, places=kept)
            if kept:
                break
    return match


# One answer that is nothing but a name


def _heard(text: str) -> list[str]:
    """The words of a text, with a comma where punctuation parts them: in "Tama (Youwarou)" Tama is another place."""
    parts = [part for piece in _PARTING.split(text) if (part := words(piece))]
    return [word for part in parts for word in (",", *part)][1:]


def _smaller(
    gazetteer: Gazetteer, heard: Sequence[str], name: Sequence[str], mentions: Sequence[_Mention]
) -> Match | None:
    """The locality that an answer names, alone or with what lies around it, and what else the name may be.

    With a commune or a town that is nearly as near it is a question: only the cercle can tell "makala" from Markala.
    """
    if gazetteer.names.is_locality("".join(name)):
        announced = _level_before(heard, next(at for at, word in enumerate(heard) if word not in FILLERS))
        may_be = announced in _OF_A_LOCALITY
        return Match(_one_of_each(gazetteer, _likely(gazetteer, name)), "exact") if may_be else NOWHERE
    named = {at for mention in mentions for at in range(mention.start, mention.end)}
    unknown = [at for at, word in enumerate(heard) if at not in named and word not in FILLERS]
    if not unknown or unknown[-1] - unknown[0] >= _MOST_WORDS or len(unknown) != unknown[-1] - unknown[0] + 1:
        return None
    if _level_before(heard, unknown[0]) not in _OF_A_LOCALITY:
        return None
    ids = _likely(gazetteer, [heard[at] for at in unknown])
    around = {each for mention in mentions for each in mention.ids}
    if around:
        ids = frozenset(each for each in ids if gazetteer.above(each) & around)
    places = _one_of_each(gazetteer, ids)
    # Of several that are merely alike in the cercle that was named, it is enough to know the cercle.
    return Match(places, "close") if places and (len(places) == 1 or not around) else None


def _likely(gazetteer: Gazetteer, part: Sequence[str]) -> frozenset[str]:
    """The places that may be meant where a locality is at least as near as any other, all that are nearly as near.

    The chief town of a cercle or region is where most people are: it is asked for where it is not much further off than
    the nearest, and taken where only names of localities are nearer, none of them to the letter.
    """
    names, letters, text = gazetteer.names, "".join(part), " ".join(part)
    exact = names.localities(letters)
    near = names.near(text, _a_slip if exact else allowance, _MARGIN)
    chief = gazetteer.chief_town_like(text)
    if exact:
        return exact.union(*(each.ids for each in near if each.cost <= _ONE_LETTER), chief.ids if chief else ())
    if not near or not near[0].fits:
        return chief.ids if chief and (chief.fits or not near) else frozenset()
    as_likely = max(near[0].cost + _MARGIN, _ONE_LETTER) + _ROUNDING
    likely = [each for each in near if each.cost <= as_likely]
    others = frozenset().union(*(each.ids for each in likely))
    if chief and chief.fits and chief.cost <= near[0].cost + _MARGIN and others <= chief.ids:
        return chief.ids
    nearest = [each.localities for each in likely if each.localities][:_MOST_ALIKE]
    return others.union(*nearest, chief.ids if chief else ())


def _a_slip(length: int) -> float:
    """One plain wrong letter, in a name of any length."""
    return max(allowance(length), _ONE_LETTER)


def _once(heard: Sequence[str]) -> list[str]:
    """The words without what surrounds a name, and said once: "segou segou" is Ségou."""
    kept = _stripped(heard)
    for size in range(1, len(kept) // 2 + 1):
        part = kept[:size]
        if len(kept) % size == 0 and part * (len(kept) // size) == kept:
            return part
    if len(kept) > 1 and len({sound(word) for word in kept}) == 1:
        return kept[:1]
    return kept


def _stripped(heard: Sequence[str]) -> list[str]:
    start, end = 0, len(heard)
    while start < end and heard[start] in FILLERS:
        start += 1
    while end > start and heard[end - 1] in FILLERS:
        end -= 1
    return list(heard[start:end])


def _left_over(heard: Sequence[str], mentions: Sequence[_Mention]) -> bool:
    """Whether words remain that are neither a name nor what surrounds one."""
    named = {at for mention in mentions for at in range(mention.start, mention.end)}
    return any(at not in named and word not in FILLERS for at, word in enumerate(heard))


def _apart(heard: Sequence[str], mentions: Sequence[_Mention]) -> list[_Mention]:
    """The names that are not a piece of a longer one that we don't know: "Madina Talibé" is not Madina.

    What follows a name that we don't know is what lies around it: "Kodlou, Kita" is in the cercle of Kita.
    """
    kept = []
    for mention in mentions:
        beside = [at for at in (mention.start - 1, mention.end) if 0 <= at < len(heard)]
        named = {at for other in mentions for at in range(other.start, other.end)}
        if mention.level:
            kept.append(mention)
        elif all(at in named or heard[at] in FILLERS for at in beside):
            kept.append(replace(mention, level=Level.CERCLE) if _follows_unknown(heard, mention, named) else mention)
    return kept


def _follows_unknown(heard: Sequence[str], mention: _Mention, named: Collection[int]) -> bool:
    """Whether a comma parts this name from words that name no place that we know, nor say that it is a village's."""
    comma = mention.start - 1
    start = comma
    while start > 0 and heard[start - 1] != ",":
        start -= 1
    before = range(start, comma) if comma > 0 and heard[comma] == "," else range(0)
    smaller = any(LEVELS.get(heard[at]) in (Level.QUARTER, Level.VILLAGE) or heard[at] == "hameau" for at in before)
    return not smaller and any(at not in named and heard[at] not in FILLERS for at in before)


# Names among words


_Reader = Callable[[Gazetteer, Sequence[str], int, int, list[_Mention]], _Mention | None]


def _mentions(gazetteer: Gazetteer, heard: Sequence[str], read: _Reader) -> list[_Mention]:
    """The names among the words, from left to right, the longest first, none over another."""
    found: list[_Mention] = []
    start = 0
    while start < len(heard):
        mention = next(
            (m for end in _ends(gazetteer, heard, start) if (m := read(gazetteer, heard, start, end, found))), None
        )
        if mention:
            found.append(mention)
        start = mention.end if mention else start + 1
    return found


def _ends(gazetteer: Gazetteer, heard: Sequence[str], start: int) -> range:
    most = gazetteer.names.longest(heard[start])
    if len(heard) <= _ANSWER_WORDS:
        most = max(most, 3)
    return range(min(len(heard), start + most), start, -1)


def _in_answer(
    gazetteer: Gazetteer, heard: Sequence[str], start: int, end: int, before: list[_Mention]
) -> _Mention | None:
    names = gazetteer.names
    part = heard[start:end]
    level = _level_before(heard, start)
    if ids := _spelt(gazetteer, "".join(part)):
        if len(part) == 1 and (part[0] in FILLERS or len(part[0]) < 2):
            return None
        return _Mention(start, end, ids, level, "exact", _namesakes(gazetteer, part))
    if (part[0] in FILLERS and not _is_prenasal(part)) or part[-1] in FILLERS:
        return None
    if ids := _in_arabic(gazetteer, "".join(part)):
        return _Mention(start, end, ids, level, "close")
    key = sound(" ".join(part))
    if ids := _sounding(gazetteer, key):
        if len(key) <= 2:
            return None
        ids |= _rivals(gazetteer, part, ids)
        return _Mention(start, end, ids, level, "exact", _namesakes(gazetteer, part))
    if names.is_locality("".join(part)) or (len(part) > 1 and any(_named(gazetteer, [word]) for word in part)):
        return None
    ids = _nearest(gazetteer, " ".join(part), level=level)
    return _Mention(start, end, ids, level, "close") if ids else None


def _in_sentence(
    gazetteer: Gazetteer, heard: Sequence[str], start: int, end: int, before: list[_Mention]
) -> _Mention | None:
    names = gazetteer.names
    part = heard[start:end]
    letters = "".join(part)
    if len(letters) < 2 or letters.isdigit() or (start and heard[start - 1] in NOT_AFTER):
        return None
    level = _level_before(heard, start)
    announced = bool(level) or _announced(heard, start, before)
    if letters in NAMES_FIRST and not level:
        return None
    if ids := _spelt(gazetteer, letters):
        plain = len(letters) > 4 and letters not in ORDINARY
        return _Mention(start, end, ids, level, "exact") if plain or announced else None
    if len(letters) < 5 or part[0] in FILLERS or part[-1] in FILLERS:
        return None
    if announced and letters not in ORDINARY and letters not in LOOK_ALIKES and (ids := names.localities(letters)):
        return _Mention(start, end, ids, level, "exact")
    key = sound(" ".join(part))
    if (ids := _sounding(gazetteer, key)) and (announced or len(key) > 6):
        return _Mention(start, end, ids, level, "exact")
    if not announced or len(key) < 6 or len(part) > 1 or names.is_locality(letters) or letters in LOOK_ALIKES:
        return None
    ids = _nearest(gazetteer, letters, _allowed_in_sentence)
    return _Mention(start, end, ids, level, "close") if ids else None


def _namesakes(gazetteer: Gazetteer, part: Sequence[str]) -> frozenset[str]:
    """All that are spelt or sound so: "Bourra" is in Ansongo, but with "cercle de Yorosso" it is the Boura there."""
    names = gazetteer.names
    return names.spelt("".join(part)) | names.heard(sound(" ".join(part))) | names.localities("".join(part))


def _rivals(gazetteer: Gazetteer, part: Sequence[str], ids: frozenset[str]) -> frozenset[str]:
    """Places spelt at least as nearly as those that sound alike: "fallo" sounds like Falo and may be Fallou."""
    names, letters = gazetteer.names, "".join(part)
    own = names.misspelt_by(letters, ids)
    near = (name.ids for name in names.near(" ".join(part), allowance, 0.0) if not name.ids & ids)
    return frozenset(i for others in near if names.misspelt_by(letters, others) <= own for i in others)


def _allowed_in_sentence(length: int) -> float:
    if length < 6:
        return 0.0
    return 0.6 if length < 9 else 1.0


def _is_prenasal(part: Sequence[str]) -> bool:
    """Whether a name begins like "n gouma", its apostrophe left out."""
    return len(part) > 1 and part[0] in ("n", "m")


def _named(gazetteer: Gazetteer, part: Sequence[str]) -> frozenset[str]:
    """The places of exactly this name, as it is spelt or else as it sounds."""
    return _spelt(gazetteer, "".join(part)) or _sounding(gazetteer, sound(" ".join(part)))


def _spelt(gazetteer: Gazetteer, letters: str) -> frozenset[str]:
    """The places spelt so: any of ours stands before a locality of its name, a quarter not before many of them.

    "Bourra" is another spelling of a Boura, so it is any place that sounds so.
    """
    ids = gazetteer.names.spelt(letters)
    if ids and not gazetteer.names.is_first_name(letters) and ids <= (alike := gazetteer.names.heard(sound(letters))):
        ids = alike
    localities = gazetteer.names.localities(letters)
    quarters = bool(ids) and all(_level(gazetteer, each) is Level.QUARTER for each in ids)
    return ids | localities if quarters and len(localities) >= _TOO_COMMON else ids


def _sounding(gazetteer: Gazetteer, key: str) -> frozenset[str]:
    """The same for the places that sound so."""
    ids = gazetteer.names.heard(key)
    places = (place for each in ids if (place := gazetteer.get(each)))
    return ids.union(*(_spelt(gazetteer, spelling(place.name)) for place in places if place.level is Level.QUARTER))


def _nearest(
    gazetteer: Gazetteer, text: str, allowed: Callable[[int], float] = allowance, level: Level | None = None
) -> frozenset[str]:
    """All places whose names are nearly as close as the nearest; none where a locality's is as close.

    Of a long name with a letter that is easily confused a locality is less likely than any of ours. The chief town of a
    cercle or region is where most people are: it is taken before others that are as close.
    """
    near = gazetteer.names.near(text, allowed, _MARGIN)
    ours = [name for name in near if name.ids]
    if not ours or not ours[0].fits:
        return frozenset()
    chief = gazetteer.chief_town_like(text)
    if chief and chief.fits and 0 < near[0].cost >= chief.cost and level is not Level.COMMUNE:
        return chief.ids
    as_likely = max(ours[0].cost + _MARGIN, _ONE_LETTER) + _ROUNDING
    ids = frozenset().union(*(name.ids for name in ours if name.cost <= as_likely))
    locality = next((name.cost for name in near if not name.ids), inf) if level in _OF_A_LOCALITY else inf
    slight = len(text) >= _LONG and ours[0].cost <= _SLIGHT
    return ids if ours[0].cost < locality or (slight and ours[0].cost == locality) else frozenset()


def _in_arabic(gazetteer: Gazetteer, letters: str) -> frozenset[str]:
    """The places that may be written so, on the same terms."""
    ids, others = gazetteer.names.in_arabic(letters)
    return ids if not others or len(letters) >= _LONG or _is_chief_town(gazetteer, ids) else frozenset()


def _is_chief_town(gazetteer: Gazetteer, ids: Iterable[str]) -> bool:
    return any(_level(gazetteer, each) in (Level.CERCLE, Level.REGION) for each in ids)


def _level_before(heard: Sequence[str], start: int) -> Level | None:
    """The level announced by "cercle de", "commune rurale de" before a name."""
    at = start - 1
    while at >= 0 and start - at < 4 and heard[at] in LINKS:
        at -= 1
    return LEVELS.get(heard[at]) if at >= 0 else None


def _announced(heard: Sequence[str], start: int, before: list[_Mention]) -> bool:
    """Whether the words before a name say that a place follows."""
    last = heard[start - 1] if start else ""
    earlier = heard[start - 2] if start > 1 else ""
    if last == "a":
        return earlier not in VERB_A and not BAMBARA.intersection(heard)
    if last in ("de", "du", "d"):
        return earlier in PLACE_OF
    if last in ("et", "ou"):
        return bool(before) and before[-1].end == start - 1
    return last in BEFORE


# From names to a place


def _settle(gazetteer: Gazetteer, heard: Sequence[str], mentions: list[_Mention]) -> Match:
    """One place if all the names speak of it; else one or more for each group of names that belong together."""
    mentions = _distinct(mentions)
    if not mentions:
        return NOWHERE
    certainty: Certainty = "close" if any(mention.certainty == "close" for mention in mentions) else "exact"
    chosen: set[str] = set()
    left = mentions
    while left:
        ids, used = _best(gazetteer, heard, left)
        chosen |= ids
        left = [mention for mention in left if mention not in used]
    return _match(gazetteer, chosen, certainty)


def _distinct(mentions: Iterable[_Mention]) -> list[_Mention]:
    """The mentions without repetitions: "Mopti … Mopti" is one, "Mopti, cercle de Mopti" too."""
    kept: dict[frozenset[str], _Mention] = {}
    for mention in mentions:
        kept.setdefault(mention.ids, mention)
    return list(kept.values())


def _best(
    gazetteer: Gazetteer, heard: Sequence[str], mentions: list[_Mention]
) -> tuple[frozenset[str], list[_Mention]]:
    """The places that most other mentions lie around, and the mentions thereby used up."""
    if len(mentions) == 1:
        return _of_level(gazetteer, mentions[0]), mentions
    best, used = _most_surrounded(gazetteer, heard, mentions, lambda mention: _of_level(gazetteer, mention))
    if len(used) > 1:
        return best, used
    namesake, around = _most_surrounded(gazetteer, heard, mentions, lambda mention: mention.namesakes)
    return (namesake, around) if len(around) > 1 else (best, used)


def _most_surrounded(
    gazetteer: Gazetteer,
    heard: Sequence[str],
    mentions: list[_Mention],
    places: Callable[[_Mention], Iterable[str]],
) -> tuple[frozenset[str], list[_Mention]]:
    best: frozenset[str] = frozenset()
    used: list[_Mention] = []
    for mention in mentions:
        for place_id in places(mention):
            around = [o for o in mentions if o is not mention and _surrounds(gazetteer, heard, o, mention, place_id)]
            if len(around) + 1 > len(used):
                best, used = frozenset({place_id}), [mention, *around]
            elif mention is used[0] and len(around) + 1 == len(used):
                best |= {place_id}
    return best, used


def _surrounds(gazetteer: Gazetteer, heard: Sequence[str], other: _Mention, mention: _Mention, place_id: str) -> bool:
    """Whether the other name is that of a cercle, region or commune around the place, not of one named beside it."""
    first, second = (other, mention) if other.start < mention.start else (mention, other)
    between = heard[first.end : second.start]
    if len(between) == 1 and between[0] in JOINERS:
        return False
    return bool(gazetteer.above(place_id) & other.ids)


def _of_level(gazetteer: Gazetteer, mention: _Mention) -> frozenset[str]:
    """Those of the announced level, or all where none is of it; a town may be called a commune and the reverse.

    Of names that are merely alike none is left out for its level: "commune de Banako" may be Banco, and Bamako.
    """
    ids, level = mention.ids, mention.level
    if level is None:
        return ids
    kept = frozenset(i for i in ids if _level(gazetteer, i) is level)
    if not kept and level not in (Level.CERCLE, Level.REGION):
        kept = frozenset(i for i in ids if _level(gazetteer, i) not in (Level.CERCLE, Level.REGION))
    if mention.certainty == "close":
        kept |= {i for i in ids if not any(gazetteer.names.share_a_name(i, each) for each in kept)}
    return kept or ids


def _level(gazetteer: Gazetteer, place_id: str) -> Level | None:
    place = gazetteer.get(place_id)
    return place.level if place else None


def _match(gazetteer: Gazetteer, ids: Collection[str], certainty: Certainty) -> Match:
    if len(ids) > _MOST_HOMONYMS * _OF_ONE_PLACE:
        return NOWHERE
    places = _one_of_each(gazetteer, ids)
    too_many = certainty == "close" and len({place.name for place in places}) > _MOST_NEAR
    return Match(places, certainty) if 0 < len(places) <= _MOST_HOMONYMS and not too_many else NOWHERE


def _one_of_each(gazetteer: Gazetteer, ids: Iterable[str]) -> tuple[Place, ...]:
    """The places without their own cercle, region or other layout: Mopti is once the commune, not four places."""
    places = [place for place_id in ids if (place := gazetteer.get(place_id))]
    places.sort(key=lambda place: (_PREFERENCE.index(place.level), not place.id.startswith("cod2025:"), place.id))
    kept: list[Place] = []
    namesakes: dict[str, list[tuple[str, frozenset[str]]]] = {}
    for place in places:
        mine, above = _as_today(gazetteer, place), gazetteer.above(place.id)
        spellings = gazetteer.names.spellings_of(place.id)
        others = {other for letters in spellings for other in namesakes.get(letters, ())}
        if any(theirs & above or mine & (theirs | gazetteer.above(other)) for other, theirs in others):
            continue
        kept.append(place)
        for letters in spellings:
            namesakes.setdefault(letters, []).append((place.id, mine))
    return tuple(kept)


def _as_today(gazetteer: Gazetteer, place: Place) -> frozenset[str]:
    """The id of a place and, for an old cercle or region, that of its namesake of 2023."""
    return frozenset({place.id, gazetteer.of_today(place)})


# The second answer


def _around(gazetteer: Gazetteer, heard: Sequence[str], places: Sequence[Place]) -> Iterator[frozenset[str]]:
    """What a second answer may name: first what lies around the places asked about, then any place.

    The question asks for the cercle, so "Mopti" is the cercle before it is the region.
    """
    close_by = {i for place in places for i in (*gazetteer.above(place.id), place.id)}
    mentions = _mentions(gazetteer, heard, _in_answer)
    for mention in mentions:
        if ids := mention.ids & close_by:
            yield frozenset(i for i in ids if _level(gazetteer, i) is Level.CERCLE)
            yield frozenset(ids)
    for mention in mentions:
        yield mention.ids


def _same(gazetteer: Gazetteer, place: Place, ids: frozenset[str]) -> bool:
    return place.id in ids and len(ids) == 1


def _inside(gazetteer: Gazetteer, place: Place, ids: frozenset[str]) -> bool:
    return bool(gazetteer.above(place.id) & ids)


def _beside(gazetteer: Gazetteer, place: Place, ids: frozenset[str]) -> bool:
    """Whether a place lies in the old cercle of one of these towns."""
    cercles = {i for i in gazetteer.above(place.id) if i.startswith("cod20") and len(i) > 12}
    return any(gazetteer.above(i) & cercles for i in ids)
