"""The person says yes."""

from __future__ import annotations

from typing import Any

from actions.confirmer import ActionConfirmer
from tests.actions.conftest import RunAction


async def test_yes_takes_the_first_subject_proposed(
    run_action: RunAction, rsa_in_hand: dict[str, Any]
) -> None:
    turn = await run_action(ActionConfirmer(), intent="confirmer", slots=rsa_in_hand)
    assert turn.sent == [{"kind": "fiche", "fiche": "apl", "rubrique": "montant"}]
    assert turn.slots["fiches_proposees"] is None


async def test_yes_without_anything_proposed_is_taken_kindly(run_action: RunAction) -> None:
    turn = await run_action(ActionConfirmer(), intent="confirmer", slots={"fiche_en_cours": "rsa"})
    assert turn.sent == [{"kind": "accord", "fiche": "rsa"}]
    assert turn.slots["fiche_en_cours"] == "rsa"
