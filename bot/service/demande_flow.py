"""The form of a request to a person, one question at a time; it needs neither Rasa nor a page.

How to answer, whether the conversation may be read, then what this way of answering needs: a number, a commune, a time
of day; a name and a few words if the person likes; then a clear yes before anything is kept for an operator.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass, replace
from enum import StrEnum
from typing import Any

from bot.answers import choices
from bot.answers.compose import Composer
from bot.intake.phones import find_phones
from bot.language.normalise import fold
from bot.model.answer import Answer
from bot.store.demandes import CALL, HERE, HOME, MEETING, TEXT, WITH_PHONE, DemandeDetails

MAX_NAME = 80
MAX_COMMUNE = 80
MAX_WHEN = 80
MORNING = "le matin"
AFTERNOON = "l'après-midi"
_FRENCH_NUMBER = re.compile(r"(?<![\d+])(?:\+33|0033|0)\s?[1-9](?:[\s.\-]?\d{2}){4}(?!\d)")
_START = {
    choices.PERSON_HERE: HERE,
    choices.PERSON_CALL: CALL,
    choices.PERSON_TEXT: TEXT,
    choices.PERSON_AT_PLACE: MEETING,
    choices.PERSON_AT_HOME: HOME,
}
_YES = re.compile(r"^(?:oui|ouais|ok|d accord|bien sur|volontiers|je veux bien)\b")
_NO = re.compile(r"^(?:non|nan|pas d accord|je (?:ne )?(?:veux|prefere) pas|surtout pas)\b")
_AT_HOME = re.compile(r"\b(?:chez (?:moi|nous)|domicile|maison|deplacer|bouger)\b")
_AT_PLACE = re.compile(r"\b(?:sur place|lieu|bureau|mairie|france services?|en personne|je viens|venir)\b")


class Question(StrEnum):
    """What the form asks next."""

    WHERE = "ou"
    JOIN = "joindre"
    PHONE = "telephone"
    COMMUNE = "commune"
    WHEN = "quand"
    NAME = "nom"
    WORDS = "mots"
    CONFIRM = "confirmer"


@dataclass(frozen=True)
class Around:
    """What is known beside the form: the number they write from, and what the conversation holds."""

    own_phone: str | None = None
    has_words: bool = False
    subject: str | None = None


NOTHING_AROUND = Around()


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
    if match:
        digits = "0" + re.sub(r"\D", "", match.group())[-9:]
    else:  # in other groups, or with other signs between them
        digits = next((found.value for found in find_phones(text) if found.value.startswith("0")), "")
        if not digits:
            return None
    return " ".join(digits[i : i + 2] for i in range(0, 10, 2))


def questions_of(details: DemandeDetails, around: Around) -> list[Question]:
    """Return what is asked of a way of answering, in order."""
    is_meeting = details.moyen in (MEETING, HOME)
    asked = {
        Question.JOIN: around.has_words,
        Question.PHONE: details.moyen in WITH_PHONE,
        Question.COMMUNE: is_meeting,
        Question.WHEN: is_meeting or details.moyen == CALL,
        Question.NAME: True,
        Question.WORDS: True,
        Question.CONFIRM: True,
    }
    return [question for question, is_asked in asked.items() if is_asked]


class DemandeFlow:
    """Advance the form by one message."""

    def __init__(self, composer: Composer) -> None:
        self._composer = composer

    def advance(
        self, step: FlowStep | None, text: str | None, value: str | None, around: Around = NOTHING_AROUND
    ) -> Turn | None:
        """Return the next turn, or None when the message has nothing to do with the form."""
        if step and value is None:
            value = self._typed_in_form(step, text or "", around)
        if value == choices.PERSON_CANCEL:
            return Turn(self._composer.demande_cancelled())
        if value == choices.PERSON_MEETING:
            return self._ask(Question.WHERE, DemandeDetails(MEETING), around)
        if value in _START:
            return self._after(None, DemandeDetails(_START[value]), around)
        if step is None or (value and value not in choices.WITHIN_FORM):
            return None  # another choice leaves the form: it never holds anyone back
        return self._take(step, text or "", value, around)

    def _typed_in_form(self, step: FlowStep, text: str, around: Around) -> str | None:
        """Return the choice a text names among those of the question, which a danger may have hidden since.

        Sending is left out: its yes may be said to what was shown since.
        """
        shown = self._asked(step.question, step.details, around).choices
        picked = choices.typed_choice(text, shown, ())
        return picked.value if picked and picked.value != choices.PERSON_SEND else None

    def _take(self, step: FlowStep, text: str, value: str | None, around: Around) -> Turn | None:
        shown = {choice.value for choice in self._asked(step.question, step.details, around).choices}
        if value is not None and value not in shown:
            return Turn(self._again(step, around), step)  # a button of an earlier question
        if step.question is Question.CONFIRM:
            return Turn(None, details=step.details) if value == choices.PERSON_SEND else None
        readers: dict[Question, Callable[[FlowStep, str, str | None, Around], DemandeDetails | None]] = {
            Question.WHERE: self._read_where,
            Question.JOIN: self._read_join,
            Question.PHONE: self._read_phone,
            Question.COMMUNE: self._read_commune,
            Question.WHEN: self._read_when,
            Question.NAME: self._read_name,
            Question.WORDS: self._read_words,
        }
        read = readers[step.question](step, text, value, around)
        if read is None:
            return Turn(self._again(step, around), step)
        return self._after(step.question if step.question is not Question.WHERE else None, read, around)

    def _after(self, question: Question | None, details: DemandeDetails, around: Around) -> Turn:
        """Ask what follows a question of the form (None: its first question)."""
        order = list(Question)
        following = [
            asked
            for asked in questions_of(details, around)
            if question is None or order.index(asked) > order.index(question)
        ]
        return self._ask(following[0], details, around)

    def _ask(self, question: Question, details: DemandeDetails, around: Around) -> Turn:
        return Turn(self._asked(question, details, around), FlowStep(question, details))

    def _asked(self, question: Question, details: DemandeDetails, around: Around) -> Answer:
        return self._composer.demande_question(
            question.value, details, has_phone=around.own_phone is not None, subject=around.subject
        )

    def _again(self, step: FlowStep, around: Around) -> Answer:
        if step.question is Question.PHONE:
            return self._composer.demande_phone_again(step.details, has_phone=around.own_phone is not None)
        return self._asked(step.question, step.details, around)

    # -- what each question takes: None for what is not an answer to it ------------------------

    def _read_where(self, step: FlowStep, text: str, _value: str | None, _: Around) -> DemandeDetails | None:
        words = fold(text)
        if _AT_HOME.search(words):
            return replace(step.details, moyen=HOME)
        return step.details if _AT_PLACE.search(words) else None

    def _read_join(self, step: FlowStep, text: str, value: str | None, _: Around) -> DemandeDetails | None:
        words = fold(text)
        if value == choices.PERSON_JOIN or (value is None and _YES.search(words)):
            return replace(step.details, joindre=True)
        if value in (choices.PERSON_NOT_JOIN, choices.PERSON_SKIP) or _NO.search(words):
            return replace(step.details, joindre=False)
        return None

    def _read_phone(
        self, step: FlowStep, text: str, value: str | None, around: Around
    ) -> DemandeDetails | None:
        if value == choices.PERSON_SKIP and step.details.moyen in (MEETING, HOME):
            return step.details
        phone = around.own_phone if value == choices.PERSON_THIS_PHONE else read_phone(text)
        return replace(step.details, telephone=phone) if phone else None

    def _read_commune(self, step: FlowStep, text: str, value: str | None, _: Around) -> DemandeDetails:
        if value == choices.PERSON_SKIP or not text:
            return step.details
        return replace(step.details, commune=self._composer.commune_named(text)[:MAX_COMMUNE])

    def _read_when(self, step: FlowStep, text: str, value: str | None, _: Around) -> DemandeDetails:
        said = {choices.PERSON_MORNING: MORNING, choices.PERSON_AFTERNOON: AFTERNOON}
        if value is not None:
            return replace(step.details, quand=said.get(value))
        return replace(step.details, quand=text[:MAX_WHEN] or None)

    def _read_name(self, step: FlowStep, text: str, value: str | None, _: Around) -> DemandeDetails:
        return replace(step.details, nom=None if value == choices.PERSON_SKIP else text[:MAX_NAME])

    def _read_words(self, step: FlowStep, text: str, value: str | None, _: Around) -> DemandeDetails:
        return replace(step.details, mots=None if value == choices.PERSON_SKIP else text)
