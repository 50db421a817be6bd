"""Serve connections: what is no request at all is refused without a word of it, in the answer or in the log.

The library would give back the bytes it could not read, tell its version, and log them with the address of who sent them.
"""

from __future__ import annotations

import asyncio
import signal
from typing import Any

import structlog
from aiohttp import hdrs, web
from aiohttp.http_exceptions import HttpProcessingError
from aiohttp.web_protocol import RequestHandler

from bot.service.logs import failure
from channels.security import HEADERS

KEEPALIVE_SECONDS = 30.0
"""Connections left idle are given back: a public computer may leave hundreds. Headers that trickle in have as long."""
LINGERING_SECONDS = 10.0
"""After a refusal, the rest of a body too big is read so long and thrown away: the client then reads why."""
SHUTDOWN_SECONDS = 10.0
"""A little more than an answer may take: who waits at the moment of a stop still gets it."""
log = structlog.get_logger()


class Runner(web.AppRunner):
    """Runs an application on connections that tell nothing."""

    def __init__(
        self,
        app: web.Application,
        keepalive_seconds: float = KEEPALIVE_SECONDS,
        lingering_seconds: float = LINGERING_SECONDS,
    ) -> None:
        super().__init__(app, shutdown_timeout=SHUTDOWN_SECONDS)
        self._patience: dict[str, Any] = {
            "keepalive_timeout": keepalive_seconds,
            "lingering_time": lingering_seconds,
        }

    async def _make_server(self) -> web.Server:
        made = await super()._make_server()
        return _Server(
            made.request_handler,
            request_factory=made.request_factory,
            access_log=None,  # it would hold addresses and ids
            **self._patience,
        )


class _Server(web.Server):
    def __call__(self) -> RequestHandler:
        return _Connection(self, loop=self._loop, **self._kwargs)


class _Connection(RequestHandler):
    __slots__ = ()

    def handle_error(
        self,
        request: web.BaseRequest,
        status: int = 500,
        exc: BaseException | None = None,
        message: str | None = None,
    ) -> web.StreamResponse:
        """Return a refusal without content. Raises ConnectionError when an answer has begun."""
        del message
        if exc is not None and not isinstance(exc, HttpProcessingError | ConnectionError):
            log.error("request_failed", **failure(exc))
        if request.writer.output_size > 0:
            raise ConnectionError("an answer has begun: no other can be sent")
        response = web.Response(status=status, headers={**HEADERS, hdrs.CACHE_CONTROL: "no-store"})
        response.headers[hdrs.SERVER] = ""
        response.force_close()
        return response

    def log_exception(self, *args: Any, **kw: Any) -> None:
        """Log an error by its kind and place."""
        del args
        error = kw.get("exc_info")
        log.error("connection_failed", **(failure(error) if isinstance(error, BaseException) else {}))


async def serve(app: web.Application, host: str, port: int, *, reuse_port: bool = False) -> None:
    """Serve until SIGTERM or SIGINT; what is being answered at that moment is answered first.

    With `reuse_port`, several processes listen on the port. Raises OSError when it is taken.
    """
    stopping = asyncio.Event()
    for number in (signal.SIGINT, signal.SIGTERM):
        asyncio.get_running_loop().add_signal_handler(number, stopping.set)
    runner = Runner(app)
    try:
        await runner.setup()
        await web.TCPSite(runner, host, port, reuse_port=reuse_port or None).start()
        await stopping.wait()
    finally:
        await runner.cleanup()
