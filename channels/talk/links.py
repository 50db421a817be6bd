"""Links of an answer where they cannot be followed as on a page of our own."""

from __future__ import annotations

import re
from html import unescape
from urllib.parse import urlsplit

from markupsafe import Markup, escape

_LINK = re.compile(r'<a href="([^"]*)"[^>]*>(.*?)</a>', re.DOTALL)
"""What `bot/render/html.py` writes: it never puts a link in another."""
_CALLS = ("tel:", "sms:")


def in_a_new_tab(html: Markup) -> Markup:
    """Return an answer whose links to other sites open beside the frame, and say so; a number stays a call."""
    return Markup(_LINK.sub(_beside, html))  # noqa: S704 - what was escaped stays so


def as_words(html: Markup) -> Markup:
    """Return an answer without any link: a number to dial, the name of a site to write down."""
    return Markup(_LINK.sub(_words, html))  # noqa: S704 - what was escaped stays so


def _beside(link: re.Match[str]) -> str:
    address, words = link.groups()
    if address.startswith(_CALLS):
        return link.group()
    return f'<a href="{address}" target="_blank" rel="noopener noreferrer">{words} (nouvel onglet)</a>'


def _words(link: re.Match[str]) -> str:
    address, words = link.groups()
    if address.startswith(_CALLS):
        return f'<strong class="numero">{words}</strong>'
    site = urlsplit(unescape(address)).netloc.removeprefix("www.")
    return f"{words} (site\u00a0: {escape(site)})"
