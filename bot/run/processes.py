"""Look at processes, and find the assistant that runs on this machine, without a library for it."""

from __future__ import annotations

import os
import signal
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from bot.settings import Settings

_LISTEN = "0A"
"""The state of a listening socket in /proc/net/tcp."""


def listens(pid: int, port: int) -> bool:
    """Tell whether a process listens on a TCP port itself: several may share it (SO_REUSEPORT)."""
    owned = set(_open_files(pid))
    return any(f"socket:[{inode}]" in owned for inode in _listening(port))


def _open_files(pid: int) -> Iterator[str]:
    """Yield what a process has open; one closed meanwhile is left out."""
    with suppress(OSError):
        for number in os.listdir(f"/proc/{pid}/fd"):  # noqa: PTH208 - names only
            with suppress(OSError):
                yield str(Path(f"/proc/{pid}/fd/{number}").readlink())


def _listening(port: int) -> Iterator[str]:
    """Yield the inodes of the sockets that listen on a port."""
    for name in ("tcp", "tcp6"):
        with suppress(OSError):
            for line in Path("/proc/net", name).read_text(encoding="ascii").splitlines()[1:]:
                fields = line.split()
                if fields[3] == _LISTEN and int(fields[1].rpartition(":")[2], 16) == port:
                    yield fields[9]


@contextmanager
def running_mark(settings: Settings) -> Iterator[None]:
    """Write who runs the assistant, so that `bot relancer` finds it."""
    mark = _mark(settings)
    mark.parent.mkdir(parents=True, exist_ok=True)
    mark.write_text(f"{os.getpid()}\n", encoding="ascii")
    try:
        yield
    finally:
        mark.unlink(missing_ok=True)


def ask_for_restart(settings: Settings) -> bool:
    """Ask the `bot run` of this data folder to take the new model. Returns False when none runs."""
    try:
        pid = int(_mark(settings).read_text(encoding="ascii"))
        command = Path(f"/proc/{pid}/cmdline").read_bytes().split(b"\0")
    except (OSError, ValueError):
        return False
    if b"run" not in command:  # the number was given to another program since
        return False
    with suppress(ProcessLookupError):
        os.kill(pid, signal.SIGUSR1)
        return True
    return False


def _mark(settings: Settings) -> Path:
    return settings.var / "bot.pid"
