"""How an answer is said by SMS: one message of two segments, the others kept for SUITE; an operator's words whole."""

from __future__ import annotations

from bot.answers.compose import Composer
from bot.model.answer import Answer
from bot.render.gsm import to_gsm
from bot.render.sms import sms_pages
from bot.service.sending import Spoken
from bot.store.conversations import Page


def speak_by_sms(answer: Answer, composer: Composer, is_first: bool) -> Spoken:  # noqa: FBT001 - Voice's shape
    """Return the first page to send and the pages that SUITE gives."""
    if answer.author is not None:
        return Spoken(
            (to_gsm(answer.sms),), menu=()
        )  # a person's words are not cut: as many segments as they take
    first, *later = sms_pages(answer, composer.sms_wording(), is_first=is_first)
    return Spoken((first.text,), tuple(Page(page.text, page.menu) for page in later), first.menu)
