"""Say that the message was not understood."""

from __future__ import annotations

from rasa_sdk import Tracker

from actions.dialogue_action import DialogueAction
from bot.dialogue.decide import Decision, not_understood
from bot.dialogue.state import DialogueState


class ActionNePasComprendre(DialogueAction):
    """Say that the message was not understood."""

    action_name = "action_ne_pas_comprendre"

    def decide(self, tracker: Tracker, state: DialogueState) -> Decision:
        """See bot.dialogue.decide."""
        return not_understood(state)
