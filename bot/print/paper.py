"""Lay pages out and make tagged PDFs of them. Nothing is fetched: pages hold all they show, but our own fonts."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup

from bot.render.html import french_spaces
from bot.render.phones import find_phones

HERE = Path(__file__).parent
FONTS = HERE / "fonts"
SERVICE = "Assistant droits et démarches"
_NO_BREAK_SPACE = "\u00a0"
_NARROW_NO_BREAK_SPACE = "\u202f"
_DATA = "data:"
_HOUR = re.compile(r"(?<=\d) h(?: (?=\d\d\b))?")


class NoPrinting(Exception):
    """No PDF can be made on this machine; the message says what to install, in French."""


@dataclass(frozen=True)
class Paper:
    """A size of paper: its CSS name, its margins in millimetres, and its letters in points."""

    name: str
    margin: int
    letters: float


A4 = Paper("A4", 18, 14)
A5 = Paper("A5", 13, 12)
PAPERS = {"a4": A4, "a5": A5}


def on_paper(text: str) -> str:
    """Return a text whose signs and phone numbers stay on one line, in characters that our font has."""
    parts: list[str] = []
    position = 0
    for span in find_phones(text):
        number = text[span.start : span.end].replace(" ", _NO_BREAK_SPACE)
        parts += [text[position : span.start], number]
        position = span.end
    whole = french_spaces("".join([*parts, text[position:]]))
    hours = _HOUR.sub(lambda match: match[0].replace(" ", _NO_BREAK_SPACE), whole)
    return hours.replace(_NARROW_NO_BREAK_SPACE, _NO_BREAK_SPACE)


@cache
def templates() -> Environment:
    """Return the templates of what is handed out."""
    environment = Environment(
        loader=FileSystemLoader(HERE / "templates"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.filters["francais"] = on_paper
    return environment


def page_html(template: str, paper: Paper, **context: Any) -> str:
    """Return a page ready to be laid out."""
    style = templates().get_template("paper.css").render(paper=paper)
    return (
        templates().get_template(template).render(service=SERVICE, style=Markup(style), **context)  # noqa: S704 - a file of ours
    )


def make_pdf(html: str) -> bytes:
    """Return a page as a PDF for screen readers too (PDF/UA-1). Raises NoPrinting; it may take seconds."""
    html_class = _load_weasyprint()
    document = html_class(string=html, base_url=f"{FONTS.as_uri()}/", url_fetcher=_fetcher(FONTS))
    made: bytes = document.write_pdf(pdf_variant="pdf/ua-1")
    return made


def _load_weasyprint() -> Any:
    try:
        from weasyprint import HTML
    except (ImportError, OSError) as error:
        raise NoPrinting(
            "Les PDF ne peuvent pas être faits sur cette machine : il manque Pango. Installez-le : "
            "apt-get install libpango-1.0-0 libpangoft2-1.0-0 libharfbuzz-subset0. Le reste fonctionne."
        ) from error
    return HTML


def _fetcher(folder: Path) -> Callable[[str], Any]:
    """Return what gives pages the files of one folder and what stands in them (`data:`), and refuses all else."""
    from weasyprint.urls import FatalURLFetchingError, URLFetcher

    ours = {path.as_uri() for path in folder.iterdir()}
    fetcher = URLFetcher(allowed_protocols=("file", "data"), allow_redirects=False)

    def fetch(url: str) -> Any:
        if url in ours or url.startswith(_DATA):
            return fetcher.fetch(url)
        # Anything milder would be a picture missing from a sheet, and nobody told.
        raise FatalURLFetchingError(f"a page asked for something that is not ours: {url[:80]}")

    return fetch
