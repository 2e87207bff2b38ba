"""Messages that no person wrote: a phone's automatic reply, an operator's advert or notice, a receipt.

They are kept like everything else, only not answered: an answer would cost money and may start a loop. Better to answer
a machine than to leave a person without an answer, so a message must *begin* as machines write and, for an operator,
hold more than one sign; whoever says "I" or "my" is a person. Wordings: those of Android, iOS and Outlook, and of the
SMS that operators of Mali send (shared facts on telecoms name the operators and their codes).
"""

import re
from enum import StrEnum

from bot.languages.text import fold


class Machine(StrEnum):
    """Why a message is taken for a machine's."""

    AUTO_REPLY = "auto_reply"
    MISSED_CALL = "missed_call_notice"
    OPERATOR = "operator"
    DELIVERY = "delivery_notice"
    LOGIN_CODE = "login_code"


_NUMBER = r"(?:le |numero |no )*\+?\d[\d .-]{4,18}\d"
_WHEN = r"[ ,\d/:.h-]*(?:(?:le|a|at|on|vers|fois|gmt)[ ,\d/:.h-]+)*"
_POINTS = r"[ .,!?;:-]*"
_BRAND = r"(?:orange|moov|malitel|telecel)(?: ?(?:africa|mali|malitel|money|info))*"


def _begins(*ways: str) -> re.Pattern[str]:
    """A message that begins in one of these ways."""
    return re.compile(rf"\W*(?:{'|'.join(ways)})")


