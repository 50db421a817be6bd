"""Real PostgreSQL and Redis servers for tests, each on a free port and in a folder of its own."""

from __future__ import annotations

import os
import pwd
import shutil
import signal
import socket
import subprocess
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path
from uuid import uuid4

import psycopg2
import redis

START_SECONDS = 60
ROLE = "assistant"


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@dataclass
class Postgres:
    """A PostgreSQL server that tests may hurt: stop, kill and start again on the same port and data."""

    folder: Path
    port: int
    is_durable: bool = True
    _process: subprocess.Popen[bytes] | None = field(default=None, repr=False)

    def url(self, database: str = ROLE, driver: str = "+asyncpg") -> str:
        """Return the SQLAlchemy address of one of its databases."""
        return f"postgresql{driver}://{ROLE}@127.0.0.1:{self.port}/{database}"

    def new_database(self, template: str = "template0") -> str:
        """Make a database, empty or a copy of another, and return its name."""
        name = f"t{uuid4().hex[:12]}"
        self.execute(f"CREATE DATABASE {name} TEMPLATE {template}", database="postgres")
        return name

    def execute(self, statement: str, database: str = ROLE) -> None:
        """Run one statement outside any transaction."""
        connection = psycopg2.connect(
            host="127.0.0.1", port=self.port, user=ROLE, dbname=database, connect_timeout=5
        )
        connection.autocommit = True
        try:
            connection.cursor().execute(statement)
        finally:
            connection.close()

    def start(self) -> None:
        """Start the server and wait until it takes connections."""
        log = (self.folder / "journal").open("ab")
        command = [_binary("postgres"), "-D", str(self.folder / "data"), "-p", str(self.port)]
        options = {"listen_addresses": "127.0.0.1", "unix_socket_directories": "", "max_connections": "120"}
        if not self.is_durable:
            options |= {"fsync": "off"}
        for name, value in options.items():
            command += ["-c", f"{name}={value}"]
        self._process = subprocess.Popen(command, stdout=log, stderr=log, **_as_someone_else())
        _wait(self._answers, "PostgreSQL", self.folder / "journal")

    def _answers(self) -> bool:
        with suppress(psycopg2.OperationalError):
            self.execute("SELECT 1", database="postgres")
            return True
        return False

    def stop(self, number: signal.Signals = signal.SIGINT) -> None:
        """Stop it, dropping the connections; SIGKILL leaves it to recover at the next start."""
        if self._process is None:
            return
        if number is signal.SIGKILL:
            for child in _children(self._process.pid):
                with suppress(ProcessLookupError):
                    os.kill(child, signal.SIGKILL)
        self._process.send_signal(number)
        self._process.wait(timeout=60)
        self._process = None

    def signal(self, number: signal.Signals) -> None:
        """Send a signal to the server and to each of its processes: SIGSTOP, then SIGCONT."""
        assert self._process is not None
        for pid in (self._process.pid, *_children(self._process.pid)):
            with suppress(ProcessLookupError):
                os.kill(pid, number)


@dataclass
class Redis:
    """A Redis server without persistence: what it holds may be lost at any time."""

    folder: Path
    port: int
    _process: subprocess.Popen[bytes] | None = field(default=None, repr=False)

    @property
    def url(self) -> str:
        """Return its address."""
        return f"redis://127.0.0.1:{self.port}/0"

    def start(self) -> None:
        """Start the server and wait until it answers."""
        log = (self.folder / "journal").open("ab")
        self._process = subprocess.Popen(
            ["redis-server", "--port", str(self.port), "--bind", "127.0.0.1", "--save", "", "--appendonly", "no",
             "--dir", str(self.folder)],
            stdout=log, stderr=log,
        )  # fmt: skip
        _wait(self._answers, "Redis", self.folder / "journal")

    def _answers(self) -> bool:
        with suppress(redis.ConnectionError):
            return bool(redis.Redis(port=self.port, socket_timeout=2).ping())
        return False

    def stop(self, number: signal.Signals = signal.SIGTERM) -> None:
        """Stop it; nothing of it is left."""
        if self._process is not None:
            self._process.send_signal(number)
            self._process.wait(timeout=30)
            self._process = None

    def signal(self, number: signal.Signals) -> None:
        """Send a signal to it: SIGSTOP, then SIGCONT."""
        assert self._process is not None
        self._process.send_signal(number)


@contextmanager
def run_postgres(*, is_durable: bool = True) -> Iterator[Postgres]:
    """Yield a server with an empty database called `assistant`. Quicker when it need only survive a kill, not the machine."""
    with tempfile.TemporaryDirectory(prefix="postgres-") as name:
        folder = Path(name)
        identity = _as_someone_else()
        if identity:
            shutil.chown(folder, user="postgres")
        subprocess.run(
            [_binary("initdb"), "-D", str(folder / "data"), "-U", ROLE, "-A", "trust", "-E", "UTF8",
             "--locale=C.UTF-8", "--no-sync"],
            check=True, stdout=subprocess.DEVNULL, **identity,
        )  # fmt: skip
        server = Postgres(folder, _free_port(), is_durable)
        try:
            server.start()
            server.execute(f"CREATE DATABASE {ROLE}", database="postgres")
            yield server
        finally:
            server.stop()


@contextmanager
def run_redis() -> Iterator[Redis]:
    """Yield an empty server."""
    with tempfile.TemporaryDirectory(prefix="redis-") as name:
        server = Redis(Path(name), _free_port())
        try:
            server.start()
            yield server
        finally:
            server.stop()


def _binary(name: str) -> str:
    """Return the newest PostgreSQL program of this name: Debian keeps them out of the path."""
    found = sorted(Path("/usr/lib/postgresql").glob(f"*/bin/{name}"), key=lambda path: int(path.parts[4]))
    return str(found[-1]) if found else name


def _as_someone_else() -> dict[str, str]:
    """Return how to start a program as `postgres` when this runs as root: PostgreSQL refuses root."""
    if os.geteuid() != 0:
        return {}
    pwd.getpwnam("postgres")
    return {"user": "postgres", "group": "postgres", "cwd": "/"}


def _children(pid: int) -> list[int]:
    listed = Path(f"/proc/{pid}/task/{pid}/children").read_text(encoding="ascii")
    return [int(word) for word in listed.split()]


def _wait(ready: Callable[[], bool], name: str, log: Path) -> None:
    deadline = time.monotonic() + START_SECONDS
    while not ready():
        if time.monotonic() > deadline:
            raise AssertionError(f"{name} did not start:\n{log.read_text(encoding='utf-8')[-2000:]}")
        time.sleep(0.05)
