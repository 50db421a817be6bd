"""Answers as parts of a page."""

from __future__ import annotations

from markupsafe import Markup

from bot.model.answer import Answer
from bot.render.html import render_html

UNDER_TITLE = 2
UNDER_SECTION = 3


def answer_html(answer: Answer, heading_level: int = UNDER_SECTION) -> Markup:
    """Return an answer as a part of a page; `render_html` escapes everything in it."""
    return Markup(render_html(answer, heading_level))  # noqa: S704
