"""All that runs during a chaos run: the assistant, its carriers behind relays, its engines, its disk and its clock."""

from __future__ import annotations

import asyncio
import os
import secrets
import signal
import struct
import subprocess
import tempfile
import urllib.parse
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager, suppress
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path

import psutil

from channels.sms.local_kannel import BEARERBOX, SMSBOX, LocalKannel
from tests.chaos.relay import Relay
from tests.engines import Postgres, Redis, run_postgres, run_redis
from tests.running import ROOT, RunningBot, environment_of, free_port
from tests.telegram_servers import TestApi, run_test_api

CLOCK = ROOT / ".outils" / "chaos" / "horloge.so"
INSTALL = "lancez outils/outils_de_chaos.sh"
DISK_SIZE = {"sqlite": "192m", "postgres": "640m"}
LOOK_SECONDS = 0.5
COMMANDS = {"rasa": "rasa run", "actions": "actions.server", "channels": "-m channels"}


class Kannel(LocalKannel):
    """A Kannel of which each process can be hurt, and is started again by `keep`."""

    def named(self, name: str) -> subprocess.Popen[bytes]:
        """Return the process of `bearerbox`, `smsbox` or `handset`."""
        return self._processes[("bearerbox", "smsbox", "handset").index(name)]

    def keep(self) -> None:
        """Start again what died. The phones lose their network with bearerbox, and find it again after."""
        for name in ("bearerbox", "smsbox", "handset"):
            if self.named(name).poll() is not None:
                self._again(name)

    def _again(self, name: str) -> None:
        rank = ("bearerbox", "smsbox", "handset").index(name)
        before = list(self._processes)
        if name == "handset":
            if self.named("bearerbox").poll() is not None:
                return
            self._start_handset()
        else:
            self._launch(BEARERBOX if name == "bearerbox" else SMSBOX)
        fresh = self._processes.pop()
        self._processes[:] = [*before[:rank], fresh, *before[rank + 1 :]]


@dataclass
class Disk:
    """Where the assistant (and PostgreSQL) write: a file system of its own as root, else a limit on the size of files."""

    folder: Path
    is_mounted: bool
    filler: Path = field(init=False)

    def __post_init__(self) -> None:
        self.filler = self.folder / "plein"

    def fill(self) -> None:
        """Leave no room."""
        with self.filler.open("wb", buffering=0) as file, suppress(OSError):
            while True:
                file.write(bytes(2**16))

    def empty(self) -> None:
        """Give the room back."""
        self.filler.unlink(missing_ok=True)


@dataclass
class Clock:
    """The wall clock of the assistant's processes (outils/chaos/horloge.c); monotonic time goes on as it does."""

    file: Path

    def environment(self) -> dict[str, str]:
        """Return what makes a process read this clock."""
        return {"LD_PRELOAD": str(CLOCK), "HORLOGE": str(self.file)}

    def step(self, seconds: int) -> None:
        """Put the clock so many seconds off, at once and for all."""
        if not self.file.exists():
            self.file.write_bytes(bytes(8))
        with self.file.open("r+b") as file:
            file.write(struct.pack("<q", seconds))


@dataclass
class Scene:
    """What a run is made of."""

    engine: str
    bot: RunningBot
    kannel: Kannel
    telegram: TestApi
    telegram_process: psutil.Process
    relays: dict[str, Relay]
    disk: Disk
    clock: Clock
    postgres: Postgres | None = None
    redis: Redis | None = None
    away: set[str] = field(default_factory=set)
    """Engines that a fault keeps away: they are not started again meanwhile."""
    starts: int = 0

    @property
    def database_url(self) -> str:
        """Return where the store is."""
        return (
            self.postgres.url() if self.postgres else f"sqlite+aiosqlite:///{self.bot.var / 'assistant.db'}"
        )

    def processes(self, part: str) -> list[psutil.Process]:
        """Return the processes of a part as they are now."""
        if self.bot.process is None:
            return []
        if part == "supervisor":
            return [psutil.Process(self.bot.process.pid)] if self.bot.process.poll() is None else []
        found = []
        with suppress(psutil.NoSuchProcess):
            for child in psutil.Process(self.bot.process.pid).children(recursive=True):
                with suppress(psutil.NoSuchProcess):
                    if COMMANDS[part] in " ".join(child.cmdline()):
                        found.append(child)
        return found

    @asynccontextmanager
    async def kept(self) -> AsyncIterator[None]:
        """Start again, as systemd does, whatever dies during the block."""
        keeper = asyncio.create_task(self._keep())
        try:
            yield
        finally:
            keeper.cancel()
            await asyncio.gather(keeper, return_exceptions=True)

    async def _keep(self) -> None:
        while True:
            await asyncio.sleep(LOOK_SECONDS)
            if self.bot.process is None or self.bot.process.poll() is not None:
                self.starts += 1
                self.bot.launch()
            if "kannel" not in self.away:
                self.kannel.keep()
            for name, engine in (("postgres", self.postgres), ("redis", self.redis)):
                if engine is not None and name not in self.away and not is_running(engine):
                    with suppress(AssertionError):
                        await asyncio.to_thread(engine.start)


