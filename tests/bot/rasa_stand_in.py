"""A small server that speaks the answer format of Rasa's REST channel, to provoke what Rasa rarely does.

Slow, broken, empty or foreign answers, and coming back: a real Rasa cannot be made to do these on demand.
"""

from __future__ import annotations

import asyncio
import json
from collections.abc import Callable
from typing import Any

from aiohttp import web

Directives = list[dict[str, Any]]


class RasaStandIn:
    """Answers `POST /webhooks/rest/webhook` on loopback; `fault` makes it fail in a chosen way."""

    def __init__(self, port: int) -> None:
        self.received: list[dict[str, Any]] = []
        self.fault: Callable[[], web.Response] | None = None
        self.directives: Directives = [{"kind": "saluer"}]
        self.arrived = asyncio.Event()
        self.released = asyncio.Event()
        self.released.set()
        self._port = port
        self._runner: web.AppRunner | None = None

    @property
    def texts(self) -> list[str]:
        """The messages received, in order."""
        return [body["message"] for body in self.received]

    async def start(self) -> None:
        """Listen on the port."""
        app = web.Application()
        app.router.add_post("/webhooks/rest/webhook", self._answer)
        self._runner = web.AppRunner(app, shutdown_timeout=0.1)
        await self._runner.setup()
        await web.TCPSite(self._runner, "127.0.0.1", self._port).start()

    async def stop(self) -> None:
        """Listen no more; whoever waits is let go."""
        self.released.set()
        if self._runner:
            await self._runner.cleanup()
            self._runner = None

    def hold(self) -> None:
        """Keep whoever asks waiting until `released` is set."""
        self.released.clear()

    async def _answer(self, request: web.Request) -> web.Response:
        body = await request.json()
        self.received.append(body)
        self.arrived.set()
        await self.released.wait()
        if self.fault:
            return self.fault()
        directives = self._directives_for(body["message"])
        return web.json_response([{"recipient_id": body["sender"], "custom": item} for item in directives])

    def _directives_for(self, message: str) -> Directives:
        if message == "/sonder":
            return [{"kind": "sonde"}]
        if message.startswith("/choisir"):
            entities = json.loads(message.removeprefix("/choisir"))
            return [{"kind": "fiche", "rubrique": "apercu", **entities}]
        return self.directives
