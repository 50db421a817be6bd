"""A real Assistant on a real store; Rasa is not running, so nothing here needs a question understood."""

from __future__ import annotations

import json
import re
from collections.abc import AsyncIterator, Awaitable, Callable
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

import pytest
from aiohttp import ClientResponse
from aiohttp.test_utils import TestClient, TestServer

from bot.knowledge.loader import Knowledge, load_knowledge
from bot.settings import Settings
from channels.server import create_app

DANGER = "mon mari me frappe"
NOBODY_LISTENS = 9
"""The discard port: a connection is refused at once, as when Rasa is stopped."""

Client = TestClient[Any, Any]
OpenClient = Callable[..., Awaitable[Client]]


@lru_cache(maxsize=1)
def knowledge() -> Knowledge:
    """Read data/ once for all the tests: it never changes."""
    return load_knowledge(Path("data"), "saint-meen-montauban")


@pytest.fixture
async def open_client(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[OpenClient]:
    """Return what opens a client on a fresh application with the settings given."""
    monkeypatch.setattr("bot.service.assistant.load_knowledge", lambda _data, _territoire: knowledge())
    opened: list[Client] = []

    async def build(**settings: Any) -> Client:
        defaults = {"var": tmp_path / f"var{len(opened)}", "rasa_port": NOBODY_LISTENS}
        app = create_app(Settings(**(defaults | settings)))
        new = TestClient(TestServer(app))
        await new.start_server()
        opened.append(new)
        return new

    yield build
    for client in opened:
        await client.close()


@pytest.fixture
async def client(open_client: OpenClient) -> Client:
    """Return a client on an application with the default settings."""
    return await open_client()


@dataclass
class Api:
    """One conversation through the API."""

    client: Client
    id: str
    token: str
    welcome: list[dict[str, Any]]

    @property
    def path(self) -> str:
        """Return the address of the conversation."""
        return f"/api/v1/conversations/{self.id}"

    @property
    def headers(self) -> dict[str, str]:
        """Return the header that opens it."""
        return {"Authorization": f"Bearer {self.token}"}

    async def post(self, **body: Any) -> ClientResponse:
        """Send a message."""
        return await self.client.post(f"{self.path}/messages", json=body, headers=self.headers)

    async def say(self, **body: Any) -> dict[str, Any]:
        """Send a message that must be taken, and return the answer."""
        response = await self.post(**body)
        assert response.status == 200, await response.text()
        return dict(await response.json())

    async def read(self, after: str | None = None) -> list[dict[str, Any]]:
        """Return the messages of the conversation."""
        query = {"after": after} if after else None
        response = await self.client.get(f"{self.path}/messages", params=query, headers=self.headers)
        assert response.status == 200
        return list((await response.json())["messages"])


async def open_conversation(client: Client) -> Api:
    """Open a conversation through the API."""
    response = await client.post("/api/v1/conversations", json={"channel": "api"})
    assert response.status == 201
    data = await response.json()
    return Api(client, data["id"], data["token"], data["messages"])


@pytest.fixture
async def api(client: Client) -> Api:
    """Return a fresh conversation."""
    return await open_conversation(client)


async def problem_of(response: ClientResponse) -> dict[str, Any]:
    """Return the problem of a response; everything an error must have is checked."""
    assert response.content_type == "application/problem+json"
    data = json.loads(await response.text())
    assert data["status"] == response.status
    assert data["title"].strip().endswith((".", "?"))
    return dict(data)


def form_id_of(html: str) -> str:
    """Return the id of the forms of a page."""
    found = re.search(r'name="form_id" value="([^"]+)"', html)
    assert found
    return found.group(1)


async def send(client: Client, *, redirects: bool = True, headers: dict[str, str] | None = None, **fields: str) -> ClientResponse:
    """Fill the form of the first page and send it."""
    page = await (await client.get("/")).text()
    fields.setdefault("form_id", form_id_of(page))
    return await client.post("/message", data=fields, allow_redirects=redirects, headers=headers)