_AUTO_REPLY = _begins(
    r"ceci est (?:une reponse|un message|un sms) (?:automatique|auto)\b",
    r"(?:reponse|message|sms) automatique\W*(?::|-|$|\.)",
    r"ce (?:message|sms) est (?:automatique|genere automatiquement)\b",
    rf"(?:merci de )?ne pas (?:y )?repondre a ce (?:message|sms|numero){_POINTS}(?:$|ceci est )",
    r"[^?]{0,80}\((?:(?:message|reponse|sms) automatique|automatic (?:message|reply))\)\W*$",
    r"[^?]{0,80}(?:merci de|veuillez) ne pas (?:y )?repondre(?: a ce (?:message|sms))?\W*$",
    r"رد (?:آلي|الي|تلقائي)\b",
    r"(?:this is an )?(?:automatic|automated|auto)[ -]?(?:reply|response|message)\b",
    r"je suis (?:actuellement |presentement )?absente? du bureau (?:du|jusqu|et|pour|a partir)",
    r"i am (?:currently )?(?:out of (?:the )?office|away from my (?:desk|office))\b",
    r"out of (?:the )?office\W*(?::|-|$|\.)",
    r"(?:i'm|i am) driving(?: right now| with do not disturb.*)?" + _POINTS + r"$",
    r"(?:i'm|i am) driving(?: right now)?\W+(?:i will|i'll) call you",
    rf"je (?:suis au volant|conduis)(?: actuellement)?{_POINTS}je vous rappelle(?:rai)?(?: plus tard)?{_POINTS}$",
    # What iOS and Android offer to answer a call with; "je ne peux pas parler, ils sont là" is a person in danger.
    rf"(?:desole|excusez[- ]moi){_POINTS}je ne peux pas (?:parler|repondre) (?:maintenant|pour (?:le moment|l'instant))"
    rf"{_POINTS}(?:je (?:vous|te) rappelle(?:rai)?(?: plus tard)?{_POINTS})?$",
    r"je ne peux pas (?:parler|repondre) pour (?:le moment|l'instant)"
    rf"{_POINTS}je (?:vous|te) rappelle(?:rai)?(?: plus tard)?{_POINTS}$",
    rf"sorry{_POINTS}(?:i )?can't talk (?:right )?now{_POINTS}$",
    rf"can't talk (?:right )?now{_POINTS}(?:what's up|call me later|can i call you later){_POINTS}$",
)
_MISSED_CALL = _begins(
    rf"(?:{_BRAND}\W+)?(?:cher client\W+)?vous avez (?:recu |eu )?(?:un|\d+) (?:nouve\w+ )?appels?"
    rf"(?: manques?| en absence)? (?:de|du|depuis) {_NUMBER}",
    rf"vous avez (?:un|\d+) (?:nouve\w+ )?appels? (?:manques?|en absence){_POINTS}(?:$|{_NUMBER})",
    r"vous avez (?:un|\d+) nouveaux? messages? (?:vocal|vocaux|sur votre (?:messagerie|repondeur|boite vocale))",
    rf"appels? (?:manques?|en absence){_POINTS}(?:de |du )?{_NUMBER}{_WHEN}{_POINTS}$",
    rf"{_NUMBER} a (?:essaye|tente|cherche) (?:de |a )?vous (?:joindre|appeler|contacter){_WHEN}{_POINTS}"
    rf"(?:rappelez(?:-le)?{_POINTS})?$",
    rf"{_NUMBER} vous a appele \d+ fois\b",
    rf"(?:votre correspondant )?(?:{_NUMBER} )?est (?:maintenant|a nouveau|de nouveau) (?:joignable|disponible)",
    # A request to be rung: free of charge, sent by the network for whoever has no credit.
    rf"(?:(?:bonjour|call me|rappelle[- ]moi|svp|service(?: gratuit)?|{_BRAND})\W+){{0,5}}"
    rf"(?:le client |votre correspondant )?{_NUMBER} vous (?:demande|prie) de l[ea] rappeler"
    rf"{_POINTS}(?:$|service\b|{_BRAND})",
    r"(?:messagerie vocale|message vocal)\W+vous avez (?:un|\d+) ",
    rf"missed call alert\W+{_NUMBER}",
    r"لديك \d+ مكالم\w+ (?:فائت|فايت|لم)\w*",
    r"(?:you have|you've got) (?:a|an|\d+) (?:new )?(?:missed calls?|voice ?mails?)\b",
    rf"missed calls? from {_NUMBER}",
)
_DELIVERY = _begins(
    r"id:\S+ sub:\d+ dlvrd:",
    rf"(?:votre |le )?(?:message|sms)(?: envoye)? (?:a|au|pour|vers) {_NUMBER} (?:a ete|a bien ete|n'a pas|n'a pu)\b",
    rf"(?:sms|message) (?:non )?(?:remis|delivre|distribue)\b{_POINTS}(?:$|(?:a |au |le )?[+\d]|destinataire\b)",
    rf"delivery failed\W+(?:to )?{_NUMBER}",
    rf"(?:sms|message) (?:not delivered|delivered|undelivered|delivery failed)\b{_POINTS}(?:$|to\b|[+\d])",
    r"(?:delivery (?:report|receipt|failure|status)|undeliverable|message (?:delivery )?failure)\W*(?:$|:|-|to\b)",
    rf"echec (?:de l'|d')envoi (?:du|de votre) (?:message|sms) (?:a|au|vers) {_NUMBER}",
    rf"accuse de reception\W+(?:sms |message )?(?:remis|delivre|{_NUMBER})",
)
_LOGIN_CODE = _begins(
    r"(?:g-)?\d{4,8} (?:est votre|is your) (?:code|google|whatsapp|facebook|telegram|instagram|tiktok|imo)\b",
    r"votre code (?:de verification|de securite|de confirmation|whatsapp|facebook|google|telegram|otp)\D{0,30}\d",
    r"your (?:whatsapp|facebook|google|telegram|imo|tiktok|verification|security) (?:\w+ )?code\D{0,15}\d",
    r"(?:whatsapp|telegram|facebook) code:? \d",
    r"(?:<#> )?(?:votre )?code (?:otp|whatsapp|facebook|google|telegram)\W+\d",
)

