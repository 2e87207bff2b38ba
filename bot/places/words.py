"""Words around places, in French and Bambara: what announces one, and what only looks like one (folded)."""

from bot.places.gazetteer import Level

# "cercle de Mopti": the word says which of several places of one name is meant.
LEVELS = {
    "region": Level.REGION,
    "cercle": Level.CERCLE,
    "serikili": Level.CERCLE,
    "commune": Level.COMMUNE,
    "komini": Level.COMMUNE,
    "ville": Level.TOWN,
    "quartier": Level.QUARTER,
    "kartiye": Level.QUARTER,
    "village": Level.VILLAGE,
    "dugu": Level.VILLAGE,
    "منطقة": Level.REGION,
    "ولاية": Level.REGION,
    "دايرة": Level.CERCLE,
    "بلدية": Level.COMMUNE,
    "مدينة": Level.TOWN,
    "حي": Level.QUARTER,
    "قرية": Level.VILLAGE,
}
LINKS = frozenset("de du des d la le l rurale urbaine".split())

# In the answer to "which commune or quarter?" these may stand around the name.
FILLERS = frozenset(LEVELS) | frozenset(
    """, a au aux de du des d la le les l dans en chez vers pres proche cote ici c est cest il elle on je j suis habite
    vis nous sommes habitons me trouve ma moi mon notre nom commune rurale urbaine secteur zone localite district ville
    centre et ou vraiment bonjour bonsoir merci svp oui mali au niveau sur depuis se passe passe ca cela
    attaque attaques marche foire ecole route carrefour goudron mosquee hopital cscom csref mairie gare fleuve brousse
    hier matin soir nuit midi maintenant aujourd hui demain urgent urgence aidez aide vite famille chef maire hameau
    campement population gens monde appelle s appele situe axe sortie entree devant derriere apres avant frontiere
    mine orpaillage barrage bjr bsr slt
    notre votre mes nos y avons peur voila voici quoi rien bamakois ko ce cette cet toute
    ne n an anw i be b ye yan yen kono kan la na ka don bo bora to so sigi sigilen nin o
    the at of near i am my from town
    المدينة في من الي قرب عند انا نحن هنا بلدة نعم لا شكرا السلام عليكم""".split()
)

# "entre Gao et Ansongo": these join two places of which neither says where the other is.
JOINERS = frozenset("et ou ani ni vers jusqu jusque a".split())

# A name that is short or also an ordinary word counts inside a sentence only right after one of these.
BEFORE = frozenset("a vers entre depuis pres proche".split())
# "population de San", "route de Bla": after these, "de" announces a place too.
PLACE_OF = frozenset(LEVELS) | frozenset(
    """pres environs alentours route axe marche foire population populations habitants habitant gens hopital csref
    cscom centre mairie maire prefet prefecture ecole lycee pont sortie entree loin cote ouest est nord sud secteur
    zone localite gare barrage foret plaine poste camp aeroport stade mosquee axe jeunes femmes chef forgerons
    quitte venant viens vient venus partis""".split()
)
# After these, "a" is the verb: "il a dit".
VERB_A = frozenset("il elle on qui y ca cela n l m t s j nous vous ils elles tout quelqu un personne rien".split())
# Any of these makes an unaccented "a" the Bambara pronoun: "a bla yen" (he left it there).
BAMBARA = frozenset(
    """ye yen be b te t tun bena tena kana ka k ko min olu anw aw mogo mogow cogo dugu kera nana taara kunun sini sisan
    su""".split()
)

# Longer names that are also ordinary French or Bambara words, or people's names; those of four letters always need one.
ORDINARY = frozenset(
    """banco mande macina souba diaka sahel salam liberte fanga benkadi madina massa massala samba sokoura farako
    faraba lafia alafia tonka karan daban dongo mariko diarra sanga sangha kassa kassama sidibela sibila bamba boron
    boura bondo tamani balle missira hippodrome lassa hamdallaye bolibana senou kendie konina kotouba nouga serere
    binga touba koula kourouma dembela falani fallou sarro teneni tella zanina miria yasso diora doumba domba koury
    kouri kourouba mahou garalo pogou simbi fatao tringa kapala fagui fakola djidian faladie kanika baguineda
    dioro pignari korodougou kala kounari souleye togou tougouni niala fourou essouk sibirila diouna""".split()
)
# Those that are so often a family's name, a greeting or an institution that only "commune de …" makes a place of them.
NAMES_FIRST = frozenset(
    """diarra mariko dabo bore siby mande fama sahel banco tele salam liberte fanga benkadi madina massa kassama camara
    sidibela kaba samba sama simbi bamba sido yoro base centrecommercial zoneindustrielle quartiermali sony mali macina
    same sema lafia""".split()
)
# "katiba Macina", "association Benkadi", "Moussa Siby": not a place.
NOT_AFTER = frozenset(
    """katiba front flm association groupement cooperative union equipe club fc orange malitel monsieur madame mr mme
    docteur dr imam marabout colonel general capitaine lieutenant sergent commandant""".split()
)
# French words that a misspelt name could be taken for after "a" (found with a list of the 40,000 most frequent).
LOOK_ALIKES = frozenset(
    """allures dembele toumani lafiya laafiya carrere cheminee querelle sexuelle baara
    archange assurait assurant banksy banques banquise cagnes celine cobaye colonel colosse conakry coquille
    couchant coulisse cousine cremes defini gauguin inutilite kabila kaufman lesage machine massena menace
    miriam myriam sakura seringue seringues serrure sexuel shanghai""".split()
)
# After the name of a village: whose part of it, "Ogossagou Peul"; before one it belongs to the name.
PEOPLES = frozenset("peul peulh peuls foulbe dogon bozo bambara songhoi songhai sonrai marka habbe".split())
# Answers that name a place outside Mali.
ELSEWHERE = frozenset(
    """paris france dakar senegal abidjan niamey niger ouagadougou ouaga burkina burkinafaso nouakchott mauritanie
    conakry guinee alger algerie libye tripoli lome togo cotonou benin accra ghana nigeria""".split()
)
