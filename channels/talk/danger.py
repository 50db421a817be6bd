"""The numbers to call, on a page where somebody wrote of a danger outside a conversation."""

from __future__ import annotations

from markupsafe import Markup

from bot.intake.danger_foreign import language_of_danger
from bot.service.assistant import Assistant
from channels.talk.html import UNDER_TITLE, answer_html


def danger_answer(assistant: Assistant, text: str) -> Markup | None:
    """Return the answer to the dangers that a text tells of, or perhaps tells of, or None."""
    if dangers := assistant.danger.find(text):
        return answer_html(assistant.composer.urgence(dangers, language_of_danger(text)), UNDER_TITLE)
    if perhaps := assistant.danger.suspect(text):
        return answer_html(assistant.composer.perhaps_danger(perhaps), UNDER_TITLE)
    return None
