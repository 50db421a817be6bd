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
import http.server, os, pathlib, socket, sys
port, mark = int(sys.argv[1]), pathlib.Path(sys.argv[2])
with mark.open("a") as file:
    print(os.getpid(), file=file)
class Answer(http.server.BaseHTTPRequestHandler):
    def do_GET(self):
        self.send_response(200)
        self.end_headers()
    def log_message(self, *_):
        pass
class Server(http.server.ThreadingHTTPServer):
    allow_reuse_port = True
    def server_bind(self):
        self.socket.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEPORT, 1)
        super().server_bind()
Server(("127.0.0.1", port), Answer).serve_forever()
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


# -- restarting one after the other


class Crew(Scene):
    """Two services that roll, on one port each or on the same, and one that does not."""

    def add(self, tmp_path: Path, name: str, port: int, *, rolls: bool, shared: bool = False) -> Service:
        mark = tmp_path / f"{name}.pids"
        command = [sys.executable, "-c", SERVER, str(port), str(mark)]
        return Service(
            name, command, f"http://127.0.0.1:{port}/", port, tmp_path / f"{name}.log",
            rolls=rolls, listens_itself=shared,
        )  # fmt: skip


def pids_of(tmp_path: Path, name: str) -> list[int]:
    return [int(pid) for pid in (tmp_path / f"{name}.pids").read_text().split()]


@pytest.fixture(params=["a port each", "one port shared"])
def crew(
    request: pytest.FixtureRequest, tmp_path: Path, settings: Settings, free_port: int, monkeypatch: pytest.MonkeyPatch
) -> Crew:  # fmt: skip
    crew = Crew(tmp_path, settings, free_port, monkeypatch)
    shared = request.param == "one port shared"
    others = [free_ports(settings).rasa_port for _ in range(2)]
    wanted = [
        crew.service,
        crew.add(tmp_path, "un", others[0], rolls=True, shared=shared),
        crew.add(tmp_path, "deux", others[0] if shared else others[1], rolls=True, shared=shared),
    ]
    monkeypatch.setattr(supervisor, "services", lambda _settings: wanted)
    return crew


async def test_each_process_that_takes_the_model_is_restarted_in_its_turn(crew: Crew, tmp_path: Path) -> None:
    running = asyncio.ensure_future(crew.supervisor.run())
    await crew.hear("Prêt")
    os.kill(os.getpid(), signal.SIGUSR1)
    await crew.hear("Relance : un…")
    await crew.hear("Relance : deux…")
    # The first one answers again before the second is touched.
    assert is_alive(pids_of(tmp_path, "un")[-1])
    assert len(pids_of(tmp_path, "un")) == 2
    await crew.hear("Relance terminée.")
    before, after = zip(*(pids_of(tmp_path, name) for name in ("un", "deux")), strict=True)
    assert [is_alive(pid) for pid in before] == [False, False]
    assert [is_alive(pid) for pid in after] == [True, True]
    assert len(await crew.pids(1)) == 1  # the one that does not roll is left alone
    assert not [line for line in crew.said if "s'est arrêté" in line]
    crew.supervisor._stopping.set()
    await asyncio.wait_for(running, 20)


async def test_a_restart_that_fails_leaves_the_others_as_they_are(
    crew: Crew, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    running = asyncio.ensure_future(crew.supervisor.run())
    await crew.hear("Prêt")
    monkeypatch.setattr(supervisor, "START_SECONDS", 0.5)
    first = next(
        service for service in supervisor.services(crew.supervisor._settings) if service.name == "un"
    )
    first.command[:] = [sys.executable, "-c", "raise SystemExit('mauvais modèle')"]
    ask_for_restart_by_signal()
    line = await crew.hear("un ne répond pas")
    assert str(first.log) in line
    assert [is_alive(pid) for pid in pids_of(tmp_path, "deux")] == [True]
    crew.supervisor._stopping.set()
    await asyncio.wait_for(running, 20)


def ask_for_restart_by_signal() -> None:
    os.kill(os.getpid(), signal.SIGUSR1)


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


def test_several_rasa_and_several_channels_have_a_name_a_port_and_a_log_each(settings: Settings) -> None:
    many = settings.copy(update={"rasa_workers": 2, "channel_workers": 2, "rasa_port": 6000})
    found = services(many)
    assert [service.name for service in found] == ["actions", "rasa-1", "rasa-2", "canaux-1", "canaux-2"]
    assert len({service.log for service in found}) == 5
    assert [service.port for service in found[1:3]] == [6000, 6001]
    assert [f"http://127.0.0.1:{service.port}" for service in found[1:3]] == list(many.rasa_addresses)
    assert {service.port for service in found[3:]} == {many.public_port}
    assert [service.rolls for service in found] == [False, True, True, True, True]


def test_one_channels_process_alone_is_not_restarted_for_a_model(settings: Settings) -> None:
    assert [service.rolls for service in services(settings)] == [False, True, False]


def test_rasa_elsewhere_is_not_started_here(settings: Settings) -> None:
    elsewhere = settings.copy(update={"rasa_urls": "http://10.0.0.5:5005"})
    assert [service.name for service in services(elsewhere)] == ["canaux"]
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        check_ports(free_ports(elsewhere).copy(update={"rasa_port": taken.getsockname()[1]}))


def test_the_port_of_every_rasa_is_checked(settings: Settings) -> None:
    free = free_ports(settings)
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        second = taken.getsockname()[1]
        with pytest.raises(CannotStart, match=f"{second}.*BOT_RASA_PORT"):
            check_ports(free.copy(update={"rasa_port": second - 1, "rasa_workers": 2}))


def test_a_port_that_two_processes_would_use_is_named(settings: Settings) -> None:
    free = free_ports(settings)
    with pytest.raises(CannotStart, match=f"{free.actions_port} servirait deux fois"):
        check_ports(free.copy(update={"rasa_port": free.actions_port}))


def test_a_process_that_falls_often_is_started_less_and_less_often() -> None:
    waits: Callable[[], tuple[float, ...]] = lambda: supervisor.RESTART_SECONDS
    assert list(waits()) == sorted(waits())
    assert waits()[0] < 1 < waits()[-1]
