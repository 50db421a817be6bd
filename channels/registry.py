"""The channels that write to people: a new one is a folder and a line in this list.

What a folder holds is told in `channels/channel.py`. Its modules are imported when they are asked for, so that reading
the settings or the help of `bot` opens no library of a channel.
"""

from __future__ import annotations

from collections.abc import Mapping
from importlib import import_module
from typing import TYPE_CHECKING, Any

from pydantic import create_model

from bot.settings import Settings, read_settings, refuse_unknown_settings

if TYPE_CHECKING:
    from bot.run.preview import Preview
    from channels.channel import Channel, Command

CHANNELS = (
    "sms",
    "telegram",
)


def load_all_settings(env: Mapping[str, str] | None = None) -> Settings:
    """Read the settings of the core and of every channel. Raises SettingsError that names each unknown or wrong one."""
    model = settings_class()
    refuse_unknown_settings(model, env)
    return read_settings(model, env)


def settings_class() -> type[Settings]:
    """Return the settings of the whole: those of the core, then those of each channel in the order of the list."""
    parts: list[type[Settings]] = [_part(name, "settings").SETTINGS for name in CHANNELS]
    return create_model("AllSettings", __base__=tuple(reversed(parts)))


def commands() -> tuple[Command, ...]:
    """Return the subcommands of `bot` that the channels bring."""
    return tuple(command for name in CHANNELS for command in _part(name, "commands").COMMANDS)


def preview_of(name: str) -> Preview:
    """Return what shows an answer in a terminal as a channel writes it."""
    preview: Preview = _part(name, "commands").preview
    return preview


def number_to_write_to(settings: Settings) -> str:
    """Return the number that residents write SMS to, "" when no gateway is set."""
    own = _part("sms", "settings").SETTINGS.of(settings)
    return str(own.sms_number) if own.sms_gateway else ""


def channels() -> tuple[Channel, ...]:
    """Return the channels, ready to be served."""
    return tuple(_part(name, "channel").CHANNEL for name in CHANNELS)


def _part(channel: str, module: str) -> Any:
    return import_module(f"channels.{channel}.{module}")
