"""What Rasa understood is read as rankings."""

from __future__ import annotations

from typing import Any

import pytest

from bot.dialogue.state import DialogueState, Understanding


def test_the_rankings_of_a_parse_are_read_in_order() -> None:
    parse = {
        "text": "combien pour le rsa",
        "sujets": [{"label": "rsa", "probability": 0.9}, {"label": "apl", "probability": 0.05}],
        "rubriques": [{"label": "montant", "probability": "0.8"}],
        "demandes": ["montant", "pieces"],
    }
    assert Understanding.from_parse(parse) == Understanding(
        (("rsa", 0.9), ("apl", 0.05)), (("montant", 0.8),), ("montant", "pieces")
    )


@pytest.mark.parametrize("parse", [{}, {"sujets": None}, {"sujets": [], "rubriques": [], "demandes": None}])
def test_a_parse_without_rankings_gives_none(parse: dict[str, Any]) -> None:
    assert Understanding.from_parse(parse) == Understanding()


def test_a_dialogue_starts_with_nothing_in_hand() -> None:
    assert DialogueState() == DialogueState(fiche=None, rubrique=None, proposed=(), misses=0, situation=None)
