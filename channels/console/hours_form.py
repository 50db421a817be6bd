"""A week of work as one field a day, and as OpenStreetMap's opening_hours."""

from __future__ import annotations

import re
from collections.abc import Mapping

DAYS = {
    "Mo": "lundi",
    "Tu": "mardi",
    "We": "mercredi",
    "Th": "jeudi",
    "Fr": "vendredi",
    "Sa": "samedi",
    "Su": "dimanche",
}
EXAMPLE = "9h-12h, 14h-17h30"
LONGEST = 60
_ORDER = tuple(DAYS)
_HOUR = r"(\d{1,2}) ?(?:h|:|heures?) ?(\d{2})?"
_PERIOD = re.compile(rf"{_HOUR} ?(?:-|–|à|a) ?{_HOUR}", re.IGNORECASE)
_BETWEEN = re.compile(r"[\s,;/.]*|\s*(?:et|puis)\s*")
_RULE = re.compile(r"([A-Z][a-z])(?:-([A-Z][a-z]))? (\d\d:\d\d-\d\d:\d\d(?:,\d\d:\d\d-\d\d:\d\d)*)")
_WRONG = "Écrivez les heures ainsi : {example}. Laissez vide si vous ne travaillez pas ce jour-là."


class HoursProblem(Exception):
    """Days that cannot be read: `errors` by field, in French."""

    def __init__(self, errors: dict[str, str]) -> None:
        super().__init__("unreadable hours")
        self.errors = errors


def field_of(day: str) -> str:
    """Return the name of the field of a day (`Mo`)."""
    return f"heures_{DAYS[day]}"


def write_hours(typed: Mapping[str, str]) -> str:
    """Return opening_hours for what was typed by day (`Mo`). Raises HoursProblem, also when every day is empty."""
    times: dict[str, str] = {}
    errors: dict[str, str] = {}
    for day in _ORDER:
        read = _read_day(typed.get(day, "").strip())
        if read is None:
            errors[field_of(day)] = f"{DAYS[day].capitalize()} : {_WRONG.format(example=EXAMPLE)}"
        elif read:
            times[day] = read
    if not times and not errors:
        errors[field_of("Mo")] = "Écrivez les heures d'au moins un jour."
    if errors:
        raise HoursProblem(errors)
    return "; ".join(f"{days} {said}" for days, said in _group(times))


def read_hours(hours: str) -> dict[str, str] | None:
    """Return what to show in the field of each day; None for hours that say more than days and times."""
    shown: dict[str, str] = {}
    for rule in filter(None, (part.strip() for part in hours.split(";"))):
        found = _RULE.fullmatch(rule)
        if found is None or not {found[1], found[2] or found[1]} <= set(_ORDER):
            return None
        first, last = _ORDER.index(found[1]), _ORDER.index(found[2] or found[1])
        said = ", ".join(_say_period(period) for period in found[3].split(","))
        shown |= dict.fromkeys(_ORDER[first : last + 1], said)
    return shown


def _read_day(text: str) -> str | None:
    """Return `09:00-12:00,14:00-17:30`, "" for an empty day, None for what is no hours."""
    if len(text) > LONGEST or not _is_only_periods(text):
        return None
    periods = []
    end_before = -1
    for found in _PERIOD.finditer(text):
        start, end = _minutes(found[1], found[2]), _minutes(found[3], found[4])
        if start is None or end is None or not end_before < start < end:
            return None
        end_before = end
        periods.append(f"{_clock(start)}-{_clock(end)}")
    return ",".join(periods) if periods or not text else None


def _is_only_periods(text: str) -> bool:
    return all(_BETWEEN.fullmatch(rest) for rest in _PERIOD.split(text)[::5])


def _minutes(hours: str, minutes: str | None) -> int | None:
    total = int(hours) * 60 + int(minutes or 0)
    return total if int(minutes or 0) < 60 and total <= 24 * 60 else None


def _clock(minutes: int) -> str:
    return f"{minutes // 60:02}:{minutes % 60:02}"


def _say_period(period: str) -> str:
    return "-".join(
        f"{int(time[:2])}h{'' if time.endswith('00') else time[3:]}" for time in period.split("-")
    )


def _group(times: Mapping[str, str]) -> list[tuple[str, str]]:
    """Return the days that follow each other with the same times as one: `Mo-Fr`."""
    groups: list[tuple[list[str], str]] = []
    for day, said in times.items():
        last_days, last_said = groups[-1] if groups else ([], "")
        if said == last_said and _ORDER.index(day) == _ORDER.index(last_days[-1]) + 1:
            last_days.append(day)
        else:
            groups.append(([day], said))
    return [(days[0] if len(days) == 1 else f"{days[0]}-{days[-1]}", said) for days, said in groups]
