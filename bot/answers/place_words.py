"""What a message asks of a place: the commune it names, what the person comes for, how they want to be helped."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TypeVar

from bot.knowledge.besoins import Besoin, Maniere
from bot.knowledge.communes import POSTAL_CODE, normalize_place
from bot.knowledge.loader import Knowledge
from bot.knowledge.voisinage import Endroit, is_also_a_word, locate

LARGE_TOWN = 10_000
"""Inhabitants above which one word alone is the town, wherever it is: "Nantes", not "Simplé"."""
BESOIN_WORDS = {
    Besoin.ACCUEIL: "être accueilli et orienté",
    Besoin.DROITS: "de l'aide pour ouvrir un droit",
    Besoin.PAPIERS: "de l'aide pour les papiers",
    Besoin.MANGER: "de l'aide pour se nourrir",
    Besoin.SANTE: "de l'aide pour la santé",
    Besoin.NUMERIQUE: "de l'aide numérique",
}
MANIERE_LABELS = {
    Maniere.FAIRE: "Faire à ma place",
    Maniere.AVEC: "Faire avec moi",
    Maniere.APPRENDRE: "M'apprendre à le faire",
}
MANIERE_WORDS = {
    Maniere.FAIRE: "une personne fait à votre place",
    Maniere.AVEC: "une personne fait avec vous",
    Maniere.APPRENDRE: "on vous apprend à le faire",
}
_BESOINS = (
    (Besoin.MANGER, r"manger|alimentaires?|nourriture|nourrir|colis|epicerie|restos?|repas|faim"),
    (
        Besoin.NUMERIQUE,
        r"numeriques?|informatique|ordinateur|ordi|internet|smartphone|tablette|en ligne|mails?|imprimer|scanner|connexion",
    ),
    (Besoin.SANTE, r"sante|soins?|soigner|medecins?|docteur|psy|psychologue"),
    (Besoin.PAPIERS, r"papiers?|paperasse|carte d identite|passeport|titre de sejour"),
    (Besoin.DROITS, r"droits?|demarches?|administratif|administratives?|rsa|apl|caf|allocations?|dossier"),
    (Besoin.ACCUEIL, r"accueil|accueilli|oriente|quelqu un pour m aider"),
)
_MANIERES = (
    (Maniere.FAIRE, r"a (?:ma|sa|leur) place|faire pour moi"),
    (Maniere.AVEC, r"avec moi|avec nous|m accompagn\w+|aide moi a le faire"),
    (Maniere.APPRENDRE, r"apprendre|apprenez moi|cours|ateliers?|me former|formation"),
)
_BESOIN_PATTERNS = tuple((besoin, re.compile(rf"\b(?:{words})\b")) for besoin, words in _BESOINS)
_MANIERE_PATTERNS = tuple((maniere, re.compile(rf"\b(?:{words})\b")) for maniere, words in _MANIERES)
_LEAD = re.compile(
    r"^(?:(?:et|alors|bah|ben|moi|donc) )*(?:(?:c est|sé|se|c|ou|je suis|jsuis|j habite|jabite|je vis|on est|on habite) )*"
    r"(?:ou )?(?:a |au |vers |sur |pres de |pres d |du cote de |dans le coin de |pour |le plus pres de |de )?"
)
"""What people write before the name of their commune: "vers Rostrenen", "c'est où à Guingamp"."""
_BEFORE_A_COMMUNE = re.compile(r" (?:a|au|vers|sur|pres de|pres d|pres du|du cote de|autour de|proche de) ")
_AROUND_A_NEED = frozenset(
    {
        "je", "j", "ai", "cherche", "besoin", "veux", "voudrais", "il", "me", "m", "y", "a", "faut", "un",
        "une", "le", "la", "les", "lieu", "lieux", "endroit", "ou", "trouver", "aller", "de", "d", "du",
        "des", "l", "aide", "aider", "pour", "mes", "ma", "mon", "faire", "avec", "svp", "stp", "bonjour",
        "quelqu", "qui", "peut", "on", "nous", "se", "en", "ligne", "place", "moi", "numerique",
        "numeriques", "informatique", "ordinateur", "ordi", "internet", "manger", "alimentaire",
        "nourriture", "nourrir", "colis", "papiers", "paperasse", "ouvrir", "droit", "droits", "apprendre",
        "cours", "atelier", "ateliers", "accueil",
    }
)  # fmt: skip
"""Words of a message that asks for a place and nothing else: "aide numérique à Redon", not "RSA à Redon"."""


Kind = TypeVar("Kind", Besoin, Maniere)


@dataclass(frozen=True)
class PlaceRequest:
    """What a message asks for; each part may be missing."""

    endroit: Endroit | None
    besoin: Besoin | None = None
    maniere: Maniere | None = None


def read_request(knowledge: Knowledge, text: str) -> PlaceRequest:
    """Return what a message asks of a place. A way to be helped is about what is done online."""
    endroit = locate(text, knowledge.communes, knowledge.territoire, knowledge.lieux)
    words = normalize_place(text)
    if endroit:  # "Aime" or "Cours" are in the name of the commune, not in what is asked for
        for commune in endroit.communes:
            words = words.replace(normalize_place(commune.nom), " ")
    maniere = _first(_MANIERE_PATTERNS, words)
    besoin = _first(_BESOIN_PATTERNS, words) or (Besoin.NUMERIQUE if maniere else None)
    return PlaceRequest(endroit, besoin, maniere if besoin is Besoin.NUMERIQUE else None)


def _first(patterns: tuple[tuple[Kind, re.Pattern[str]], ...], words: str) -> Kind | None:
    return next((kind for kind, pattern in patterns if pattern.search(words)), None)


def names_postal_code(text: str) -> bool:
    """Tell whether a text holds five digits in a row, as a postal code has."""
    return POSTAL_CODE.search(text) is not None


def is_only_a_place(knowledge: Knowledge, text: str) -> bool:
    """Tell whether a message is just a commune or a postal code, or a need and a commune ("aide numérique à Redon")."""
    words = normalize_place(text)
    if POSTAL_CODE.fullmatch(name := _LEAD.sub("", words)) or _is_a_commune(knowledge, name, words):
        return True
    return _is_a_need_somewhere(knowledge, words)


def _is_a_need_somewhere(knowledge: Knowledge, words: str) -> bool:
    if not _first(_BESOIN_PATTERNS, words) and not _first(_MANIERE_PATTERNS, words):
        return False
    for match in reversed(list(_BEFORE_A_COMMUNE.finditer(words))):
        asked, name = words[: match.start()], words[match.end() :]
        if set(asked.split()) <= _AROUND_A_NEED:
            code = POSTAL_CODE.search(name)
            bare = " ".join(name.replace(code[0], "").split()) if code else name
            return (bool(code) and not bare) or _is_a_commune(knowledge, bare, words)
    return False


def _is_a_commune(knowledge: Knowledge, name: str, words: str) -> bool:
    """Tell whether a name is a commune's for sure: of here, of where a place stands, of several words, or a large town."""
    if name in knowledge.place_names:
        return True
    if is_also_a_word(name) or knowledge.lexicon.find(words):
        return False
    article = "le " if words == f"au {name}" or words.endswith(f" au {name}") else ""
    found = knowledge.communes.named(f"{article}{name}")
    return any(
        commune.departement in knowledge.departements or " " in name or commune.population >= LARGE_TOWN
        for commune in found
    )
