"""The faults, drawn from the seed: when, what, for how long; and how each is done to a running assistant."""

from __future__ import annotations

import asyncio
import random
import signal
import sqlite3
import sys
import time
from collections.abc import Awaitable, Callable
from contextlib import suppress
from dataclasses import dataclass, field

import psutil
import psycopg2

from tests.chaos.count import SMS, TELEGRAM, Cut
from tests.chaos.scene import Scene, is_running

SENDERS = (SMS, TELEGRAM)
GAP_SECONDS = (3.0, 13.0)
STOPPED_SECONDS = (1.0, 20.0)
CARRIER_SECONDS = (1.0, 10.0)
CLOCK_SECONDS = (-3600, -600, -61, 61, 600, 3600)
PULSE_SECONDS = (0.8, 0.2)


@dataclass(frozen=True)
class Fault:
    """A fault to come: `at` seconds after the start, for `seconds`.

    `size` is what a step of the clock is worth; `which` picks one of several processes of a part.
    """

    at: float
    kind: str
    seconds: float
    size: int = 0
    which: int = 0

    def __str__(self) -> str:
        length = f" {self.seconds:.0f} s" if self.kind in LASTING else ""
        return f"{self.kind}{f' {self.size:+d} s' if self.size else ''}{length}"


@dataclass
class Done:
    """A fault that was done, or could not be."""

    fault: Fault
    began: float
    ended: float
    note: str = ""


Act = Callable[[Scene, Fault], Awaitable[str]]


def _one_of(scene: Scene, part: str, fault: Fault) -> list[psutil.Process]:
    found = scene.processes(part)
    return [found[fault.which % len(found)]] if found else []


async def _signal(scene: Scene, part: str, fault: Fault, number: signal.Signals) -> str:
    found = _one_of(scene, part, fault)
    for process in found:
        with suppress(psutil.NoSuchProcess):
            process.send_signal(number)
    return "" if found else "not there"


def kill(part: str) -> Act:
    """Return what kills a process of a part; the supervisor, or this harness, starts it again."""
    return lambda scene, fault: _signal(scene, part, fault, signal.SIGKILL)


def restart(part: str) -> Act:
    """Return what ends a process of a part as an administrator does."""
    return lambda scene, fault: _signal(scene, part, fault, signal.SIGTERM)


def stop(part: str) -> Act:
    """Return what stops a process of a part, and lets it go on."""

    async def act(scene: Scene, fault: Fault) -> str:
        return await _freeze(_one_of(scene, part, fault), fault.seconds)

    return act


async def _freeze(processes: list[psutil.Process], seconds: float) -> str:
    try:
        for process in processes:
            with suppress(psutil.NoSuchProcess):
                process.send_signal(signal.SIGSTOP)
        await asyncio.sleep(seconds)
    finally:
        for process in processes:
            with suppress(psutil.NoSuchProcess):
                process.send_signal(signal.SIGCONT)
    return "" if processes else "not there"


async def slow_rasa(scene: Scene, fault: Fault) -> str:
    """Let Rasa work a fifth of the time."""
    until = time.monotonic() + fault.seconds
    note = ""
    while time.monotonic() < until:
        note = await _freeze(scene.processes("rasa"), PULSE_SECONDS[0])
        await asyncio.sleep(PULSE_SECONDS[1])
    return note


async def kill_gateway(scene: Scene, fault: Fault) -> str:
    """Kill a process of Kannel, which comes back after a time."""
    name = fault.kind.rpartition(" ")[2]
    scene.away.add("kannel")
    scene.kannel.named(name).kill()
    await asyncio.sleep(fault.seconds)
    scene.away.discard("kannel")
    return ""


async def stop_gateway(scene: Scene, fault: Fault) -> str:
    """Stop a process of Kannel, and let it go on."""
    process = scene.kannel.named(fault.kind.rpartition(" ")[2])
    if process.poll() is not None:
        return "not there"
    return await _freeze([psutil.Process(process.pid)], fault.seconds)


