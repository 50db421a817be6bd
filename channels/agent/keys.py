"""What the desk keeps in the application, under a typed key."""

from __future__ import annotations

from dataclasses import dataclass, field

from aiohttp import web
from jinja2 import Environment

from channels.agent.searching import Searching

HOME = "/agent"


@dataclass(frozen=True)
class Desk:
    """What its pages share."""

    templates: Environment
    static: dict[str, bytes]
    searching: Searching = field(default_factory=Searching)


DESK = web.AppKey("desk", Desk)


def is_agent_path(path: str) -> bool:
    """Tell whether an address is one of the desk."""
    return path == HOME or path.startswith(f"{HOME}/")
