"""The conversation as an operator reads it: who said what, when, and what became of it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from markupsafe import Markup

from bot.model.answer import Answer, AnswerType
from bot.render.html import render_html, render_words
from bot.service.desk import Case
from bot.store import deliveries
from bot.store.conversations import ASSISTANT, OPERATOR, USER, StoredMessage
from bot.store.demandes import TEXT
from channels.console import words
from channels.console.queue_view import Title

UNDER_SECTION = 3
_SAID_IN_WORDS = (AnswerType.ESCALADE, AnswerType.ACCUEIL)
"""Many things are said under these: their own first words tell which."""
_TYPES = {
    AnswerType.ORIENTATION: "Plusieurs fiches proposées",
    AnswerType.CLARIFICATION: "Question pour préciser",
    AnswerType.URGENCE: "Numéros d'urgence donnés",
    AnswerType.CONFIDENTIALITE: "Vie privée",
    AnswerType.HORS_SUJET: "Hors sujet, dit à la personne",
    AnswerType.INCOMPRIS: "Pas compris, dit à la personne",
    AnswerType.LIEU: "Lieux proches",
    AnswerType.ESTIMATION: "Estimation des droits",
}


@dataclass(frozen=True)
class FicheLink:
    """A subject, and its page when the fiche is written."""

    id: str
    title: str
    href: str


@dataclass(frozen=True)
class Line:
    """One message. `summary` is what a folded answer of the assistant shows; `delivery` its state, in words.

    What the assistant says about the request itself is no answer to a question: there is nothing to review in it.
    """

    id: str
    seq: int
    sender: str
    author: str
    time: str
    iso_time: str
    html: Markup
    summary: str
    fiche: FicheLink | None
    is_danger: bool
    delivery: str
    is_lost: bool
    can_be_reviewed: bool

    @property
    def is_folded(self) -> bool:
        """Tell whether the words stand under a summary: those of the assistant, which an operator knows."""
        return self.sender == ASSISTANT


def show_lines(case: Case, *, at: datetime, title: Title, written: frozenset[str]) -> tuple[Line, ...]:
    """Return the messages in order. `written` are the fiches that have a page."""
    return tuple(
        _line(message, case, at=at, title=title, written=written)
        for message in case.messages
        if not _is_empty(message)
    )


def fiche_link(fiche_id: str, title: Title, written: frozenset[str]) -> FicheLink:
    """Return a subject with its page."""
    return FicheLink(fiche_id, title(fiche_id), f"/fiches/{fiche_id}" if fiche_id in written else "")


def fiches_of(case: Case, title: Title, written: frozenset[str]) -> tuple[FicheLink, ...]:
    """Return the subjects of a case: that of the request first, then those that were answered, each once."""
    answers = [message.answer for message in case.messages if message.answer]
    ids = [case.demande.subject, *(name for answer in answers for name in (answer.fiche, *answer.fiches))]
    return tuple(fiche_link(name, title, written) for name in dict.fromkeys(ids) if name)


def _is_empty(message: StoredMessage) -> bool:
    return message.answer is None and not words.shown(message.text)


def _line(message: StoredMessage, case: Case, *, at: datetime, title: Title, written: frozenset[str]) -> Line:
    answer = message.answer
    status = case.deliveries.get(message.seq) or _never_queued(message, case)
    subject = answer.fiche if answer else None
    return Line(
        id=message.id,
        seq=message.seq,
        sender=message.sender,
        author=_author(message),
        time=words.when_text(message.at, at),
        iso_time=words.in_paris(message.at).isoformat(timespec="minutes"),
        html=_html(message),
        summary=_summary(answer, title) if answer and message.sender == ASSISTANT else "",
        fiche=fiche_link(subject, title, written) if subject else None,
        is_danger=answer is not None and answer.type is AnswerType.URGENCE,
        delivery=words.delivery_text(status, case.demande.channel) if status else _unsent(message, case),
        is_lost=status in words.LOST,
        can_be_reviewed=answer is not None and answer.reference is None,
    )


def _author(message: StoredMessage) -> str:
    if message.sender == USER:
        return "La personne"
    if message.sender == OPERATOR:
        return words.shown(message.answer.author if message.answer else None) or "Une personne du service"
    return "Assistant"


def _never_queued(message: StoredMessage, case: Case) -> str | None:
    """Return the state of a reply that had to be sent and was not even queued: its number said STOP."""
    details = case.demande.details
    by_text = details.moyen == TEXT and bool(details.telephone)
    is_sent = by_text or words.is_written_to(case.demande.channel)
    return deliveries.STOPPED if message.sender == OPERATOR and is_sent else None


def _unsent(message: StoredMessage, case: Case) -> str:
    """Return what is known of an operator's message that no network carries."""
    if message.sender == OPERATOR and case.demande.channel in ("web", "api"):
        return "Dans la conversation"
    return ""


def _summary(answer: Answer, title: Title) -> str:
    if answer.fiche:
        return title(answer.fiche)
    if answer.type in _SAID_IN_WORDS and answer.blocks:
        return words.shown(answer.blocks[0].items[0])
    return _TYPES.get(answer.type, "Réponse de l'assistant")


def _html(message: StoredMessage) -> Markup:
    """Return what was said, escaped; the words of people in the direction of their script."""
    if message.answer is not None and message.sender == ASSISTANT:
        return Markup(render_html(message.answer, UNDER_SECTION))  # noqa: S704 - it escapes everything
    text = message.text or ""
    if message.answer is not None:
        text = "\n\n".join(item for block in message.answer.blocks for item in block.items)
    said = Markup(render_words(words.shown(text)))  # noqa: S704 - it escapes everything
    return Markup('<div dir="auto">{}</div>').format(said)
