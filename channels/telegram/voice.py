"""How an answer is said on Telegram: its HTML in one message or several, its choices as buttons under the last."""

from __future__ import annotations

import json
from dataclasses import replace

from bot.answers.compose import Composer
from bot.model.answer import Answer, AnswerType
from bot.service.sending import Spoken
from channels.telegram.buttons import word_of
from channels.telegram.render import render_telegram


def speak_on_telegram(answer: Answer, composer: Composer, is_first: bool) -> Spoken:  # noqa: FBT001 - Voice's shape
    """Return the messages, each as JSON: `html`, and `buttons` (label and word) under the last one."""
    welcome = composer.welcome().blocks
    if is_first and answer.type is not AnswerType.URGENCE and answer.blocks != welcome:
        answer = replace(answer, blocks=(*welcome, *answer.blocks))
    messages = list(render_telegram(answer))
    buttons = [[choice.label, word_of(choice.value)] for choice in answer.choices]
    last = len(messages) - 1
    said = [{"html": html, "buttons": buttons if rank == last else []} for rank, html in enumerate(messages)]
    return Spoken(tuple(json.dumps(message, ensure_ascii=False) for message in said))
