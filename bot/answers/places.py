"""Places to go: those of the territory first for its own communes, else the nearest to a commune or a position."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import datetime

from bot.answers.place_words import PlaceRequest
from bot.knowledge.besoins import offers
from bot.knowledge.horaires import horaires_en_francais
from bot.knowledge.lieu import Lieu
from bot.knowledge.loader import Knowledge
from bot.knowledge.ouverture import is_fresh, ouverture_at
from bot.knowledge.voisinage import Endroit, Found, lieux_near, nearest_lieux
from bot.model.answer import Place
from bot.model.french import format_date
from bot.render.gsm import MAX_SEPTETS, count_septets, shorten, to_gsm
from bot.render.text import distance_text

MAX_PLACES = 3
MAX_KILOMETRES = 60
MAX_SMS_PLACES = 2
SMS_NAME_ROOM = 60
"""Septets of a name in an SMS: with its phone it holds on two lines of a small screen."""
_TOWN = re.compile(r"\b\d{5} (.+)$")
_DATE_IN_SOURCE = re.compile(r" du \d{4}-\d\d-\d\d$")


@dataclass(frozen=True)
class Nearby:
    """The places to show, and whether they say that they offer what was asked for."""

    places: tuple[Place, ...]
    is_service_known: bool = True


def to_place(lieu: Lieu, distance_km: float | None, now: datetime) -> Place:
    """Return what is shown of a place; facts older than 12 months say so, and never say "ouvert"."""
    hours = horaires_en_francais(lieu.horaires) or None
    fresh = is_fresh(lieu, now.date())
    opening = ouverture_at(lieu, now)
    return Place(
        name=lieu.nom,
        address=lieu.full_address(),
        phone=lieu.telephone,
        opening_hours=hours,
        hours_note=None if fresh or not hours else f"horaires du {format_date(lieu.date_maj)}, à vérifier",
        open_now=opening.is_open if opening else None,
        distance_km=distance_km,
        next_opening=opening.text if opening else None,
        access=_access(lieu),
        source_note=_source_note(lieu, is_fresh=fresh),
        updated_on=lieu.date_maj.isoformat(),
    )


def _access(lieu: Lieu) -> str | None:
    """Return whom the place says it can receive, in its own words: nothing is guessed of a door or a step."""
    told = ["Lieu itinérant : appelez pour savoir où il est ce jour-là"] if lieu.is_itinerant() else []
    if lieu.prise_en_charge_specifique:
        told.append(f"Prise en charge annoncée : {', '.join(lieu.prise_en_charge_specifique)}")
    if lieu.fiche_acces_libre:
        told.append(f"Accessibilité du lieu : {lieu.fiche_acces_libre}")
    return ". ".join(told) or None


def _source_note(lieu: Lieu, *, is_fresh: bool) -> str:
    source = _DATE_IN_SOURCE.sub("", lieu.source) if lieu.source else "fichier des lieux"
    return f"Source : {source}, {format_date(lieu.date_maj)}{'' if is_fresh else ', à vérifier'}"


def own_places(knowledge: Knowledge, now: datetime) -> tuple[Place, ...]:
    """Return the territory's own places."""
    return tuple(to_place(lieu, None, now) for lieu in knowledge.territoire.own_lieux(knowledge.lieux))


def places_near(knowledge: Knowledge, request: PlaceRequest, now: datetime) -> Nearby:
    """Return the places near the commune of a request; those that say they offer the service, when any does.

    Where none says so, the nearest are given all the same: a phone call is worth more than nothing.
    """
    endroit = request.endroit
    if endroit is None or endroit.is_ambiguous:
        return Nearby(())
    within = _within_reach(lieux_near(knowledge.lieux, endroit, _first_lieux(knowledge, endroit)))
    if request.besoin is None:
        return Nearby(_shown(within, now))
    offering = [(lieu, km) for lieu, km in within if offers(lieu, request.besoin, request.maniere)]
    return Nearby(_shown(offering or within, now), is_service_known=bool(offering))


def _first_lieux(knowledge: Knowledge, endroit: Endroit) -> list[Lieu]:
    """Return the territory's places when all the communes are of the territory."""
    own = {commune.code_insee for commune in knowledge.territoire.communes}
    is_own = all(commune.code_insee in own for commune in endroit.communes)
    return knowledge.territoire.own_lieux(knowledge.lieux) if is_own else []


def _within_reach(found: list[Found]) -> list[Found]:
    return [(lieu, km) for lieu, km in found if km is None or km <= MAX_KILOMETRES]


def _shown(found: list[Found], now: datetime) -> tuple[Place, ...]:
    return tuple(to_place(lieu, km, now) for lieu, km in found[:MAX_PLACES])


def places_around(
    knowledge: Knowledge, latitude: float, longitude: float, now: datetime
) -> tuple[Place, ...]:
    """Return the places nearest to a point (degrees); nothing when all are farther than one goes for a paper."""
    near = _within_reach(nearest_lieux(knowledge.lieux, latitude, longitude, MAX_PLACES))
    # Whole kilometres: three precise distances would tell the position again to who reads the answer.
    return tuple(to_place(lieu, None if km is None else round(km), now) for lieu, km in near)


def one_line(place: Place) -> str:
    """Return a place in one sentence for a screen."""
    phone = f", téléphone {place.phone}" if place.phone else ""
    return f"{place.name}, {place.address}{phone}."


def short_line(place: Place) -> str:
    """Return a place in the few words an SMS has."""
    return f"{place.name} {place.phone or _town(place)}"


def sms_lines(places: tuple[Place, ...], room: int) -> str:
    """Return places on two lines each, name and phone, then how far and where, as many as hold in `room` septets.

    The first always stands there, its name shortened as much as it takes.
    """
    text = ""
    for place in places[:MAX_SMS_PLACES]:
        longer = f"{text}\n{_two_lines(place, SMS_NAME_ROOM)}".strip()
        if count_septets(to_gsm(longer)) > room:
            break
        text = longer
    if not text and places:
        over = count_septets(to_gsm(_two_lines(places[0], SMS_NAME_ROOM))) - room
        text = _two_lines(places[0], max(SMS_NAME_ROOM - over, 1))
    return text


def _two_lines(place: Place, name_room: int) -> str:
    name = f"{shorten(place.name, name_room)} {place.phone or ''}".strip()
    far = f"à {distance_text(place.distance_km)}, " if place.distance_km is not None else ""
    opening = f", {place.next_opening}" if place.next_opening else ""
    return f"{name}\n{far}{_town(place)}{opening}"


def sms_room(text: str) -> int:
    """Return the septets that are left for places beside a text."""
    return MAX_SEPTETS - count_septets(to_gsm(text))


def _town(place: Place) -> str:
    match = _TOWN.search(place.address)
    return match[1] if match else place.address
