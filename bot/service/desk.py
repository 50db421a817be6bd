"""What the console shows of requests. Reading one is written in the journal."""

from __future__ import annotations

import asyncio
import re
from contextlib import AbstractContextManager
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta

from sqlalchemy.ext.asyncio import AsyncConnection

from bot.answers.compose import Composer
from bot.language.normalise import clean_text
from bot.model.answer import AnswerType
from bot.service.bus import ANY, Bus
from bot.store import closures, desk, journal
from bot.store import conversations as store
from bot.store.cipher import Cipher
from bot.store.closures import Count
from bot.store.conversations import OPERATOR, TALK_OPERATOR, USER, StoredMessage
from bot.store.database import Database, now
from bot.store.demandes import CODE_LENGTH, CODE_SIGNS, WAITING, Demande, Urgency
from bot.store.desk import Event

_CODE = re.compile(rf"(?<=\bcode )(?:: )?[{CODE_SIGNS}]{{{CODE_LENGTH}}}\b")
_HIDDEN = "…"
MAX_FOUND = 50
"""Requests that a search shows."""
SAME_READING = timedelta(minutes=10)
"""A page that is open asks again and again: within this, it is one reading."""


class Gone(Exception):
    """The request no longer exists: the person erased it, or its time is over."""


@dataclass(frozen=True)
class QueueItem:
    """A request as the queue shows it. `owner` is the name of who took it; `is_late` that nobody did in time."""

    demande: Demande
    owner: str | None
    is_late: bool


@dataclass(frozen=True)
class Case:
    """Everything an operator may read of a request.

    `messages` start with the request, or with the conversation when the person agreed to it. `deliveries` are states
    of the last delivery of a message by its `seq`. `names` are those of operators by account.
    """

    demande: Demande
    owner: str | None
    messages: tuple[StoredMessage, ...]
    events: tuple[Event, ...]
    deliveries: dict[int, str]
    names: dict[int, str]
    is_talking: bool


@dataclass(frozen=True)
class News:
    """What a console tells without moving anything: how many wait, and those above all others."""

    waiting: int
    newest: tuple[str, ...]
    dangers: tuple[str, ...]


@dataclass(frozen=True)
class Counts:
    """How requests ended, what was ticked in all, and what was ticked by subject."""

    outcomes: dict[str, int | None]
    totals: tuple[Count, ...]
    marks: tuple[Count, ...]


class Desk:
    """The requests, for who signed in; `account_id` is whose eyes they are."""

    def __init__(self, database: Database, cipher: Cipher, composer: Composer, bus: Bus) -> None:
        self._database = database
        self._cipher = cipher
        self._composer = composer
        self._bus = bus

    async def queue(self) -> list[QueueItem]:
        """Return the requests that wait or are taken, most urgent first, then oldest."""
        moment = now()
        async with self._database.read() as connection:
            names = await desk.account_names(connection, self._cipher)
            found = await desk.list_open(connection, self._cipher)
        return [_item(demande, names, moment) for demande in found]

    async def news(self) -> News:
        """Return what waits at this moment."""
        async with self._database.read() as connection:
            waiting = await desk.list_waiting(connection)
        return News(
            waiting=len(waiting),
            newest=tuple(reference for reference, _ in waiting),
            dangers=tuple(reference for reference, urgency in waiting if urgency is Urgency.DANGER),
        )

    async def read(self, reference: str, account_id: int) -> Case:
        """Return a request, and note who read it. Raises Gone."""
        async with self._database.read() as connection:
            demande = await find_demande(connection, self._cipher, reference)
            since = now() - SAME_READING
            is_noted = await journal.has_lately(connection, journal.READ, account_id, reference, since)
        if not is_noted:  # before anything is shown
            async with self._database.write() as connection:
                await journal.note(connection, journal.READ, account_id, reference)
        async with self._database.read() as connection:
            return await self._case(connection, demande)

    async def _case(self, connection: AsyncConnection, demande: Demande) -> Case:
        names = await desk.account_names(connection, self._cipher)
        messages: list[StoredMessage] = []
        states: dict[int, str] = {}
        conversation = await conversation_of(connection, self._cipher, demande)
        if conversation:
            said = await store.list_messages(connection, self._cipher, conversation.id)
            said = _until_its_end(said, demande)
            messages = said if demande.details.joindre else _without_consent(said, demande)
            states = await desk.delivery_states(connection, conversation.id)
        return Case(
            demande=demande,
            owner=names.get(demande.account_id or 0),
            messages=tuple(_without_code(message) for message in messages),
            events=tuple(await desk.list_events(connection, self._cipher, demande.reference)),
            deliveries=states,
            names=names,
            is_talking=conversation is not None and conversation.talk == TALK_OPERATOR,
        )

    async def search(self, words: str, account_id: int) -> list[QueueItem]:
        """Return the requests whose reference, name, phone, words, commune or subject hold these words, newest first."""
        wanted = clean_text(words).casefold()
        if not wanted:
            return []
        async with self._database.write() as connection:
            await journal.note(connection, journal.SEARCHED, account_id)
            names = await desk.account_names(connection, self._cipher)
            every = await desk.list_all(connection, self._cipher)
            found = [demande for demande in every if wanted in self._searched(demande)]
            for demande in found[:MAX_FOUND]:  # what is shown tells that somebody asked, and about what
                await journal.note(connection, journal.FOUND, account_id, demande.reference)
        moment = now()
        return [_item(demande, names, moment) for demande in found]

    def _searched(self, demande: Demande) -> str:
        details = demande.details
        subject = self._composer.subject_title(demande.subject) if demande.subject else ""
        phone = (details.telephone or "").replace(" ", "")
        parts = (demande.reference, details.nom, details.telephone, phone, details.mots, details.commune)
        return "\n".join(part for part in (*parts, subject) if part).casefold()

    async def mark(self, reference: str) -> str:
        """Return a word that changes whenever something happened in a request, "" once it is gone. Reads no content."""
        async with self._database.read() as connection:
            return await desk.mark_of(connection, reference)

    async def counts(self, since: date, until: date) -> Counts:
        """Return how requests ended between two days, both included, and what blocked people."""
        async with self._database.read() as connection:
            return Counts(
                outcomes=await closures.count_outcomes(connection, since, until),
                totals=tuple(await closures.count_totals(connection, since, until)),
                marks=tuple(await closures.count_marks(connection, since, until)),
            )

    async def note_export(self, account_id: int) -> None:
        """Note that somebody took the counts away."""
        async with self._database.write() as connection:
            await journal.note(connection, journal.EXPORTED, account_id)

    def listen(self) -> AbstractContextManager[asyncio.Event]:
        """Return the context that yields an event set whenever something is stored."""
        return self._bus.listen(ANY)


