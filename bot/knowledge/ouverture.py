"""Open or shut at a moment, and when it opens next, from opening hours that are fresh."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from opening_hours import OpeningHours, State

from bot.knowledge.horaires import say_day, say_hour
from bot.knowledge.lieu import Lieu
from bot.model.french import PARIS

FRESH_MONTHS = 12
"""Hours older than this are shown as "à vérifier": France services places revise theirs each year."""
LOOK_AHEAD = timedelta(days=60)
"""A place that opens in three months is said shut, without a day that the person would have to keep."""
_ANY_TIME = "24/7"
_UNCERTAIN = re.compile(r"\bSH\b|\"|\|\||unknown|sunrise|sunset|dawn|dusk|\d\+")
"""School holidays, comments ("sur rendez-vous"), guesses: nothing certain can be said of the moment."""
_OVERSEAS = ("97", "98")


@dataclass(frozen=True)
class Ouverture:
    """Whether a place is open at a moment, and the words that say until when, or when it opens next."""

    is_open: bool
    text: str | None


def is_fresh(lieu: Lieu, today: date) -> bool:
    """Tell whether the place was updated within the last twelve months."""
    months = (today.year - lieu.date_maj.year) * 12 + today.month - lieu.date_maj.month
    return months < FRESH_MONTHS or (months == FRESH_MONTHS and today.day <= lieu.date_maj.day)


def ouverture_at(lieu: Lieu, moment: datetime) -> Ouverture | None:
    """Return whether the place is open at a moment, in Paris time when it has no zone of its own.

    None when it is not known for sure: no hours, or hours older than twelve months, which would send somebody to a
    closed door; hours with a comment or school holidays; a place that moves, whose hours are those of its base;
    a place overseas, where it is another time.

    Public holidays: where the hours do not speak of them, the place is taken to be shut, as public services are
    (Code du travail, L3133-1, lists the eleven days). Hours that speak of them (`PH 10:00-12:00`) are followed. The
    holidays of one region (Good Friday in Alsace) are not counted. We prefer to say shut of an open door than to
    say open of a shut one.
    """
    if not lieu.horaires or not is_fresh(lieu, moment.date()) or lieu.is_itinerant():
        return None
    if _UNCERTAIN.search(lieu.horaires) or lieu.code_postal.startswith(_OVERSEAS):
        return None
    local = moment.astimezone(PARIS).replace(tzinfo=None) if moment.tzinfo else moment
    hours = _with_holidays(lieu.horaires)
    state, comment = hours.state(local)
    if state == State.UNKNOWN or comment:
        return None
    if state == State.OPEN:
        return Ouverture(is_open=True, text=_until(hours.next_change(local), local))
    return Ouverture(is_open=False, text=_next_opening(hours, local))


def _with_holidays(osm: str) -> OpeningHours:
    speaks = "PH" in osm or osm.strip() == _ANY_TIME
    return OpeningHours(osm if speaks else f"{osm}; PH off", country="FR")


def _until(end: datetime | None, now: datetime) -> str:
    """Return `ouvert jusqu'à 17 h`; the day is said when it is not the same."""
    if end is None:
        return "ouvert jour et nuit"
    midnight = end.hour == end.minute == 0
    last_day = (end - timedelta(minutes=1)).date() if midnight else end.date()
    hour = "minuit" if midnight else say_hour(f"{end:%H}", f"{end:%M}")
    if last_day == now.date():
        return f"ouvert jusqu'à {hour}"
    return f"ouvert jusqu'au {say_day(last_day)} à {hour}"


def _next_opening(hours: OpeningHours, now: datetime) -> str | None:
    """Return `ouvre mardi 1er décembre à 9 h`: a day is named, for the words may be read again the day after."""
    for start, _end, state, _comment in hours.intervals(now, now + LOOK_AHEAD):
        if state == State.OPEN:
            return f"ouvre {say_day(start.date())} à {say_hour(f'{start:%H}', f'{start:%M}')}"
    return None
