"""A choice: nothing is guessed."""

from __future__ import annotations

import pytest

from actions.repondre_choix import ActionRepondreChoix
from tests.actions.conftest import RunAction


@pytest.mark.parametrize(
    ("entities", "rubrique"),
    [({"fiche": "apl", "rubrique": "pieces"}, "pieces"), ({"fiche": "apl"}, "apercu")],
)
async def test_a_choice_is_obeyed(run_action: RunAction, entities: dict[str, str], rubrique: str) -> None:
    turn = await run_action(ActionRepondreChoix(), intent="choisir", entities=entities)
    assert turn.sent == [{"kind": "fiche", "fiche": "apl", "rubrique": rubrique}]
    assert (turn.slots["fiche_en_cours"], turn.slots["rubrique_en_cours"]) == ("apl", rubrique)
