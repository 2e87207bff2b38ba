"""Machines are known by how they begin; a person who speaks of operators, credit or a phone is never one."""

import csv
from pathlib import Path

import pytest

from bot.conversation.machines import Machine, from_machine

# Wordings of Android, iOS and Outlook; operators' SMS are written after those that are seen in Mali, amounts made up.
MACHINES = [
    (Machine.AUTO_REPLY, "Ceci est une réponse automatique. Je suis absent jusqu'au 12 mars."),
    (Machine.AUTO_REPLY, "Ceci est un message automatique, merci de ne pas répondre."),
    (Machine.AUTO_REPLY, "Réponse automatique : je suis en congé"),
    (Machine.AUTO_REPLY, "Automatic reply: mission à Ségou"),
    (Machine.AUTO_REPLY, "[Auto-reply] I'm busy"),
    (Machine.AUTO_REPLY, "I am driving"),
    (Machine.AUTO_REPLY, "I’m driving right now. I’ll call you later."),
    (Machine.AUTO_REPLY, "I'm driving with Do Not Disturb While Driving turned on."),
    (Machine.AUTO_REPLY, "Je conduis, je vous rappelle plus tard."),
    (Machine.AUTO_REPLY, "Je suis au volant. Je vous rappelle."),
    (Machine.AUTO_REPLY, "Can't talk now. What's up?"),
    (Machine.AUTO_REPLY, "Out of office: back on Monday"),
    (Machine.AUTO_REPLY, "I am out of the office until 3 January"),
    (Machine.AUTO_REPLY, "Je suis absente du bureau jusqu'au 15/04."),
    (Machine.MISSED_CALL, "Vous avez reçu un appel de 76123456 le 12/03 à 10:25"),
    (Machine.MISSED_CALL, "Vous avez reçu 2 appels du +223 76 12 34 56."),
    (Machine.MISSED_CALL, "Orange: Vous avez recu 1 appel manque du 66123456"),
    (Machine.MISSED_CALL, "Vous avez 3 appels en absence."),
    (Machine.MISSED_CALL, "Appel manqué: +22376123456 le 12/03/2026 à 10h25"),
    (Machine.MISSED_CALL, "Le 76 12 34 56 a essayé de vous joindre le 12/03 à 08:10."),
    (Machine.MISSED_CALL, "Votre correspondant est de nouveau joignable."),
    (Machine.MISSED_CALL, "Vous avez 1 nouveau message vocal. Composez le 333."),
    (Machine.MISSED_CALL, "You have 2 missed calls from +22376123456"),
    (Machine.OPERATOR, "Cher client, votre forfait internet expire demain. Composez #144#."),
    (Machine.OPERATOR, "Chère cliente, Orange vous offre 50% de bonus sur toute recharge."),
    (Machine.OPERATOR, "Cher abonné, votre ligne sera suspendue. Identifiez votre SIM en agence Moov."),
    (Machine.OPERATOR, "CHER CLIENT ORANGE, profitez de 1Go a 500F"),
    (Machine.OPERATOR, "Dear customer, your data bundle is finished."),
    (Machine.OPERATOR, "Votre solde est de 250 FCFA, valable jusqu'au 12/04/2026."),
    (Machine.OPERATOR, "Votre solde principal est: 1200 FCFA. Validité 30 jours."),
    (Machine.OPERATOR, "Vous avez reçu 5000 FCFA de 76123456. Nouveau solde: 12 000 FCFA. ID: PP260312.1025.A1"),
    (Machine.OPERATOR, "Vous avez rechargé 1000 FCFA. Votre solde est de 1250 FCFA."),
    (Machine.OPERATOR, "Transfert de 10 000 FCFA vers 66123456 réussi. Nouveau solde: 500 FCFA. Ref: MP260312"),
    (Machine.OPERATOR, "Votre forfait 500 Mo a été activé, valable jusqu'au 14/03 à 23h59."),
    (Machine.OPERATOR, "Votre bonus de 200 F expire le 12/03."),
    (Machine.OPERATOR, "MEGA PROMO! 100% de bonus sur toutes vos recharges ce vendredi. Composez #144#"),
    (Machine.OPERATOR, "Malitel: gagnez 2Go en tapant *123*4#"),
    (Machine.OPERATOR, "Telecel vous offre 60 min gratuites. Souscription *144#. Profitez!"),
    (Machine.OPERATOR, "Bonne nouvelle! Recevez les infos foot par SMS. Activation #555#"),
    (Machine.DELIVERY, "id:0123456789 sub:001 dlvrd:001 submit date:2603121025 done date:2603121026 stat:DELIVRD"),
    (Machine.DELIVERY, "Votre message au 76123456 a été remis."),
    (Machine.DELIVERY, "Votre SMS vers +223 66 12 34 56 n'a pas pu être délivré"),
    (Machine.DELIVERY, "Message non remis"),
    (Machine.DELIVERY, "Message not delivered to +22376123456"),
    (Machine.DELIVERY, "Delivery report: +22376123456 delivered"),
    (Machine.DELIVERY, "Undeliverable: bonjour"),
    (Machine.LOGIN_CODE, "Your WhatsApp code: 123-456"),
    (Machine.LOGIN_CODE, "G-482913 is your Google verification code."),
    (Machine.LOGIN_CODE, "48291 est votre code Facebook"),
    (Machine.LOGIN_CODE, "Votre code de vérification est 482913"),
]

