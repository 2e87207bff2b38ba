"""What an option is called besides its own words, by its value or its question and value: what people say for it who
don't read it out. For a yes or a no these are taken to the letter.

The languages in French and by their own names; else words of everyday French, Bambara and Arabic. Whoever hears another
adds it here, where it can't mean another option of the same question.
"""

_NAMES = {
    "bm": "bambara", "ffm": "peul;peulh;foulani;poular", "ses": "songhai;sonrai;songoi;koroboro",
    "taq": "tamachek;touareg;tamasaqt;kel tamachek", "snk": "sarakole", "myk": "minianka", "mwk": "malinke;maninkakan",
    "shz": "syenara", "kao": "khassonke;xaasongaxango", "dts": "dogoso", "bmq": "bobo",
    "ar": "arabe;hassaniya;العربية;عربي",
    "now": "maintenant;tout de suite;immediatement;urgent;vite;le plus vite possible;joona;teliya la;حالا;"
    "فورا;بسرعة;عاجل",
    "today": "aujourd'hui meme;dans la journee;ce jour;ce matin;bi yere",
    "yesterday": "hier soir;hier matin;hier nuit;la veille;kunun su",
    "week": "dans les jours qui viennent;ces jours ci",
    "before": "il y a longtemps;longtemps;depuis longtemps",
    "none": "pas la peine;ce n'est pas la peine;pas necessaire;aucun;aucune reponse;je n'ai pas besoin;"
    "pas besoin de reponse;لا داعي;بلا حاجة",
    "morning": "demain matin;matinee;الصبح",
    "afternoon": "tile fe;العصر",
    "evening": "soiree;su fe;المسا",
    "person": "quelqu'un;voisin;voisine;ami;amie;parent;frere;soeur;sigi nyogon;جار;صديق",
    "phone": "tel;portable;whatsapp;facebook;sms;portabli;الهاتف;تلفون;واتساب;الجوال",
    "radio": "راديو;الراديو",
    "town_hall": "maire;la commune;البلدية",
    "school": "lycee;enseignants;kalanso;المدرسة",
    "health": "hopital;dispensaire;cscom;csref;clinique;docteur;medecin;مستشفى;المستشفى",
    "justice": "tribunal;juge;محكمة;المحكمة",
    "security": "police;policiers;gendarmes;gendarmerie;armee;militaires;soldats;الشرطة;الجيش",
    "complaint": "plainte;je me plains;reclamation;شكوى",
    "suggestion": "proposition;suggestion;اقتراح",
    "infos": "infos;nouvelles;informations",
    "river": "niveau de l'eau;joliba;الواد",
    "good": "ca va;en paix;here;hera;jam;baani;بخير;كويس;لاباس",
    "middling": "comme ci comme ca;passable;متوسط;نص نص",
    "hard": "dur;pas facile;grave;صعيب",
    "call": "appelez moi;me rappeler;me telephoner;كلموني",
    "pause": "repos;استراحة",
    "still": "moi;c'est moi;moi meme;bien moi;ne yere don;هو لي;انا",
    "replaced": "une autre personne;un autre;غيري",
    "stop": "enlevez moi;quitter;sortir de la liste",
    "little": "petit peu;شوي;شوية",
    "part": "la moitie;بعضه",
    "all": "les deux",
    "ongoing.yes": "ca continue;encore;toujours;مستمر;ما زال;مازال",
    "ongoing.no": "c'est fini;fini;termine;c'est termine;a banna;انتهى",
    "arrived.yes": "tout;tout est arrive;bien recu",
    "arrived.no": "pas encore;toujours rien;rien n'est arrive;rien recu",
    "helped.yes": "ca m'a aide;ca nous a aide;ca a aide;a ye n deme;ساعدني",
    "helped.no": "pas encore;toujours rien;ca n'a rien change;rien change;"
    "ca n'a pas aide;a ma n deme;foyi ma ke;لم يساعد;ما ساعدني;لا شيء",
    "sort.thanks": "merci;merci beaucoup;remerciement;remerciements;شكرا",
    "consent.yes": "vous pouvez",
}  # fmt: skip
ALSO_CALLED = {value: tuple(names.split(";")) for value, names in _NAMES.items()}
