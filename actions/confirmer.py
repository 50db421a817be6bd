"""Take the first choice proposed when the person says yes."""

from __future__ import annotations

from rasa_sdk import Tracker

from actions.dialogue_action import ActAction
from bot.dialogue.decide import Decision, decide_confirmation
from bot.dialogue.state import DialogueState


class ActionConfirmer(ActAction):
    """Take the first choice proposed when the person says yes."""

    action_name = "action_confirmer"

    def decide_act(self, tracker: Tracker, state: DialogueState) -> Decision:
        """See bot.dialogue.decide."""
        return decide_confirmation(state)
