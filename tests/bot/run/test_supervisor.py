"""Starting, watching and stopping the processes, with small programs in the place of the real ones."""

from __future__ import annotations

import asyncio
import os
import re
import signal
import socket
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from bot.run import supervisor
from bot.run.supervisor import CannotStart, Service, Supervisor, check_ports, services
from bot.settings import Settings

PORTS = ("public_port", "rasa_port", "actions_port")
SERVER = """
import http.server, os, pathlib, sys
port, mark = int(sys.argv[1]), pathlib.Path(sys.argv[2])
with mark.open("a") as file:
    print(os.getpid(), file=file)
class Answer(http.server.BaseHTTPRequestHandler):
    def do_GET(self):
        self.send_response(200)
        self.end_headers()
    def log_message(self, *_):
        pass
http.server.HTTPServer(("127.0.0.1", port), Answer).serve_forever()
"""


class Scene:
    """A supervisor over one small server, and what it says."""

    def __init__(
        self, tmp_path: Path, settings: Settings, port: int, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        self.mark = tmp_path / "pids"
        self.log = tmp_path / "var" / "journaux" / "essai.log"
        self.said: list[str] = []
        self._new = asyncio.Event()
        self.supervisor = Supervisor(settings, self._hear)
        command = [sys.executable, "-c", SERVER, str(port), str(self.mark)]
        self.service = Service("essai", command, f"http://127.0.0.1:{port}/", port, self.log)
        monkeypatch.setattr(supervisor, "services", lambda _settings: [self.service])

    def _hear(self, line: str) -> None:
        self.said.append(line)
        self._new.set()

    async def hear(self, words: str) -> str:
        """Return the first line with these words as soon as it is said."""
        async with asyncio.timeout(30):
            while True:
                for line in self.said:
                    if words in line:
                        return line
                self._new.clear()
                await self._new.wait()

    async def pids(self, count: int) -> list[int]:
        """Return the processes started, once there were that many."""
        async with asyncio.timeout(30):
            while not self.mark.exists() or len(self.mark.read_text().split()) < count:
                await asyncio.sleep(0.01)
        return [int(pid) for pid in self.mark.read_text().split()]


@pytest.fixture
def scene(tmp_path: Path, settings: Settings, free_port: int, monkeypatch: pytest.MonkeyPatch) -> Scene:
    return Scene(tmp_path, settings, free_port, monkeypatch)


def is_alive(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    return True


async def test_it_says_when_it_is_ready_and_stops_what_it_started(scene: Scene) -> None:
    running = asyncio.ensure_future(scene.supervisor.run())
    await scene.hear("Prêt : http://localhost:")
    (pid,) = await scene.pids(1)
    os.kill(os.getpid(), signal.SIGTERM)
    await asyncio.wait_for(running, 20)
    assert not is_alive(pid)
    assert scene.said[0] == "Démarrage : essai…"
    assert scene.said[-1] == "Arrêt…"


async def test_a_process_that_dies_is_started_again_and_it_says_so(scene: Scene) -> None:
    running = asyncio.ensure_future(scene.supervisor.run())
    await scene.hear("Prêt")
    (pid,) = await scene.pids(1)
    os.kill(pid, signal.SIGKILL)
    line = await scene.hear("je le relance")
    assert str(scene.log) in line
    assert re.search(r"code -9", line)
    second = (await scene.pids(2))[1]
    scene.supervisor._stopping.set()
    await asyncio.wait_for(running, 20)
    assert not is_alive(second)


async def test_a_service_that_never_answers_is_named_with_its_log(
    scene: Scene, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(supervisor, "START_SECONDS", 3.0)
    monkeypatch.setattr(supervisor, "RESTART_SECONDS", (0.01,))
    scene.service.command[:] = [sys.executable, "-c", "raise SystemExit('pas de chance')"]
    with pytest.raises(CannotStart, match=r"essai ne répond pas.*essai\.log"):
        await asyncio.wait_for(scene.supervisor.run(), 30)
    assert "pas de chance" in scene.log.read_text(encoding="utf-8")


async def test_it_can_be_stopped_while_it_starts(scene: Scene) -> None:
    scene.service.command[:] = [sys.executable, "-c", "import time; time.sleep(60)"]
    running = asyncio.ensure_future(scene.supervisor.run())
    await scene.hear("Démarrage")
    scene.supervisor._stopping.set()
    await asyncio.wait_for(running, 20)
    assert not [line for line in scene.said if line.startswith("Prêt")]


def free_ports(settings: Settings) -> Settings:
    """Return the settings with three ports nobody listens on."""
    held = {name: socket.socket() for name in PORTS}
    for one in held.values():
        one.bind(("127.0.0.1", 0))
    free = settings.copy(update={name: one.getsockname()[1] for name, one in held.items()})
    for one in held.values():
        one.close()
    return free


@pytest.mark.parametrize("name", PORTS)
def test_a_port_that_is_taken_is_named_with_its_setting(settings: Settings, name: str) -> None:
    free = free_ports(settings)
    port = getattr(free, name)
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", port))
        taken.listen()
        with pytest.raises(CannotStart, match=f"{port}.*BOT_{name.upper()}={port + 1}"):
            check_ports(free)


def test_free_ports_are_no_trouble(settings: Settings) -> None:
    check_ports(free_ports(settings))


def test_only_the_channels_are_reached_from_outside(settings: Settings) -> None:
    by_name = {service.name: service for service in services(settings)}
    assert list(by_name) == ["actions", "rasa", "canaux"]
    rasa = by_name["rasa"].command
    assert rasa[rasa.index("--interface") + 1] == "127.0.0.1"
    assert rasa[rasa.index("--port") + 1] == str(settings.rasa_port)
    assert {str(service.port) in service.ready_url for service in by_name.values()} == {True}
    assert all(service.ready_url.startswith("http://127.0.0.1:") for service in by_name.values())


def test_a_process_that_falls_often_is_started_less_and_less_often() -> None:
    waits: Callable[[], tuple[float, ...]] = lambda: supervisor.RESTART_SECONDS
    assert list(waits()) == sorted(waits())
    assert waits()[0] < 1 < waits()[-1]
