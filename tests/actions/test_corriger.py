"""The person says no."""

from __future__ import annotations

from typing import Any

from actions.corriger import ActionCorriger
from tests.actions.conftest import RunAction


async def test_a_refusal_drops_the_subject_without_counting_a_miss(
    run_action: RunAction, rsa_in_hand: dict[str, Any]
) -> None:
    turn = await run_action(ActionCorriger(), intent="refuser", slots=rsa_in_hand)
    assert turn.sent == [{"kind": "corriger"}]
    assert turn.slots == {
        "fiche_en_cours": None, "rubrique_en_cours": None, "fiches_proposees": None, "incompris_de_suite": 0,
        "situation_en_cours": None,
    }  # fmt: skip


async def test_a_correction_counts_and_the_second_brings_a_person(
    run_action: RunAction, rsa_in_hand: dict[str, Any]
) -> None:
    first = await run_action(ActionCorriger(), intent="corriger", slots={"fiche_en_cours": "rsa"})
    assert first.sent == [{"kind": "corriger", "misses": 1}]
    second = await run_action(ActionCorriger(), intent="corriger", slots=rsa_in_hand)
    assert second.sent == [{"kind": "incompris_encore", "misses": 2}]
