"""Which process listens, and which assistant runs on a data folder."""

from __future__ import annotations

import os
import socket
import subprocess
import sys

from bot.run.processes import ask_for_restart, listens, running_mark
from bot.settings import Settings


def test_who_listens_on_a_port_is_told_apart_from_who_shares_it() -> None:
    with socket.socket() as ours:
        ours.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEPORT, 1)
        ours.bind(("127.0.0.1", 0))
        port = ours.getsockname()[1]
        assert not listens(os.getpid(), port)
        ours.listen()
        assert listens(os.getpid(), port)
        assert not listens(os.getppid(), port)
    assert not listens(os.getpid(), port)


def test_a_process_that_is_gone_listens_no_more() -> None:
    gone = subprocess.Popen([sys.executable, "-c", ""])
    gone.wait()
    assert not listens(gone.pid, 80)


def test_nothing_runs_on_a_folder_of_its_own(settings: Settings) -> None:
    assert not ask_for_restart(settings)
    with running_mark(settings):
        assert not ask_for_restart(settings)  # this is pytest, not `bot run`
    assert not (settings.var / "bot.pid").exists()


def test_the_assistant_that_runs_is_asked(settings: Settings) -> None:
    script = (
        "import signal, sys\n"
        "signal.signal(signal.SIGUSR1, lambda *_: sys.exit(7))\n"
        "print('prêt', flush=True)\n"
        "signal.pause()"
    )
    started = subprocess.Popen([sys.executable, "-c", script, "run"], stdout=subprocess.PIPE)
    assert started.stdout is not None
    started.stdout.readline()
    settings.var.mkdir(parents=True)
    (settings.var / "bot.pid").write_text(str(started.pid))
    assert ask_for_restart(settings)
    assert started.wait(20) == 7
    assert not ask_for_restart(settings)
    started.stdout.close()
