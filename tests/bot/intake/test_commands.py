"""Words that stand above everything: alone in a message only."""

from __future__ import annotations

import pytest

from bot.intake import commands
from bot.intake.commands import find_command


@pytest.mark.parametrize(
    ("text", "command"),
    [
        ("STOP", commands.STOP),
        ("stop.", commands.STOP),
        ("Arrêt", commands.STOP),
        ("ARRÊTER !", commands.STOP),
        ("stoooop", None),
        ("Personne", commands.PERSON),
        ("un humain", commands.PERSON),
        ("quelqu’un", commands.PERSON),
        ("CONSEILLÈRE", commands.PERSON),
        ("effacer", commands.ERASE),
        ("Tout effacer", commands.ERASE),
        ("supprimer", commands.ERASE),
        ("AIDE", commands.HELP),
        (" aide ? ", commands.HELP),
        ("menu", commands.HELP),
        ("CONTACT", commands.CONTACT),
    ],
)
def test_a_command_word_is_known_in_any_case_and_with_or_without_accents(
    text: str, command: str | None
) -> None:
    assert find_command(text) == command


@pytest.mark.parametrize(
    "text",
    [
        "arrêt maladie",
        "je suis en arrêt",
        "arrêter le RSA",
        "fin de droits",
        "aide au logement",
        "aide pour le loyer",
        "contact CAF",
        "une personne seule touche combien",
        "effacer une dette",
        "supprimer mon dossier surendettement",
        "agent immobilier",
        "stop à la dette, que faire",
        "",
        "🙂",
    ],
)
def test_a_command_word_inside_a_question_is_not_a_command(text: str) -> None:
    assert find_command(text) is None
