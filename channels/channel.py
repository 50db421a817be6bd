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
    """Its name and what operators read for it, the addresses it is called at, what opens it, how it says an answer.

    `is_set_up` tells whether the settings open it; `network` is who takes a message from us, as operators read it;
    `counts_segments` that a message is paid by the SMS segment.
    """

    name: str
    label: str
    network: str
    is_set_up: Callable[[Settings], bool]
    routes: tuple[web.RouteDef, ...]
    open: Callable[[web.Application], AsyncIterator[None]]
    voice: Voice
    counts_segments: bool = False
    deep_link: Callable[[web.Application, str], str | None] | None = None
    """The address that opens this channel at a fiche (its id); None while it is not known."""


@dataclass(frozen=True)
class Command:
    """A subcommand of `bot`: its name, its help in French, and what it does and returns as exit code."""

    name: str
    help: str
    run: Callable[[Settings, argparse.Namespace], int]
