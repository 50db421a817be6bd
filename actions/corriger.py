"""Drop the subject in hand when the person says no."""

from __future__ import annotations

from rasa_sdk import Tracker

from actions.dialogue_action import DialogueAction, read_intent
from bot.dialogue.decide import Decision, decide_correction
from bot.dialogue.state import DialogueState


class ActionCorriger(DialogueAction):
    """Drop the subject in hand when the person says no."""

    action_name = "action_corriger"

    def decide(self, tracker: Tracker, state: DialogueState) -> Decision:
        """See bot.dialogue.decide."""
        return decide_correction(state, is_miss=read_intent(tracker) == "corriger")
