"""« Qu'est-ce qui bloque ? »: an obstacle leads to a help, and nobody is scored."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import date

import pytest

from bot.knowledge.accueil import Obstacle
from tests.channels.agent.store import rows_of
from tests.channels.console.visiting import Visitor, words_of
from tests.channels.talking import knowledge

SHEET = "/agent/fiches/rsa"


def shown(text: str) -> list[str]:
    """Return the obstacles whose help is not hidden."""
    return re.findall(r'id="aide-bloque-([a-z]+)">', text)


async def test_nothing_is_offered_before_an_obstacle_is_picked(agent: Visitor) -> None:
    text = await agent.read(SHEET)
    assert shown(text) == []
    assert re.findall(r'type="radio" id="bloque-([a-z]+)"', text) == list(Obstacle)


@pytest.mark.parametrize("obstacle", list(Obstacle))
async def test_an_obstacle_leads_to_its_three_ways_and_to_whom_without_script(
    agent: Visitor, obstacle: Obstacle
) -> None:
    accueil = knowledge().accueil
    assert accueil
    text = await agent.read(f"{SHEET}?bloque={obstacle.value}")
    assert shown(text) == [obstacle.value]
    said = words_of(
        text.split(f'id="aide-bloque-{obstacle.value}"')[1].split("</section>")[0].join(("<main>", "</main>"))
    )
    blocage = next(found for found in accueil.blocages if found.id is obstacle)
    for way, title in (
        (blocage.faire, "Faire à sa place"),
        (blocage.avec, "Faire avec"),
        (blocage.apprendre, "Lui"),
    ):
        assert title in said
        assert way.texte.split(".")[0] in said
        for role in way.a_qui:
            assert accueil.role(role).nom in said
    assert "vérifié le" in said


async def test_an_unknown_obstacle_offers_nothing(agent: Visitor) -> None:
    assert shown(await agent.read(f"{SHEET}?bloque=paresse")) == []


async def test_what_is_picked_is_stored_nowhere(agent: Visitor) -> None:
    await agent.read(SHEET)
    before = rows_of(agent)
    await agent.read(f"{SHEET}?bloque=lecture")
    assert rows_of(agent) == before


async def test_what_may_be_done_in_someones_place_and_never_their_password(agent: Visitor) -> None:
    said = words_of(await agent.read(SHEET))
    assert "Demander, taper, noter ou garder son mot de passe." in said
    assert "avec un mandat écrit" in said


async def test_without_its_file_the_sheet_does_without(agent: Visitor) -> None:
    agent.assistant.use_knowledge(replace(knowledge(), accueil=None))
    assert 'id="bloque"' not in await agent.read(SHEET)


async def test_past_its_review_it_says_so(agent: Visitor) -> None:
    accueil = knowledge().accueil
    assert accueil
    agent.assistant.use_knowledge(
        replace(knowledge(), accueil=accueil.copy(update={"a_revoir_le": date(2020, 1, 2)}))
    )
    assert "Cette aide devait être revue avant le 2 janvier 2020" in words_of(await agent.read(SHEET))
