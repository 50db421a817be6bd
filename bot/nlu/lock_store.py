"""Rasa's locks in Redis, shared by several Rasa; in memory while Redis is away, or when there is none.

A second belt: our dispatcher already hands Rasa one message at a time of a conversation. The lock only matters when a
Rasa too slow is still at work while another is asked again, so losing it for a while must not stop the answers.
"""

from __future__ import annotations

import json
import logging
import time
from collections.abc import Callable
from contextlib import suppress
from typing import Any, TypeVar

import redis
from rasa.core.lock import TicketLock
from rasa.core.lock_store import LockStore
from rasa.utils.endpoints import EndpointConfig

KEY_PREFIX = "rasa:lock:"
KEPT_SECONDS = 60
"""A lock that a killed Rasa left behind, with the id of its conversation, goes by itself."""
TIMEOUT_SECONDS = 0.3
"""Rasa does nothing else while it waits for Redis."""
AWAY_SECONDS = 5.0
"""How long Redis is left alone after a failure."""
log = logging.getLogger(__name__)
_Result = TypeVar("_Result")


class _Away(Exception):
    """Redis did not answer, or there is none."""


class SharedLockStore(LockStore):  # type: ignore[misc]
    """Locks in Redis; in memory those of the time when Redis is away. Without an address: in memory alone."""

    def __init__(self, endpoint_config: EndpointConfig) -> None:
        self._own: dict[str, TicketLock] = {}
        """Locks that Redis does not have."""
        self._copies: dict[str, TicketLock] = {}
        """Locks as they were last saved in Redis: who holds one when Redis goes away goes on."""
        self._away_until = 0.0
        self._redis: redis.Redis[bytes] | None = None
        if endpoint_config.url:
            self._redis = redis.Redis.from_url(
                endpoint_config.url, socket_timeout=TIMEOUT_SECONDS, socket_connect_timeout=TIMEOUT_SECONDS
            )
        super().__init__()

    def get_lock(self, conversation_id: str) -> TicketLock | None:
        """Return the lock of a conversation, or None."""
        own = self._own.get(conversation_id)
        try:
            kept = self._ask(lambda server: server.get(KEY_PREFIX + conversation_id))
        except _Away:
            return own or self._copies.get(conversation_id)
        return TicketLock.from_dict(json.loads(kept)) if kept else own

    def save_lock(self, lock: TicketLock) -> None:
        """Save a lock."""
        name = lock.conversation_id
        try:
            self._ask(lambda server: server.set(KEY_PREFIX + name, lock.dumps(), ex=KEPT_SECONDS))
        except _Away:
            self._own[name] = lock
        else:
            self._own.pop(name, None)
            self._copies[name] = lock

    def delete_lock(self, conversation_id: str) -> None:
        """Delete the lock of a conversation."""
        self._own.pop(conversation_id, None)
        self._copies.pop(conversation_id, None)
        with suppress(_Away):
            self._ask(lambda server: server.delete(KEY_PREFIX + conversation_id))

    def _ask(self, ask: Callable[[Any], _Result]) -> _Result:
        if self._redis is None or time.monotonic() < self._away_until:
            raise _Away
        try:
            return ask(self._redis)
        except (redis.RedisError, OSError) as error:
            self._away_until = time.monotonic() + AWAY_SECONDS
            log.warning("redis_away: locks are in memory (%s)", type(error).__name__)
            raise _Away from error
