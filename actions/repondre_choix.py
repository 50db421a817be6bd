"""Answer a choice: its fiche and rubrique come as entities."""

from __future__ import annotations

from rasa_sdk import Tracker

from actions.dialogue_action import DialogueAction
from bot.dialogue.decide import OVERVIEW, Decision, decide_choice
from bot.dialogue.state import DialogueState


class ActionRepondreChoix(DialogueAction):
    """Answer a choice: its fiche and rubrique come as entities."""

    action_name = "action_repondre_choix"

    def decide(self, tracker: Tracker, state: DialogueState) -> Decision:
        """See bot.dialogue.decide."""
        fiche = next(tracker.get_latest_entity_values("fiche"), "")
        rubrique = next(tracker.get_latest_entity_values("rubrique"), OVERVIEW)
        return decide_choice(fiche, rubrique)
