"""The event streams that are open, so that the server can close them when it stops."""

from __future__ import annotations

import asyncio


class OpenStreams:
    """Lets a stream wait for news, and wakes it when the server stops."""

    def __init__(self) -> None:
        self._closing = False
        self._events: set[asyncio.Event] = set()

    @property
    def closing(self) -> bool:
        """Tell whether the server is stopping."""
        return self._closing

    async def wait(self, event: asyncio.Event, timeout_seconds: float) -> None:
        """Return when the event is set, when the server stops, or when the time is over."""
        self._events.add(event)
        try:
            if not self._closing:
                await asyncio.wait_for(event.wait(), timeout_seconds)
        except TimeoutError:
            pass
        finally:
            self._events.discard(event)

    def close(self) -> None:
        """Wake every stream: each sees `closing` and ends."""
        self._closing = True
        for event in self._events:
            event.set()
