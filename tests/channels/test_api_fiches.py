"""The knowledge through the API, and the health of the service."""

import re

import pytest

from bot.knowledge.fiche import RUBRIQUES
from tests.channels.talking import Client, knowledge, problem_of


async def test_the_list_has_every_written_fiche(client: Client) -> None:
    data = await (await client.get("/api/v1/fiches")).json()
    assert {fiche["id"] for fiche in data["fiches"]} == set(knowledge().fiches)
    assert all(re.fullmatch(r"\d{4}-\d\d-\d\d", fiche["review_on"]) for fiche in data["fiches"])


async def test_a_fiche_is_whole_with_sources_and_dates(client: Client) -> None:
    fiche = await (await client.get("/api/v1/fiches/apl")).json()
    assert set(fiche["rubriques"]) == set(RUBRIQUES)
    known = {source["id"] for source in fiche["sources"]}
    for rubrique in fiche["rubriques"].values():
        assert rubrique.get("not_applicable") or set(rubrique["sources"]) <= known
    assert all({"checked_on", "url", "title"} <= set(source) for source in fiche["sources"])


@pytest.mark.parametrize("fiche_id", sorted(knowledge().fiches))
async def test_no_amount_is_left_as_a_name(client: Client, fiche_id: str) -> None:
    text = await (await client.get(f"/api/v1/fiches/{fiche_id}")).text()
    assert not re.search(r"\{[a-z0-9-]+\}", text)


UNWRITTEN = sorted(set(knowledge().taxonomy.subjects) - set(knowledge().fiches))[:1]


@pytest.mark.parametrize("fiche_id", ["nulle", "%00", "..%2f..%2fetc", "APL", *UNWRITTEN])
async def test_a_fiche_that_is_not_written(client: Client, fiche_id: str) -> None:
    assert (await problem_of(await client.get(f"/api/v1/fiches/{fiche_id}")))["status"] == 404


async def test_health_names_the_part_that_is_down(client: Client) -> None:
    problem = await problem_of(await client.get("/health"))
    assert problem["status"] == 503
    assert problem["parts"]["base"] == "ok"
    assert "Rasa" in problem["parts"]["comprehension"]