# What people may write who speak of the same things.
PEOPLE = """
Orange ne passe plus chez nous depuis 3 jours
Le réseau Orange est coupé à Konna
Malitel ne marche plus, l'antenne a été brûlée
Moov est tombé, on ne peut plus appeler
mon forfait est fini je vous écris demain
le forfait est fini
Je n'ai plus de solde
solde
mon solde est de 0 F appelez moi
Le solde des enseignants n'est pas payé depuis 3 mois
Votre aide de 5000 FCFA n'est pas arrivée
Votre bonus de 2000 F n'est jamais arrivé aux femmes
Vous avez reçu mon message?
Vous avez reçu un appel de mon frère hier
vous avez reçu 3 sacs de riz pour la commune où sont ils
Vous avez reçu 5000 F de notre part pour l'acte de naissance, ou est l'acte?
J'ai reçu un appel de 76123456 qui me menace
Un appel du 76123456 nous menace, ils veulent de l'argent
76123456 a essayé de vous appeler hier, c'est mon numéro
Le 76 12 34 56 a essayé de vous joindre pour l'attaque de Konna
mon téléphone est en mode silencieux
mon téléphone est en mode avion la nuit à cause d'eux
Mon téléphone est en mode vibreur, envoyez SMS
je conduis les bêtes au marché
Je conduis le bus, je vous rappelle plus tard il y a des hommes armés à Boni
je suis au volant, la route est coupée à Douentza
je suis en réunion avec le maire, il refuse
Je suis absent du village
Le maire est absent du bureau depuis un mois
absent du bureau, le sous-préfet ne revient pas
il faut recharger le forage
la boutique Orange de Mopti a été pillée
la boutique vend du crédit aux bandits
ils prennent le crédit Orange Money de force
on m'a volé 50000 sur Orange Money
Orange Money: on m'a escroqué, on m'a dit composez #144# pour gagner
quand je fais #144# on me dit solde insuffisant
tapez #144# et envoyez moi du crédit svp
envoyez du credit au 76123456 svp
#144#
*123#
Cher monsieur, le puits est à sec
Chers amis, venez vite
chers parents la cantine est fermée
Cher client est ce que c'est fini?
cher client de la boutique, la route est coupée
Bonjour, les clients du marché ont fui
promotion de la paix au village
le bonus des soldats
nous voulons internet
les puces des téléphones sont prises par les hommes armés
ils contrôlent les puces et les cartes SIM
Ce message est pour vous dire que le pont est cassé
Ceci est une urgence
ceci est un message de la part du chef de village
ne pas répondre à ce message, on fouille mon téléphone
ne me répondez pas
message pour le maire: l'eau est finie
votre message est arrivé merci
Votre message n'est pas clair
votre message au village a été mal compris
message reçu
accusé de réception merci
l'arrêté du maire n'a pas été envoyé
code
mon code est 48271
votre code est 1234?
suivi 48271
Le code de la route n'est pas respecté
appel manqué
bip
j'ai fait un bip
rappelez moi au 76123456
please call me
I am driving my cattle to the market
I am out of food
the office is closed
can't talk now they are here
can't talk now
I'll call you later
I am driving cattle, call you later
je ne peux pas parler ils sont là
je vous rappelle
Le prix de la recharge a augmenté à 1100 F
transfert d'argent volé
Transfert de 10 000 FCFA volé hier au marché
retrait de 5000 F au lieu de 2000
votre offre de formation est valable jusqu'à quand
offre d'emploi
une explosion 2 go
100% des maisons sont brûlées
ils disent profitez de la nuit pour partir, allez sur #
50 % de la récolte est perdue
Vous avez gagné, merci, la paix est revenue
félicitations pour votre travail
bonne nouvelle, l'école est ouverte
Bonne nouvelle l'antenne Orange marche, appelez le 80001115
kunnafoni
dɛmɛ
ayi
oui
1
i ni sogoma
wariw sonyana orange money la
an ka telefɔni tɛ ka taa
مساعدة
شبكة اورنج مقطوعة
""".strip().splitlines()


