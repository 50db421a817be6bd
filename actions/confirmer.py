"""Take the first choice proposed when the person says yes."""

from __future__ import annotations

from rasa_sdk import Tracker

from actions.dialogue_action import DialogueAction
from bot.dialogue.decide import Decision, decide_confirmation
from bot.dialogue.state import DialogueState


class ActionConfirmer(DialogueAction):
    """Take the first choice proposed when the person says yes."""

    action_name = "action_confirmer"

    def decide(self, tracker: Tracker, state: DialogueState) -> Decision:
        """See bot.dialogue.decide."""
        return decide_confirmation(state)
