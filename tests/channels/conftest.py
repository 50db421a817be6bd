"""A real Assistant on a real store; Rasa is not running, so nothing here needs a question understood."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest
from aiohttp.test_utils import TestClient, TestServer

from channels.registry import settings_class
from channels.server import create_app
from tests.channels.talking import NOBODY_LISTENS, Api, Client, OpenClient, open_conversation, without


@pytest.fixture
async def open_client(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, request: pytest.FixtureRequest
) -> AsyncIterator[OpenClient]:
    """Return what opens a client on a fresh application with the settings given, some fiches not written yet."""
    monkeypatch.setattr("bot.service.assistant.load_knowledge", lambda _data, _territoire: without())
    opened: list[Client] = []

    async def build(unwritten: tuple[str, ...] = (), **settings: Any) -> Client:
        if unwritten:
            monkeypatch.setattr(
                "bot.service.assistant.load_knowledge", lambda _data, _territoire: without(*unwritten)
            )
        defaults: dict[str, Any] = {"var": tmp_path / f"var{len(opened)}", "rasa_port": NOBODY_LISTENS}
        if request.config.getoption("--moteur") == "postgres":
            server = request.getfixturevalue("postgres")
            name = server.new_database(request.getfixturevalue("postgres_template"))
            defaults["database_url"] = server.url(name)
        app = create_app(settings_class().parse_obj(defaults | settings))
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


@pytest.fixture
async def api(client: Client) -> Api:
    """Return a fresh conversation."""
    return await open_conversation(client)
