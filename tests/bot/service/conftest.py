"""A real assistant on a real store, without the time that reading the knowledge takes."""

from __future__ import annotations

from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import AsyncExitStack

import pytest

from bot.intake.danger import DangerDetector
from bot.knowledge.loader import Knowledge
from bot.rasa_client import RasaClient
from bot.service.assistant import Assistant
from bot.settings import Settings
from bot.store.cipher import load_cipher
from bot.store.database import Database
from channels.sms.voice import speak_by_sms
from channels.telegram.voice import speak_on_telegram
from tests.bot.rasa_stand_in import RasaStandIn
from tests.bot.service.person import Person

VOICES = {"sms": speak_by_sms, "telegram": speak_on_telegram}

OpenAssistant = Callable[..., Awaitable[Assistant]]


@pytest.fixture
async def open_assistants(
    settings: Settings, knowledge: Knowledge, store_url: str
) -> AsyncIterator[tuple[AsyncExitStack, OpenAssistant]]:
    """Return what opens assistants, each as a process of its own would on the same store."""
    settings = settings.copy(update={"database_url": store_url})
    settings.var.mkdir()
    async with AsyncExitStack() as stack:

        async def open_one(**changes: object) -> Assistant:
            own = settings.copy(update=changes)
            database = Database(settings.database)
            stack.push_async_callback(database.close)
            rasa = await stack.enter_async_context(RasaClient.open(own))
            cipher = load_cipher(settings.var / "cles")
            return Assistant(own, knowledge, database, cipher, rasa, DangerDetector(None), VOICES)

        yield stack, open_one


@pytest.fixture
async def assistant(open_assistants: tuple[AsyncExitStack, OpenAssistant]) -> Assistant:
    """An assistant that answers."""
    stack, open_one = open_assistants
    assistant = await open_one()
    await stack.enter_async_context(assistant.dispatcher.running())
    return assistant


@pytest.fixture
async def person(assistant: Assistant) -> Person:
    """Somebody in a conversation of their own."""
    return await Person.arrive(assistant)


@pytest.fixture
async def rasa(rasa_stand_in: RasaStandIn) -> RasaStandIn:
    """Rasa's stand-in, listening."""
    await rasa_stand_in.start()
    return rasa_stand_in
