"""Places to go: in the territory first, near a commune when one is named."""

from __future__ import annotations

import re
from datetime import date

from bot.knowledge.lieu import (
    Lieu,
    are_hours_fresh,
    find_lieux,
    horaires_en_francais,
    nearest_lieux,
    normalize_place,
)
from bot.knowledge.loader import Knowledge
from bot.model.answer import Place
from bot.model.french import format_date

MAX_PLACES = 3
MAX_KILOMETRES = 60
_LEAD = re.compile(
    r"^(?:(?:et|alors|bah|ben|moi|donc) )*(?:(?:c est|sé|se|c|ou|je suis|jsuis|j habite|jabite|je vis|on est|on habite) )*"
    r"(?:ou )?(?:a |au |vers |sur |pres de |pres d |du cote de |dans le coin de |pour |le plus pres de |de )?"
)
"""What people write before the name of their commune: "vers Rostrenen", "c'est où à Guingamp"."""
_POSTAL_CODE = re.compile(r"(?<!\d)\d{5}(?!\d)")


def to_place(lieu: Lieu, distance_km: float | None, today: date) -> Place:
    """Return what is shown of a place; hours older than 12 months say so and never say "ouvert"."""
    hours = horaires_en_francais(lieu.horaires) if lieu.horaires else None
    note = None
    if hours and not are_hours_fresh(lieu, today):
        note = f"horaires du {format_date(lieu.date_maj)}, à vérifier"
    return Place(
        name=lieu.nom,
        address=lieu.full_address(),
        phone=lieu.telephone,
        opening_hours=hours or None,
        hours_note=note,
        distance_km=distance_km,
    )


def own_places(knowledge: Knowledge, today: date) -> tuple[Place, ...]:
    """Return the territory's own places."""
    return tuple(to_place(lieu, None, today) for lieu in knowledge.territoire.own_lieux(knowledge.lieux))


def places_near(knowledge: Knowledge, query: str, today: date) -> tuple[Place, ...]:
    """Return the places of the commune or postal code that the text names, else nothing."""
    if knowledge.territoire.communes_named(query):
        own = own_places(knowledge, today)
        if own:
            return own
    found = find_lieux(knowledge.lieux, query, MAX_PLACES)
    return tuple(to_place(lieu, distance, today) for lieu, distance in found)


def places_around(knowledge: Knowledge, latitude: float, longitude: float, today: date) -> tuple[Place, ...]:
    """Return the places nearest to a point (degrees); nothing when all are farther than one goes for a paper."""
    found = nearest_lieux(knowledge.lieux, latitude, longitude, MAX_PLACES)
    near = [(lieu, km) for lieu, km in found if km is not None and km <= MAX_KILOMETRES]
    # Whole kilometres: three precise distances would tell the position again to who reads the answer.
    return tuple(to_place(lieu, round(km), today) for lieu, km in near)


def names_postal_code(text: str) -> bool:
    """Tell whether a text holds five digits in a row, as a postal code has."""
    return _POSTAL_CODE.search(text) is not None


def is_only_a_place(knowledge: Knowledge, text: str) -> bool:
    """Tell whether a message is just the name of a known commune, or any postal code."""
    name = normalize_place(text)
    name = _LEAD.sub("", name)
    communes = knowledge.territoire.communes
    names = {normalize_place(commune.nom) for commune in communes}
    names |= {normalize_place(old) for commune in communes for old in commune.anciens_noms}
    names |= {normalize_place(lieu.commune) for lieu in knowledge.lieux}
    return name in names or _POSTAL_CODE.fullmatch(name) is not None


def one_line(place: Place) -> str:
    """Return a place in one sentence for a screen."""
    phone = f", téléphone {place.phone}" if place.phone else ""
    return f"{place.name}, {place.address}{phone}."


def short_line(place: Place) -> str:
    """Return a place in the few words an SMS has."""
    town = place.address.rsplit(" ", 1)[-1]
    return f"{place.name} {place.phone or town}"
