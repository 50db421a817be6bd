"""What people come for, and how they want to be helped, from the words of the two schemas of places.

LaMedNum's `services` and `modalites_accompagnement` (standard-mediation-num 0.x and 1.0, whose words differ), and the
`thematiques` and `type` of data·inclusion (schema v1). What a place does not say it offers is not known: it is never
guessed from its name.
"""

from __future__ import annotations

from enum import StrEnum

from bot.knowledge.communes import normalize_place
from bot.knowledge.lieu import Lieu


class Besoin(StrEnum):
    """What somebody comes for."""

    ACCUEIL = "accueil"
    DROITS = "droits"
    PAPIERS = "papiers"
    MANGER = "manger"
    SANTE = "sante"
    NUMERIQUE = "numerique"


class Maniere(StrEnum):
    """How somebody wants to be helped with what is done online."""

    FAIRE = "faire"
    AVEC = "avec"
    APPRENDRE = "apprendre"


_PAPERWORK = frozenset({Besoin.DROITS, Besoin.PAPIERS, Besoin.NUMERIQUE})
_SERVICES: dict[str, frozenset[Besoin]] = {
    "aide aux demarches administratives": _PAPERWORK,
    "realiser des demarches administratives avec un accompagnement": _PAPERWORK,
    "devenir autonome dans les demarches administratives": _PAPERWORK,
    "accompagner les demarches de sante": frozenset({Besoin.SANTE, Besoin.NUMERIQUE}),
    "difficultes administratives ou juridiques accompagnement aux demarches administratives": frozenset(
        {Besoin.DROITS, Besoin.PAPIERS}
    ),
    "difficultes administratives ou juridiques accompagnement pour lacces aux droits": frozenset(
        {Besoin.DROITS}
    ),
    "acces aux droits et citoyennete accompagnement dans les demarches administratives": frozenset(
        {Besoin.DROITS, Besoin.PAPIERS}
    ),
    "equipement et alimentation alimentation": frozenset({Besoin.MANGER}),
}
_DIGITAL = (
    "maitrise des outils numeriques du quotidien",
    "utilisation securisee du numerique",
    "insertion professionnelle via le numerique",
    "parentalite et education avec le numerique",
    "loisirs et creations numeriques",
    "comprehension du monde numerique",
    "acces internet et materiel informatique",
    "acquisition de materiel informatique a prix solidaire",
    "prendre en main un smartphone ou une tablette",
    "prendre en main un ordinateur",
    "utiliser le numerique au quotidien",
    "approfondir ma culture numerique",
    "favoriser mon insertion professionnelle",
    "acceder a une connexion internet",
    "acceder a du materiel",
    "s equiper en materiel informatique",
    "creer et developper avec le numerique",
    "promouvoir la citoyennete numerique",
    "soutenir la parentalite et l education avec le numerique",
    "numerique ",  # every thématique of data·inclusion under that heading
)
_HEALTH = "sante "
_TAUGHT = (
    "maitrise des outils numeriques du quotidien",
    "devenir autonome dans les demarches administratives",
    "prendre en main ",
    "numerique maitriser les fondamentaux du numerique",
)
_WELCOMING = "france service"
_WAYS: dict[str, Maniere] = {
    "a ma place": Maniere.FAIRE,
    "aidants connect": Maniere.FAIRE,  # the mandate by which an agent does it in somebody's name
    "avec de l aide": Maniere.AVEC,
    "accompagnement": Maniere.AVEC,
    "dans un atelier": Maniere.APPRENDRE,
    "atelier": Maniere.APPRENDRE,
    "formation": Maniere.APPRENDRE,
}


def besoins_of(lieu: Lieu) -> frozenset[Besoin]:
    """Return what the place says it helps with. A France services is there to receive whoever comes."""
    found: set[Besoin] = set()
    for service in map(normalize_place, lieu.services):
        found |= _SERVICES.get(service, frozenset())
        if f"{service} ".startswith(_DIGITAL):
            found.add(Besoin.NUMERIQUE)
        if f"{service} ".startswith(_HEALTH):
            found.add(Besoin.SANTE)
    if any(normalize_place(name).startswith(_WELCOMING) for name in lieu.dispositif_programmes_nationaux):
        found.add(Besoin.ACCUEIL)
    return frozenset(found)


def manieres_of(lieu: Lieu) -> frozenset[Maniere]:
    """Return how the place says it helps online; nothing of a place that does not say it helps with that."""
    if Besoin.NUMERIQUE not in besoins_of(lieu):
        return frozenset()
    told = map(normalize_place, (*lieu.modalites_accompagnement, *lieu.dispositif_programmes_nationaux))
    found = {way for words in told for start, way in _WAYS.items() if words.startswith(start)}
    if any(f"{service} ".startswith(_TAUGHT) for service in map(normalize_place, lieu.services)):
        found.add(Maniere.APPRENDRE)
    return frozenset(found)


def offers(lieu: Lieu, besoin: Besoin, maniere: Maniere | None = None) -> bool:
    """Tell whether the place says it offers that."""
    return besoin in besoins_of(lieu) and (maniere is None or maniere in manieres_of(lieu))