async def cut_telegram(scene: Scene, fault: Fault) -> str:
    """Break the connections to Telegram and refuse others: what is seen of a server that starts again."""
    await scene.relays["telegram"].cut()
    await asyncio.sleep(fault.seconds)
    await scene.relays["telegram"].open()
    return ""


async def stop_telegram(scene: Scene, fault: Fault) -> str:
    """Stop Telegram's server, and let it go on."""
    return await _freeze([scene.telegram_process], fault.seconds)


async def fill_disk(scene: Scene, fault: Fault) -> str:
    """Fill the disk, then give the room back."""
    if not scene.disk.is_mounted:
        return await _limit_files(scene, fault.seconds)
    await asyncio.to_thread(scene.disk.fill)
    await asyncio.sleep(fault.seconds)
    scene.disk.empty()
    return ""


async def _limit_files(scene: Scene, seconds: float) -> str:
    """Without the right to mount: no file of the channels may grow."""
    processes = scene.processes("channels")
    for process in processes:
        process.rlimit(psutil.RLIMIT_FSIZE, (4096, psutil.RLIM_INFINITY))
    await asyncio.sleep(seconds)
    for process in processes:
        with suppress(psutil.NoSuchProcess):
            process.rlimit(psutil.RLIMIT_FSIZE, (psutil.RLIM_INFINITY, psutil.RLIM_INFINITY))
    return "by a limit on the size of files"


async def lock_database(scene: Scene, fault: Fault) -> str:
    """Hold the write lock from another connection."""
    return await asyncio.to_thread(_hold_postgres if scene.postgres else _hold_sqlite, scene, fault.seconds)


def _hold_sqlite(scene: Scene, seconds: float) -> str:
    connection = sqlite3.connect(scene.bot.var / "assistant.db", timeout=30, isolation_level=None)
    try:
        connection.execute("BEGIN IMMEDIATE")
        time.sleep(seconds)
        connection.execute("ROLLBACK")
    except sqlite3.OperationalError as error:
        return str(error)
    finally:
        connection.close()
    return ""


def _hold_postgres(scene: Scene, seconds: float) -> str:
    assert scene.postgres is not None
    try:
        connection = psycopg2.connect(scene.postgres.url(driver=""), connect_timeout=5)
    except psycopg2.OperationalError:
        return "not there"
    try:
        cursor = connection.cursor()
        cursor.execute("SET lock_timeout = '30s'")
        cursor.execute("LOCK TABLE messages, inbox, outbox, deliveries IN ACCESS EXCLUSIVE MODE")
        time.sleep(seconds)
        connection.rollback()
    except psycopg2.Error as error:
        return type(error).__name__
    finally:
        connection.close()
    return ""


def take_away(name: str) -> Act:
    """Return what kills an engine, which comes back after a time."""

    async def act(scene: Scene, fault: Fault) -> str:
        engine = getattr(scene, name)
        scene.away.add(name)
        try:
            if not is_running(engine):
                return "not there"
            await asyncio.to_thread(engine.stop, signal.SIGKILL)
            await asyncio.sleep(fault.seconds)
        finally:
            scene.away.discard(name)
        return ""

    return act


def stop_engine(name: str) -> Act:
    """Return what stops an engine, and lets it go on."""

    async def act(scene: Scene, fault: Fault) -> str:
        engine = getattr(scene, name)
        if not is_running(engine):
            return "not there"
        engine.signal(signal.SIGSTOP)
        await asyncio.sleep(fault.seconds)
        engine.signal(signal.SIGCONT)
        return ""

    return act


async def step_clock(scene: Scene, fault: Fault) -> str:
    """Put the clock off, then right again."""
    scene.clock.step(fault.size)
    await asyncio.sleep(fault.seconds)
    scene.clock.step(0)
    return ""


@dataclass(frozen=True)
class Kind:
    """A kind of fault: what does it, how long it lasts, and the channels whose hand-overs it cuts."""

    act: Act
    seconds: tuple[float, float] = (0.0, 0.0)
    cuts: tuple[str, ...] = ()


