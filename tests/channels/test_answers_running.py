"""Questions that must be understood, through the page and the API of the whole running assistant."""

from __future__ import annotations

import re
from typing import Any

import aiohttp
import pytest

from channels.web.home import EXAMPLES
from tests.channels.talking import form_id_of
from tests.running import RunningBot


async def ask(bot: RunningBot, **message: str) -> tuple[dict[str, Any], dict[str, Any]]:
    """Ask one thing through the API; return the response and the last message of it."""
    async with aiohttp.ClientSession(bot.base_url) as session:
        async with session.post("/api/v1/conversations", json={"channel": "api"}) as opened:
            conversation = await opened.json()
        headers = {"Authorization": f"Bearer {conversation['token']}"}
        path = f"/api/v1/conversations/{conversation['id']}/messages"
        async with session.post(path, json=message, headers=headers) as response:
            assert response.status == 200
            data = await response.json()
            return data, data["messages"][-1]


async def test_a_question_gets_a_fiche_with_its_sources(running_bot: RunningBot) -> None:
    data, message = await ask(running_bot, text="combien de temps pour avoir l'APL")
    assert data["state"] == "bot"
    assert (message["type"], message["fiche"]) == ("fiche", "apl")
    assert message["rubrique"]
    assert message["sources"][0]["checked_on"]
    assert message["sources"][0]["url"] in message["text"]
    assert "<details" in message["html"]


async def test_a_choice_of_a_rubrique_gets_that_rubrique(running_bot: RunningBot) -> None:
    _, message = await ask(running_bot, choice="fiche:rsa:montant")
    assert (message["type"], message["fiche"], message["rubrique"]) == ("fiche", "rsa", "montant")


@pytest.mark.parametrize("example", EXAMPLES)
async def test_each_example_of_the_first_page_is_understood(running_bot: RunningBot, example: str) -> None:
    _, message = await ask(running_bot, text=example)
    assert message["type"] in {"fiche", "orientation", "clarification", "estimation"}


async def test_the_page_shows_the_answer_its_choices_and_its_folded_sources(running_bot: RunningBot) -> None:
    jar = aiohttp.CookieJar(unsafe=True)
    async with aiohttp.ClientSession(running_bot.base_url, cookie_jar=jar) as session:
        async with session.get("/") as home:
            form_id = form_id_of(await home.text())
        question = {"text": "Quelle aide pour payer mon loyer ?", "form_id": form_id}
        async with session.post("/message", data=question) as shown:
            html = await shown.text()
    answer = re.findall(r"<article.*?</article>", html, re.DOTALL)[-1]
    assert "<summary>D'où vient cette information" in answer
    assert 'name="choice" value="fiche:apl:' in html


async def test_the_whole_service_is_healthy(running_bot: RunningBot) -> None:
    async with aiohttp.ClientSession(running_bot.base_url) as session, session.get("/health") as response:
        assert response.status == 200
        assert (await response.json())["status"] == "ok"