_TO_A_CUSTOMER = _begins(
    rf"(?:{_BRAND}\W+)?(?:chere?s? (?:client|abonne)e?s?|dear (?:valued )?(?:customer|subscriber))\b"
)
_OF_AN_ACCOUNT = _begins(
    rf"(?:{_BRAND}\W+)?(?:votre|le) (?:nouveau )?(?:solde|credit)(?: principal| de credit| actuel| restant| {_BRAND})*"
    r" est(?: de)?\W*\d",
    rf"(?:{_BRAND}\W+)?votre (?:forfait|bonus|pack|offre|abonnement|souscription|credit|recharge|ligne)\b[^?]{{0,80}}"
    r"\b(?:expire(?:ra)?|a expire|est epuise|a ete (?:activee?|effectuee?|renouvelee?)|est activee?|valable jusqu)\b",
    rf"(?:{_BRAND}\W+)?vous avez (?:recharge|consomme|gagne|recu|beneficie|ete credite|transfere|active|souscrit)\b"
    r"[^?]{0,60}\d ?(?:f|fcfa|cfa|mo|go|min|sms)\b",
    rf"(?:{_BRAND}\W+)?(?:transfert|paiement|depot|retrait|recharge) de \d[\d ., ]* ?(?:f|fcfa|cfa)\b",
    r"your (?:balance|bundle|credit|account) (?:is|has|will|was)\b",
    rf"(?:{_BRAND}\W+)?votre compte (?:{_BRAND} )?a ete (?:credite|debite) (?:de|du)\b",
    r"sos credit\W+vous avez (?:emprunte|recu)\b",
    r"رصيدك (?:الحالي )?(?:هو )?\d",
)
_IN_A_LEDGER = re.compile(
    r"\b(?:nouveau solde|votre solde|solde (?:est|actuel|restant|disponible)|(?:id|ref|reference)\W{1,2}[a-z]*\d|txn"
    r"|trans(?:action)? ?id|validite|valables?|jusqu'au|expire\w*|solde\W{1,2}\d|rembours\w+|frais\W{1,2}\d"
    r"|renouvele\w*|صالح\w*)"
)
_PRODUCT = re.compile(
    r"\b(?:orange|moov|malitel|telecel|forfaits?|bonus|recharge[sz]?|credit|solde|pass|pack|offres?|promo|internet|sms|mo"
    r"|go|min|fcfa|ligne|sim|bundle|data)\b"
)
#: A code, and the voice of somebody who sells.
_DIAL = re.compile(
    r"\b(?:composez|tapez|en tapant|en composant|appelez|envoyez|via|au|sur|dial|faites|souscription|activation)\W{0,3}"
    r"(?:le |au |par )?[*#]\d{2,4}(?:\*\d+)*#"
)
_SELLS = re.compile(
    r"\b(?:profitez|beneficiez|gagnez|activez|souscrivez|rechargez|recevez|abonnez|offre|offerte?s?|promo|promotion|mega"
    r"|felicitations|bonne nouvelle|decouvrez|valables?|gratuite?s?|\d+ ?%|\d+ ?(?:go|mo)\b)"
)
#: A code that is dialled; nobody writes one in a report.
_CODE = re.compile(r"(?<!\S)[*#]\d{2,4}(?:\*\d+)*#")
#: To send a word to a number of five digits at most, or to be charged for each message.
_PAID_FOR = re.compile(
    r"\b(?:envoyez|envoie|repondez)\b[^?.]{0,30}\bau \d{3,5}\b|\b\d{2,4} ?f(?:cfa)?/(?:sms|jour|msg|min)\b"
    r"|\bvous avez ete selectionn\w+ pour gagner\b"
)
#: An operator speaks of itself to a customer: "Orange vous informe".
_IN_ITS_NAME = _begins(
    rf"{_BRAND} (?:vous (?:informe|souhaite|offre|propose|remercie|rappelle|invite)|t'offre)\b",
    rf"votre demande est en cours de traitement\b[^?]{{0,60}}\b{_BRAND}\W*$",
)
_A_PERSON = re.compile(r"\b(?:je|j'\w+|moi|mon|ma|mes|m'\w+|me|i|i'm|my|nous (?:ne|sommes|avons|voulons)|chez nous)\b")


def from_machine(text: str) -> Machine | None:
    """Why no person wrote this message; None if one did or may have. It reads the first 600 characters."""
    said = fold(text[:_ENOUGH])
    for machine, pattern in _BEGINNINGS:
        if pattern.match(said):
            return machine
    return Machine.OPERATOR if _from_operator(said) else None


_ENOUGH = 600
_BEGINNINGS = (
    (Machine.AUTO_REPLY, _AUTO_REPLY),
    (Machine.MISSED_CALL, _MISSED_CALL),
    (Machine.DELIVERY, _DELIVERY),
    (Machine.LOGIN_CODE, _LOGIN_CODE),
)


def _from_operator(said: str) -> bool:
    if _A_PERSON.search(said):
        return False
    if _TO_A_CUSTOMER.match(said):
        return bool(_PRODUCT.search(said))
    if _OF_AN_ACCOUNT.match(said):
        return bool(_IN_A_LEDGER.search(said) and any(character.isdecimal() for character in said))
    if _IN_ITS_NAME.match(said):
        return True
    if _CODE.search(said) or _PAID_FOR.search(said):
        return bool(_SELLS.search(said) or _PRODUCT.search(said))
    return bool(_DIAL.search(said) and _SELLS.search(said) and _PRODUCT.search(said))
