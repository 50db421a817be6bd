"""Answer an act: the intent names what to say."""

from __future__ import annotations

from rasa_sdk import Tracker

from actions.dialogue_action import DialogueAction, read_intent, read_understanding, rights_of
from bot.dialogue.decide import Decision, decide_act
from bot.dialogue.state import DialogueState


class ActionActe(DialogueAction):
    """Answer an act: the intent names what to say."""

    action_name = "action_acte"

    def decide(self, tracker: Tracker, state: DialogueState) -> Decision:
        """See bot.dialogue.decide."""
        return decide_act(read_intent(tracker), read_understanding(tracker), state, rights_of)
