"""The numbers to call, on a page where somebody wrote of a danger outside a conversation."""

from __future__ import annotations

from aiohttp import web
from markupsafe import Markup

from channels.keys import ASSISTANT
from channels.web.page import UNDER_TITLE, answer_html


def danger_answer(request: web.Request, text: str) -> Markup | None:
    """Return the answer to the dangers that a text tells of, or None."""
    assistant = request.app[ASSISTANT]
    dangers = assistant.danger.find(text) if text else ()
    return answer_html(assistant.composer.urgence(dangers), UNDER_TITLE) if dangers else None
