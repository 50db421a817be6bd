"""When nothing that nobody asked for just now may be sent: nights, Sundays and French public holidays.

Narrower than the hours of the af2m charter for business messaging (2026): people are woken by a phone that rings.
"""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from functools import lru_cache

import holidays

from bot.model.french import PARIS

FIRST_HOUR = 8
LAST_HOUR = 20
AWAKE = timedelta(minutes=30)
"""Who wrote within this is not woken by an answer, whatever the hour."""
_SUNDAY = 6


@lru_cache(maxsize=1)
def _public_holidays() -> holidays.HolidayBase:
    return holidays.country_holidays("FR")


def is_quiet(moment: datetime) -> bool:
    """Tell whether a time (UTC, without a timezone, as stored) is one of silence in France."""
    local = moment.replace(tzinfo=UTC).astimezone(PARIS)
    return (
        not FIRST_HOUR <= local.hour < LAST_HOUR
        or local.weekday() == _SUNDAY
        or local.date() in _public_holidays()
    )


def next_allowed(moment: datetime) -> datetime:
    """Return the same time when it is allowed, else the next opening hour (UTC, without a timezone)."""
    while is_quiet(moment):
        local = moment.replace(tzinfo=UTC).astimezone(PARIS)
        day = local.date() if local.hour < FIRST_HOUR else local.date() + timedelta(days=1)
        opening = datetime(day.year, day.month, day.day, FIRST_HOUR, tzinfo=PARIS)
        moment = opening.astimezone(UTC).replace(tzinfo=None)
    return moment
