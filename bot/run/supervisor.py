"""Start Rasa, the action server and the channels; wait until each answers; restart one that dies.

Small on purpose: systemd units do this in production (docs/adr/0005-processus.md).
"""

from __future__ import annotations

import asyncio
import contextlib
import ctypes
import os
import signal
import socket
import time
from collections import defaultdict
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from pathlib import Path

import aiohttp

from bot.run.commands import LOCAL, actions_command, channels_command, rasa_command
from bot.run.environment import process_environment
from bot.run.processes import listens, running_mark
from bot.settings import Settings

START_SECONDS = 120
STOP_SECONDS = 15
RESTART_SECONDS = (0.2, 1.0, 2.0, 5.0, 10.0)
"""Waits before a restart, longer each time a process dies soon after its start."""
STEADY_SECONDS = 60
MAX_LOG_BYTES = 5_000_000
PR_SET_PDEATHSIG = 1


class CannotStart(Exception):
    """Something is in the way; the message names the port or the file."""


@dataclass(frozen=True)
class Service:
    """One process: its command, the address that tells it is ready, its port, and its log."""

    name: str
    command: list[str]
    ready_url: str
    port: int
    log: Path
    rolls: bool = False
    """Whether it is restarted, one after the other, when a new model is to be taken."""
    listens_itself: bool = False
    """Whether the port is shared with others, so that an answer does not tell whose it is."""


def services(settings: Settings) -> list[Service]:
    """Return the processes, in the order of their start. Those of Rasa run elsewhere when BOT_RASA_URLS says where."""
    channels = _channels(settings)
    return channels if settings.rasa_urls else [_actions(settings), *_rasas(settings), *channels]


def _actions(settings: Settings) -> Service:
    port = settings.actions_port
    command = actions_command(LOCAL, port)
    return Service("actions", command, f"http://{LOCAL}:{port}/health", port, _log(settings, "actions"))


def _rasas(settings: Settings) -> list[Service]:
    found = []
    for name, port in _numbered("rasa", settings.rasa_port, settings.rasa_workers, step=1):
        command = rasa_command(settings, LOCAL, port)
        url = f"http://{LOCAL}:{port}/webhooks/rest/"
        found.append(Service(name, command, url, port, _log(settings, name), rolls=True))
    return found


def _channels(settings: Settings) -> list[Service]:
    count = settings.channel_workers
    return [
        Service(
            name, channels_command(), f"{settings.local_url}/health", port, _log(settings, name),
            rolls=count > 1, listens_itself=count > 1,
        )
        for name, port in _numbered("canaux", settings.public_port, count, step=0)
    ]  # fmt: skip


def _numbered(name: str, port: int, count: int, *, step: int) -> list[tuple[str, int]]:
    if count == 1:
        return [(name, port)]
    return [(f"{name}-{rank + 1}", port + rank * step) for rank in range(count)]


def _log(settings: Settings, name: str) -> Path:
    return settings.var / "journaux" / f"{name}.log"


def check_ports(settings: Settings) -> None:
    """Raise CannotStart when a port is taken, or would be used twice, with the setting that changes it."""
    wanted = [(settings.public_port, "BOT_PUBLIC_PORT", settings.public_host)]
    if not settings.rasa_urls:
        rasas = range(settings.rasa_port, settings.rasa_port + settings.rasa_workers)
        wanted += [(port, "BOT_RASA_PORT", LOCAL) for port in rasas]
        wanted.append((settings.actions_port, "BOT_ACTIONS_PORT", LOCAL))
    seen: set[int] = set()
    for port, setting, host in wanted:
        if port in seen:
            raise CannotStart(f"Le port {port} servirait deux fois. Choisissez un autre port dans {setting}.")
        seen.add(port)
        _check_port(port, setting, host)


def _check_port(port: int, setting: str, host: str) -> None:
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except OSError as error:
            raise CannotStart(
                f"Le port {port} n'est pas libre ({error.strerror}). Arrêtez le programme qui l'utilise, "
                f"ou choisissez un autre port : {setting}={port + 1}"
            ) from error


