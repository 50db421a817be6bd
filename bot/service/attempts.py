"""How long to wait after wrong passwords: never for good, since anyone can try a password on anyone's login."""

from __future__ import annotations

import math
from collections import OrderedDict, deque
from contextlib import suppress
from datetime import UTC, datetime, timedelta
from typing import TypeVar

from redis.asyncio import Redis

from bot.service.shared import Away, SharedMemory

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

_FORGOTTEN_SECONDS = 24 * 3600
"""In Redis: as long as a lock on a real login could be compared with one on another, without keeping a flood for good."""
_WINDOW_SECONDS = int(ADDRESS_WINDOW.total_seconds())
_COUNT = """
local failures = tonumber(redis.call('hget', KEYS[1], 'n') or 0)
local at = tonumber(redis.call('hget', KEYS[1], 'at') or 0)
local left = at + tonumber(ARGV[4 + math.min(failures, #ARGV - 4)]) - tonumber(ARGV[1])
if failures > 0 and left > 0 then return left end
if ARGV[2] == '1' then
  redis.call('hset', KEYS[1], 'n', failures + 1, 'at', ARGV[1])
  redis.call('expire', KEYS[1], ARGV[3])
end
return 0
"""
"""One step, or many tries at once would each see no lock. After the moment and the rest come the locks, by failures."""

_Value = TypeVar("_Value")


def lock_after(failures: int) -> timedelta:
    """Return how long an account is locked after so many failures in a row: 0, then 1, 2, 4, 8, 15 minutes."""
    if failures < FREE_FAILURES:
        return timedelta(0)
    doublings = min(failures - FREE_FAILURES, 4)
    return min(FIRST_LOCK * (1 << doublings), LONGEST_LOCK)


_LOCKS = tuple(round(lock_after(failures).total_seconds() * 1000) for failures in range(FREE_FAILURES + 5))


def seconds_until(until: datetime | None, moment: datetime) -> int:
    """Return the seconds to wait, rounded up, 0 when there is nothing to wait for."""
    return max(0, math.ceil((until - moment).total_seconds())) if until else 0


class UnknownLogins:
    """The same locks for logins that nobody has: a lock must not tell which logins exist.

    Counted in memory, and in Redis for all the processes where there is one. The longer wait holds.
    """

    def __init__(self, shared: SharedMemory | None = None) -> None:
        self._shared = shared
        self._failures: OrderedDict[str, tuple[int, datetime]] = OrderedDict()

    async def wait(self, login: str, moment: datetime) -> int:
        """Return the seconds to wait before the next try."""
        return max(self._wait(login, moment), await self._ask(login, moment, counts=False))

    async def fail(self, login: str, moment: datetime) -> int:
        """Count one failure, and return 0; during a lock count nothing, and return the seconds left of it."""
        seconds = self._wait(login, moment) or await self._ask(login, moment, counts=True)
        if not seconds:
            failures = self._failures.get(login, (0, moment))[0] + 1
            _remember(self._failures, login, (failures, moment + lock_after(failures)))
        return seconds

    def _wait(self, login: str, moment: datetime) -> int:
        _, until = self._failures.get(login, (0, None))
        return seconds_until(until, moment)

    async def _ask(self, login: str, moment: datetime, *, counts: bool) -> int:
        if self._shared is None:
            return 0
        key = self._shared.name("login", login)
        values = (_milliseconds(moment), int(counts), _FORGOTTEN_SECONDS, *_LOCKS)
        try:
            left = await self._shared.ask(lambda redis: redis.eval(_COUNT, 1, key, *values))
        except Away:
            return 0
        return math.ceil(int(left) / 1000)


class AddressFailures:
    """Failures by address, in memory, and in Redis for all the processes where there is one.

    They are forgotten at a restart, when nobody's sign-in is worth less for it.
    """

    def __init__(self, shared: SharedMemory | None = None) -> None:
        self._shared = shared
        self._failures: OrderedDict[str, deque[datetime]] = OrderedDict()

    async def wait(self, word: str, moment: datetime) -> int:
        """Return the seconds to wait before this address may try again."""
        return max(self._wait(word, moment), await self._wait_shared(word, moment))

    async def fail(self, word: str, moment: datetime) -> None:
        """Count one failure."""
        times = self._failures.get(word) or deque(maxlen=ADDRESS_FAILURES)
        times.append(moment)
        _remember(self._failures, word, times)
        if self._shared is not None:
            key = self._shared.name("address", word)
            with suppress(Away):
                await self._shared.ask(lambda redis: _push(redis, key, _milliseconds(moment)))

    def _wait(self, word: str, moment: datetime) -> int:
        times = self._failures.get(word)
        if times is None or len(times) < ADDRESS_FAILURES:
            return 0
        return seconds_until(times[0] + ADDRESS_WINDOW, moment)

    async def _wait_shared(self, word: str, moment: datetime) -> int:
        if self._shared is None:
            return 0
        key = self._shared.name("address", word)
        try:
            oldest = await self._shared.ask(lambda redis: redis.lindex(key, ADDRESS_FAILURES - 1))
        except Away:
            return 0
        until = int(oldest) + _WINDOW_SECONDS * 1000 if oldest else 0
        return max(0, math.ceil((until - _milliseconds(moment)) / 1000))


async def _push(redis: Redis[bytes], key: str, milliseconds: int) -> None:
    async with redis.pipeline(transaction=True) as pipe:
        pipe.lpush(key, milliseconds).ltrim(key, 0, ADDRESS_FAILURES - 1).expire(key, _WINDOW_SECONDS)
        await pipe.execute()


def _milliseconds(moment: datetime) -> int:
    return round(moment.replace(tzinfo=UTC).timestamp() * 1000)


def _remember(memory: OrderedDict[str, _Value], key: str, value: _Value) -> None:
    memory[key] = value
    memory.move_to_end(key)
    if len(memory) > _REMEMBERED:
        memory.popitem(last=False)
