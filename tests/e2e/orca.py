"""A real screen reader in front of a real Chromium, without monitor or sound: Orca, in French."""

from __future__ import annotations

import json
import os
import subprocess
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path

import psutil

from tests.e2e.conftest import ARGUMENTS, CHROMIUM
from tests.running import ROOT, free_port

VOICE = ROOT / "tests" / "e2e" / "silent_voice.py"
START_SECONDS = 60
QUIET_SECONDS = 3.0
"""Orca has finished when the voice has been silent for this long."""
STOP_SECONDS = 10

_GSETTINGS = """[org/gnome/desktop/interface]
toolkit-accessibility=true
[org/gnome/desktop/a11y/applications]
screen-reader-enabled=true
"""


@dataclass(frozen=True)
class Utterance:
    """What the voice was given at once; not whole when the screen reader cut it short."""

    words: str
    whole: bool
    at: float
    seconds: float


@dataclass
class ScreenReader:
    """Orca at work: what was heard so far, and the keys a person presses."""

    home: Path
    environment: dict[str, str]
    debugging_port: int = field(default_factory=free_port)
    processes: list[subprocess.Popen[bytes]] = field(default_factory=list)

    @property
    def debugging_url(self) -> str:
        """Return where Playwright reads the state of the page."""
        return f"http://127.0.0.1:{self.debugging_port}"

    def heard(self) -> list[Utterance]:
        """Return all that was heard since the start, in order."""
        record = self.home / "heard.jsonl"
        if not record.exists():
            return []
        return [Utterance(**json.loads(line)) for line in record.read_text(encoding="utf-8").splitlines()]

    def wait_until_silent(self, seconds: float = 120) -> list[Utterance]:
        """Return what was heard once the voice is silent. Raises AssertionError if it never is."""
        since, before = time.monotonic(), self._voice_state()
        deadline = since + seconds
        while time.monotonic() < deadline:
            time.sleep(0.1)
            now = self._voice_state()
            if now != before or now[0]:
                since, before = time.monotonic(), now
            elif time.monotonic() - since > QUIET_SECONDS:
                return self.heard()
        raise AssertionError(f"Orca never stopped speaking: {self.heard()[-5:]}")

    def _voice_state(self) -> tuple[bool, int]:
        record = self.home / "heard.jsonl"
        return (self.home / "heard.speaking").exists(), record.stat().st_size if record.exists() else 0

    def press(self, *keys: str) -> None:
        """Press keys one after the other, on the keyboard of the X server."""
        self._xdotool("key", "--delay", "100", *keys)

    def type(self, words: str) -> None:
        """Type words, slowly enough for Orca to follow."""
        self._xdotool("type", "--delay", "60", words)

    def _xdotool(self, *arguments: str) -> None:
        subprocess.run(["xdotool", *arguments], env=self.environment, check=True, timeout=60)

    def start(self, *command: str, keep_open: tuple[int, ...] = ()) -> subprocess.Popen[bytes]:
        """Start a program of this session; what it prints goes to a file of its own."""
        with (self.home / f"{Path(command[0]).name}.log").open("ab") as log:
            started = subprocess.Popen(
                command,
                env=self.environment,
                stdout=log,
                stderr=log,
                pass_fds=keep_open,
                start_new_session=True,
            )
        self.processes.append(started)
        return started

    def wait_for(self, is_there: Callable[[], object], what: str) -> None:
        """Wait until a part is ready. Raises AssertionError with what it printed when it never is."""
        deadline = time.monotonic() + START_SECONDS
        while not is_there():
            if time.monotonic() > deadline:
                raise AssertionError(f"{what} did not start:\n{self.logs()}")
            time.sleep(0.05)

    def logs(self) -> str:
        """Return the end of what each program printed."""
        return "\n".join(
            f"--- {log.name}\n{log.read_text(encoding='utf-8', errors='replace')[-2000:]}"
            for log in sorted(self.home.glob("*.log"))
        )

    def stop(self) -> None:
        """Stop every program of this session, the last one started first, and what they left behind."""
        for process in reversed(self.processes):
            process.terminate()
            with suppress(subprocess.TimeoutExpired):
                process.wait(timeout=STOP_SECONDS)
            process.kill()
            process.wait()
        left = [process for process in psutil.process_iter() if self._is_ours(process)]
        for process in left:
            with suppress(psutil.NoSuchProcess):
                process.kill()
        psutil.wait_procs(left, timeout=STOP_SECONDS)

    def _is_ours(self, process: psutil.Process) -> bool:
        with suppress(psutil.Error):
            return bool(process.environ().get("HOME") == str(self.home))
        return False