async def find_demande(connection: AsyncConnection, cipher: Cipher, reference: str) -> Demande:
    """Return a request by its reference. Raises Gone."""
    demande = await desk.find(connection, cipher, reference)
    if demande is None:
        raise Gone
    return demande


async def conversation_of(
    connection: AsyncConnection, cipher: Cipher, demande: Demande
) -> store.Conversation | None:
    """Return the conversation a request came from, if there is one still."""
    if demande.conversation_id is None:
        return None
    return await store.find_conversation(connection, cipher, demande.conversation_id)


def _until_its_end(said: list[StoredMessage], demande: Demande) -> list[StoredMessage]:
    """Return what was said until the request was closed: what the person asks the assistant later is theirs again."""
    closed_at = demande.closed_at
    if closed_at is None:
        return said
    return [
        message
        for message in said
        if message.at <= closed_at or (message.answer and message.answer.reference == demande.reference)
    ]


def _without_consent(said: list[StoredMessage], demande: Demande) -> list[StoredMessage]:
    """Return what was said to an operator, and of it what the assistant answered; and a danger told since the request.

    The rest is between the person and the assistant: they did not agree to its being read.
    """
    shown: list[StoredMessage] = []
    held: list[StoredMessage] = []  # the person's last words to the assistant, shown if they told a danger
    is_shown = False
    for message in (each for each in said if each.at >= demande.created_at or each.sender == OPERATOR):
        if message.sender == USER:
            is_shown, held = message.to_operator, [message]
        elif message.answer and message.answer.type is AnswerType.URGENCE and not is_shown:
            shown += held
            is_shown = True
        is_about_it = message.answer is not None and message.answer.reference == demande.reference
        if is_shown or is_about_it or message.sender == OPERATOR:
            shown.append(message)
    return shown


def _item(demande: Demande, names: dict[int, str], moment: datetime) -> QueueItem:
    is_late = demande.status == WAITING and demande.due_at is not None and demande.due_at < moment
    return QueueItem(demande, names.get(demande.account_id or 0), is_late)


def _without_code(message: StoredMessage) -> StoredMessage:
    """Return a message without the code of a request: it opens the answer, and is the person's alone."""
    answer = message.answer
    if answer is None or answer.reference is None:
        return message
    blocks = tuple(
        replace(block, items=tuple(hide_codes(item) for item in block.items)) for block in answer.blocks
    )
    return replace(message, answer=replace(answer, blocks=blocks, sms=hide_codes(answer.sms)))


def hide_codes(text: str) -> str:
    """Return a text without the codes of requests that it says."""
    return _CODE.sub(_HIDDEN, text)
