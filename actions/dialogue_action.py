"""The shape every action shares: state in from slots, a Directive out, state back to slots."""

from __future__ import annotations

from abc import ABC, abstractmethod
from functools import cache
from typing import Any

from rasa_sdk import Action, Tracker
from rasa_sdk.events import SlotSet
from rasa_sdk.executor import CollectingDispatcher

from bot.dialogue.decide import Decision, decide_question, is_believed
from bot.dialogue.state import DialogueState, Understanding
from bot.knowledge.situation import Situation, load_situations
from bot.settings import load_settings


class DialogueAction(Action, ABC):  # type: ignore[misc]
    """An action that decides. Subclasses give `action_name` and `decide`."""

    action_name: str

    def name(self) -> str:
        """Return the name of domain.yml (rasa-sdk's contract)."""
        return self.action_name

    @abstractmethod
    def decide(self, tracker: Tracker, state: DialogueState) -> Decision:
        """Return the directive and the state after it."""

    async def run(
        self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: dict[str, Any]
    ) -> list[dict[str, Any]]:
        """Send the directive and keep the state; no text passes (rasa-sdk's contract)."""
        directive, state = self.decide(tracker, read_state(tracker))
        dispatcher.utter_message(json_message=directive.to_json())
        return write_state(state)


def read_state(tracker: Tracker) -> DialogueState:
    """Return the dialogue state kept in the slots."""
    return DialogueState(
        fiche=tracker.get_slot("fiche_en_cours"),
        rubrique=tracker.get_slot("rubrique_en_cours"),
        proposed=tuple(tracker.get_slot("fiches_proposees") or ()),
        misses=int(tracker.get_slot("incompris_de_suite") or 0),
        situation=tracker.get_slot("situation_en_cours"),
    )


def write_state(state: DialogueState) -> list[dict[str, Any]]:
    """Return the events that keep the dialogue state in the slots."""
    return [
        SlotSet("fiche_en_cours", state.fiche),
        SlotSet("rubrique_en_cours", state.rubrique),
        SlotSet("fiches_proposees", list(state.proposed) or None),
        SlotSet("incompris_de_suite", state.misses),
        SlotSet("situation_en_cours", state.situation),
    ]


def read_understanding(tracker: Tracker) -> Understanding:
    """Return the rankings of the message just received."""
    return Understanding.from_parse(tracker.latest_message)


def read_intent(tracker: Tracker) -> str:
    """Return the intent of the message just received."""
    return str((tracker.latest_message.get("intent") or {}).get("name") or "")


class ActAction(DialogueAction):
    """An action for an act (yes, no, again…): when the act is not believed, the message is read as a question."""

    def decide(self, tracker: Tracker, state: DialogueState) -> Decision:
        """Return the decision of the act, or that of a question."""
        understanding = read_understanding(tracker)
        if is_believed(read_intent(tracker), understanding, state):
            return self.decide_act(tracker, state)
        return decide_question(understanding, state, rights_of)

    @abstractmethod
    def decide_act(self, tracker: Tracker, state: DialogueState) -> Decision:
        """Return what the act, believed, leads to."""


def rights_of(situation: str) -> tuple[str, ...]:
    """Return the fiches of a life situation, the most useful first; none when its file is gone."""
    found = _situations().get(situation)
    return found.fiches() if found else ()


@cache
def _situations() -> dict[str, Situation]:
    """Read once: which rights a situation has changes seldom, and a new start reads it again."""
    return load_situations(load_settings().data / "situations", [])
