"""Answer the health check."""

from __future__ import annotations

from rasa_sdk import Tracker

from actions.dialogue_action import DialogueAction
from bot.dialogue.decide import Decision
from bot.dialogue.state import DialogueState
from bot.model.directive import Directive


class ActionSonder(DialogueAction):
    """Answer the health check."""

    action_name = "action_sonder"

    def decide(self, tracker: Tracker, state: DialogueState) -> Decision:
        """See bot.dialogue.decide."""
        return Directive("sonde"), state
