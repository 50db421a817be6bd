"""Tell whoever waits on a conversation that something was stored for it (one process)."""

from __future__ import annotations

import asyncio
from collections import defaultdict
from collections.abc import Iterator
from contextlib import contextmanager

ANY = "*"
"""What a listener of every conversation listens to."""


class Bus:
    """Signals by conversation. Content never passes here: listeners read the store."""

    def __init__(self) -> None:
        self._listeners: dict[str, set[asyncio.Event]] = defaultdict(set)

    def signal(self, conversation_id: str) -> None:
        """Wake every listener of a conversation."""
        for topic in (conversation_id, ANY):
            for event in self._listeners.get(topic, ()):
                event.set()

    @contextmanager
    def listen(self, conversation_id: str) -> Iterator[asyncio.Event]:
        """Yield an event set at each signal; subscribe before reading the store, so nothing is missed."""
        event = asyncio.Event()
        self._listeners[conversation_id].add(event)
        try:
            yield event
        finally:
            self._listeners[conversation_id].discard(event)
            if not self._listeners[conversation_id]:
                del self._listeners[conversation_id]
