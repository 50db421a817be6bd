"""A question."""

from __future__ import annotations

from typing import Any

from actions.repondre import ActionRepondre
from tests.actions.conftest import RunAction


async def test_a_sure_question_is_answered_and_kept_in_hand(run_action: RunAction) -> None:
    turn = await run_action(ActionRepondre(), subjects=(("rsa", 0.9),), rubriques=(("montant", 0.8),))
    assert turn.sent == [{"kind": "fiche", "fiche": "rsa", "rubrique": "montant"}]
    assert turn.slots == {
        "fiche_en_cours": "rsa", "rubrique_en_cours": "montant", "fiches_proposees": None, "incompris_de_suite": 0,
    }  # fmt: skip


async def test_a_follow_up_is_about_the_subject_in_hand(
    run_action: RunAction, rsa_in_hand: dict[str, Any]
) -> None:
    turn = await run_action(
        ActionRepondre(), subjects=(("suite", 0.8),), rubriques=(("pieces", 0.8),), slots=rsa_in_hand
    )
    assert turn.sent == [{"kind": "fiche", "fiche": "rsa", "rubrique": "pieces"}]


async def test_a_second_miss_brings_a_person(run_action: RunAction, rsa_in_hand: dict[str, Any]) -> None:
    turn = await run_action(ActionRepondre(), subjects=(("xyz", 0.01),), slots=rsa_in_hand)
    assert turn.sent == [{"kind": "incompris_encore", "misses": 2}]
    assert turn.slots["incompris_de_suite"] == 2