KINDS = {
    "kill rasa": Kind(kill("rasa")),
    "kill actions": Kind(kill("actions")),
    "kill channels": Kind(kill("channels"), cuts=SENDERS),
    "kill supervisor": Kind(kill("supervisor"), cuts=SENDERS),
    "stop rasa": Kind(stop("rasa"), STOPPED_SECONDS),
    "stop actions": Kind(stop("actions"), STOPPED_SECONDS),
    "stop channels": Kind(stop("channels"), STOPPED_SECONDS, SENDERS),
    "restart rasa": Kind(restart("rasa")),
    "restart actions": Kind(restart("actions")),
    "restart channels": Kind(restart("channels")),
    "rasa slow": Kind(slow_rasa, STOPPED_SECONDS),
    "kill gateway bearerbox": Kind(kill_gateway, CARRIER_SECONDS, (SMS,)),
    "kill gateway smsbox": Kind(kill_gateway, CARRIER_SECONDS, (SMS,)),
    "stop gateway bearerbox": Kind(stop_gateway, CARRIER_SECONDS, (SMS,)),
    "stop gateway smsbox": Kind(stop_gateway, CARRIER_SECONDS, (SMS,)),
    "telegram cut off": Kind(cut_telegram, CARRIER_SECONDS, (TELEGRAM,)),
    "telegram stopped": Kind(stop_telegram, CARRIER_SECONDS, (TELEGRAM,)),
    "disk full": Kind(fill_disk, STOPPED_SECONDS),
    "database locked": Kind(lock_database, STOPPED_SECONDS),
    "clock stepped": Kind(step_clock, STOPPED_SECONDS),
}
GROWN_KINDS = {
    "kill postgres": Kind(take_away("postgres"), CARRIER_SECONDS),
    "stop postgres": Kind(stop_engine("postgres"), STOPPED_SECONDS),
    "kill redis": Kind(take_away("redis"), CARRIER_SECONDS),
    "stop redis": Kind(stop_engine("redis"), STOPPED_SECONDS),
}
ALL_KINDS = KINDS | GROWN_KINDS
LASTING = {name for name, kind in ALL_KINDS.items() if kind.seconds[1]}


def draw_faults(dice: random.Random, engine: str, span: float) -> list[Fault]:
    """Return the faults of a run: each kind in turn, in an order drawn again for each round."""
    kinds = list(KINDS if engine == "sqlite" else ALL_KINDS)
    faults: list[Fault] = []
    at, deck = dice.uniform(*GAP_SECONDS), list[str]()
    while at < span:
        deck = deck or dice.sample(kinds, len(kinds))
        kind = deck.pop()
        size = dice.choice(CLOCK_SECONDS) if kind == "clock stepped" else 0
        seconds = dice.uniform(*ALL_KINDS[kind].seconds)
        faults.append(Fault(at, kind, seconds, size, dice.randrange(2)))
        at += dice.uniform(*GAP_SECONDS)
    return faults


@dataclass
class Chaos:
    """Does the faults, each at its time, and notes what was done."""

    scene: Scene
    done: list[Done] = field(default_factory=list)
    _busy: dict[str, asyncio.Lock] = field(default_factory=dict)

    async def do(self, faults: list[Fault]) -> None:
        """Do every fault; they overlap, but two of one thing wait for each other."""
        await asyncio.gather(*(self._one(fault) for fault in faults))

    async def _one(self, fault: Fault) -> None:
        await asyncio.sleep(fault.at)
        what = fault.kind.rpartition(" ")[2] if "gateway" not in fault.kind else "gateway"
        async with self._busy.setdefault(what, asyncio.Lock()):
            began = time.time()
            note = await ALL_KINDS[fault.kind].act(self.scene, fault)
            self.done.append(Done(fault, began, time.time(), note))
            print(f"{time.strftime('%H:%M:%S')} {fault} {note}", file=sys.stderr, flush=True)

    def cuts(self) -> list[Cut]:
        """Return the faults that may have cut a hand-over."""
        return [
            Cut(done.fault.kind, ALL_KINDS[done.fault.kind].cuts, done.began, done.ended)
            for done in self.done
            if ALL_KINDS[done.fault.kind].cuts and done.note != "not there"
        ]
