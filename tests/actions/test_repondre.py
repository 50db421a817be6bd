"""A question."""

from __future__ import annotations

from typing import Any

import pytest

from actions.dialogue_action import rights_of
from actions.repondre import ActionRepondre
from bot.knowledge.situation import load_situations
from bot.settings import load_settings
from tests.actions.conftest import RunAction


async def test_a_sure_question_is_answered_and_kept_in_hand(run_action: RunAction) -> None:
    turn = await run_action(ActionRepondre(), subjects=(("rsa", 0.9),), rubriques=(("montant", 0.8),))
    assert turn.sent == [{"kind": "fiche", "fiche": "rsa", "rubrique": "montant"}]
    assert turn.slots == {
        "fiche_en_cours": "rsa", "rubrique_en_cours": "montant", "fiches_proposees": None, "incompris_de_suite": 0,
        "situation_en_cours": None,
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


async def test_two_things_asked_at_once_are_both_answered(run_action: RunAction) -> None:
    turn = await run_action(
        ActionRepondre(),
        subjects=(("rsa", 0.9),),
        rubriques=(("montant", 0.8),),
        asked=("pieces", "montant"),
    )
    assert turn.sent == [{"kind": "fiche", "fiche": "rsa", "rubrique": "pieces", "also": "montant"}]


async def test_a_life_situation_is_kept_and_what_follows_is_about_its_rights(run_action: RunAction) -> None:
    told = await run_action(
        ActionRepondre(), subjects=(("situation:deces-conjoint", 0.8),), rubriques=(("apercu", 0.8),)
    )
    assert told.sent == [{"kind": "orientation", "situation": "deces-conjoint"}]
    assert told.slots["situation_en_cours"] == "deces-conjoint"
    then = await run_action(
        ActionRepondre(), subjects=(("suite", 0.8),), rubriques=(("montant", 0.8),), slots=told.slots
    )
    first, second, third, *_ = rights_of("deces-conjoint")
    assert then.sent == [
        {"kind": "fiche_doute", "fiche": first, "rubrique": "montant", "fiches": [second, third]}
    ]
    assert (then.slots["fiche_en_cours"], then.slots["situation_en_cours"]) == (first, None)


@pytest.mark.parametrize("situation", sorted(load_situations(load_settings({}).data / "situations", [])))
def test_every_life_situation_has_rights_to_go_on_with(situation: str) -> None:
    assert rights_of(situation)


def test_a_life_situation_whose_file_is_gone_has_none() -> None:
    assert rights_of("inconnue") == ()
