"""Talk to the application as a program or as a browser does."""

from __future__ import annotations

import json
import re
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, replace
from functools import lru_cache
from pathlib import Path
from typing import Any

from aiohttp import ClientResponse, web
from aiohttp.test_utils import TestClient, TestServer

from bot.knowledge.loader import Knowledge, load_knowledge

DANGER = "mon mari me frappe"
NOBODY_LISTENS = 9
"""The discard port: a connection is refused at once, as when Rasa is stopped."""

Client = TestClient[Any, Any]
OpenClient = Callable[..., Awaitable[Client]]


@lru_cache(maxsize=1)
def knowledge() -> Knowledge:
    """Read data/ once for all the tests: it never changes."""
    return load_knowledge(Path("data"), "saint-meen-montauban")


def without(*fiches: str) -> Knowledge:
    """Return the knowledge before these fiches were written."""
    data = knowledge()
    return replace(data, fiches={key: fiche for key, fiche in data.fiches.items() if key not in fiches})


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


async def problem_of(response: ClientResponse) -> dict[str, Any]:
    """Return the problem of a response; everything an error must have is checked."""
    assert response.content_type == "application/problem+json"
    data = json.loads(await response.text())
    assert data["status"] == response.status
    assert data["title"].strip().endswith((".", "?"))
    return dict(data)


def app_of(client: Client) -> web.Application:
    """Return the application behind a client."""
    assert isinstance(client.server, TestServer)
    return client.server.app


def form_id_of(html: str) -> str:
    """Return the id of the forms of a page."""
    found = re.search(r'name="form_id" value="([^"]+)"', html)
    assert found
    return found.group(1)


async def send(
    client: Client, *, redirects: bool = True, headers: dict[str, str] | None = None, **fields: str
) -> ClientResponse:
    """Fill the form of the first page and send it."""
    page = await (await client.get("/")).text()
    fields.setdefault("form_id", form_id_of(page))
    return await client.post("/message", data=fields, allow_redirects=redirects, headers=headers)
