"""When people answer: opening hours, deadlines that count opening time only, and how a time is said in French.

Times in and out are UTC without a timezone, as stored. Hours are those of a clock in Paris. Public holidays of
France are always closed, whatever the hours say.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import UTC, date, datetime, time, timedelta
from functools import lru_cache

import holidays
from opening_hours import OpeningHours, State, validate

from bot.knowledge.lieu import DAYS, horaires_en_francais
from bot.model.french import MONTHS, PARIS

HORIZON_DAYS = 92
"""How far the next opening is looked for: "somebody will look in nine months" promises nothing."""
PROMISE_MINUTES = 15
"""A time that is promised is said to the quarter of an hour, later rather than sooner."""
_TIMES = re.compile(r"(?=\b\d+ h(?: \d\d)? à )")
_HOLIDAYS_OFF = re.compile(r";\s*PH closed(?=\s*(;|$))")
_DAY = timedelta(days=1)

Period = tuple[datetime, datetime]
"""From the first moment open to the first one closed again, UTC."""


@lru_cache(maxsize=1)
def _public_holidays() -> holidays.HolidayBase:
    return holidays.country_holidays("FR")


def are_hours_valid(hours: str) -> bool:
    """Tell whether a text is an OpenStreetMap opening_hours."""
    return bool(validate(hours))


class Office:
    """Opening hours, from an OpenStreetMap opening_hours string. Raises ValueError when it is not one."""

    def __init__(self, hours: str) -> None:
        if not are_hours_valid(hours):
            raise ValueError("ce ne sont pas des horaires OpenStreetMap (Mo-Fr 09:00-12:00,14:00-17:00)")
        self._hours = OpeningHours(hours)

    def is_open(self, moment: datetime) -> bool:
        """Tell whether the office is open; at the very minute of closing it no longer is."""
        return any(start <= moment < end for start, end in self._periods_of(_in_paris(moment).date()))

    def next_opening(self, moment: datetime) -> datetime | None:
        """Return the moment itself when open, else the next opening; None when there is none within 92 days."""
        period = next(self._periods(moment), None)
        return max(moment, period[0]) if period else None

    def closes_at(self, moment: datetime) -> datetime | None:
        """Return when the office closes next; None when it is closed."""
        period = next(self._periods(moment), None)
        return period[1] if period and period[0] <= moment else None

    def add_open_time(self, moment: datetime, minutes: int) -> datetime | None:
        """Return when so many minutes of opening have passed; None when the office opens too rarely to say.

        What is over at the last minute of an opening falls on its closing, not on the next opening.
        """
        left = timedelta(minutes=minutes)
        for start, end in self._periods(moment):
            begin = max(moment, start)
            if left <= end - begin:
                return begin + left
            left -= end - begin
        return None

    def operator_is_on(self, hours: str, moment: datetime) -> bool:
        """Tell whether somebody with hours of their own is at work; "" or unreadable hours are the office's."""
        return (_office(hours) if hours and are_hours_valid(hours) else self).is_open(moment)

    def say_when(self, moment: datetime, at: datetime) -> str:
        """Return a time as said at `moment`: `aujourd'hui à 14 h`, `mardi 1er décembre à 9 h`."""
        local = _in_paris(at)
        return f"{_say_day(_in_paris(moment).date(), local.date())} à {_say_hour(local)}"

    def promise(self, moment: datetime, minutes: int) -> str | None:
        """Return before when somebody will have looked: `aujourd'hui avant 16 h 30`. None when nobody knows.

        The time is rounded up, so that what is promised is never before the deadline of `add_open_time`.
        """
        deadline = self.add_open_time(moment, minutes)
        if deadline is None:
            return None
        local = _in_paris(_round_up(deadline))
        is_midnight = local.time() == time(0)  # "avant minuit" belongs to the day that ends
        day = local.date() - _DAY if is_midnight else local.date()
        return f"{_say_day(_in_paris(moment).date(), day)} avant {_say_hour(local)}"

    def describe(self) -> str:
        """Return the hours in French: `du lundi au vendredi, de 9 h à 12 h et de 14 h à 17 h`.

        Return "" for hours that are more than weekdays and times: nothing rather than something approximate.
        """
        # Normalised, a rule never corrects an earlier one: what is read first is true.
        plain = _HOLIDAYS_OFF.sub("", str(self._hours.normalize()))
        rules = [rule.split(" : ") for rule in horaires_en_francais(plain).split(" ; ") if rule]
        return " ; ".join(f"{_say_days(days)}, {_TIMES.sub('de ', times)}" for days, times in rules)

    def _periods(self, moment: datetime) -> Iterator[Period]:
        """Yield what is left of the openings, in order, until none comes for 92 days. One over midnight is one."""
        day = _in_paris(moment).date()
        current: Period | None = None
        last_day = day
        while day - last_day <= timedelta(days=HORIZON_DAYS):
            for start, end in self._periods_of(day):
                if end <= moment:
                    continue
                last_day = day
                if current and current[1] == start:
                    current = (current[0], end)
                    continue
                if current:
                    yield current
                current = (start, end)
            if current and current[1] < _utc(day + _DAY):
                yield current
                current = None
            day += _DAY
        if current:
            yield current

    def _periods_of(self, day: date) -> list[Period]:
        """Return the openings of a day in Paris, cut at its midnights."""
        if day in _public_holidays():
            return []
        midnight = datetime.combine(day, time(0))
        openings = self._hours.intervals(start=midnight, end=midnight + _DAY)
        periods = [(_to_utc(a), _to_utc(b, fold=1)) for a, b, state, _ in openings if state == State.OPEN]
        # In the hour that a spring night skips, an opening may be empty.
        return [(start, end) for start, end in periods if start < end]


@lru_cache(maxsize=64)
def _office(hours: str) -> Office:
    return Office(hours)


def _in_paris(moment: datetime) -> datetime:
    return moment.replace(tzinfo=UTC).astimezone(PARIS)


def _to_utc(local: datetime, fold: int = 0) -> datetime:
    """Return a time of a clock in Paris as stored. Of an hour that comes twice, `fold` 1 is the second one."""
    return local.replace(tzinfo=PARIS, fold=fold).astimezone(UTC).replace(tzinfo=None)


def _utc(day: date) -> datetime:
    return _to_utc(datetime.combine(day, time(0)))


def _round_up(moment: datetime) -> datetime:
    """Return the next quarter of an hour; quarters are the same in UTC and in Paris."""
    step = timedelta(minutes=PROMISE_MINUTES)
    beyond = timedelta(minutes=moment.minute, seconds=moment.second, microseconds=moment.microsecond) % step
    return moment + (step - beyond if beyond else timedelta(0))


def _say_days(days: str) -> str:
    """Return `le lundi, le mardi et du jeudi au samedi` for `lundi et mardi et du jeudi au samedi`."""
    said = [part if part.startswith("du ") else f"le {part}" for part in re.split(", | et ", days)]
    return " et ".join(part for part in (", ".join(said[:-1]), said[-1]) if part)


def _say_day(today: date, day: date) -> str:
    if day == today:
        return "aujourd'hui"
    if day == today + _DAY:
        return "demain"
    number = "1er" if day.day == 1 else str(day.day)
    return f"{DAYS[day.weekday()]} {number} {MONTHS[day.month - 1]}"


def _say_hour(local: datetime) -> str:
    if (local.hour, local.minute) == (0, 0):
        return "minuit"
    return f"{local.hour} h {local.minute:02}" if local.minute else f"{local.hour} h"
