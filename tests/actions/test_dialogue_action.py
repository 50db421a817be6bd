"""The shape every action shares: state in from slots, a directive out without text, state back to slots."""

from __future__ import annotations

import importlib
import inspect
from pathlib import Path
from typing import Any

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st
from rasa_sdk import Tracker

import actions
from actions.dialogue_action import (
    ActAction,
    DialogueAction,
    read_intent,
    read_state,
    read_understanding,
    write_state,
)
from actions.repondre import ActionRepondre
from bot.dialogue.decide import ACT, ALONE
from bot.dialogue.state import DialogueState, Understanding
from tests.actions.conftest import RunAction, make_tracker

FOLDER = Path(actions.__path__[0])
ROOT = FOLDER.parent


def all_actions() -> list[type[DialogueAction]]:
    """Return every action of the package."""
    found = []
    for path in sorted(FOLDER.glob("*.py")):
        module = importlib.import_module(f"actions.{path.stem}")
        found += [
            item
            for _name, item in inspect.getmembers(module, inspect.isclass)
            if issubclass(item, DialogueAction)
            and not inspect.isabstract(item)
            and item.__module__ == module.__name__
        ]
    return found


def test_every_action_of_the_domain_exists_and_no_other() -> None:
    domain = yaml.safe_load((ROOT / "domain.yml").read_text(encoding="utf-8"))
    assert sorted(action().name() for action in all_actions()) == sorted(domain["actions"])


def test_every_rule_names_an_intent_and_an_action_of_the_domain() -> None:
    domain = yaml.safe_load((ROOT / "domain.yml").read_text(encoding="utf-8"))
    rules = yaml.safe_load((ROOT / "data" / "stories" / "regles.yml").read_text(encoding="utf-8"))["rules"]
    steps = [step for rule in rules for step in rule["steps"]]
    assert {step["intent"] for step in steps if "intent" in step} == set(domain["intents"])
    assert {step["action"] for step in steps if "action" in step} <= set(domain["actions"])


def test_the_slots_written_are_those_of_the_domain() -> None:
    domain = yaml.safe_load((ROOT / "domain.yml").read_text(encoding="utf-8"))
    assert {event["name"] for event in write_state(DialogueState())} == set(domain["slots"])


def test_one_file_holds_one_action_and_shows_its_name() -> None:
    for action in all_actions():
        assert action().name() == f"action_{Path(inspect.getfile(action)).stem}"


def test_an_action_without_a_decision_cannot_be_made() -> None:
    with pytest.raises(TypeError):
        DialogueAction()


states = st.builds(
    DialogueState,
    st.none() | st.just("rsa"),
    st.none() | st.just("montant"),
    st.lists(st.sampled_from(["apl", "css"]), max_size=2).map(tuple),
    st.integers(0, 5),
    st.none() | st.just("deces-conjoint"),
)


@given(states)
def test_the_state_kept_in_the_slots_is_read_back(state: DialogueState) -> None:
    slots = {event["name"]: event["value"] for event in write_state(state)}
    assert read_state(make_tracker(slots=slots)) == state


def test_a_conversation_that_begins_has_nothing_in_hand() -> None:
    assert read_state(make_tracker()) == DialogueState()


def test_what_was_understood_is_read_from_the_last_message() -> None:
    tracker = make_tracker("saluer", (("acte:saluer", 0.9),), (("apercu", 0.5),), ("montant", "pieces"))
    assert read_intent(tracker) == "saluer"
    assert read_understanding(tracker) == Understanding(
        (("acte:saluer", 0.9),), (("apercu", 0.5),), ("montant", "pieces")
    )


@pytest.mark.parametrize("message", [{}, {"intent": None}, {"intent": {}}])
def test_a_message_without_intent_has_none(message: dict[str, Any]) -> None:
    assert read_intent(Tracker("c1", {}, message, [], False, None, {}, None)) == ""


@pytest.mark.parametrize("action", [item for item in all_actions() if issubclass(item, ActAction)])
async def test_an_act_that_is_not_believed_is_read_as_a_question(
    run_action: RunAction, rsa_in_hand: dict[str, Any], action: type[ActAction]
) -> None:
    act = action().name().removeprefix("action_")
    doubtful = ((f"acte:{act}", ACT - 0.01), ("apl", ALONE))
    turn = await run_action(action(), intent=act, subjects=doubtful)
    assert (turn.sent[0]["kind"], turn.sent[0]["fiche"]) == ("fiche_doute", "apl")
    believed = await run_action(action(), intent=act, subjects=((f"acte:{act}", 0.9),), slots=rsa_in_hand)
    assert believed.sent[0]["kind"] != "fiche_doute"


async def test_no_text_goes_through_rasa(run_action: RunAction) -> None:
    turn = await run_action(ActionRepondre(), subjects=(("rsa", 0.9),), asked=("montant", "pieces"))
    (sent,) = turn.sent
    assert set(sent) <= {"kind", "fiche", "rubrique", "fiches", "misses", "situation", "also"}
    assert "des mots" not in str(turn)
