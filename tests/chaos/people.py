"""Who writes what and when, drawn from the seed, and how the client of each channel writes it.

A good client of the API sends a message again, under the same id, until it is acknowledged. A phone and a Telegram
client hand their message to a carrier, which keeps it: they wait only while they have no network.
"""

from __future__ import annotations

import asyncio
import random
import uuid
from collections import Counter
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from typing import Any

import aiohttp

from channels.sms.local_kannel import KannelError, LocalKannel
from tests.chaos.count import API, CHANNELS, SMS, TELEGRAM
from tests.telegram_servers import TestApi

MESSAGES_EACH = 7
MESSAGES_A_SECOND = 1.5
PHONES, CHATS = "+3363998{:04}", 70_000
WAIT_SECONDS = 15.0
NOTICE = "est gardé"
"""What "your message is kept and will be answered" says, on every channel."""
UNDERSTOOD, AT_ONCE, DANGER = "understood", "at once", "danger"


@dataclass(frozen=True)
class Question:
    """A message people send, its lane, and what only its answer holds, by screen or by SMS."""

    text: str
    marks: tuple[str, ...]
    lane: str = UNDERSTOOD


QUESTIONS = (
    Question("c'est quoi le rsa", ("RSA (revenu",)),
    Question("comment demander l'aide au logement", ("Signez le bail", "avec bail, RIB")),
    Question("c'est quoi la prime d'activité", ("La prime d'activité complète le revenu",)),
    Question("j'ai perdu ma carte vitale", ("ontrez une attestation de droits",)),
    Question(
        "comment s'inscrire à france travail", ("Ouvrez francetravail.fr", "Inscription : sur francetravail")
    ),
    Question("c'est quoi l'ass", ("L'ASS (allocation",)),
    Question("comment demander l'aah", ("formulaire et le certificat à la MDPH", "AAH : 1. formulaire")),
    Question("c'est quoi l'aspa", ("L'ASPA (allocation",)),
    Question("comment avoir l'apa", ("Cerfa 16301",)),
    Question("comment faire un passeport", ("Choisissez une mairie équipée", "ancien passeport, facture")),
    Question("c'est quoi le chèque énergie", ("Le chèque énergie aide à payer",)),
    Question("comment faire mon changement d'adresse", ("donnez le préavis", "Avant : préavis, énergie")),
    Question("CONTACT", ("édité par",), AT_ONCE),
    Question("mon mari me frappe", ("Vous n'y êtes pour rien", "appelez le 17"), DANGER),
)
LANES = {question.text: question.lane for question in QUESTIONS}


def question_of(text: str) -> str | None:
    """Return which question a text answers: that of the mark it holds first. None for a notice."""
    found = [
        (text.index(mark), question.text) for question in QUESTIONS for mark in question.marks if mark in text
    ]
    return min(found)[1] if found and NOTICE not in text else None


@dataclass
class Person:
    """Someone who writes: when they begin, what they ask in turn, and the seconds before each message."""

    name: str
    channel: str
    starts: float
    questions: list[str]
    pauses: list[float]


def draw_people(dice: random.Random, messages: int) -> list[Person]:
    """Return people who send so many messages in all, spread over the time that takes."""
    count = max(len(CHANNELS), messages // MESSAGES_EACH)
    sizes = [messages // count] * count
    for rank in range(messages % count):
        sizes[rank] += 1
    for _ in range(count):  # some write more than others
        giver, taker = dice.randrange(count), dice.randrange(count)
        if giver != taker and sizes[giver] > 3 and sizes[taker] < len(QUESTIONS) - 2:
            sizes[giver], sizes[taker] = sizes[giver] - 1, sizes[taker] + 1
    texts = [question.text for question in QUESTIONS]
    span = messages / MESSAGES_A_SECOND
    return [
        Person(
            _name(CHANNELS[rank % 3], rank),
            CHANNELS[rank % 3],
            dice.uniform(0, span),
            dice.sample(texts, size),
            [dice.uniform(0.1, 4.0) for _ in range(size)],
        )
        for rank, size in enumerate(sizes)
    ]


def _name(channel: str, rank: int) -> str:
    return {API: f"api-{rank}", SMS: PHONES.format(rank), TELEGRAM: str(CHATS + rank)}[channel]


@dataclass
class ApiClients:
    """The programs that write by the API, and what each saw acknowledged."""

    base_url: str
    session: aiohttp.ClientSession
    conversations: dict[str, tuple[str, str]] = field(default_factory=dict)
    acknowledged: dict[str, list[str]] = field(default_factory=dict)
    refusals: Counter[str] = field(default_factory=Counter)

    async def write(self, person: str, text: str) -> None:
        """Send a message until it is acknowledged."""
        if person not in self.conversations:
            opened = await self._until_done("POST", "/api/v1/conversations", {"channel": "api"})
            self.conversations[person] = (opened["id"], opened["token"])
        body = {"text": text, "client_id": uuid.uuid4().hex}
        await self._until_done("POST", self._path(person), body, person)
        self.acknowledged.setdefault(person, []).append(text)

    async def transcript(self, person: str) -> list[dict[str, Any]]:
        """Return what the person reads when they come back."""
        if person not in self.conversations:
            return []
        answer = await self._until_done("GET", self._path(person), None, person)
        messages: list[dict[str, Any]] = answer["messages"]
        return messages

    def _path(self, person: str) -> str:
        return f"/api/v1/conversations/{self.conversations[person][0]}/messages"

    async def _until_done(
        self, method: str, path: str, body: dict[str, str] | None, person: str | None = None
    ) -> dict[str, Any]:
        headers = {"Authorization": f"Bearer {self.conversations[person][1]}"} if person else {}
        while True:
            try:
                async with self.session.request(
                    method, f"{self.base_url}{path}", json=body, headers=headers,
                    timeout=aiohttp.ClientTimeout(total=WAIT_SECONDS),
                ) as response:  # fmt: skip
                    if response.status in {200, 201}:
                        found: dict[str, Any] = await response.json()
                        return found
                    self.refusals[str(response.status)] += 1
            except (aiohttp.ClientError, TimeoutError, OSError, ValueError) as error:
                self.refusals[type(error).__name__] += 1
            await asyncio.sleep(0.5)


async def write_by_phone(kannel: LocalKannel, phone: str, text: str) -> None:
    """Type a message on a phone; while there is no network, wait and type again."""
    while True:
        try:
            return await asyncio.to_thread(kannel.write, phone, text)
        except (KannelError, OSError, ValueError):
            await asyncio.sleep(0.5)


async def write_on_telegram(api: TestApi, chat: str, text: str) -> None:
    """Write to the robot; while Telegram does not answer, wait and write again."""
    while True:
        try:
            await asyncio.to_thread(api.user(int(chat)).say, text)
        except (OSError, AssertionError):
            await asyncio.sleep(0.5)
        else:
            return


async def live(person: Person, write: Callable[[str, str], Awaitable[None]]) -> None:
    """Write what a person writes, in turn."""
    await asyncio.sleep(person.starts)
    for text, pause in zip(person.questions, person.pauses, strict=True):
        await asyncio.sleep(pause)
        await write(person.name, text)
