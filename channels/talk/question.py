"""The form where a question is written, and what it says when a message was refused."""

from __future__ import annotations

from dataclasses import dataclass

from markupsafe import Markup

from bot.service.assistant import Assistant
from channels.talk.danger import danger_answer


@dataclass(frozen=True)
class Question:
    """What stands in the field, and the error to show with it, if any."""

    text: str = ""
    error: str | None = None
    danger: Markup | None = None

    @property
    def title(self) -> str:
        """Return the title of a page that shows this form."""
        return f"Erreur : {self.error}" if self.error else "Votre conversation"


def refused_question(assistant: Assistant, text: str, error: str) -> Question:
    """Return the form again with its text; a danger in it is answered even though the text is refused."""
    return Question(text, error, danger_answer(assistant, text))
