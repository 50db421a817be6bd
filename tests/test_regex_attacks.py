"""ReDoS: no regular expression of our code takes long on a text made against it."""

from __future__ import annotations

import json
import re
import signal
import subprocess
import sys

import pytest

from tests import regex_attacks
from tests.running import ROOT


def test_redos_by_a_message_made_for_each_of_our_patterns() -> None:
    command = [sys.executable, "-m", "tests.regex_attacks"]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, timeout=300, check=False)
    assert done.returncode == 0, done.stderr[-2000:]
    found = json.loads(done.stdout)
    assert found["slow"] == {}
    # Put together from parts, and written in a call within a function: the attack reaches both.
    for word in ("bot/intake/danger.py", "channels/console/session.py", "bot/service/passwords.py"):
        assert any(word in one for one in found["attacked"]), word
    assert len(found["attacked"]) > 300


@pytest.mark.parametrize("pattern", [r"(a+)+$", r"(\w+\s?)*!", r"(?:a|a)*b", r"([a-z]+)*@", r"(x*)*y"])
def test_the_attack_finds_patterns_known_to_be_weak(pattern: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(regex_attacks, "TOO_LONG_SECONDS", 0.2)
    previous = signal.signal(signal.SIGPROF, regex_attacks._give_up)
    try:
        assert regex_attacks.slow_text(pattern, re.compile(pattern).flags)
    finally:
        signal.signal(signal.SIGPROF, previous)


@pytest.mark.parametrize("pattern", [r"[^<>]*<", r"\w+n't", r"(?:a|b)*c"])
def test_the_attack_lets_ordinary_patterns_pass(pattern: str) -> None:
    assert regex_attacks.slow_text(pattern, re.compile(pattern).flags) is None
