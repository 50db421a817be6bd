"""The shape every action shares: state in from slots, a Directive out, state back to slots."""

from __future__ import annotations

from abc import ABC, abstractmethod
from typing import Any

from rasa_sdk import Action, Tracker
from rasa_sdk.events import SlotSet
from rasa_sdk.executor import CollectingDispatcher

from bot.dialogue.decide import Decision
from bot.dialogue.state import DialogueState, Understanding


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
    )


def write_state(state: DialogueState) -> list[dict[str, Any]]:
    """Return the events that keep the dialogue state in the slots."""
    return [
        SlotSet("fiche_en_cours", state.fiche),
        SlotSet("rubrique_en_cours", state.rubrique),
        SlotSet("fiches_proposees", list(state.proposed) or None),
        SlotSet("incompris_de_suite", state.misses),
    ]


def read_understanding(tracker: Tracker) -> Understanding:
    """Return the rankings of the message just received."""
    return Understanding.from_parse(tracker.latest_message)


def read_intent(tracker: Tracker) -> str:
    """Return the intent of the message just received."""
    return str((tracker.latest_message.get("intent") or {}).get("name") or "")
