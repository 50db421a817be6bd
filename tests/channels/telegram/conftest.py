"""The application as Telegram reaches it, with a Bot API server on loopback to answer to."""

from __future__ import annotations

import asyncio
import json
import shutil
from collections.abc import Awaitable, Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from aiohttp import ClientResponse

from bot.service.assistant import Assistant
from bot.store.addresses import conversation_in_hand, hash_address
from bot.store.conversations import Conversation, StoredMessage, find_conversation
from bot.store.database import migrate
from channels.keys import ASSISTANT
from channels.telegram.keys import ROBOT
from tests.channels.talking import Client, OpenClient, app_of
from tests.channels.telegram.incoming import PRIVATE
from tests.telegram_servers import TestApi, run_test_api

PATH = "/telegram/maj"
SECRET = "t" * 30
PATIENCE_SECONDS = 15.0


async def until(read: Callable[[], Awaitable[Any]]) -> Any:
    """Read again until something true is found, and return it."""
    async with asyncio.timeout(PATIENCE_SECONDS):
        while not (found := await read()):
            await asyncio.sleep(0.02)
    return found


@dataclass
class Line:
    """The application, called as Telegram calls it."""

    client: Client
    api: TestApi

    @property
    def assistant(self) -> Assistant:
        return app_of(self.client)[ASSISTANT]

    async def ready(self) -> Line:
        """Return this line once the robot is known."""

        async def robot() -> object:
            return app_of(self.client)[ROBOT].robot

        await until(robot)
        return self

    async def post(self, body: bytes, secret: str | None = SECRET, **headers: str) -> ClientResponse:
        """Make a call with this body."""
        given = {"X-Telegram-Bot-Api-Secret-Token": secret} if secret is not None else {}
        response = await self.client.post(
            PATH, data=body, headers={"Content-Type": "application/json"} | given | headers
        )
        await response.read()
        return response

    async def give(self, update: dict[str, Any]) -> int:
        """Hand over an update and return the status."""
        return (await self.post(json.dumps(update).encode())).status

    async def conversation(self, chat: int = PRIVATE["id"]) -> Conversation | None:
        """Return the conversation in hand in a chat."""
        hashed = hash_address(self.assistant._cipher, "telegram", str(chat))
        async with self.assistant._database.read() as connection:
            known = await conversation_in_hand(connection, hashed)
            return await find_conversation(connection, self.assistant._cipher, known) if known else None

    async def transcript(self, chat: int = PRIVATE["id"]) -> list[StoredMessage]:
        """Return what is stored of a chat."""
        found = await self.conversation(chat)
        return await self.assistant.transcript(found.id) if found else []

    async def answers(self, chat: int = PRIVATE["id"]) -> int:
        """Return how many answers were given in a chat."""
        return len([message for message in await self.transcript(chat) if message.answer])

    async def heard(self, count: int = 1, chat: int = PRIVATE["id"]) -> list[str]:
        """Return what reached a chat, once there is so much."""

        async def read() -> list[str]:
            messages = [message.text for message in await asyncio.to_thread(self.api.heard, chat)]
            return messages if len(messages) >= count else []

        return list(await until(read))

    async def count(self, name: str) -> int:
        return (await self.assistant.deliveries.month()).get(name, 0)


OpenLine = Callable[..., Awaitable[Line]]


@pytest.fixture(scope="session")
def migrated(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A database at the newest schema."""
    path = tmp_path_factory.mktemp("store") / "assistant.db"
    migrate(f"sqlite:///{path}")
    return path


@pytest.fixture
def api() -> Iterator[TestApi]:
    """A Bot API server that nobody has used."""
    with run_test_api() as running:
        yield running


@pytest.fixture
async def open_line(open_client: OpenClient, api: TestApi, migrated: Path, tmp_path: Path) -> OpenLine:
    """Return what opens the application; it is ready to be called unless told otherwise."""

    async def build(*, is_ready: bool = True, **changed: Any) -> Line:
        var = tmp_path / "var0"
        var.mkdir(exist_ok=True)
        shutil.copy(migrated, var / "assistant.db")
        defaults = {
            "var": var,
            "telegram_mode": "webhook",
            "telegram_token": api.token,
            "telegram_secret": SECRET,
            "telegram_api_url": api.base_url,
        }
        line = Line(await open_client(**(defaults | changed)), api)
        return await line.ready() if is_ready else line

    return build


@pytest.fixture
async def line(open_line: OpenLine) -> Line:
    """The application that Telegram calls."""
    return await open_line()
