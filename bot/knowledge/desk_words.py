"""What agents write for short, and the words that tell which rubrique of a fiche is wanted."""

from __future__ import annotations

import re

from bot.language.normalise import fold

SHORTHAND = {
    "actu": "actualisation", "alim": "alimentaire", "alloc": "allocation", "allocs": "allocations",
    "appart": "appartement", "attest": "attestation", "benef": "beneficiaire", "cg": "carte grise",
    "chgt": "changement", "chgmt": "changement", "cni": "carte identite", "cond": "conditions",
    "conds": "conditions", "cv": "carte vitale", "dde": "demande", "ddes": "demandes", "decl": "declaration",
    "decla": "declaration", "demenag": "demenagement", "dom": "domiciliation", "elec": "electricite",
    "ft": "france travail", "heberg": "hebergement", "ij": "indemnites journalieres",
    "justif": "justificatifs", "justifs": "justificatifs", "mdp": "mot de passe", "mt": "medecin traitant",
    "pb": "probleme", "pbs": "probleme", "pces": "pieces", "pce": "pieces", "pc": "pieces", "pe": "pole emploi",
    "pers": "personne", "ppa": "prime activite", "rdv": "rendez vous", "reconn": "reconnaissance",
    "renouv": "renouvellement", "renouvt": "renouvellement", "rsgts": "renseignements", "sej": "sejour",
    "tel": "telephone", "tph": "telephone", "trim": "trimestrielle", "ts": "titre sejour", "vers": "versement",
    "ado": "adolescent", "afs": "allocation soutien familial", "docs": "documents", "doc": "documents",
    "inscr": "inscription", "asso": "association", "hand": "handicap", "handi": "handicap",
    "adr": "adresse", "remb": "remboursement", "rbt": "remboursement", "max": "maximum", "qd": "quand",
    "cb": "combien", "pr": "pour", "pcq": "parce que", "ss": "sans", "vs": "vous",
    "at": "accident travail", "dcd": "deces", "mutu": "mutuelle", "frs": "france services",
}  # fmt: skip
"""Folded: what it stands for, folded too. A name of the lexicon that is written the same is weighed as well."""

_EMPTY = """
a ai ait au aux avec avoir c ce ces cet cette d dans de des du elle elles en est et etre eu fait faut il ils j je l la
le les leur leurs lui ma mais me mes moi mon n ne nos notre nous on ont ou par pas peut peux plus pour qu que quel
quelle quelles quels qui s sa se ses si son sont suis sur t ta te tes toi ton tu un une veut veux vos votre vous y
monsieur madame mr mme svp bonjour merci
"""
EMPTY_WORDS = frozenset(_EMPTY.split())
"""Words that tell nothing of a subject."""

