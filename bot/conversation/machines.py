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
_WHEN = r"(?:[ ,]*(?:le|a|at|on|vers|\d+ fois|[\d/:.h-]+|gmt))*"
_PARTS = r"[ .,!?;:-]*"

_AUTO_REPLY = re.compile(
    r"\W*(?:"
    r"ceci est (?:une reponse|un message|un sms) (?:automatique|auto)\b"
    r"|(?:reponse|message|sms) automatique\W*(?::|-|$|\.)"
    r"|(?:this is an )?(?:automatic|automated|auto)[ -]?(?:reply|response|message)\b"
    r"|je suis (?:actuellement |presentement )?absente? du bureau (?:du|jusqu|et|pour|a partir)"
    r"|i am (?:currently )?(?:out of (?:the )?office|away from my (?:desk|office))\b|out of (?:the )?office\W*(?::|-|$|\.)"
    r"|(?:i'm|i am) (?:driving(?: right now| with do not disturb)?)\W*(?:$|(?:i will|i'll|and|with|sent|can't|call)\b)"
    r"|je suis (?:actuellement |en train de conduire|au volant)" + _PARTS + r"(?:je (?:te|vous) rappelle(?:rai)?"
    r"(?: plus tard| des que possible)?" + _PARTS + r"$)"
    r"|je conduis(?: actuellement| en ce moment)?" + _PARTS + r"je (?:te|vous) rappelle(?:rai)?(?: plus tard)?" + _PARTS + r"$"
    r"|(?:can't|cannot) talk (?:right )?now" + _PARTS + r"(?:what's up|call me later|i'll call you later|can i call you later)?"
    + _PARTS + r"$"
    r"|i'll call you (?:right back|later)" + _PARTS + r"$"
    r")"
)  # fmt: skip
_MISSED_CALL = re.compile(
    r"\W*(?:(?:orange|moov|malitel|telecel)\W+(?:\w+\W+)?)?(?:"
    r"(?:cher client\W+)?vous avez (?:recu |eu )?(?:un|une|\d+) (?:nouve\w+ )?(?:appels?|tentatives? d'appels?)"
    r"(?: manques?| en absence)? (?:de|du|depuis|provenant du) " + _NUMBER +
    r"|vous avez (?:un|\d+) (?:nouve\w+ )?appels? (?:manques?|en absence)" + _PARTS + r"(?:$|" + _NUMBER + r")"
    r"|vous avez (?:un|\d+) nouveaux? messages? (?:vocal|vocaux|sur votre (?:messagerie|repondeur|boite vocale))"
    r"|appels? (?:manques?|en absence)" + _PARTS + r"(?:de |du )?" + _NUMBER + _WHEN + _PARTS + r"$"
    r"|" + _NUMBER + r" a (?:essaye|tente|cherche) (?:de |a )?vous (?:joindre|appeler|contacter)" + _WHEN + _PARTS + r"$"
    r"|(?:votre correspondant|" + _NUMBER + r") est (?:maintenant|a nouveau|de nouveau) (?:joignable|disponible)"
    r"|(?:you have|you've got) (?:a|an|\d+) (?:new )?(?:missed calls?|voice ?mails?)\b|missed calls? from " + _NUMBER +
    r")"
)  # fmt: skip
_DELIVERY = re.compile(
    r"\W*(?:"
    r"id:\S+ sub:\d+ dlvrd:"
    r"|(?:votre |le )?(?:message|sms)(?: envoye)? (?:a|au|pour|vers|destine a|destine au) " + _NUMBER +
    r" (?:a ete|a bien ete|n'a pas|n'a pu|n a pas|est|non)\b"
    r"|(?:sms|message) (?:non )?(?:remis|delivre|distribue)\b" + _PARTS + r"(?:$|(?:a |au |le )?[+\d])"
    r"|(?:message|sms) (?:not delivered|delivered|undelivered|delivery failed)\b" + _PARTS + r"(?:$|to\b|[+\d])"
    r"|(?:delivery (?:report|receipt|failure|status)|undeliverable|message (?:delivery )?failure)\W*(?:$|:|-|to\b)"
    r"|(?:echec|erreur) (?:de l'|d')envoi (?:du|de votre) (?:message|sms) (?:a|au|vers) " + _NUMBER +
    r"|accuse de reception\W+(?:sms|message)?\W*(?:remis|delivre|" + _NUMBER + r")"
    r")"
)  # fmt: skip
_LOGIN_CODE = re.compile(
    r"\W*(?:"
    r"(?:g-)?\d{4,8} (?:est votre|is your) (?:code|google|whatsapp|facebook|telegram|instagram|tiktok|imo)\b"
    r"|(?:votre|your) (?:\w+ )?code (?:de verification|de securite|de confirmation|whatsapp|facebook|google|telegram|otp)"
    r"[^\d]{0,30}\d"
    r"|(?:your|votre) (?:whatsapp|facebook|google|telegram|imo|tiktok|verification|security) (?:\w+ )?code[^\d]{0,15}\d"
    r"|(?:whatsapp|telegram|facebook) code:? \d"
    r")"
)  # fmt: skip

