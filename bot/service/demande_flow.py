"""The form of a request to a person, one question at a time; it needs neither Rasa nor a page.

How to answer (a call, or "je reviendrai ici"), the phone number when a call is wanted, a name and a few
words if the person likes, then a clear yes before anything is kept for an operator.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from enum import StrEnum
from typing import Any

from bot.answers import choices
from bot.answers.compose import Composer
from bot.model.answer import Answer
from bot.store.demandes import DemandeDetails

MAX_NAME = 80
_FRENCH_NUMBER = re.compile(r"(?<![\d+])(?:\+33|0033|0)\s?[1-9](?:[\s.\-]?\d{2}){4}(?!\d)")


class Question(StrEnum):
    """What the form asks next."""

    PHONE = "telephone"
    NAME = "nom"
    WORDS = "mots"
    CONFIRM = "confirmer"


@dataclass(frozen=True)
class FlowStep:
    """Where the form is, and what it holds so far."""

    question: Question
    details: DemandeDetails

    def to_json(self) -> dict[str, Any]:
        """Return the step as kept (encrypted) with the conversation."""
        return {"question": self.question.value, "details": vars(self.details)}

    @classmethod
    def read(cls, data: dict[str, Any] | None) -> FlowStep | None:
        """Return the step kept with the conversation, if any."""
        if not data:
            return None
        return cls(Question(data["question"]), DemandeDetails(**data["details"]))


@dataclass(frozen=True)
class Turn:
    """One turn of the form: what is said and the next step; `details` once the person said yes."""

    answer: Answer | None
    step: FlowStep | None = None
    details: DemandeDetails | None = None


def read_phone(text: str) -> str | None:
    """Return a French number found in the text as `06 12 34 56 78`, or None."""
    match = _FRENCH_NUMBER.search(text)
    if not match:
        return None
    digits = "0" + re.sub(r"\D", "", match.group())[-9:]
    return " ".join(digits[i : i + 2] for i in range(0, 10, 2))


class DemandeFlow:
    """Advance the form by one message."""

    def __init__(self, composer: Composer) -> None:
        self._composer = composer

    def advance(
        self, step: FlowStep | None, text: str | None, value: str | None, own_phone: str | None = None
    ) -> Turn | None:
        """Return the next turn, or None when the message has nothing to do with the form.

        `own_phone` is the number the person writes from, used when they say so.
        """
        if value == choices.PERSON_CANCEL:
            return Turn(self._composer.demande_cancelled())
        if value == choices.PERSON_CALL:
            return self._ask(Question.PHONE, DemandeDetails("rappel"), has_phone=own_phone is not None)
        if value == choices.PERSON_BACK:
            return self._ask(Question.NAME, DemandeDetails("retour"))
        if step is None or (value and value not in choices.WITHIN_FORM):
            return None  # another choice leaves the form: it never holds anyone back
        return self._take(step, text or "", value, own_phone)

    def _take(self, step: FlowStep, text: str, value: str | None, own_phone: str | None) -> Turn | None:
        skipped = value == choices.PERSON_SKIP
        if step.question is Question.PHONE:
            phone = own_phone if value == choices.PERSON_THIS_PHONE else read_phone(text)
            if phone is None:
                return Turn(self._composer.demande_phone_again(has_phone=own_phone is not None), step)
            return self._ask(Question.NAME, replace(step.details, telephone=phone))
        if step.question is Question.NAME:
            name = None if skipped else text[:MAX_NAME]
            return self._ask(Question.WORDS, replace(step.details, nom=name))
        if step.question is Question.WORDS:
            return self._ask(Question.CONFIRM, replace(step.details, mots=None if skipped else text))
        if value == choices.PERSON_SEND:
            return Turn(None, details=step.details)
        return None

    def _ask(self, question: Question, details: DemandeDetails, *, has_phone: bool = False) -> Turn:
        asked = self._composer.demande_question(question.value, details, has_phone=has_phone)
        return Turn(asked, FlowStep(question, details))
