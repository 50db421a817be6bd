"""A transcript as the page shows it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from zoneinfo import ZoneInfo

from markupsafe import Markup

from bot.answers.compose import Composer
from bot.model.answer import Choice
from bot.model.french import format_date
from bot.render.html import render_words
from bot.render.speech import FRENCH, Spoken, render_speech
from bot.store.conversations import ASSISTANT, OPERATOR, USER, StoredMessage
from channels.talk.html import answer_html

_AUTHORS = {USER: "Vous", ASSISTANT: "Assistant", OPERATOR: "Une personne du service"}
_PARIS = ZoneInfo("Europe/Paris")


@dataclass(frozen=True)
class Line:
    """One message. `is_latest` marks the first reply to the last question: where the page opens.

    `spoken` is the whole answer as runs of sentences, each in one language, for a screen reader or a voice;
    empty for the person's own words.
    """

    id: str
    author: str
    time: str
    iso_time: str
    kind: str
    html: Markup
    spoken: tuple[Spoken, ...]
    is_latest: bool


@dataclass(frozen=True)
class Transcript:
    """The messages, the replies offered now, and whether an answer is still to come."""

    lines: tuple[Line, ...]
    choices: tuple[Choice, ...]
    is_waiting: bool
    fiche: str | None
    rubrique: str | None

    def after(self, message_id: str) -> Transcript:
        """Return the lines after one message; all of them when it is not in the transcript."""
        ids = [line.id for line in self.lines]
        start = ids.index(message_id) + 1 if message_id in ids else 0
        return replace(self, lines=self.lines[start:])


def as_it_is(html: Markup) -> Markup:
    """Return an answer as it is rendered."""
    return html


def show_transcript(
    messages: list[StoredMessage], composer: Composer, shape: Callable[[Markup], Markup] = as_it_is
) -> Transcript:
    """Return the transcript of a page; `shape` has the last word on how answers look there."""
    latest = _latest_index(messages)
    last = messages[-1] if messages else None
    return Transcript(
        lines=tuple(_line(message, shape, is_latest=rank == latest) for rank, message in enumerate(messages)),
        choices=last.answer.choices if last and last.answer else (),
        fiche=last.answer.fiche if last and last.answer else None,
        rubrique=last.answer.rubrique if last and last.answer else None,
        is_waiting=last is not None and _awaits_answer(last, composer),
    )


def _latest_index(messages: list[StoredMessage]) -> int:
    asked = [rank for rank, message in enumerate(messages) if message.sender == USER]
    after = asked[-1] + 1 if asked else 0
    return min(after, len(messages) - 1)


def _awaits_answer(last: StoredMessage, composer: Composer) -> bool:
    """Tell whether the last word is the person's, or only that the answer will come later."""
    if last.sender == USER:
        return True
    return last.answer is not None and last.answer.blocks == composer.delayed().blocks


def _line(message: StoredMessage, shape: Callable[[Markup], Markup], *, is_latest: bool) -> Line:
    kind = message.answer.type.value if message.answer else message.sender
    html = shape(answer_html(message.answer)) if message.answer else own_words(message.text or "")
    local = _in_paris(message.at)
    return Line(
        id=message.id,
        author=_author_of(message),
        time=time_text(message.at),
        iso_time=local.isoformat(timespec="minutes"),
        kind=kind,
        html=html,
        spoken=_spoken(message),
        is_latest=is_latest,
    )


def _author_of(message: StoredMessage) -> str:
    """Return who speaks: an operator by the name they chose."""
    return (message.answer and message.answer.author) or _AUTHORS[message.sender]


def own_words(text: str) -> Markup:
    """Return what a person wrote, in the direction of their own script."""
    return Markup('<div dir="auto">{}</div>').format(Markup(render_words(text)))  # noqa: S704


def _spoken(message: StoredMessage) -> tuple[Spoken, ...]:
    if message.sender == USER:
        return ()
    first, *others = render_speech(message.answer) if message.answer else (Spoken(message.text or ""),)
    author = f"{_author_of(message)} :"
    if first.lang == FRENCH:
        return (Spoken(f"{author} {first.words}"), *others)
    return (Spoken(author), first, *others)


def _in_paris(moment: datetime) -> datetime:
    return moment.replace(tzinfo=UTC).astimezone(_PARIS)


def time_text(moment: datetime) -> str:
    """Return `14 h 05` for a time of today (UTC, without a timezone), else the day before it."""
    local = _in_paris(moment)
    hour = f"{local.hour} h {local.minute:02d}"
    is_today = local.date() == datetime.now(_PARIS).date()
    return hour if is_today else f"le {format_date(local.date())} à {hour}"
