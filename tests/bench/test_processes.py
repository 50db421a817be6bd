"""Each process is counted once, under what it is."""

from __future__ import annotations

import subprocess
import sys
import time

import pytest

from tests.bench.processes import LOADER, OTHERS, ProcessorWatch, memory_megabytes, role_of, roles


@pytest.mark.parametrize(
    ("name", "command", "role"),
    [
        ("python", ["python", "-m", "rasa", "run", "--port", "5005"], "Rasa"),
        ("python", ["python", "-m", "actions.server", "--port", "5055"], "actions"),
        ("python", ["python", "-m", "channels"], "canaux"),
        ("python", ["python", "-m", "bot", "run"], "superviseur"),
        ("postgres", ["postgres: assistant base 127.0.0.1"], "PostgreSQL"),
        ("redis-server", ["redis-server 127.0.0.1:6379"], "Redis"),
        ("smsbox", ["/usr/sbin/smsbox"], "Kannel"),
        ("python", ["python", "autre.py"], None),
    ],
)
def test_a_process_is_known_by_its_command(name: str, command: list[str], role: str | None) -> None:
    assert role_of(name, command) == role


def test_two_rasa_are_told_apart_by_their_port_and_what_is_used_is_theirs() -> None:
    busy = "while True: pass"
    started = [
        subprocess.Popen([sys.executable, "-c", code, "rasa run", "--port", port])
        for code, port in (("import time; time.sleep(60)", "7002"), (busy, "7001"))
    ]
    try:
        deadline = time.monotonic() + 10
        while {"Rasa 1", "Rasa 2"} - set(roles()) and time.monotonic() < deadline:
            time.sleep(0.01)
        watch = ProcessorWatch()
        while (shares := watch.shares())["Rasa 1"] * (time.monotonic() - watch._started) < 5:
            time.sleep(0.01)
        sizes = memory_megabytes()
        assert [one.pid for one in roles()["Rasa 1"]] == [started[1].pid]
    finally:
        for process in started:
            process.kill()
            process.wait()
    assert shares["Rasa 2"] < shares["Rasa 1"]
    assert shares[OTHERS] >= 0
    assert sizes["Rasa 2"] > 1
    assert sizes[LOADER] > 1
    assert "Rasa" not in sizes
