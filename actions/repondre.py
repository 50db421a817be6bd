"""Answer a question from a fiche, with a doubt, or with a question."""

from __future__ import annotations

from rasa_sdk import Tracker

from actions.dialogue_action import DialogueAction, read_understanding, rights_of
from bot.dialogue.decide import Decision, decide_question
from bot.dialogue.state import DialogueState


class ActionRepondre(DialogueAction):
    """Answer a question from a fiche, with a doubt, or with a question."""

    action_name = "action_repondre"

    def decide(self, tracker: Tracker, state: DialogueState) -> Decision:
        """See bot.dialogue.decide."""
        return decide_question(read_understanding(tracker), state, rights_of)