@contextmanager
def run_orca(url: str) -> Iterator[ScreenReader]:
    """Yield Orca in front of a page, in a window of its own on a screen of its own."""
    with tempfile.TemporaryDirectory(prefix="lecteur-", ignore_cleanup_errors=True) as folder:
        reader = ScreenReader(Path(folder), _environment(Path(folder)))
        try:
            _write_settings(reader.home)
            _start_screen(reader)
            _start_reader(reader)
            _start_browser(reader, url)
            yield reader
        finally:
            reader.stop()


def _environment(home: Path) -> dict[str, str]:
    """Return an environment that shares nothing with the session of whoever runs this."""
    return {
        "PATH": os.environ["PATH"],
        "HOME": str(home),
        "TMPDIR": str(home),
        "XDG_RUNTIME_DIR": str(home / "run"),
        "XDG_CONFIG_HOME": str(home / "config"),
        "XDG_DATA_HOME": str(home / "data"),
        "XDG_CACHE_HOME": str(home / "cache"),
        "DBUS_SESSION_BUS_ADDRESS": f"unix:path={home}/run/bus",
        "GSETTINGS_BACKEND": "keyfile",
        "ACCESSIBILITY_ENABLED": "1",
        "LANG": "fr_FR.UTF-8",
        "LC_ALL": "fr_FR.UTF-8",
    }


def _write_settings(home: Path) -> None:
    """Write the settings of somebody who uses a screen reader: accessibility on, and the silent voice."""
    for folder in ("run/speech-dispatcher", "config/speech-dispatcher", "config/glib-2.0/settings"):
        (home / folder).mkdir(parents=True)
    (home / "run").chmod(0o700)
    (home / "config/glib-2.0/settings/keyfile").write_text(_GSETTINGS, encoding="utf-8")
    voice = home / "voice"
    voice.write_text(f'#!/bin/sh\nexec /usr/bin/python3 "{VOICE}" "{home}/heard"\n', encoding="utf-8")
    voice.chmod(0o700)
    (home / "config/speech-dispatcher/speechd.conf").write_text(
        f'LogLevel 2\nAddModule "silence" "{voice}" ""\nDefaultModule silence\n', encoding="utf-8"
    )


def _start_screen(reader: ScreenReader) -> None:
    """Start a screen on the first free number, and a window manager: without one no window has the focus."""
    answer, question = os.pipe()
    reader.start(
        "Xvfb",
        "-displayfd",
        str(question),
        "-screen",
        "0",
        "1280x800x24",
        "-nolisten",
        "tcp",
        keep_open=(question,),
    )
    os.close(question)
    with os.fdopen(answer) as number:
        reader.environment["DISPLAY"] = f":{number.readline().strip()}"
    reader.start(
        "dbus-daemon", "--session", "--nofork", f"--address={reader.environment['DBUS_SESSION_BUS_ADDRESS']}"
    )
    reader.wait_for((reader.home / "run/bus").exists, "dbus-daemon")
    reader.start("openbox")


def _start_reader(reader: ScreenReader) -> None:
    """Start the accessibility bus, the voice and Orca; ready when it has said so."""
    reader.start("/usr/libexec/at-spi-bus-launcher", "--launch-immediately")
    socket = reader.home / "run/speech-dispatcher/speechd.sock"
    reader.start(
        "speech-dispatcher", "--run-single", "--communication-method", "unix_socket", "--socket-path", str(socket),
        "--config-dir", str(reader.home / "config/speech-dispatcher"), "--log-dir", str(reader.home),
        "--pid-file", str(reader.home / "speech-dispatcher.pid"),
    )  # fmt: skip
    reader.wait_for(socket.exists, "speech-dispatcher")
    reader.start("orca", "--debug-file", str(reader.home / "orca.txt"))
    reader.wait_for(reader.heard, "Orca (only one can run for one user)")


def _start_browser(reader: ScreenReader, url: str) -> None:
    """Start Chromium on the page; ready when Orca has finished telling of it."""
    reader.start(
        CHROMIUM, *ARGUMENTS, "--force-renderer-accessibility", "--lang=fr", "--no-default-browser-check",
        "--disable-features=Translate", "--window-size=1200,760", f"--user-data-dir={reader.home / 'chromium'}",
        "--remote-debugging-address=127.0.0.1", f"--remote-debugging-port={reader.debugging_port}", f"--app={url}",
    )  # fmt: skip
    before = len(reader.heard())
    reader.wait_for(lambda: len(reader.heard()) > before, "Chromium")
    reader.wait_until_silent()
