"""A conversation as Rasa gives it to an action, and what the action makes of it."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Any

import pytest
from rasa_sdk import Tracker
from rasa_sdk.executor import CollectingDispatcher

from actions.dialogue_action import DialogueAction

Ranking = tuple[tuple[str, float], ...]


@dataclass(frozen=True)
class Turn:
    """What an action sent, and the slots after it."""

    sent: list[dict[str, Any]]
    slots: dict[str, Any]
    events: list[dict[str, Any]]


RunAction = Callable[..., Awaitable[Turn]]


def make_tracker(
    intent: str = "demander",
    subjects: Ranking = (),
    rubriques: Ranking = (),
    asked: tuple[str, ...] = (),
    entities: dict[str, str] | None = None,
    slots: dict[str, Any] | None = None,
) -> Tracker:
    """Return a tracker whose last message was understood so."""
    message = {
        "text": "des mots",
        "intent": {"name": intent, "confidence": 1.0},
        "entities": [{"entity": name, "value": value} for name, value in (entities or {}).items()],
        "sujets": [{"label": label, "probability": p} for label, p in subjects],
        "rubriques": [{"label": label, "probability": p} for label, p in rubriques],
        "demandes": list(asked),
    }
    return Tracker("c1", slots or {}, message, [], False, None, {}, "action_listen")


@pytest.fixture
def run_action() -> RunAction:
    """Return what runs an action on a conversation."""

    async def run(action: DialogueAction, **tracker: Any) -> Turn:
        dispatcher = CollectingDispatcher()
        events = await action.run(dispatcher, make_tracker(**tracker), {})
        return Turn(
            [message["custom"] for message in dispatcher.messages],
            {event["name"]: event["value"] for event in events},
            events,
        )

    return run


@pytest.fixture
def rsa_in_hand() -> dict[str, Any]:
    """The slots after an answer about the RSA, another right having been proposed."""
    return {
        "fiche_en_cours": "rsa",
        "rubrique_en_cours": "montant",
        "fiches_proposees": ["apl", "css"],
        "incompris_de_suite": 1,
        "situation_en_cours": None,
    }
