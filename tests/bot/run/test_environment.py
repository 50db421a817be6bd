"""The processes that load Rasa are quiet and offline, and never see what they need not."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from bot.run.environment import process_environment
from bot.settings import Settings


def test_rasa_calls_nobody_and_logs_no_text(settings: Settings) -> None:
    environment = process_environment(settings)
    assert environment["RASA_TELEMETRY_ENABLED"] == "false"
    assert environment["LOG_LEVEL"] == "WARNING"


def test_the_ports_and_files_of_the_settings_are_passed_on(settings: Settings) -> None:
    environment = process_environment(settings)
    assert environment["RASA_ACTIONS_URL"] == f"http://127.0.0.1:{settings.actions_port}/webhook"
    assert environment["RASA_TRACKER_URL"] == f"sqlite:///{settings.rasa_tracker_db}"


def test_what_the_machine_sets_is_kept_and_the_project_comes_first(
    settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PYTHONPATH", "/ailleurs")
    monkeypatch.setenv("LOG_LEVEL", "DEBUG")
    monkeypatch.setenv("LANG", "fr_FR.UTF-8")
    environment = process_environment(settings)
    assert environment["PYTHONPATH"] == os.pathsep.join([str(Path.cwd()), "/ailleurs"])
    assert environment["LANG"] == "fr_FR.UTF-8"
    assert environment["LOG_LEVEL"] == "WARNING"
    monkeypatch.delenv("PYTHONPATH")
    assert process_environment(settings)["PYTHONPATH"] == str(Path.cwd())
