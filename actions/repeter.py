"""Say the last answer once more."""

from __future__ import annotations

from rasa_sdk import Tracker

from actions.dialogue_action import DialogueAction
from bot.dialogue.decide import Decision, decide_again
from bot.dialogue.state import DialogueState


class ActionRepeter(DialogueAction):
    """Say the last answer once more."""

    action_name = "action_repeter"

    def decide(self, tracker: Tracker, state: DialogueState) -> Decision:
        """See bot.dialogue.decide."""
        return decide_again("fiche", state)
