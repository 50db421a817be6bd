"""People as a measure plays them: through the JSON API, by SMS on a phone of Kannel's, or in front of Rasa as it comes."""

from __future__ import annotations

import asyncio
import uuid
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from typing import Any, Protocol

import aiohttp

from channels.sms.local_kannel import LocalKannel

PATIENCE_SECONDS = 60.0
ANSWERED = "répondu"
DELAYED = "retard annoncé"
DELAY_WORDS = "Votre message est gardé"
"""How the notice begins that an answer will come later (data/responses, escalade.attente)."""
PHONES = 10_000
LOOK_SECONDS = 0.005


class Person(Protocol):
    """Somebody in a conversation of their own."""

    async def say(self, text: str) -> str:
        """Write, wait for the answer, and return what came of it: ANSWERED, DELAYED, or the name of an error."""


class Door(Protocol):
    """Where people come in."""

    async def arrive(self) -> Person:
        """Return somebody new."""


class _ApiPerson:
    def __init__(self, session: aiohttp.ClientSession, opened: dict[str, Any]) -> None:
        self._session = session
        self._url = f"/api/v1/conversations/{opened['id']}/messages"
        self._headers = {"Authorization": f"Bearer {opened['token']}"}

    async def say(self, text: str) -> str:
        try:
            async with self._session.post(self._url, json={"text": text}, headers=self._headers) as response:
                if response.status != 200:
                    return f"HTTP {response.status}"
                messages = (await response.json())["messages"]
        except (aiohttp.ClientError, TimeoutError, OSError) as error:
            return type(error).__name__
        return DELAYED if messages[-1]["text"].startswith(DELAY_WORDS) else ANSWERED


class ApiDoor:
    """The public JSON API."""

    def __init__(self, session: aiohttp.ClientSession) -> None:
        self._session = session

    async def arrive(self) -> Person:
        """Open a conversation. Raises aiohttp.ClientError."""
        async with self._session.post("/api/v1/conversations", json={"channel": "api"}) as response:
            response.raise_for_status()
            return _ApiPerson(self._session, await response.json())


class _StockPerson:
    def __init__(self, session: aiohttp.ClientSession) -> None:
        self._session = session
        self._sender = uuid.uuid4().hex

    async def say(self, text: str) -> str:
        body = {"sender": self._sender, "message": text}
        try:
            async with self._session.post("/webhooks/rest/webhook", json=body) as response:
                if response.status != 200:
                    return f"HTTP {response.status}"
                # Rasa as it comes says nothing when it is not sure enough: that is an answer of its kind.
                await response.json()
        except (aiohttp.ClientError, TimeoutError, OSError) as error:
            return type(error).__name__
        return ANSWERED


class StockDoor:
    """The REST channel of Rasa as it comes."""

    def __init__(self, session: aiohttp.ClientSession) -> None:
        self._session = session

    async def arrive(self) -> Person:
        """Return a sender that Rasa has not seen."""
        return _StockPerson(self._session)


class _Phone:
    def __init__(self, number: str, door: SmsDoor) -> None:
        self._number = number
        self._door = door

    async def say(self, text: str) -> str:
        heard = self._door.expect(self._number)
        try:
            await asyncio.to_thread(self._door.kannel.write, self._number, text)
            async with asyncio.timeout(PATIENCE_SECONDS):
                said = await heard
        except TimeoutError:
            return "rien reçu"
        return DELAYED if said.startswith(DELAY_WORDS) else ANSWERED


class SmsDoor:
    """Phones of Kannel's test operator, each with a number of the range kept for fiction (ARCEP)."""

    def __init__(self, kannel: LocalKannel) -> None:
        self.kannel = kannel
        self._given = 0
        self._expected: dict[str, asyncio.Future[str]] = {}

    async def arrive(self) -> Person:
        """Return a phone nobody used. Raises RuntimeError when all were."""
        if self._given >= PHONES:
            raise RuntimeError(f"{PHONES} numbers are kept for fiction, and all have written")
        number = f"+3363998{self._given:04}"
        self._given += 1
        return _Phone(number, self)

    def expect(self, number: str) -> asyncio.Future[str]:
        """Return what is done at the next message to a phone."""
        waited: asyncio.Future[str] = asyncio.get_running_loop().create_future()
        self._expected[number] = waited
        return waited

    async def listen(self) -> None:
        """Give each message to whoever waits for it, until cancelled."""
        heard = len(self.kannel.messages)
        while True:
            while heard < len(self.kannel.messages):
                message = self.kannel.messages[heard]
                heard += 1
                waited = self._expected.pop(_with_plus(message.phone), None)
                if waited and not waited.done():
                    waited.set_result(message.text)
            await asyncio.sleep(LOOK_SECONDS)


def _with_plus(number: str) -> str:
    return number if number.startswith("+") else f"+{number}"


@asynccontextmanager
async def open_session(base_url: str) -> AsyncIterator[aiohttp.ClientSession]:
    """Yield a client that opens as many connections as there are people."""
    timeout = aiohttp.ClientTimeout(total=PATIENCE_SECONDS)
    async with aiohttp.ClientSession(
        base_url, connector=aiohttp.TCPConnector(limit=0), timeout=timeout
    ) as session:
        yield session


@asynccontextmanager
async def sms_door(kannel: LocalKannel) -> AsyncIterator[SmsDoor]:
    """Yield the phones, listened to."""
    door = SmsDoor(kannel)
    listening = asyncio.create_task(door.listen())
    try:
        yield door
    finally:
        listening.cancel()
        with suppress(asyncio.CancelledError):
            await listening
