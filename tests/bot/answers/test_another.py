"""Who asks for somebody else is heard, and who speaks of their own papers is not taken for one who does."""

from __future__ import annotations

import pytest

from bot.answers.another import asks_for_another


@pytest.mark.parametrize(
    "text",
    [
        "c'est pour ma mère",
        "C'EST POUR MA MÈRE !",
        "je demande pour une amie",
        "je remplis le dossier pour ma grand-mère",
        "pour mon vieux père",
        "por ma mere",
        "pr mon voisin",
        "mon voisin a droit à quoi",
        "bonjour mes parents ont droit à quoi",
        "ma belle-mère est perdue avec ses papiers",
        "la retraite, c'est pas pour moi",
        "c'est pour quelqu'un d'autre",
        "au nom d'une autre personne",
        "ce n'est pas pour moi",
    ],
)
def test_asking_for_somebody_else_is_heard(text: str) -> None:
    assert asks_for_another(text)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "combien pour le rsa",
        "pour ma carte vitale",
        "j'ai trois enfants",
        "pour la garde d'enfant",
        "je touche la pension de mon mari",
        "mon amitié",
        "quels papiers pour mon dossier",
        "est-ce que je dois déclarer les revenus de mon fils",
        "mon mari est mort, j'ai droit à quoi ?",
        "mon mari m'a quittée, que faire ?",
    ],
)
def test_asking_for_oneself_is_not_asking_for_another(text: str) -> None:
    assert not asks_for_another(text)
