"""The whole assistant, started as a person would (`bot run`) on free ports and in a folder of its own."""

from __future__ import annotations

import json
import os
import secrets
import signal
import socket
import subprocess
import sys
import tempfile
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path

import psutil

from channels.sms.local_kannel import LocalKannel

ROOT = Path(__file__).resolve().parent.parent
START_SECONDS = 180


def free_port() -> int:
    """Return a port nobody listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@dataclass
class RunningBot:
    """A running assistant: its address, its folder, and the means to hurt it."""

    var: Path
    environment: dict[str, str]
    public_port: int
    process: subprocess.Popen[bytes] | None = None
    log: Path = field(default=Path())

    @property
    def base_url(self) -> str:
        """Return the address of its pages and API."""
        return f"http://127.0.0.1:{self.public_port}"

    def start(self) -> None:
        """Start `bot run` and wait until a question can be answered."""
        self.launch()
        self.wait_healthy()

    def launch(self) -> None:
        """Start `bot run`."""
        self.log = self.var / "run.log"
        with self.log.open("ab") as log:
            self.process = subprocess.Popen(
                [sys.executable, "-m", "bot", "run"], cwd=ROOT, env=self.environment, stdout=log, stderr=log
            )

    def wait_healthy(self, seconds: float = START_SECONDS) -> None:
        """Wait until /health says 200. Raises AssertionError with the log when it never does."""
        deadline = time.monotonic() + seconds
        while time.monotonic() < deadline:
            if self.process is not None and self.process.poll() is not None:
                break
            if self._is_healthy():
                return
            time.sleep(0.25)
        raise AssertionError(f"the assistant did not come up:\n{self.log.read_text(encoding='utf-8')}")

    def _is_healthy(self) -> bool:
        try:
            with urllib.request.urlopen(f"{self.base_url}/health", timeout=10) as answer:
                return bool(json.load(answer)["status"] == "ok")
        except (urllib.error.URLError, OSError, ValueError):
            return False

    def pid_of(self, part: str) -> int:
        """Return the process of a part: `rasa`, `actions` or `channels`."""
        assert self.process is not None
        wanted = {"rasa": "rasa run", "actions": "actions.server", "channels": "-m channels"}[part]
        for child in psutil.Process(self.process.pid).children(recursive=True):
            with suppress(psutil.NoSuchProcess):
                if wanted in " ".join(child.cmdline()):
                    return int(child.pid)
        raise AssertionError(f"no process for {part}")

    def kill(self, part: str) -> None:
        """Kill a part with SIGKILL; `supervisor` is `bot run` itself, which takes the others along."""
        assert self.process is not None
        if part != "supervisor":
            os.kill(self.pid_of(part), signal.SIGKILL)
            return
        children = psutil.Process(self.process.pid).children(recursive=True)
        self.process.kill()
        self.process.wait()
        psutil.wait_procs(children, timeout=30)

    def stop(self) -> int:
        """Stop as Ctrl-C does and return the exit code."""
        if self.process is None:
            return 0
        if self.process.poll() is None:
            self.process.send_signal(signal.SIGINT)
        return self.process.wait(timeout=60)


@dataclass
class RunningSms:
    """A running assistant that people also reach by SMS, through a real Kannel and its test phones."""

    bot: RunningBot
    kannel: LocalKannel


@contextmanager
def run_sms_bot(**settings: str) -> Iterator[RunningSms]:
    """Yield a running assistant behind a Kannel of its own."""
    port, secret = free_port(), secrets.token_urlsafe(24)
    address = f"http://127.0.0.1:{port}"
    with tempfile.TemporaryDirectory(prefix="kannel-") as folder:
        kannel = LocalKannel(Path(folder), f"{address}/sms/{secret}", throughput=1000)
        try:
            kannel.start()
            gateway = {
                name.removeprefix("BOT_").lower(): value
                for name, value in kannel.settings(secret, address).items()
            }
            with run_bot(public_port=str(port), **gateway, **settings) as bot:
                yield RunningSms(bot, kannel)
        finally:
            kannel.stop()


@contextmanager
def run_bot(**settings: str) -> Iterator[RunningBot]:
    """Yield a running assistant with wide limits."""
    with tempfile.TemporaryDirectory(prefix="assistant-") as folder:
        port = int(settings.pop("public_port", 0)) or free_port()
        bot = RunningBot(Path(folder), environment_of(Path(folder), port, settings), port)
        try:
            bot.start()
            yield bot
        finally:
            bot.stop()


def environment_of(var: Path, port: int, settings: dict[str, str]) -> dict[str, str]:
    """Return the environment of an assistant on free ports, with limits wide enough for a measure from one address."""
    return {
        **os.environ,
        "BOT_VAR": str(var),
        "BOT_PUBLIC_PORT": str(port),
        "BOT_RASA_PORT": str(free_port()),
        "BOT_ACTIONS_PORT": str(free_port()),
        "BOT_MESSAGES_PER_MINUTE": "100000",
        "BOT_MESSAGES_PER_MINUTE_ADDRESS": "100000",
        "BOT_CONVERSATIONS_PER_HOUR_ADDRESS": "100000",
        **{f"BOT_{name.upper()}": value for name, value in settings.items()},
    }
