"""Templates of pages where one talks to the assistant: those of a channel, then those that all share."""

from __future__ import annotations

from functools import cache
from pathlib import Path

from jinja2 import Environment, FileSystemLoader, StrictUndefined

from bot.render.html import french_spaces
from channels.static_files import file_version

SERVICE = "Assistant droits et démarches"
_SHARED = Path(__file__).parent / "templates"
_SITE = Path(__file__).parents[1] / "web" / "static"


def open_templates(folder: Path) -> Environment:
    """Return the environment of a channel's templates."""
    templates = Environment(
        loader=FileSystemLoader((folder, _SHARED)),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    templates.filters["francais"] = french_spaces
    templates.globals.update(service=SERVICE, site_file=_site_file)
    return templates


@cache
def _site_file(name: str) -> str:
    """Return the address of a file of the site that other pages use too, under its version."""
    return f"/static/{name}?v={file_version((_SITE / name).read_bytes())}"
