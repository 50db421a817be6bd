"""A short run of chaos on each engine: what was acknowledged is answered, in order, and repeats stay within their bound."""

from __future__ import annotations

import subprocess
import sys

import pytest

from tests.running import ROOT

MESSAGES, SEED = "200", "1"


@pytest.mark.lent
@pytest.mark.parametrize("engine", ["sqlite", "postgres"])
def test_the_delivery_line_holds_through_two_hundred_messages_and_their_faults(engine: str) -> None:
    command = [
        sys.executable,
        "-m",
        "tests.chaos",
        "--graine",
        SEED,
        "--messages",
        MESSAGES,
        "--moteur",
        engine,
    ]
    run = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, timeout=1800, check=False)
    print(run.stdout)
    assert run.returncode == 0, run.stdout + run.stderr
