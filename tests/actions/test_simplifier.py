"""The last answer in simpler words."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Any

from actions.simplifier import ActionSimplifier
from bot.answers.compose import Composer
from bot.knowledge.loader import load_knowledge
from bot.model.directive import Directive
from bot.settings import load_settings
from tests.actions.conftest import RunAction

DATA = Path(__file__).parents[2] / "data"


async def test_the_last_answer_is_said_more_simply(
    run_action: RunAction, rsa_in_hand: dict[str, Any]
) -> None:
    turn = await run_action(ActionSimplifier(), intent="simplifier", slots=rsa_in_hand)
    composer = Composer(
        load_knowledge(DATA, "saint-meen-montauban"), load_settings({}), lambda: date(2026, 11, 23)
    )
    (block,) = composer.compose(Directive.from_json(turn.sent[0]), "").blocks
    assert block.items == (composer.fiche("rsa", "montant").sms,)


async def test_the_subject_and_its_rubrique_are_kept(
    run_action: RunAction, rsa_in_hand: dict[str, Any]
) -> None:
    turn = await run_action(ActionSimplifier(), intent="simplifier", slots=rsa_in_hand)
    assert (turn.sent[0]["fiche"], turn.sent[0]["rubrique"]) == ("rsa", "montant")
    assert turn.slots["fiche_en_cours"] == "rsa"


async def test_with_nothing_said_yet_it_says_so(run_action: RunAction) -> None:
    assert (await run_action(ActionSimplifier(), intent="simplifier")).sent == [{"kind": "rien_en_cours"}]
