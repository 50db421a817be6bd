"""« À quels droits penser ? »: from a situation to the rights to check with somebody."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import date

import pytest

from tests.channels.console.markup import faults_of
from tests.channels.console.visiting import Visitor, words_of
from tests.channels.talking import knowledge

PAGE = "/agent/orientation"
SITUATIONS = sorted(knowledge().situations)


async def test_every_situation_can_be_picked(agent: Visitor) -> None:
    text = await agent.read(PAGE)
    assert sorted(re.findall(r'<option value="([a-z0-9-]+)"', text)) == SITUATIONS
    assert faults_of(text) == []


@pytest.mark.parametrize("situation", SITUATIONS)
async def test_its_rights_stand_in_order_with_the_questions_that_decide(
    agent: Visitor, situation: str
) -> None:
    told = knowledge().situations[situation]
    text = await agent.read(f"{PAGE}?situation={situation}")
    assert faults_of(text) == []
    assert re.findall(r'<li id="droit-([a-z-]+)"', text) == [right.fiche for right in told.droits]
    said = words_of(text)
    for question in told.questions:
        assert question.question in said
    for right in told.droits:
        assert f'href="/agent/fiches/{right.fiche}"' in text


async def test_the_conditions_of_each_right_are_to_tick_and_sent_nowhere(agent: Visitor) -> None:
    text = await agent.read(f"{PAGE}?situation=perte-emploi")
    boxes = re.findall(r'<input type="checkbox"[^>]*>', text)
    assert boxes
    assert not [box for box in boxes if " name=" in box]


async def test_an_unknown_situation_asks_again(agent: Visitor) -> None:
    assert "droit-" not in await agent.read(f"{PAGE}?situation=inconnue")


async def test_a_list_past_its_review_says_so_and_a_right_not_written_too(agent: Visitor) -> None:
    told = knowledge().situations["perte-emploi"].copy(update={"a_revoir_le": date(2020, 1, 2)})
    data = knowledge()
    fiches = {key: fiche for key, fiche in data.fiches.items() if key != told.droits[0].fiche}
    agent.assistant.use_knowledge(
        replace(data, fiches=fiches, situations={**data.situations, "perte-emploi": told})
    )
    said = words_of(await agent.read(f"{PAGE}?situation=perte-emploi"))
    assert "devait être revue avant le 2 janvier 2020" in said
    assert "Cette fiche n'est pas encore écrite." in said
