"""What a channel that writes to people gives: three modules of a folder, each with one value that `registry` looks for.

`settings.py` has `SETTINGS`, what it is set by; `commands.py` has `COMMANDS` and `preview`, what `bot` does about it;
`channel.py` has `CHANNEL`, what runs. The first two are imported by every `bot` command: they leave heavy imports to
the moment they are used.
"""

from __future__ import annotations

import argparse
from collections.abc import AsyncIterator, Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING

from bot.settings import Settings

if TYPE_CHECKING:
    from aiohttp import web

    from bot.service.sending import Voice


@dataclass(frozen=True)
class Channel:
    """Its name, the addresses it is called at, what opens it with the application, and how it says an answer."""

    name: str
    routes: tuple[web.RouteDef, ...]
    open: Callable[[web.Application], AsyncIterator[None]]
    voice: Voice


@dataclass(frozen=True)
class Command:
    """A subcommand of `bot`: its name, its help in French, and what it does and returns as exit code."""

    name: str
    help: str
    run: Callable[[Settings, argparse.Namespace], int]
