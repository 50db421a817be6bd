"""Where PDFs of the desk are made: in a thread, one at a time, and kept for a few minutes."""

from __future__ import annotations

import asyncio
import hashlib
import time
from collections.abc import Callable

from aiohttp import web

from bot.print.paper import make_pdf

KEPT_SECONDS = 300.0
"""A sheet is often printed twice: for the person, and for who comes with them."""
MAX_KEPT = 20
"""Sheets of some 40 kB, booklets of some 300 kB."""


class Press:
    """Makes a PDF of a page, one at a time: two would only be slower, and leave no time for conversations."""

    def __init__(
        self, make: Callable[[str], bytes] = make_pdf, clock: Callable[[], float] = time.monotonic
    ) -> None:
        self._make = make
        self._clock = clock
        self._lock = asyncio.Lock()
        self._kept: dict[bytes, tuple[float, bytes]] = {}

    async def print(self, html: str) -> bytes:
        """Return the PDF of a page, the same as before for the same page. Raises NoPrinting."""
        key = hashlib.sha256(html.encode()).digest()
        async with self._lock:
            self._forget_old()
            if key not in self._kept:
                made = await asyncio.to_thread(self._make, html)
                self._kept[key] = self._clock() + KEPT_SECONDS, made
            return self._kept[key][1]

    def _forget_old(self) -> None:
        now = self._clock()
        self._kept = {key: kept for key, kept in self._kept.items() if kept[0] > now}
        while len(self._kept) >= MAX_KEPT:
            del self._kept[next(iter(self._kept))]


PRESS = web.AppKey("press", Press)