@asynccontextmanager
async def open_scene(engine: str) -> AsyncIterator[Scene]:
    """Start everything, healthy, and end it."""
    assert CLOCK.exists(), f"{CLOCK} n'est pas là ; {INSTALL}"
    async with AsyncExitStack() as stack:
        folder = Path(
            stack.enter_context(tempfile.TemporaryDirectory(prefix="chaos-", ignore_cleanup_errors=True))
        )
        disk = open_disk(folder / "disque", engine, stack)
        postgres, redis = open_engines(engine, disk, stack)
        api = stack.enter_context(run_test_api())
        port, secret = free_port(), secrets.token_urlsafe(24)
        targets: dict[str, str] = {"sms_in": f"http://127.0.0.1:{port}", "telegram": api.base_url}
        relays = {
            name: Relay(partial(targets.__getitem__, name)) for name in ("sms_in", "sms_out", "telegram")
        }
        for relay in relays.values():
            await relay.open()
            stack.push_async_callback(relay.close)
        kannel = Kannel(folder / "kannel", f"{relays['sms_in'].url}/sms/{secret}", throughput=1000)
        stack.callback(kannel.stop)
        await asyncio.to_thread(kannel.start)
        targets["sms_out"] = kannel.send_url.removesuffix("/cgi-bin/sendsms")
        clock = Clock(folder / "horloge")
        clock.step(0)
        settings = settings_of(kannel, relays, secret, api, postgres, redis)
        var = disk.folder / "var"
        var.mkdir()
        bot = RunningBot(var, environment_of(var, port, settings) | clock.environment(), port)
        stack.callback(end, bot)
        await asyncio.to_thread(bot.start)
        yield Scene(engine, bot, kannel, api, _server_of(api), relays, disk, clock, postgres, redis)


def settings_of(
    kannel: Kannel,
    relays: dict[str, Relay],
    secret: str,
    api: TestApi,
    postgres: Postgres | None,
    redis: Redis | None,
) -> dict[str, str]:
    """Return the settings of an assistant that meets its carriers through the relays."""
    gateway = {
        name.removeprefix("BOT_").lower(): value
        for name, value in kannel.settings(secret, relays["sms_in"].url).items()
    }
    gateway["sms_kannel_url"] = f"{relays['sms_out'].url}/cgi-bin/sendsms"
    grown = {}
    if postgres and redis:
        grown = {
            "database_url": postgres.url(),
            "redis_url": redis.url,
            "channel_workers": "2",
            "rasa_workers": "2",
        }
    return {**gateway, **api.settings, "telegram_api_url": relays["telegram"].url, **grown}


def open_disk(folder: Path, engine: str, stack: AsyncExitStack) -> Disk:
    """Return the disk: a tmpfs in this process's own mount namespace when this is root."""
    folder.mkdir()
    if os.geteuid() != 0:
        return Disk(folder, is_mounted=False)
    subprocess.run(
        ["mount", "-t", "tmpfs", "-o", f"size={DISK_SIZE[engine]},mode=755", "tmpfs", folder], check=True
    )
    stack.callback(partial(subprocess.run, ["umount", "-l", folder], check=False))
    return Disk(folder, is_mounted=True)


def open_engines(engine: str, disk: Disk, stack: AsyncExitStack) -> tuple[Postgres | None, Redis | None]:
    """Start PostgreSQL, on the disk that fills, and Redis."""
    if engine == "sqlite":
        return None, None
    before, tempfile.tempdir = tempfile.tempdir, str(disk.folder)
    try:
        disk.folder.parent.chmod(0o755)  # PostgreSQL runs as somebody else
        postgres = stack.enter_context(run_postgres())
    finally:
        tempfile.tempdir = before
    return postgres, stack.enter_context(run_redis())


def end(bot: RunningBot) -> None:
    """Stop the assistant, whatever state it is in."""
    if bot.process is None:
        return
    with suppress(psutil.NoSuchProcess):
        for child in psutil.Process(bot.process.pid).children(recursive=True):
            with suppress(psutil.NoSuchProcess):
                child.send_signal(signal.SIGCONT)
    try:
        bot.stop()
    except subprocess.TimeoutExpired:
        bot.process.kill()
        bot.process.wait()


def is_running(engine: Postgres | Redis) -> bool:
    """Tell whether the process of an engine is there."""
    return engine._process is not None and engine._process.poll() is None


def _server_of(api: TestApi) -> psutil.Process:
    port = str(urllib.parse.urlsplit(api.base_url).port)
    [server] = [
        child
        for child in psutil.Process().children()
        if child.cmdline()[-1:] == [port] and "serveur.js" in " ".join(child.cmdline())
    ]
    return server
