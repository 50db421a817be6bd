"""The processes of deploy/systemd started by hand behind a real nginx: two canaux, two Rasa, PostgreSQL and Redis."""

from __future__ import annotations

import asyncio
import os
import shlex
import signal
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import cast

import aiohttp
import pytest

from tests.e2e.test_kill import CONVERSATIONS, MESSAGES_EACH, _count, _open, _settled_transcript, _talk
from tests.engines import Postgres, Redis
from tests.nginx import make_certificate, run_folder
from tests.running import ROOT, RunningBot, environment_of, free_port

pytestmark = pytest.mark.lent
START_SECONDS = 300


@dataclass
class Machine:
    """What systemd would run, and nginx in front of it."""

    folder: Path
    environment: dict[str, str]
    port: int
    processes: dict[str, subprocess.Popen[bytes]] = field(default_factory=dict)

    @property
    def base_url(self) -> str:
        return f"https://127.0.0.1:{self.port}"

    def start_unit(self, unit: str, port: int) -> None:
        """Start what a unit starts, on a port."""
        file = (ROOT / "deploy" / "systemd" / f"{unit}.service").read_text(encoding="utf-8")
        (command,) = [
            line.removeprefix("ExecStart=") for line in file.splitlines() if line.startswith("ExecStart=")
        ]
        _, *arguments = shlex.split(command.replace("%i", str(port)))
        self.start(f"{unit}{port}", [str(ROOT / ".venv" / "bin" / "bot"), *arguments])

    def start(self, name: str, command: list[str]) -> None:
        with (self.folder / f"{name}.log").open("ab") as log:
            self.processes[name] = subprocess.Popen(
                command, cwd=ROOT, env=self.environment, stdout=log, stderr=log
            )

    def stop(self) -> None:
        for process in self.processes.values():
            process.send_signal(signal.SIGTERM)
        for process in self.processes.values():
            with suppress(subprocess.TimeoutExpired):
                process.wait(30)
            process.kill()


@pytest.fixture(scope="module")
def machine(
    tmp_path_factory: pytest.TempPathFactory, postgres: Postgres, redis_server: Redis
) -> Iterator[Machine]:
    folder = tmp_path_factory.mktemp("machine")
    with _run(folder, postgres.url(postgres.new_database()), redis_server.url) as machine:
        yield machine


@contextmanager
def _run(folder: Path, database: str, redis: str) -> Iterator[Machine]:
    rasa, canaux, actions, port = (
        [free_port(), free_port()],
        [free_port(), free_port()],
        free_port(),
        free_port(),
    )
    environment = environment_of(
        folder / "var", free_port(), {
            "database_url": database, "redis_url": redis, "actions_port": str(actions), "trusted_proxies": "1",
            "rasa_urls": " ".join(f"http://127.0.0.1:{each}" for each in rasa), "cookie_secure": "true",
        },
    )  # fmt: skip
    machine = Machine(folder, environment, port)
    try:
        machine.start_unit("actions", actions)
        for each in rasa:
            machine.start_unit("rasa@", each)
        for each in canaux:
            machine.start_unit("canaux@", each)
        make_certificate(folder)
        configuration = ROOT / "deploy" / "nginx" / "assistant.conf"
        upstreams = dict(zip((8081, 8082), canaux, strict=True))
        machine.start("nginx", ["/usr/sbin/nginx", *run_folder(folder, configuration, upstreams, port)])
        _wait_ready([*(f"http://127.0.0.1:{each}/health" for each in canaux), f"{machine.base_url}/health"])
        yield machine
    finally:
        machine.stop()


def _wait_ready(urls: list[str]) -> None:
    deadline = time.monotonic() + START_SECONDS
    for url in urls:
        while _curl("-o", os.devnull, "-w", "%{http_code}", url) != "200":
            assert time.monotonic() < deadline, url
            time.sleep(0.3)


def _curl(*arguments: str) -> str:
    return subprocess.run(["curl", "-sk", *arguments], capture_output=True, text=True, check=False).stdout


def session() -> aiohttp.ClientSession:
    return aiohttp.ClientSession(connector=aiohttp.TCPConnector(ssl=False, limit=0))


def test_pages_come_by_http_2_with_their_headers(machine: Machine) -> None:
    answer = _curl("--http2", "-i", f"{machine.base_url}/")
    assert answer.startswith("HTTP/2 200")
    assert "strict-transport-security: max-age=" in answer
    assert "content-security-policy: default-src 'none'" in answer
    assert "server: nginx\n" in answer.replace("\r", "")
    assert "Droits" in answer or "droits" in answer


async def test_an_answer_comes_and_the_stream_tells_it_before_any_heartbeat(machine: Machine) -> None:
    async with session() as client:
        talk = await _open(client, cast("RunningBot", machine))
        headers = {"Authorization": f"Bearer {talk.token}"}
        address = f"{machine.base_url}/api/v1/conversations/{talk.id}"
        async with client.get(f"{address}/events", headers=headers) as stream:
            assert stream.content_type == "text/event-stream"
            async with client.post(
                f"{address}/messages", json={"text": "c'est quoi le rsa"}, headers=headers
            ) as sent:
                assert sent.status == 200
            async with asyncio.timeout(10):  # the heartbeat, which would push it out, comes after 15 s
                while b"rsa" not in await stream.content.readline():
                    pass


async def test_one_of_two_channels_killed_loses_nothing(machine: Machine) -> None:
    bot = cast("RunningBot", machine)
    victim = next(process for name, process in machine.processes.items() if name.startswith("canaux"))
    async with session() as client:
        talks = [await _open(client, bot) for _ in range(CONVERSATIONS)]

        async def kill() -> None:
            while sum(len(talk.acknowledged) for talk in talks) < CONVERSATIONS * MESSAGES_EACH // 2:
                await asyncio.sleep(0.02)
            victim.kill()

        killer = asyncio.create_task(kill())
        await asyncio.gather(*(_talk(client, bot, talk) for talk in talks))
        await killer
        transcripts = [await _settled_transcript(client, bot, talk) for talk in talks]
    figures = _count(talks, transcripts)
    print(f"\none canaux of two killed behind nginx: {dict(figures)}")
    assert victim.wait(10) == -signal.SIGKILL
    assert figures["acknowledged"] == CONVERSATIONS * MESSAGES_EACH
    assert figures["unanswered"] == figures["answered twice"] == figures["out of order"] == 0
    assert figures["stored twice"] == 0


async def test_nginx_leaves_no_address_and_no_id_on_disk(machine: Machine) -> None:
    async with session() as client:
        talk = await _open(client, cast("RunningBot", machine))
    written = [
        file
        for file in machine.folder.glob("*.log")
        if file.name in {"error.log", "assistant.log", "nginx.log"}
    ]
    assert written
    for file in written:
        text = file.read_text(encoding="utf-8")
        assert talk.id not in text
        assert "client:" not in text
    assert not list(machine.folder.glob("*access*"))