_PATTERNS: tuple[tuple[str, float, str], ...] = (
    # (rubrique, weight, words): the heaviest that is told wins; weights settle what is told twice ("refus délai").
    (
        "pieces", 6.0,
        (r"pieces?|papiers? (?:a|qu|pour|deman|necess)\w*|(?:quels?|liste|les) papiers|justificatifs?|documents?|photocopies?|quoi (?:apporter|fournir|joindre)"
        r"|(?:apporter|fournir|joindre)|liste des pieces"),
    ),
    (
        "recours", 7.0,
        (r"recours|contest\w*|contentieux|rapo|tribunal|mediateur|mediation|commission de recours|reclamation|cra|conteste|contre une decision|pas d accord"
        r"|desaccord"),
    ),
    (
        "probleme", 5.5,
        (r"probleme\w*|perdu\w*|perte|vol|vole\w*|retard\w*|suspendu\w*|suspension|bloque\w*|refus\w*|radie\w*|radiation"
        r"|rejet\w*|coupe\w*|arrete|interromp\w*|oubli\w*|pas (?:recu\w*|arriv\w*|paye\w*|verse\w*)|jamais recu\w*|plus recu\w*"
        r"|non (?:recu\w*|versee?|paye\w*)|erreur\w*|marche pas|casse\w*|abime\w*|impaye\w*|sans reponse|pas de (?:reponse|nouvelles)"
        r"|hors delai|rien recu|deteriore\w*|sanction\w*|trop tard|attend toujours|disparu\w*"),
    ),
    (
        "sans_internet", 6.5,
        (r"sans (?:internet|ordinateur|ordi|numerique|smartphone|telephone|mail|connexion)|pas (?:d )?(?:internet|ordinateur|ordi)"
        r"|(?:dossier|formulaire|demande|version|imprime|declaration|format|au|en|par) papier|papier|guichet|par (?:courrier|la poste|telephone)"
        r"|courrier|cerfa papier|hors ligne"),
    ),
    (
        "numerique", 6.0,
        (r"en ligne|franceconnect|france connect|identifiants?|mot de passe|mon compte|compte (?:en ligne|ameli|caf|ants|anef|msa|impots)"
        r"|creer (?:un|son) compte|espace (?:perso\w*|client)|site internet|teleservice\w*|dematerialis\w*|scanner|scan|appli\w*"
        r"|connexion|se connecter|sur internet|smartphone|numerique|teleprocedure\w*"),
    ),
    (
        "montant", 6.0,
        (r"combien(?! de temps)|montants?|prix|tarifs?|cout\w*|bareme|maximum|plafonds?|calcul\w*|taux|timbre|gratuit\w*|cher|payant"
        r"|quelle somme|euros?|forfait"),
    ),
    (
        "delai", 6.2,
        (r"delais?|combien de temps|quand|duree|date\w*|depuis quand|jusqu a quand|attente|validite|retroactif\w*|retroactivite|avant quelle date"
        r"|versement|paye quand|calendrier|echeance|limite"),
    ),
    ("delai", 2.0, r"combien de temps"),
    (
        "changement", 6.4,
        (r"renouvel\w*|renouvell\w*|changements?|changer|declaration trimestrielle|declaration (?:de )?(?:ressources|situation|changement)"
        r"|declaration mensuelle|actualiser|prolong\w*|modif\w*|separe\w*|demenag\w*|reprise (?:d )?(?:emploi|travail|activite)|reprend\w*"
        r"|fin de droits?|resili\w*|expire\w*|mise a jour|nouvelle (?:adresse|situation)|conserver|garder (?:ses|le|la|les|son)"
        r"|arreter|maintien|cumul\w*"),
    ),
    (
        "contact", 6.0,
        (r"contact\w*|telephone|numero|rendez vous|horaires?|joindre (?:la|le|un|quelqu)\w*|adresse (?:de|du|postale)|ou (?:aller|s adresser|envoyer|deposer)"
        r"|coordonnees|qui (?:appeler|contacter)|appeler|a qui|chez qui|lieux?|ou (?:faire|demander|ca)"),
    ),
    (
        "conditions", 5.5,
        (r"conditions?|droit|qui (?:peut|a droit)|a droit|eligib\w*|ouvert\w* droit|quel age|age|avant \d+ ans|moins de \d+ ans"
        r"|ressources|etrangers?|couple|cumulable|beneficiaires?|peut il|peut elle|criteres?|etudiants?|proprietaire|colocation|autoentrepreneur"),
    ),
    (
        "demarche", 5.0,
        (r"comment|demandes?|demander|demarches?|faire|procedure|etapes|inscri\w*|remplir|formulaires?|premiere demande|deposer|obtenir"
        r"|dossier|ouvrir|creer|refaire|monter"),
    ),
)  # fmt: skip
RULES = tuple((name, weight, re.compile(rf"\b(?:{words})\b")) for name, weight, words in _PATTERNS)


def stem(word: str) -> str:
    """Return a folded word without the sign of the plural."""
    return word[:-1] if len(word) > 3 and word[-1] in "sx" else word


def split_words(text: str) -> list[str]:
    """Return the words of a text as the index holds them."""
    return [stem(word) for word in fold(text).split()]
