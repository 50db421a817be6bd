"""The application of the channels in this process, with a stand-in for Rasa: what the store and the pages cost, alone."""

from __future__ import annotations

import asyncio
import tempfile
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from aiohttp import web
from aiohttp.test_utils import TestClient, TestServer

from bot.service.assistant import Assistant
from bot.service.delivery_queue import sender_lease
from bot.settings import load_settings
from bot.store.accounts import Role
from bot.store.database import Database
from channels.keys import ASSISTANT
from channels.registry import settings_class
from channels.server import create_app
from tests.bot.rasa_stand_in import RasaStandIn
from tests.running import free_port

PASSWORD = "chaise parapluie orange moulin"
LEASE_SECONDS = 30.0
_ANSWER = {"kind": "fiche", "fiche": "apl", "rubrique": "montant"}


@dataclass
class Local:
    """An application that answers, and who is signed in at its console."""

    client: TestClient[web.Request, web.Application]
    assistant: Assistant
    cookie: dict[str, str]

    @property
    def database(self) -> Database:
        """Return its store."""
        return self.assistant._database

    async def open(self) -> tuple[str, dict[str, str]]:
        """Open a conversation, and return its address and the header that opens it."""
        async with self.client.post("/api/v1/conversations", json={"channel": "api"}) as response:
            opened = await response.json()
        return f"/api/v1/conversations/{opened['id']}", {"Authorization": f"Bearer {opened['token']}"}

    async def say(self, conversation: tuple[str, dict[str, str]], text: str) -> None:
        """Write, and wait for the answer. Raises AssertionError when there is none."""
        path, headers = conversation
        async with self.client.post(f"{path}/messages", json={"text": text}, headers=headers) as response:
            assert response.status == 200, await response.text()
            await response.read()

    async def visit(self, page: str) -> str:
        """Open a page of the console."""
        async with self.client.get(page, headers=self.cookie, allow_redirects=False) as response:
            assert response.status == 200, (page, response.status)
            return await response.text()


@asynccontextmanager
async def open_local(**settings: Any) -> AsyncIterator[Local]:
    """Yield an application on a store of its own, or on the one that the settings name."""
    stand_in = RasaStandIn(free_port())
    stand_in.directives = [_ANSWER]
    await stand_in.start()
    with tempfile.TemporaryDirectory(prefix="banc-") as folder:
        values = {
            "var": Path(folder), "models": load_settings().models.absolute(), "rasa_port": stand_in._port,
            "messages_per_minute": 1_000_000, "messages_per_minute_address": 1_000_000,
            "conversations_per_hour_address": 1_000_000, "received_per_day": 1_000_000, "sent_per_day": 1_000_000,
        }  # fmt: skip
        app = create_app(settings_class().parse_obj(values | settings))
        client = TestClient(TestServer(app))
        await client.start_server()
        try:
            async with _hands_over(app[ASSISTANT]):
                yield await _signed_in(client, app[ASSISTANT])
        finally:
            await client.close()
            await stand_in.stop()


@asynccontextmanager
async def _hands_over(assistant: Assistant) -> AsyncIterator[None]:
    """Be the process that may hand over SMS; nothing is sent: whoever measures takes them."""
    held = asyncio.Event()

    @asynccontextmanager
    async def hold() -> AsyncIterator[None]:
        held.set()
        yield

    async with assistant.leases.alone(sender_lease("sms"), hold):
        async with asyncio.timeout(LEASE_SECONDS):
            await held.wait()
        yield


async def _signed_in(client: TestClient[web.Request, web.Application], assistant: Assistant) -> Local:
    accounts = assistant.accounts
    await accounts.create("mesure", Role.RESPONSABLE, "Mesure", password=PASSWORD, must_change=False)
    token = (await accounts.sign_in("mesure", PASSWORD, "mesure")).token
    return Local(client, assistant, {"Cookie": f"console={token}"})
