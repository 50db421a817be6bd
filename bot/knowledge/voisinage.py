"""Which commune a text names, and which places are near it.

Known communes come before the others: those of the territory, then of its département, then where a place stands.
A name of elsewhere counts only where the text cannot be about anything else: `Vers`, `Sens`, `Rue` and `Job` are
communes too.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

from bot.knowledge.communes import (
    POSTAL_CODE,
    CommuneDeFrance,
    Communes,
    match_commune,
    match_start,
    match_whole,
    normalize_place,
)
from bot.knowledge.lieu import Lieu
from bot.knowledge.territoire import Commune, Territoire

EARTH_RADIUS_KM = 6371.0
Found = tuple[Lieu, float | None]
_BEFORE_A_NAME = (
    "a", "au", "aux", "vers", "sur", "habite", "jabite", "chez", "pres de", "pres d", "pres du", "pres des",
    "cote de", "cote d", "cote du", "coin de", "coin d", "proche de", "proche d", "autour de", "autour d",
    "commune de", "commune d", "ville de", "mairie de", "mairie d",
)  # fmt: skip
_CONTRACTED = {"au": "le", "du": "le", "aux": "les", "des": "les"}
_MOST_WORDS = 10
FAR_LARGER = 20
"""Times the inhabitants of its namesake: who writes "La Rochelle" does not mean the village of Haute-Saône."""
_SHORTEST = 3
_ALSO_WORDS = frozenset(
    {
        "aide", "aides", "aime", "aire", "are", "aucun", "bois", "bon", "bonne", "bonnes", "boulot",
        "bourg", "caisse", "camp", "cesse", "change", "charge", "conte", "contes", "courant", "cours", "eu",
        "foret", "job", "l hopital", "la", "la foret", "la machine", "la tache", "la ville", "le",
        "le bois", "le bourg", "le parc", "le passage", "le port", "les", "lire", "lit", "loue", "louer",
        "mairie", "maison", "mere", "mon", "moyen", "nom", "parc", "pere", "place", "pont", "port", "poste",
        "quarante", "rene", "rentes", "rue", "sens", "serres", "simple", "son", "sure", "trop", "vers",
        "ville", "vire", "y",
    }
)  # fmt: skip
"""Names of communes that are words first: one of them counts only with its postal code, or when it is of here."""


@dataclass(frozen=True)
class Endroit:
    """Where somebody is: one commune, those of one postal code, or several that bear the same name."""

    nom: str
    communes: tuple[CommuneDeFrance, ...]
    centre: tuple[float, float] | None
    is_ambiguous: bool = False


def locate(query: str, communes: Communes, territoire: Territoire, lieux: Sequence[Lieu]) -> Endroit | None:
    """Return the place of France that the text names, None when it names none for sure."""
    if POSTAL_CODE.search(query):
        return _at_postal_code(query, communes, territoire.departement)
    here = territoire.departement
    near = communes.names_of(here)
    of_places = tuple(dict.fromkeys(lieu.commune for lieu in lieux))
    steps: tuple[Callable[[], Sequence[CommuneDeFrance]], ...] = (
        lambda: [_commune_of(commune, communes) for commune in territoire.communes_named(query)],
        lambda: _in_departement(match_whole(near, query), here, communes),
        lambda: _of_a_place(match_whole(of_places, query), lieux, communes),
        lambda: _in_departement(match_start(near, query), here, communes),
        lambda: _of_a_place(match_start(of_places, query), lieux, communes),
        lambda: _named_for_sure(query, communes),
    )
    for step in steps:
        if found := step():
            return _endroit(found, here)
    return None


def _at_postal_code(query: str, communes: Communes, departement: str) -> Endroit | None:
    """Return the communes of a postal code, or the one of them that the text names too."""
    for code in POSTAL_CODE.findall(query):
        found = communes.at_postal_code(code)
        if found:
            name = match_commune([commune.nom for commune in found], query.replace(code, " "))
            named = [commune for commune in found if commune.nom == name]
            if named or len(found) == 1:
                return _endroit(named or found, departement)
            return Endroit(code, found, _middle([c.centre for c in found if c.centre]))
    return None


def _commune_of(commune: Commune, communes: Communes) -> CommuneDeFrance:
    known = communes.with_code(commune.code_insee)
    codes = tuple(commune.codes_postaux)
    return known or CommuneDeFrance(commune.code_insee, commune.nom, "", codes, None, None, 0)


def _in_departement(name: str | None, departement: str, communes: Communes) -> tuple[CommuneDeFrance, ...]:
    found = communes.named(name) if name else ()
    return tuple(commune for commune in found if commune.departement == departement)[:1]


def _of_a_place(name: str | None, lieux: Sequence[Lieu], communes: Communes) -> tuple[CommuneDeFrance, ...]:
    """Return the commune in which places stand; their middle is its centre when the file does not have it."""
    here = [lieu for lieu in lieux if lieu.commune == name]
    if not here:
        return ()
    first = here[0]
    if known := communes.with_code(first.code_insee or ""):
        return (known,)
    points = [(p.latitude, p.longitude) for p in here if p.latitude is not None and p.longitude is not None]
    latitude, longitude = _middle(points) or (None, None)
    code = first.code_insee or ""
    return (CommuneDeFrance(code, first.commune, "", (first.code_postal,), latitude, longitude, 0),)


def _named_for_sure(query: str, communes: Communes) -> tuple[CommuneDeFrance, ...]:
    """Return the communes of the longest name that is the whole text, or that follows "à", "vers", "près de"..."""
    words = normalize_place(query).split()
    starts = [0, *(end for end in range(1, len(words)) if _leads_to_a_name(words[:end]))]
    for length in range(_MOST_WORDS, 0, -1):
        for start in starts:
            name = words[start : start + length]
            if len(name) < length or (start == 0 and length < len(words)):
                continue
            if (
                start
                and words[start - 1] in _CONTRACTED
                and (found := _exactly([_CONTRACTED[words[start - 1]], *name], communes))
            ):
                return found
            if found := _exactly(name, communes):
                return found
    return ()


def _exactly(words: list[str], communes: Communes) -> tuple[CommuneDeFrance, ...]:
    name = " ".join(words)
    return () if is_also_a_word(name) else communes.named(name)


def is_also_a_word(name: str) -> bool:
    """Tell whether the normal form of a name is a word first: "simple" asks for fewer words, not for Simplé."""
    return name in _ALSO_WORDS or len(name) < _SHORTEST


def _leads_to_a_name(words: list[str]) -> bool:
    said = f" {' '.join(words)}"
    return any(said.endswith(f" {lead}") for lead in _BEFORE_A_NAME)


def _endroit(found: Sequence[CommuneDeFrance], departement: str) -> Endroit:
    """Return the only commune, or the one that is far larger than its namesakes, else all of them."""
    first, *others = sorted(found, key=lambda commune: -commune.population)
    if others and first.population < FAR_LARGER * others[0].population:
        return Endroit(first.ancien_nom or first.nom, tuple(found), None, is_ambiguous=True)
    name = first.nom if first.departement == departement else f"{first.nom} ({first.departement})"
    return Endroit(name, (first,), first.centre)


def _middle(points: Sequence[tuple[float, float]]) -> tuple[float, float] | None:
    if not points:
        return None
    return sum(point[0] for point in points) / len(points), sum(point[1] for point in points) / len(points)


def lieux_near(lieux: Iterable[Lieu], endroit: Endroit, first: Sequence[Lieu] = ()) -> list[Found]:
    """Return the places of the commune itself, then the others by distance from its centre, in kilometres.

    The distance is None for a place in the commune: its centre says nothing of the way there. `first` are named
    before all: those of the territory, for its own communes. Places without coordinates are found only in their
    own commune.
    """
    everything = tuple(lieux)
    codes = {commune.code_insee for commune in endroit.communes}
    names = {normalize_place(commune.nom) for commune in endroit.communes}
    in_place = [
        lieu
        for lieu in everything
        if (lieu.code_insee in codes if lieu.code_insee else normalize_place(lieu.commune) in names)
    ]
    here = {lieu.id for lieu in in_place}
    own: list[Found] = [(lieu, None if lieu.id in here else _km(endroit, lieu)) for lieu in first]
    inside: list[Found] = [(lieu, None) for lieu in _ranked(endroit, in_place)]
    outside = nearest_lieux(everything, *endroit.centre) if endroit.centre else []
    others = [(lieu, km) for lieu, km in outside if lieu.id not in here]
    named = {lieu.id for lieu in first}
    return own + [(lieu, km) for lieu, km in [*inside, *others] if lieu.id not in named]


def _ranked(endroit: Endroit, lieux: Sequence[Lieu]) -> list[Lieu]:
    return sorted(lieux, key=lambda lieu: _km(endroit, lieu) or 0.0) if endroit.centre else list(lieux)


def _km(endroit: Endroit, lieu: Lieu) -> float | None:
    return distance_km(endroit.centre, (lieu.latitude, lieu.longitude)) if endroit.centre else None


def nearest_lieux(
    lieux: Iterable[Lieu], latitude: float, longitude: float, limit: int | None = None
) -> list[Found]:
    """Return the places nearest to a point (degrees), with their distance in kilometres as the crow flies."""
    pairs = [(distance_km((latitude, longitude), (lieu.latitude, lieu.longitude)), lieu) for lieu in lieux]
    known = [(distance, lieu) for distance, lieu in pairs if distance is not None]
    found: list[Found] = [(lieu, km) for km, lieu in sorted(known, key=lambda pair: pair[0])]
    return found[:limit]


def distance_km(origin: tuple[float, float], point: tuple[float | None, float | None]) -> float | None:
    """Return the great-circle distance (haversine), to 0.1 km."""
    latitude, longitude = point
    if latitude is None or longitude is None:
        return None
    south, north = math.radians(origin[0]), math.radians(latitude)
    half_height = math.sin((north - south) / 2) ** 2
    half_width = math.sin(math.radians(longitude - origin[1]) / 2) ** 2
    angle = 2 * math.asin(math.sqrt(half_height + math.cos(south) * math.cos(north) * half_width))
    return round(EARTH_RADIUS_KM * angle, 1)
