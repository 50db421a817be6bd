"""What only this machine may read: measures for Prometheus, and whether this process lives and can take a message.

Several processes of one machine each serve their own, on the first free port from BOT_METRICS_PORT on.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator

import structlog
from aiohttp import web
from prometheus_client import CONTENT_TYPE_LATEST
from sqlalchemy.exc import SQLAlchemyError

from bot.service.metrics import exposition
from channels.connections import Runner
from channels.keys import ASSISTANT, SETTINGS, STREAMS

HOST = "127.0.0.1"
PATIENCE_SECONDS = 3.0
"""What a measure waits for the store: less than Prometheus and load balancers wait for it."""
_SPARE_PORTS = 1
"""In a rolling restart one process more is there than usual."""
log = structlog.get_logger()


async def serve_metrics(app: web.Application) -> AsyncIterator[None]:
    """Serve them while the application runs, unless no port is set. The service goes on when none is free."""
    settings = app[SETTINGS]
    if not settings.metrics_port:
        yield
        return
    inner = web.Application()
    inner[ASSISTANT], inner[STREAMS] = app[ASSISTANT], app[STREAMS]
    inner.add_routes(
        [
            web.get("/metrics", show_metrics),
            web.get("/health/live", show_live),
            web.get("/health/ready", show_ready),
        ]
    )
    runner = Runner(inner)
    await runner.setup()
    try:
        last = min(settings.metrics_port + settings.channel_workers - 1 + _SPARE_PORTS, 65535)
        await _listen(runner, range(settings.metrics_port, last + 1))
        yield
    finally:
        await runner.cleanup()


async def _listen(runner: web.AppRunner, ports: range) -> None:
    for port in ports:
        try:
            await web.TCPSite(runner, HOST, port).start()
        except OSError:
            continue
        log.info("metrics_open", port=port)
        return
    log.error("metrics_not_served", first=ports.start, last=ports.stop - 1, mend="BOT_METRICS_PORT")


async def show_metrics(request: web.Request) -> web.Response:
    """`GET /metrics`."""
    waiting = None
    try:
        async with asyncio.timeout(PATIENCE_SECONDS):
            waiting = await request.app[ASSISTANT].count_waiting()
    except (SQLAlchemyError, OSError):  # a TimeoutError is an OSError
        log.warning("metrics_without_store")
    return web.Response(body=exposition(waiting), headers={"Content-Type": CONTENT_TYPE_LATEST})


async def show_live(_request: web.Request) -> web.Response:
    """`GET /health/live`: this process answers."""
    return web.Response(text="ok\n")


async def show_ready(request: web.Request) -> web.Response:
    """`GET /health/ready`: a message sent here now would be stored. 503 when it would not, and in a stop."""
    if request.app[STREAMS].closing:
        return web.Response(status=503, text="arret\n")
    try:
        async with asyncio.timeout(PATIENCE_SECONDS):
            is_ready = await request.app[ASSISTANT].is_ready()
    except TimeoutError:
        is_ready = False
    return web.Response(text="ok\n") if is_ready else web.Response(status=503, text="base\n")
