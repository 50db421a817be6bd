"""Talking in the terminal, with a small server that speaks the public API."""

from __future__ import annotations

from collections.abc import AsyncIterator
from typing import Any

import pytest
from aiohttp import web

from bot.run import chat
from bot.run.chat import print_health, talk
from bot.settings import Settings


class Api:
    """Answers as the public API does, and keeps what it was sent."""

    def __init__(self) -> None:
        self.sent: list[dict[str, Any]] = []
        self.tokens: list[str | None] = []
        self.health: tuple[int, dict[str, str]] = (200, {"base": "ok"})
        self.refuses = False

    async def open(self, _request: web.Request) -> web.Response:
        welcome = {"text": "Bonjour.", "choices": [{"label": "Que savez-vous faire ?", "value": "aide"}]}
        return web.json_response({"id": "c1", "token": "jeton", "messages": [welcome]}, status=201)

    async def take(self, request: web.Request) -> web.Response:
        self.sent.append(await request.json())
        self.tokens.append(request.headers.get("Authorization"))
        if self.refuses:
            return web.json_response(
                {"title": "Votre message est trop long."}, status=422, content_type="application/problem+json"
            )
        return web.json_response({"messages": [{"text": "Voici."}], "state": "bot"})

    async def tell_health(self, _request: web.Request) -> web.Response:
        status, parts = self.health
        return web.json_response({"status": "ok", "parts": parts}, status=status)


@pytest.fixture
def api_settings(settings: Settings, free_port: int) -> Settings:
    return settings.copy(update={"public_port": free_port})


@pytest.fixture
async def api(api_settings: Settings) -> AsyncIterator[Api]:
    api = Api()
    app = web.Application()
    app.router.add_post("/api/v1/conversations", api.open)
    app.router.add_post("/api/v1/conversations/c1/messages", api.take)
    app.router.add_get("/health", api.tell_health)
    runner = web.AppRunner(app)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", api_settings.public_port).start()
    yield api
    await runner.cleanup()


def type_lines(monkeypatch: pytest.MonkeyPatch, *lines: str) -> None:
    """Type these lines, then an empty one."""
    waiting = iter([*lines, ""])
    monkeypatch.setattr(chat, "_read_line", lambda: next(waiting))


async def test_words_and_numbers_of_choices_are_sent(
    api: Api, api_settings: Settings, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    type_lines(monkeypatch, "1", "1", "combien ?")
    assert await talk(api_settings)
    assert [body.get("choice") for body in api.sent] == ["aide", None, None]
    assert [body.get("text") for body in api.sent] == [None, "1", "combien ?"]
    assert len({body["client_id"] for body in api.sent}) == 3
    assert set(api.tokens) == {"Bearer jeton"}
    out = capsys.readouterr().out
    for part in ("Bonjour.", "1. Que savez-vous faire ?", "Voici."):
        assert part in out


async def test_a_refusal_is_shown_and_the_conversation_goes_on(
    api: Api, api_settings: Settings, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    api.refuses = True
    type_lines(monkeypatch, "un", "deux")
    assert await talk(api_settings)
    assert capsys.readouterr().out.count("Votre message est trop long.") == 2


def test_the_end_of_the_input_ends_the_conversation(monkeypatch: pytest.MonkeyPatch) -> None:
    def end(_prompt: str) -> str:
        raise EOFError

    monkeypatch.setattr("builtins.input", end)
    assert chat._read_line() == ""


@pytest.mark.parametrize(("status", "well"), [(200, True), (503, False)])
async def test_the_state_of_each_part_is_printed(
    api: Api, api_settings: Settings, capsys: pytest.CaptureFixture[str], status: int, well: bool
) -> None:
    api.health = (status, {"base": "ok", "comprehension": "Rasa ne répond pas"})
    assert await print_health(api_settings) is well
    assert capsys.readouterr().out == "base : ok\ncomprehension : Rasa ne répond pas\n"


async def test_when_nobody_answers_it_says_how_to_start(
    api_settings: Settings, capsys: pytest.CaptureFixture[str]
) -> None:
    assert not await talk(api_settings)
    assert not await print_health(api_settings)
    assert capsys.readouterr().err.count("n'est pas démarré") == 2
