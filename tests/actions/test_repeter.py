"""The last answer once more."""

from __future__ import annotations

from typing import Any

from actions.repeter import ActionRepeter
from tests.actions.conftest import RunAction


async def test_the_last_answer_is_said_again(run_action: RunAction, rsa_in_hand: dict[str, Any]) -> None:
    turn = await run_action(ActionRepeter(), intent="repeter", slots=rsa_in_hand)
    assert turn.sent == [{"kind": "repeter", "fiche": "rsa", "rubrique": "montant"}]


async def test_with_nothing_said_yet_it_says_so(run_action: RunAction) -> None:
    assert (await run_action(ActionRepeter(), intent="repeter")).sent == [{"kind": "rien_en_cours"}]
