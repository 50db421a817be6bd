"""How each process is started: what it is told, and what stands in the way."""

from __future__ import annotations

import os

import pytest

from bot.run.commands import NoModel, become
from bot.run.training import model_path
from bot.settings import Settings


@pytest.fixture
def became(monkeypatch: pytest.MonkeyPatch) -> list[tuple[list[str], dict[str, str]]]:
    """What this process would have become."""
    seen: list[tuple[list[str], dict[str, str]]] = []
    monkeypatch.setattr(os, "execve", lambda _path, command, environment: seen.append((command, environment)))
    return seen


def after(command: list[str], option: str) -> str:
    return command[command.index(option) + 1]


@pytest.mark.parametrize(("service", "option"), [("actions", "--host"), ("rasa", "--interface")])
def test_it_listens_on_loopback_unless_told_otherwise(
    settings: Settings, became: list[tuple[list[str], dict[str, str]]], service: str, option: str
) -> None:
    model_path(settings).parent.mkdir(parents=True)
    model_path(settings).touch()
    become(settings, service, host=None, port=None)
    become(settings, service, host="0.0.0.0", port=7000)
    (first, _), (second, _) = became
    assert (after(first, option), after(second, option)) == ("127.0.0.1", "0.0.0.0")
    assert (after(first, "--port"), after(second, "--port")) == (
        str(getattr(settings, f"{service}_port")),
        "7000",
    )


def test_channels_take_their_address_from_the_settings_or_from_the_command(
    settings: Settings, became: list[tuple[list[str], dict[str, str]]]
) -> None:
    become(settings, "canaux", host=None, port=None)
    become(settings, "canaux", host="10.0.0.4", port=8081)
    given = [(env["BOT_PUBLIC_HOST"], env["BOT_PUBLIC_PORT"]) for _, env in became]
    assert given == [(settings.public_host, str(settings.public_port)), ("10.0.0.4", "8081")]


def test_rasa_without_a_model_says_what_to_do(settings: Settings) -> None:
    with pytest.raises(NoModel, match="bot train"):
        become(settings, "rasa", host=None, port=None)
