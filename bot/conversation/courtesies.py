"""Words that stand around an answer and change nothing, in the languages that people mix; none says yes or no."""

import re

#: Greetings, thanks, blessings, and whom one speaks to.
COURTESIES = frozenset(
    "svp stp sil s'il s il vous te plait merci please thanks thank you bonjour bonsoir bjr bsr salut salam salaam"
    " salamou aleykoum salamalekum alekoum hello monsieur madame mr mme messieurs chef frere soeur grand boss"
    " patron tonton tantie papa maman mon votre nos notre desole pardon excusez dieu alla allah grace que benisse"
    " garde inchallah inshallah inchaallah nchallah bismillah walahi wallahi wallaye vraiment cordialement courage"
    " kosebe barika barka sabali haketo jaaraama jaraama jarama albarka foofo fofo nawaari nawari nuwari irkoy"
    " saabu tanemmert tanemmirt sanne de alhamdoulilah alhamdoulillah hamdoulilah hamdoulillah alhamdulillah"
    " alhamdulilah alhamdou lilah شكرا جزيلا من فضلك فضلكم ان شاء الله كثيرا جدا يا اخي السلام عليكم مرحبا حمد لله"
    " والله بارك فيكم".split()
)
#: "It is", "I want", "one must": what makes a sentence of a word.
FRAMES = frozenset(
    "c cest c'est c'etait etait est ce je j veux voudrais aimerais prefere choisis choisi prends prend on nous"
    " suis sommes il faut y a ai donc alors don ye yan".split()
)
#: The greetings and thanks of Bambara, whose words by themselves are the times of a day.
_GREETED = re.compile(r"\b(?:(?:i|aw) ?ni ?(?:ce|tie|tche|baara|sogoma|tile|wula|su)|n ?ko|bien sur)\b")
#: "Merci bien": beside a number "bien" would be an option of its own; "pas facile du tout" is "pas facile".
_THANKED = re.compile(
    r"\b(?:merci|mrc) (?:bien|beaucoup|bcp|infiniment|quand meme|d'avance)\b|(?<!\bpas)(?<!\bpa) du tout$"
)


def without_greeting(folded: str) -> str:
    """The folded words without what greets or thanks in words that would mean something by themselves."""
    return _THANKED.sub(" ", _GREETED.sub(" ", folded))
