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
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import aiohttp

from bot.run.environment import process_environment
from bot.run.training import model_path
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
    """One process: its command, the address that tells it is ready, and its log."""

    name: str
    command: list[str]
    ready_url: str
    port: int
    log: Path


def services(settings: Settings) -> list[Service]:
    """Return the processes, in the order of their start."""
    logs = settings.var / "journaux"
    python = sys.executable
    rasa = [
        python, "-m", "rasa", "run", "--interface", "127.0.0.1", "--port", str(settings.rasa_port),
        "--model", str(model_path(settings)), "--endpoints", "endpoints.yml", "--credentials", "credentials.yml",
    ]  # fmt: skip
    actions = [python, "-m", "actions.server", "--port", str(settings.actions_port)]
    local = "http://127.0.0.1:"
    return [
        Service("actions", actions, f"{local}{settings.actions_port}/health", settings.actions_port, logs / "actions.log"),
        Service("rasa", rasa, f"{local}{settings.rasa_port}/webhooks/rest/", settings.rasa_port, logs / "rasa.log"),
        Service(
            "canaux", [python, "-m", "channels"], f"{settings.local_url}/health",
            settings.public_port, logs / "canaux.log",
        ),
    ]  # fmt: skip


def check_ports(settings: Settings) -> None:
    """Raise CannotStart when a port is taken, with the setting that changes it."""
    for port, setting, host in (
        (settings.public_port, "BOT_PUBLIC_PORT", settings.public_host),
        (settings.rasa_port, "BOT_RASA_PORT", "127.0.0.1"),
        (settings.actions_port, "BOT_ACTIONS_PORT", "127.0.0.1"),
    ):
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
    """Keep the services running until asked to stop."""

    def __init__(self, settings: Settings, say: Callable[[str], None] = print) -> None:
        self._settings = settings
        self._say = say
        self._stopping = asyncio.Event()
        self._processes: dict[str, asyncio.subprocess.Process] = {}

    async def run(self) -> None:
        """Start everything, announce the address, and watch until SIGINT or SIGTERM.

        Raises CannotStart when a service does not come up.
        """
        loop = asyncio.get_running_loop()
        for number in (signal.SIGINT, signal.SIGTERM):
            loop.add_signal_handler(number, self._stopping.set)
        watchers: list[asyncio.Task[None]] = []
        try:
            for service in services(self._settings):
                service.log.parent.mkdir(parents=True, exist_ok=True)
                watchers.append(asyncio.create_task(self._keep(service)))
            await self._wait_ready()
            if not self._stopping.is_set():
                self._say(f"Prêt : http://localhost:{self._settings.public_port} (Ctrl-C pour arrêter)")
                await self._stopping.wait()
        finally:
            self._stopping.set()
            self._say("Arrêt…")
            await asyncio.gather(*watchers, return_exceptions=True)

    async def _keep(self, service: Service) -> None:
        """Run one service, again each time it ends, until asked to stop."""
        falls = 0
        while not self._stopping.is_set():
            started = time.monotonic()
            process = await self._start(service)
            ended = asyncio.create_task(process.wait())
            stopped = asyncio.create_task(self._stopping.wait())
            await asyncio.wait({ended, stopped}, return_when=asyncio.FIRST_COMPLETED)
            stopped.cancel()
            if self._stopping.is_set():
                await _stop(process)
                return
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
        return process

    async def _wait_ready(self) -> None:
        deadline = time.monotonic() + START_SECONDS
        async with aiohttp.ClientSession(timeout=aiohttp.ClientTimeout(total=10)) as session:
            for service in services(self._settings):
                self._say(f"Démarrage : {service.name}…")
                while not await _answers(session, service.ready_url):
                    if self._stopping.is_set():
                        return
                    if time.monotonic() > deadline:
                        raise CannotStart(f"{service.name} ne répond pas. Le détail est dans {service.log}")
                    await asyncio.sleep(0.25)


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
