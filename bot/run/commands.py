"""How each process is started: by `bot run`, by `bot lancer`, and so by systemd and in a container."""

from __future__ import annotations

import os
import sys

from bot.run.environment import process_environment
from bot.run.training import model_path
from bot.settings import Settings

LOCAL = "127.0.0.1"


class NoModel(Exception):
    """Rasa has no model to load; the message says what to do."""


def actions_command(host: str, port: int) -> list[str]:
    """Return the command of the action server."""
    return [sys.executable, "-m", "actions.server", "--host", host, "--port", str(port)]


def rasa_command(settings: Settings, host: str, port: int) -> list[str]:
    """Return the command of one Rasa, with the newest model."""
    return [
        sys.executable, "-m", "rasa", "run", "--interface", host, "--port", str(port),
        "--model", str(model_path(settings)), "--endpoints", "endpoints.yml", "--credentials", "credentials.yml",
    ]  # fmt: skip


def channels_command() -> list[str]:
    """Return the command of the channels; their address and port are settings."""
    return [sys.executable, "-m", "channels"]


def become(settings: Settings, service: str, *, host: str | None, port: int | None) -> None:
    """Become one service: this process is replaced by it, and signals reach it. Raises NoModel and OSError."""
    environment = process_environment(settings)
    match service:
        case "actions":
            command = actions_command(host or LOCAL, port or settings.actions_port)
        case "rasa":
            if not model_path(settings).exists():
                raise NoModel("Rasa n'a pas de modèle : lancez d'abord bot train.")
            command = rasa_command(settings, host or LOCAL, port or settings.rasa_port)
        case _:
            command = channels_command()
            environment["BOT_PUBLIC_HOST"] = host or settings.public_host
            environment["BOT_PUBLIC_PORT"] = str(port or settings.public_port)
    os.execve(command[0], command, environment)  # noqa: S606 - our own command