class Supervisor:
    """Keep the services running until asked to stop; restart them one after the other when asked to."""

    def __init__(self, settings: Settings, say: Callable[[str], None] = print) -> None:
        self._settings = settings
        self._say = say
        self._stopping = asyncio.Event()
        self._asked = asyncio.Event()
        """Somebody wants the new model to be taken."""
        self._processes: dict[str, asyncio.subprocess.Process] = {}
        self._restarts: dict[str, asyncio.Event] = defaultdict(asyncio.Event)
        self._started: dict[str, asyncio.Event] = defaultdict(asyncio.Event)

    async def run(self) -> None:
        """Start everything, announce the address, and watch until SIGINT or SIGTERM. SIGUSR1 takes a new model.

        Raises CannotStart when a service does not come up.
        """
        loop = asyncio.get_running_loop()
        for number in (signal.SIGINT, signal.SIGTERM):
            loop.add_signal_handler(number, self._stopping.set)
        loop.add_signal_handler(signal.SIGUSR1, self._asked.set)
        tasks: list[asyncio.Task[None]] = []
        wanted = services(self._settings)
        try:
            with running_mark(self._settings):
                for service in wanted:
                    service.log.parent.mkdir(parents=True, exist_ok=True)
                    tasks.append(asyncio.create_task(self._keep(service)))
                await self._wait_ready(wanted)
                if not self._stopping.is_set():
                    self._say(f"Prêt : http://localhost:{self._settings.public_port} (Ctrl-C pour arrêter)")
                    tasks.append(asyncio.create_task(self._roll_when_asked(wanted)))
                    await self._stopping.wait()
        finally:
            self._stopping.set()
            self._asked.set()
            self._say("Arrêt…")
            await asyncio.gather(*tasks, return_exceptions=True)

    async def _keep(self, service: Service) -> None:
        """Run one service, again each time it ends, until asked to stop."""
        falls = 0
        while not self._stopping.is_set():
            started = time.monotonic()
            process = await self._start(service)
            await _first_of(process.wait(), self._stopping.wait(), self._restarts[service.name].wait())
            if self._stopping.is_set() or self._restarts[service.name].is_set():
                await _stop(process)
                self._restarts[service.name].clear()
                continue
            falls = 0 if time.monotonic() - started > STEADY_SECONDS else falls + 1
            wait = RESTART_SECONDS[min(falls, len(RESTART_SECONDS) - 1)]
            self._say(
                f"{service.name} s'est arrêté (code {process.returncode}), je le relance. Journal : {service.log}"
            )
            with contextlib.suppress(asyncio.TimeoutError):
                await asyncio.wait_for(self._stopping.wait(), wait)

    async def _start(self, service: Service) -> asyncio.subprocess.Process:
        _rotate(service.log)
        with service.log.open("ab") as log:
            process = await asyncio.create_subprocess_exec(
                *service.command,
                env=process_environment(self._settings),
                stdin=asyncio.subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                preexec_fn=_die_with_parent,
                start_new_session=True,  # Ctrl-C reaches the supervisor, which stops the others in order
            )
        self._processes[service.name] = process
        self._started[service.name].set()
        return process

    async def _wait_ready(self, wanted: list[Service]) -> None:
        deadline = time.monotonic() + START_SECONDS
        for service in wanted:
            self._say(f"Démarrage : {service.name}…")
            if not await self._comes_up(service, deadline):
                raise CannotStart(f"{service.name} ne répond pas. Le détail est dans {service.log}")

    async def _comes_up(self, service: Service, deadline: float) -> bool:
        """Wait until a service is ready. Returns False when it is not in time, True too when all is to stop."""
        async with aiohttp.ClientSession(timeout=aiohttp.ClientTimeout(total=10)) as session:
            while not self._stopping.is_set():
                process = self._processes.get(service.name)
                is_there = process is not None and (
                    not service.listens_itself or listens(process.pid, service.port)
                )
                if is_there and await _answers(session, service.ready_url):
                    break
                if time.monotonic() > deadline:
                    return False
                await asyncio.sleep(0.25)
        return True

    async def _roll_when_asked(self, wanted: list[Service]) -> None:
        while True:
            await self._asked.wait()
            if self._stopping.is_set():
                return
            self._asked.clear()
            await self._roll([service for service in wanted if service.rolls])

    async def _roll(self, rolling: list[Service]) -> None:
        """Restart services one after the other, each once the one before answers.

        One that does not answer ends it: the others go on as they are.
        """
        for service in rolling:
            self._say(f"Relance : {service.name}…")
            self._started[service.name].clear()
            self._restarts[service.name].set()
            await _first_of(self._started[service.name].wait(), self._stopping.wait())
            if not await self._comes_up(service, time.monotonic() + START_SECONDS):
                self._say(
                    f"{service.name} ne répond pas : je ne relance pas les autres. Le détail est dans {service.log}"
                )
                return
            if self._stopping.is_set():
                return
        self._say("Relance terminée.")


async def _first_of(*awaitables: Awaitable[object]) -> None:
    """Wait until one of these has happened."""
    waits = [asyncio.ensure_future(each) for each in awaitables]
    try:
        await asyncio.wait(waits, return_when=asyncio.FIRST_COMPLETED)
    finally:
        for wait in waits:
            wait.cancel()


def _rotate(log: Path) -> None:
    """Keep one earlier log: a process that fails in a loop must not fill the disk."""
    if log.exists() and log.stat().st_size > MAX_LOG_BYTES:
        log.replace(log.with_suffix(".1.log"))


async def _answers(session: aiohttp.ClientSession, url: str) -> bool:
    try:
        async with session.get(url) as response:
            return response.status == 200
    except (TimeoutError, aiohttp.ClientError, OSError):
        return False


async def _stop(process: asyncio.subprocess.Process) -> None:
    """Ask the process to end, and make it end when it does not."""
    if process.returncode is not None:
        return
    _signal_group(process.pid, signal.SIGTERM)
    try:
        await asyncio.wait_for(process.wait(), STOP_SECONDS)
    except TimeoutError:
        _signal_group(process.pid, signal.SIGKILL)
        await process.wait()


def _signal_group(pid: int, number: signal.Signals) -> None:
    with contextlib.suppress(ProcessLookupError):
        os.killpg(pid, number)


def _die_with_parent() -> None:
    """Ask Linux to stop this process when its supervisor is killed: no orphan keeps a port."""
    ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, signal.SIGTERM)
