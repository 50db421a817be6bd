"""How long to wait after wrong passwords: never for good, since anyone can try a password on anyone's login."""

from __future__ import annotations

import math
from collections import OrderedDict, deque
from datetime import datetime, timedelta
from typing import TypeVar

FREE_FAILURES = 5
"""Failures in a row that cost nothing but the fifth: typing mistakes, capital letters locked."""
FIRST_LOCK = timedelta(minutes=1)
LONGEST_LOCK = timedelta(minutes=15)
"""A hundred tries a day at most on one account; and a colleague locked out by a stranger is back within a coffee."""
ADDRESS_FAILURES = 100
ADDRESS_WINDOW = timedelta(minutes=15)
"""Forty people behind one address may each be wrong twice in a quarter of an hour; a list of logins is slowed."""
_REMEMBERED = 10_000
"""Entries kept in memory, oldest forgotten first: a flood of made-up logins must not fill it."""

_Value = TypeVar("_Value")


def lock_after(failures: int) -> timedelta:
    """Return how long an account is locked after so many failures in a row: 0, then 1, 2, 4, 8, 15 minutes."""
    if failures < FREE_FAILURES:
        return timedelta(0)
    doublings = min(failures - FREE_FAILURES, 4)
    return min(FIRST_LOCK * (1 << doublings), LONGEST_LOCK)


def seconds_until(until: datetime | None, moment: datetime) -> int:
    """Return the seconds to wait, rounded up, 0 when there is nothing to wait for."""
    return max(0, math.ceil((until - moment).total_seconds())) if until else 0


class UnknownLogins:
    """The same locks for logins that nobody has: a lock must not tell which logins exist."""

    def __init__(self) -> None:
        self._failures: OrderedDict[str, tuple[int, datetime]] = OrderedDict()

    def wait(self, login: str, moment: datetime) -> int:
        """Return the seconds to wait before the next try."""
        _, until = self._failures.get(login, (0, None))
        return seconds_until(until, moment)

    def fail(self, login: str, moment: datetime) -> None:
        """Count one failure."""
        failures = self._failures.get(login, (0, moment))[0] + 1
        _remember(self._failures, login, (failures, moment + lock_after(failures)))


class AddressFailures:
    """Failures by address, in memory: forgotten at a restart, when nobody's sign-in is worth less for it."""

    def __init__(self) -> None:
        self._failures: OrderedDict[str, deque[datetime]] = OrderedDict()

    def wait(self, word: str, moment: datetime) -> int:
        """Return the seconds to wait before this address may try again."""
        times = self._failures.get(word)
        if times is None or len(times) < ADDRESS_FAILURES:
            return 0
        return seconds_until(times[0] + ADDRESS_WINDOW, moment)

    def fail(self, word: str, moment: datetime) -> None:
        """Count one failure."""
        times = self._failures.get(word) or deque(maxlen=ADDRESS_FAILURES)
        times.append(moment)
        _remember(self._failures, word, times)


def _remember(memory: OrderedDict[str, _Value], key: str, value: _Value) -> None:
    memory[key] = value
    memory.move_to_end(key)
    if len(memory) > _REMEMBERED:
        memory.popitem(last=False)