@pytest.mark.parametrize(("machine", "text"), MACHINES)
def test_a_machine_is_known_and_why(machine: Machine, text: str) -> None:
    assert from_machine(text) is machine


@pytest.mark.parametrize("text", PEOPLE)
def test_a_person_who_speaks_of_the_same_things_is_a_person(text: str) -> None:
    assert from_machine(text) is None


@pytest.mark.parametrize(("machine", "text"), MACHINES)
def test_whoever_passes_a_machines_message_on_in_their_own_words_is_a_person(machine: Machine, text: str) -> None:
    assert from_machine(f"J'ai reçu ceci, est-ce vrai? {text}") is None


@pytest.mark.parametrize(
    "text",
    [
        "",
        " ",
        "…",
        "\x00",
        "#" * 5000,
        "1 " * 3000,
        "vous avez recu " * 300,
        "76123456 a essaye de vous joindre " + "1" * 500 + "x",
        "appel manque 7612345" + "1:" * 290 + "x",
        "cher client" * 99,
    ],
)
def test_whatever_comes_is_read_to_an_end(text: str) -> None:
    from_machine(text)


def test_no_reply_of_the_corpus_is_a_machines() -> None:
    for name in ("tuned.csv", "held_out.csv"):
        with (Path(__file__).parent / "replies" / name).open(encoding="utf-8", newline="") as lines:
            texts = [row["text"] for row in csv.DictReader(lines)]
        assert texts
        assert [text for text in texts if from_machine(text)] == []


def test_the_reason_is_a_plain_word() -> None:
    assert from_machine("I am driving") == "auto_reply"


def _lines(name: str) -> list[str]:
    return (Path(__file__).parent / "first_words" / name).read_text(encoding="utf-8").splitlines()


def test_the_notices_of_networks_and_telephones_are_nearly_all_known() -> None:
    unknown = [text for text in _lines("machines.txt") if not from_machine(text)]
    assert len(unknown) <= 0.05 * len(_lines("machines.txt")), unknown


def test_no_report_that_looks_like_them_is_left_without_an_answer() -> None:
    assert [text for text in _lines("people.txt") if from_machine(text)] == []
