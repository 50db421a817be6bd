"""What is sent to the port and is no honest request, over real sockets, on the server as it runs."""

from __future__ import annotations

import asyncio
import re
from collections.abc import AsyncIterator, Awaitable, Callable
from pathlib import Path

import pytest
from aiohttp import web

from channels import body
from channels.connections import KEEPALIVE_SECONDS, Runner
from channels.registry import settings_class
from channels.server import create_app
from tests.channels.talking import NOBODY_LISTENS, without

PATIENCE = 20.0
CLOSED_AFTER = 0.3
"""In place of KEEPALIVE_SECONDS: the same timer, sooner."""
HEAD = b"POST /message HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/x-www-form-urlencoded\r\n"
SECRET = b"mot-secret"

Open = Callable[[], Awaitable[tuple[asyncio.StreamReader, asyncio.StreamWriter]]]


@pytest.fixture
async def connect(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[Open]:
    """Return what opens a connection to the server as `bot run` starts it, but for its patience."""
    monkeypatch.setattr("bot.service.assistant.load_knowledge", lambda _data, _territoire: without())
    settings = settings_class().parse_obj({"var": tmp_path / "var", "rasa_port": NOBODY_LISTENS})
    runner = Runner(create_app(settings), keepalive_seconds=CLOSED_AFTER, lingering_seconds=CLOSED_AFTER)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    port = runner.addresses[0][1]
    opened: list[asyncio.StreamWriter] = []

    async def connect() -> tuple[asyncio.StreamReader, asyncio.StreamWriter]:
        reader, writer = await asyncio.open_connection("127.0.0.1", port)
        opened.append(writer)
        return reader, writer

    yield connect
    for writer in opened:
        writer.transport.abort()
    await runner.cleanup()


async def say(connect: Open, sent: bytes) -> bytes:
    """Send these bytes on a connection of their own and return all that comes until the server closes it."""
    reader, writer = await connect()
    writer.write(sent)
    async with asyncio.timeout(PATIENCE):
        return await reader.read()


def statuses(answers: bytes) -> list[int]:
    return [int(found) for found in re.findall(rb"HTTP/1\.[01] (\d{3}) ", answers)]


AMBIGUOUS = {
    "length and chunks": HEAD
    + b"Content-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\nGET /fiches HTTP/1.1\r\n\r\n",
    "two lengths": HEAD + b"Content-Length: 5\r\nContent-Length: 30\r\n\r\nhello",
    "signed length": HEAD + b"Content-Length: +5\r\n\r\nhello",
    "length in hexadecimal": HEAD + b"Content-Length: 0x5\r\n\r\nhello",
    "an unknown coding": HEAD + b"Transfer-Encoding: xchunked\r\n\r\n0\r\n\r\n",
    "chunked before another": HEAD + b"Transfer-Encoding: chunked, identity\r\n\r\n0\r\n\r\n",
    "a space before the colon": HEAD + b"Transfer-Encoding : chunked\r\n\r\n0\r\n\r\n",
    "a folded header": HEAD + b"X-A: b\r\n Transfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
    "a zero byte": b"GET / HTTP/1.1\r\nHost: localhost\r\nX-A: \x00" + SECRET + b"\r\n\r\n",
    "a bare line feed in a value": b"GET / HTTP/1.1\r\nHost: localhost\r\nX-A: a\rX-B: "
    + SECRET
    + b"\r\n\r\n",
    "two hosts": b"GET / HTTP/1.1\r\nHost: localhost\r\nHost: " + SECRET + b".example\r\n\r\n",
    "no host": b"GET / HTTP/1.1\r\nX-A: " + SECRET + b"\r\n\r\n",
    "a header of 9 KB": b"GET / HTTP/1.1\r\nHost: localhost\r\nX-A: " + SECRET * 900 + b"\r\n\r\n",
    "three hundred headers": b"GET / HTTP/1.1\r\nHost: localhost\r\n" + b"X-A: b\r\n" * 300 + b"\r\n",
    "no HTTP at all": b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03" + SECRET + b"\r\n\r\n",
    "a method with a sign": b"GE\x00T /" + SECRET + b" HTTP/1.1\r\nHost: localhost\r\n\r\n",
}


async def test_request_smuggling_is_refused_once_and_tells_nothing(
    connect: Open, capfd: pytest.CaptureFixture[str]
) -> None:
    for name, sent in AMBIGUOUS.items():
        answer = await say(connect, sent)
        assert statuses(answer) == [400], name
        head, _, content = answer.partition(b"\r\n\r\n")
        assert content == b"", name
        assert not re.search(rb"aiohttp|Python|fiches", head), name
        for header in (b"default-src 'none'", b"nosniff", b"no-store"):
            assert header in head, (name, header)
    written = "".join(capfd.readouterr())
    for word in (SECRET.decode(), "127.0.0.1", "Traceback"):
        assert word not in written


async def test_a_host_header_attack_changes_no_link(connect: Open) -> None:
    for path in (b"/", b"/personne", b"/console/connexion", b"/nulle", b"/integrer.js", b"/effacer"):
        answer = await say(
            connect,
            b"GET "
            + path
            + b" HTTP/1.1\r\nHost: evil.example\r\nX-Forwarded-Host: evil.example\r\nConnection: close\r\n\r\n",
        )
        assert statuses(answer)[0] in (200, 303, 404)
        assert b"evil.example" not in answer


async def test_an_absolute_address_of_another_site_changes_no_link(connect: Open) -> None:
    answer = await say(
        connect,
        b"GET http://evil.example/console HTTP/1.1\r\nHost: evil.example\r\nConnection: close\r\n\r\n",
    )
    assert b"evil.example" not in answer
    assert statuses(answer) == [303]


async def test_slowloris_headers_that_never_end(connect: Open) -> None:
    begun = (b"", b"GET /", b"GET / HTTP/1.1\r\nHost: localhost\r\nX-A: ")
    assert await asyncio.gather(*(trickle(connect, head) for head in begun)) == [b"", b"", b""]


async def trickle(connect: Open, trickled: bytes) -> bytes:
    """Send a little more each time, so that the connection is never idle; return what came until it was closed."""
    reader, writer = await connect()
    writer.write(trickled)
    async with asyncio.timeout(PATIENCE):
        read = asyncio.create_task(reader.read())
        while not read.done():
            if trickled:
                writer.write(b"a")
            await asyncio.wait({read}, timeout=CLOSED_AFTER / 10)
        return await read


def test_the_server_waits_half_a_minute_for_headers_and_less_for_a_body() -> None:
    assert 0 < KEEPALIVE_SECONDS <= 30
    assert 0 < body.READ_SECONDS <= KEEPALIVE_SECONDS


async def test_slow_body_that_never_ends(connect: Open, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("channels.body.READ_SECONDS", CLOSED_AFTER)
    reader, writer = await connect()
    writer.write(HEAD + b"Content-Length: 5000\r\n\r\ntext=")
    async with asyncio.timeout(PATIENCE):
        line = asyncio.create_task(reader.readline())
        while not line.done():
            writer.write(b"a")
            await asyncio.wait({line}, timeout=CLOSED_AFTER / 10)
        assert statuses(await line) == [408]


async def test_chunks_without_end(connect: Open) -> None:
    reader, writer = await connect()
    writer.write(HEAD + b"Transfer-Encoding: chunked\r\n\r\n")
    async with asyncio.timeout(PATIENCE):
        line = asyncio.create_task(reader.readline())
        while not line.done() and not writer.is_closing():
            writer.write(b"1000\r\n" + b"a" * 4096 + b"\r\n")
            await asyncio.wait({line}, timeout=0.001)
        assert statuses(await line) == [413]


async def test_a_client_that_leaves_in_the_middle_harms_nobody(
    connect: Open, capfd: pytest.CaptureFixture[str]
) -> None:
    for sent in (b"GET / HT", HEAD + b"Content-Length: 5000\r\n\r\ntext=" + SECRET, HEAD):
        _, writer = await connect()
        writer.write(sent)
        await writer.drain()
        writer.transport.abort()
    answer = await say(connect, b"GET /a-propos HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n")
    assert statuses(answer) == [200]
    assert SECRET.decode() not in "".join(capfd.readouterr())
