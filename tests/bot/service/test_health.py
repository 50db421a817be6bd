"""Health: each part that is down is named, in French."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

from aiohttp import web

from bot.knowledge.loader import Knowledge
from bot.service.assistant import Assistant
from bot.service.health import Health, check_health
from bot.store.database import Database
from tests.bot.rasa_stand_in import RasaStandIn


async def check(assistant: Assistant, knowledge: Knowledge, database: Database | None = None) -> Health:
    return await check_health(database or assistant._database, assistant._rasa, knowledge)


async def test_all_is_well_when_a_question_is_answered_end_to_end(
    assistant: Assistant, knowledge: Knowledge, rasa: RasaStandIn
) -> None:
    health = await check(assistant, knowledge)
    assert health.ok
    assert health.parts == {"base": "ok", "comprehension": "ok", "connaissances": "ok"}
    assert rasa.texts == ["/sonder"]


async def test_rasa_away_is_named_and_the_rest_is_well(assistant: Assistant, knowledge: Knowledge) -> None:
    health = await check(assistant, knowledge)
    assert not health.ok
    assert health.parts["comprehension"].startswith("Rasa ne répond pas")
    assert health.parts["base"] == "ok"


async def test_an_action_server_away_is_named(
    assistant: Assistant, knowledge: Knowledge, rasa: RasaStandIn
) -> None:
    rasa.fault = lambda: web.json_response([])
    assert "serveur d'actions" in (await check(assistant, knowledge)).parts["comprehension"]


async def test_a_store_that_cannot_be_reached_is_named(
    assistant: Assistant, knowledge: Knowledge, rasa: RasaStandIn, tmp_path: Path
) -> None:
    lost = Database(f"sqlite+aiosqlite:///{tmp_path}/absent/a.db")
    health = await check(assistant, knowledge, lost)
    await lost.close()
    assert health.parts["base"].startswith("base de données inaccessible")
    assert not health.ok


async def test_no_fiche_at_all_is_named(
    assistant: Assistant, knowledge: Knowledge, rasa: RasaStandIn
) -> None:
    assert (await check(assistant, replace(knowledge, fiches={}))).parts[
        "connaissances"
    ] == "aucune fiche lisible"
