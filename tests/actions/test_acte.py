"""An act: the intent names what to say."""

from __future__ import annotations

from typing import Any

import pytest

from actions.acte import ActionActe
from actions.dialogue_action import rights_of
from bot.dialogue.decide import ACT, ALONE
from tests.actions.conftest import RunAction


@pytest.mark.parametrize("act", ["saluer", "remercier", "demander_personne", "chercher_lieu", "hors_sujet"])
async def test_an_act_is_answered_and_the_subject_stays_in_hand(
    run_action: RunAction, rsa_in_hand: dict[str, Any], act: str
) -> None:
    turn = await run_action(ActionActe(), intent=act, subjects=((f"acte:{act}", 0.9),), slots=rsa_in_hand)
    assert turn.sent == [{"kind": act}]
    assert (turn.slots["fiche_en_cours"], turn.slots["incompris_de_suite"]) == ("rsa", 0)


async def test_a_doubtful_act_is_read_as_a_question(run_action: RunAction) -> None:
    doubtful = (("acte:saluer", ACT - 0.01), ("apl", ALONE))
    turn = await run_action(ActionActe(), intent="saluer", subjects=doubtful)
    assert (turn.sent[0]["kind"], turn.sent[0]["fiche"]) == ("fiche_doute", "apl")


async def test_an_act_after_a_life_situation_leaves_it_in_hand(run_action: RunAction) -> None:
    told = {"situation_en_cours": "deces-conjoint"}
    turn = await run_action(ActionActe(), intent="remercier", subjects=(("acte:remercier", 0.9),), slots=told)
    assert turn.sent == [{"kind": "remercier"}]
    assert turn.slots["situation_en_cours"] == "deces-conjoint"


async def test_a_follow_up_taken_for_a_doubtful_act_is_about_the_life_situation_told(
    run_action: RunAction,
) -> None:
    told = {"situation_en_cours": "deces-conjoint"}
    heard = (("suite", ACT - 0.01), ("acte:remercier", 0.2))
    turn = await run_action(ActionActe(), intent="remercier", subjects=heard, slots=told)
    assert turn.sent[0]["fiche"] == rights_of("deces-conjoint")[0]
