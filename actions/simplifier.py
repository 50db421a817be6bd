"""Say the last answer in simpler words."""

from __future__ import annotations

from rasa_sdk import Tracker

from actions.dialogue_action import ActAction
from bot.dialogue.decide import Decision, decide_again
from bot.dialogue.state import DialogueState


class ActionSimplifier(ActAction):
    """Say the last answer in simpler words."""

    action_name = "action_simplifier"

    def decide_act(self, tracker: Tracker, state: DialogueState) -> Decision:
        """See bot.dialogue.decide."""
        return decide_again("simplifier", state)
