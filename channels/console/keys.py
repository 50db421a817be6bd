"""What the console keeps in the application and in a request, each under a typed key."""

from __future__ import annotations

from dataclasses import dataclass, field

from aiohttp import web
from jinja2 import Environment

from bot.service.sign_in import Signed
from channels.console.told import Told
from channels.once import Once

HOME = "/console"
DESK = "/agent"
"""Where channels/agent stands: who only receives people goes there."""
SIGN_IN = "/console/connexion"
CODE = "/console/code"
ACCOUNT = "/console/compte"
CHANGE_PASSWORD = "/console/mot-de-passe"  # noqa: S105 - an address


@dataclass(frozen=True)
class Console:
    """What its pages share."""

    templates: Environment
    static: dict[str, bytes]
    acts: Once[object] = field(default_factory=lambda: Once("console"))
    """What comes of them is nothing, a boolean or a number."""
    told: Told = field(default_factory=Told)


CONSOLE = web.AppKey("console", Console)
SIGNED = web.RequestKey("console_signed", Signed)
FORM = web.RequestKey("console_form", dict[str, list[str]])


def is_console_path(path: str) -> bool:
    """Tell whether an address is one of the console."""
    return path == HOME or path.startswith(f"{HOME}/")
