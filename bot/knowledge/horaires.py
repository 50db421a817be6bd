"""Opening hours: OpenStreetMap's opening_hours said in French."""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import date

from opening_hours import validate

from bot.model.french import MONTHS

DAYS = ("lundi", "mardi", "mercredi", "jeudi", "vendredi", "samedi", "dimanche")
OSM_DAYS = ("Mo", "Tu", "We", "Th", "Fr", "Sa", "Su")
_DAY_RANGE = re.compile(r"(Mo|Tu|We|Th|Fr|Sa|Su)(?:-(Mo|Tu|We|Th|Fr|Sa|Su))?")
_TIME_RANGE = re.compile(r"(\d\d):(\d\d)-(\d\d):(\d\d)")
_RULE = re.compile(r"(?P<days>[A-Z][A-Za-z,-]*) (?P<times>[\d:,-]+)")
_CLOSED_ON_HOLIDAYS = re.compile(r"PH (?:off|closed)")


def horaires_en_francais(osm: str | None) -> str:
    """Return `lundi et mardi : 8 h à 12 h et 13 h à 16 h ; mercredi : 8 h à 12 h`.

    Return "" when the hours are empty or use more of the OpenStreetMap syntax than weekdays and
    times: nothing is said rather than something approximate.
    """
    if not osm or not validate(osm):
        return ""
    rules = [_french_rule(rule.strip()) for rule in osm.split(";") if rule.strip()]
    return "" if "" in rules else " ; ".join(rules)


def _french_rule(rule: str) -> str:
    if _CLOSED_ON_HOLIDAYS.fullmatch(rule):
        return "fermé les jours fériés"
    match = _RULE.fullmatch(rule)
    if match is None:
        return ""
    days = [_french_days(part) for part in match["days"].split(",")]
    times = [_french_times(part) for part in match["times"].split(",")]
    if "" in days or "" in times:
        return ""
    return f"{_join_and(days)} : {_join_and(times)}"


def _french_days(part: str) -> str:
    match = _DAY_RANGE.fullmatch(part)
    if match is None:
        return ""
    first = OSM_DAYS.index(match[1])
    last = OSM_DAYS.index(match[2]) if match[2] else first
    if last < first:
        return ""
    if last - first > 1:
        return f"du {DAYS[first]} au {DAYS[last]}"
    return " et ".join(DAYS[first : last + 1])


def _french_times(part: str) -> str:
    match = _TIME_RANGE.fullmatch(part)
    if match is None:
        return ""
    return f"{say_hour(match[1], match[2])} à {say_hour(match[3], match[4])}"


def say_hour(hours: str, minutes: str) -> str:
    """Return `9 h`, `9 h 30`."""
    return f"{int(hours)} h" if minutes == "00" else f"{int(hours)} h {minutes}"


def _join_and(items: Sequence[str]) -> str:
    return " et ".join([", ".join(items[:-1]), items[-1]]) if len(items) > 1 else items[0]


def say_day(day: date) -> str:
    """Return `mardi 1er décembre`."""
    number = "1er" if day.day == 1 else str(day.day)
    return f"{DAYS[day.weekday()]} {number} {MONTHS[day.month - 1]}"