_AS_A_CUSTOMER = re.compile(
    r"\W*(?:(?:orange|moov|malitel|telecel)(?: africa| mali| money| malitel)*\W+)?"
    r"(?:chere?s? (?:client|abonne)e?s?|dear (?:valued )?(?:customer|subscriber))\b"
)
_ACCOUNT = re.compile(
    r"\W*(?:(?:orange|moov|malitel|telecel|info)(?: africa| mali| money| malitel)*\W+)?(?:"
    r"(?:votre|le) (?:nouveau )?(?:solde|credit)(?: principal| de credit| actuel| orange money| moov money| restant)*"
    r" est(?: de)?\W*\d"
    r"|votre (?:forfait|bonus|pack|offre|abonnement|souscription|credit|recharge|ligne)\b[^?]{0,80}"
    r"\b(?:expirera?|arrive a expiration|a expire|est epuise|a ete (?:activee?|effectuee?|prise? en compte)|est activee?"
    r"|reste valable|valable jusqu)\b"
    r"|vous avez (?:recharge|consomme|gagne|recu|beneficie|ete credite|transfere|active|souscrit)\b[^?]{0,60}\d+ ?(?:f|fcfa|cfa|mo|go|min|sms)\b"
    r"|(?:transfert|paiement|depot|retrait|recharge) (?:de|d'un montant de) \d[\d ., ]* ?(?:f|fcfa|cfa)\b"
    r"|your (?:balance|bundle|credit|account) (?:is|has|will|was)\b"
    r")"
)  # fmt: skip
_PRODUCT = re.compile(
    r"\b(?:orange|moov|malitel|telecel|forfaits?|bonus|recharges?|rechargez|credit|solde|pass|pack|offres?|promo|internet"
    r"|sms|mo|go|fcfa|ligne|puce|sim|airtime|bundle|data)\b"
)
_LEDGER = re.compile(
    r"\b(?:nouveau solde|votre solde|solde (?:est|actuel|restant|disponible)|(?:id|ref|reference)(?: de)?(?: la)?(?: transaction)?\W*[:=]? ?[a-z]*\d"
    r"|txn|trans(?:action)? ?id|validite|valables?|jusqu'au|expire\w*)\b|" + r"[*#]\d{2,4}(?:\*\d+)*#"
)  # fmt: skip
#: "Composez #144#": a code, and the voice of somebody who sells.
_CODE_TO_DIAL = re.compile(
    r"\b(?:composez|tapez|en tapant|en composant|appelez|envoyez|via|au|sur|dial|faites|souscription|activation)\W{0,3}"
    r"(?:le |au |par )?[*#]\d{2,4}(?:\*\d+)*#?"
)
_SELLS = re.compile(
    r"\b(?:profitez|beneficiez|gagnez|activez|souscrivez|rechargez|abonnez|offerte?s?|promo|promotion|mega|felicitations"
    r"|bonne nouvelle|decouvrez|valables?|gratuits?|dites|jusqu'a \d+|\d+ ?%|\d+ ?(?:go|mo)\b)"
)
_A_PERSON = re.compile(
    r"\b(?:je|j'\w+|j ai|moi|mon|ma|mes|m'\w+|me|i|i'm|my|nous (?:n'|ne|sommes|avons|voulons)|chez nous)\b"
)


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
    if _AS_A_CUSTOMER.match(said):
        return bool(_PRODUCT.search(said))
    if _ACCOUNT.match(said):
        return bool(_LEDGER.search(said) and any(character.isdecimal() for character in said))
    return bool(_CODE_TO_DIAL.search(said) and _SELLS.search(said) and _PRODUCT.search(said))
