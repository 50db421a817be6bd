"""A message as the API gives it. A value that does not apply is left out."""

from __future__ import annotations

import uuid
from dataclasses import asdict
from datetime import datetime
from typing import Any

from bot.model.answer import Answer, AnswerType, SourceRef
from bot.render.html import render_html, render_words
from bot.render.text import render_text
from bot.store.conversations import ASSISTANT, OPERATOR, StoredMessage
from bot.store.database import now


def message_json(message: StoredMessage) -> dict[str, Any]:
    """Return one message of a transcript."""
    head = _head(message.id, message.at, message.sender)
    if message.answer is not None:
        return head | answer_json(message.answer)
    text = message.text or ""
    if message.sender == OPERATOR:
        return head | {"type": AnswerType.ESCALADE.value, "text": text, "html": render_words(text)}
    return head | {"text": text}


def last_words_json(answer: Answer) -> dict[str, Any]:
    """Return the answer that ends an erased conversation: it was never stored, so it has a fresh id."""
    return _head(uuid.uuid4().hex, now(), ASSISTANT) | answer_json(answer)


def answer_json(answer: Answer) -> dict[str, Any]:
    """Return what an answer says, in every form a client may show."""
    fields: dict[str, Any] = {
        "type": answer.type.value,
        "fiche": answer.fiche,
        "rubrique": answer.rubrique,
        "fiches": list(answer.fiches),
        "text": render_text(answer),
        "html": render_html(answer),
        "choices": [asdict(choice) for choice in answer.choices],
        "sources": [source_json(source) for source in answer.sources],
        "places": [_applying(asdict(place)) for place in answer.places],
        "reference": answer.reference,
    }
    return _applying(fields)


def _head(message_id: str, at: datetime, sender: str) -> dict[str, Any]:
    return {"id": message_id, "at": at.isoformat(timespec="seconds") + "Z", "from": sender}


def _applying(fields: dict[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in fields.items() if value is not None and value != []}


def source_json(source: SourceRef) -> dict[str, str]:
    """Return a source without the date of a text that bears none."""
    return {name: value for name, value in asdict(source).items() if value is not None}
