"""A relay between the assistant and a carrier: it notes what passes, and can be cut as a network is."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable
from dataclasses import dataclass

import aiohttp
from aiohttp import web

from tests.running import free_port

CARRY_SECONDS = 60.0
_OF_THE_HOP = {"host", "connection", "content-length", "transfer-encoding", "keep-alive", "content-encoding"}


@dataclass(frozen=True)
class Passed:
    """A call that passed: `status` 0 when the other side gave no answer. Times in seconds, of this machine."""

    path: str
    query: dict[str, str]
    headers: dict[str, str]
    body: bytes
    began: float
    ended: float
    status: int


class Relay:
    """Listens on a port of its own and carries each call to `target`."""

    def __init__(self, target: Callable[[], str]) -> None:
        self._target = target
        self._port = free_port()
        self._runner: web.AppRunner | None = None
        self._session: aiohttp.ClientSession | None = None
        self.passed: list[Passed] = []

    @property
    def url(self) -> str:
        """Return where it listens."""
        return f"http://127.0.0.1:{self._port}"

    async def open(self) -> None:
        """Listen, and carry what comes."""
        if self._session is None:
            timeout = aiohttp.ClientTimeout(total=CARRY_SECONDS)
            self._session = aiohttp.ClientSession(timeout=timeout, auto_decompress=True)
        app = web.Application(client_max_size=2**22)
        app.router.add_route("*", "/{path:.*}", self._carry)
        self._runner = web.AppRunner(app, access_log=None, shutdown_timeout=0.1)
        await self._runner.setup()
        await web.TCPSite(self._runner, "127.0.0.1", self._port, reuse_address=True).start()

    async def cut(self) -> None:
        """Break every connection and refuse new ones until `open` is called again."""
        if self._runner is not None:
            await self._runner.cleanup()
            self._runner = None

    async def close(self) -> None:
        """End for good."""
        await self.cut()
        if self._session is not None:
            await self._session.close()
            self._session = None

    async def _carry(self, request: web.Request) -> web.Response:
        """Carry a call to its end even when the caller goes away meanwhile: what left has left."""
        body = await request.read()
        return await asyncio.shield(asyncio.ensure_future(self._call(request, body)))

    async def _call(self, request: web.Request, body: bytes) -> web.Response:
        assert self._session is not None
        began, status, content, kind = time.time(), 0, b"", ""
        headers = {name: value for name, value in request.headers.items() if name.lower() not in _OF_THE_HOP}
        try:
            async with self._session.request(
                request.method, f"{self._target()}{request.raw_path}", data=body, headers=headers
            ) as answer:
                content, status = await answer.read(), answer.status
                kind = answer.headers.get("Content-Type", "")
        except (aiohttp.ClientError, TimeoutError, OSError):
            status = 0
        query = {name: str(value) for name, value in request.query.items()}
        self.passed.append(Passed(request.path, query, headers, body, began, time.time(), status))
        if not status:
            return web.Response(status=502)
        return web.Response(status=status, body=content, headers={"Content-Type": kind} if kind else None)
