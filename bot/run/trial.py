"""An assistant of its own for a trial, beside any other on the machine: free ports, a folder apart."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

_START_SECONDS = 600
"""Long enough to train the model first."""


class CannotTry(Exception):
    """The assistant did not come up; what it printed says why."""


@contextmanager
def trial_assistant(folder: Path, port: int, settings: dict[str, str]) -> Iterator[None]:
    """Run an assistant with these settings until the end. Raises CannotTry when it does not come up."""
    environment = {
        **os.environ,
        **settings,
        "BOT_VAR": str(folder),
        "BOT_DATABASE_URL": "",  # a trial touches neither the real store nor its keys
        "BOT_KEYS": "",
        "BOT_PUBLIC_PORT": str(port),
        "BOT_RASA_PORT": str(free_port()),
        "BOT_ACTIONS_PORT": str(free_port()),
    }
    # A group of its own: Ctrl-C reaches us, and we stop it in order.
    process = subprocess.Popen([sys.executable, "-m", "bot", "run"], env=environment, start_new_session=True)
    try:
        _wait_ready(process, f"http://127.0.0.1:{port}")
        yield
    finally:
        process.send_signal(signal.SIGINT)
        with suppress(subprocess.TimeoutExpired):
            process.wait(30)


def _wait_ready(process: subprocess.Popen[bytes], address: str) -> None:
    deadline = time.monotonic() + _START_SECONDS
    while process.poll() is None and time.monotonic() < deadline:
        if _is_healthy(address):
            return
        time.sleep(0.3)
    raise CannotTry("L'assistant ne démarre pas. Relisez les lignes au-dessus.")


def _is_healthy(address: str) -> bool:
    try:
        with urllib.request.urlopen(f"{address}/health", timeout=10) as answer:  # noqa: S310 - our own address
            return bool(answer.status == 200)
    except (urllib.error.URLError, OSError):
        return False


def free_port() -> int:
    """Return a port nobody listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def read_line() -> str:
    """Return what is typed, an empty text at the end of the input."""
    try:
        return input("\n> ").strip()
    except EOFError:
        return ""
