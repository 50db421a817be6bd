"""An act: the intent names what to say."""

from __future__ import annotations

from typing import Any

import pytest

from actions.acte import ActionActe
from tests.actions.conftest import RunAction


@pytest.mark.parametrize("act", ["saluer", "remercier", "demander_personne", "chercher_lieu", "hors_sujet"])
async def test_an_act_is_answered_and_the_subject_stays_in_hand(
    run_action: RunAction, rsa_in_hand: dict[str, Any], act: str
) -> None:
    turn = await run_action(ActionActe(), intent=act, subjects=((f"acte:{act}", 0.9),), slots=rsa_in_hand)
    assert turn.sent == [{"kind": act}]
    assert (turn.slots["fiche_en_cours"], turn.slots["incompris_de_suite"]) == ("rsa", 0)


async def test_a_doubtful_act_is_read_as_a_question(run_action: RunAction) -> None:
    turn = await run_action(ActionActe(), intent="saluer", subjects=(("acte:saluer", 0.3), ("apl", 0.28)))
    assert turn.sent[0]["kind"] == "fiche_doute"
