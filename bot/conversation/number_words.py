"""The number words 0–10 of French, English, Arabic and the national languages, as they are spelt in an SMS.

The facts are those of Chan (2019), Numeral Systems of the World's Languages, CC BY 4.0
(https://mpi-lingweb.shh.mpg.de/numeral/, as analysed by Numeralbank): we wrote them out anew, without tones, as people
spell them. Bambara 0 and its standard forms: bambara-text-normalization (MIT). French, English and Arabic are common
knowledge. No speaker has read the spellings of the national languages. They are drafts.
"""

import re
from collections.abc import Iterator

from bot.languages.text import fold, phonetic

# One line a language, 0 to 10 between the bars; a blank is a word that no source gives. Only what `phonetic` doesn't
# bring together needs a spelling of its own: ou and u, dj and j, c and k, doubled letters and accents are one already.
_WORDS = {
    "fr": "zero | un une | deux deu deus | trois troi troa trwa | quatre quatr katre kat quatres |"
          " cinq cink sinq sink cinque | six sis siss | sept set cet cept | huit uit wit huite ouit | neuf nef neuff |"
          " dix dis diss",
    "en": "zero | one | two | three | four | five | six | seven | eight | nine | ten",
    "bm": "fu | kelen kelin | fila fla | saba | naani | duuru | wooro |"
          " wolonwula wolonfila wolonwla wolonfla wolowula wolofila wolofla | seegin seguin segi |"
          " kononton konoton | tan",
    "ffm": "| go'o gooto | didi | tati | nay nai | joy | jeegom | jeddi | jetti | jeenay jenai |"
           " sappo sapo",
    "ses": "| afoo foo fo affo | ihinka hinka | ihinza hinza hinja | itaaci taaci tachi itatchi tatchi | igguu guu |"
           " idduu iddu duu | iyye iye | iyaaha yaaha | iyagga yagga | iwoy woy iwey wey",
    "snk": "| baane | fillo filli | sikko sikki | naxati naxato nahati nahato | karagi karago | tumu tumi |"
           " nyeru nyeri nieru nieri | segu segi | kabu kabi | tanmu tanmi tamu tami",
    "taq": "| iyan iyen ijen | essin | karad kerad | akkoz ekkoz |"
           " semmos semmus | sedis | essa | ettam | tezza tazza | maraw meraw",
    "mey": "| wahed wahid wahda wahde | ethnayn ethneyn athnayn thnayn thneyn thneytayn thnetayn |"
           " thlatha thlathe ethlath athlatha athlet tlata | arbaa arba erbaa arbaat |"
           " khamsa khamse xamsa hamsa akhmes akhmest | setta sette sett sitta | sebaa seba sabaa esbaa asbaa asbaat |"
           " thmanya thmaniya thmanye ethmen athmanya athmen athment tmanya | tessaa tesaa tissa etsaa atsaa atsaat |"
           " achra aachra ashra achara asher ashart",
    "ar": "صفر | واحد واحدة | اثنان اثنين إثنان إثنين اتنين ثنين | ثلاثة تلاتة ثلاث | أربعة اربع | خمسة خمس |"
          " ستة ست | سبعة سبع | ثمانية تمانية ثماني ثمان | تسعة تسع | عشرة عشر",
    # Buamu of Burkina Faso, the nearest that the source has to Bomu.
    "bmq": "| doun dou | nyou | tin | naa | honu | hezin | henyou | hetin | denu | pilu",
    # Jenaama, and what Tieyaxo says otherwise; Toro So, and what Donno So says otherwise.
    "bze": "| sanna sana | pende pendee fende | sikeun sikeu siyo | natan | kogon koogon | tumi |"
           " yieni yeni jeni | sekki | kappi kiawi | tchemi cemi",
    "dts": "| tii turu | ley lei | taanu | nayi nay | numoro numoron nno | kuloy kulei | soy | gaara gagara |"
           " tuwo tuo tugo | peru pelu",
    "myk": "| nigin | shoon shuun shoo shuu | taare taari tanre | shishyeere shisheere | kaguru kaguro | gbaara bara |"
           " gbaashoon gbarashun gbaashoo gbaarashuu | shoonlake shunlake shoolake shuulake | niginfoke niginlake | ke",
    # Sankaran Maninka of Guinea, the nearest that the source has to Kita.
    "mwk": "fu | kelen kilin | fila fula | saba sawa | naani | loolu looli | wooro wooron | wooronwula wooronfila |"
           " segin seyin sen | kononton konondo kononto | tan",
    # Supyire, the nearest that the source has to Syenara.
    "shz": "| ninkin | shuunni | taanre | sicyeere | kankuro | baani | baashuunni | baataanre | baasicyeere | ke",
    "kao": "| kilin kelen | fula fila | saba | naani | luulu | wooro | woorowula | sagi | xononto kononto | tan",
}  # fmt: skip

#: Everybody mixes these into a talk of another language, and Bambara is the language of the road and the market.
_MIXED_IN = ("fr", "bm", "en")
#: Hassaniya is written in Arabic letters and both are spoken by the same people.
_NEIGHBOURS = {"ar": ("mey",), "mey": ("ar",)}


_FRENCH_GU = re.compile("gu(?=[ei])")
_LAST_W = re.compile("w(?![aeiou])")


def considered(language: str) -> tuple[str, ...]:
    """The languages that a reply in a talk of this language may be written in, the talk's own first."""
    return tuple(dict.fromkeys((language, *_NEIGHBOURS.get(language, ()), *_MIXED_IN)))


def _key(word: str) -> str:
    """How a word sounds: `phonetic`, and gu is g before e and i, a last w is u, ة is ه."""
    return _LAST_W.sub("u", phonetic(_FRENCH_GU.sub("g", fold(word).replace("ة", "ه"))))


def _meanings(columns: str) -> Iterator[tuple[str, int]]:
    for number, words in enumerate(columns.split("|")):
        yield from ((_key(word), number) for word in words.split())


#: A Bambara word as short as `fu` (0) is not looked for in other talks: there it is French `fou`.
_SHORTEST_BORROWED = 3
#: Longer words aren't looked at: no number word comes near it.
_LONGEST = 20
_BY_LANGUAGE = {language: dict(_meanings(columns)) for language, columns in _WORDS.items()}


def number_of(word: str, language: str) -> int | None:
    """The number 0–10 that this word says in a talk of this language; None if it says none, or not the same in each
    language that the word may be taken from: `sabaa` is 7 in Hassaniya and `saba` 3 in Bambara.
    """
    if len(word) > _LONGEST:
        return None
    key = _key(word)
    said = {
        _BY_LANGUAGE[tag][key]
        for tag in considered(language)
        if key in _BY_LANGUAGE.get(tag, ()) and not (tag == "bm" != language and len(key) < _SHORTEST_BORROWED)
    }
    return said.pop() if len(said) == 1 else None
