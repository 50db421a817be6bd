"""Drop the subject in hand when the person says no."""

from __future__ import annotations

from rasa_sdk import Tracker

from actions.dialogue_action import ActAction, read_intent
from bot.dialogue.decide import Decision, decide_correction
from bot.dialogue.state import DialogueState


class ActionCorriger(ActAction):
    """Drop the subject in hand when the person says no."""

    action_name = "action_corriger"

    def decide_act(self, tracker: Tracker, state: DialogueState) -> Decision:
        """See bot.dialogue.decide."""
        return decide_correction(state, is_miss=read_intent(tracker) == "corriger")
