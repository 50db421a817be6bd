"""Words that stand above everything: alone in a message only."""

from __future__ import annotations

import time

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
        ("MESDONNEES", commands.OWN_DATA),
        ("Mes données", commands.OWN_DATA),
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


@pytest.mark.parametrize(
    "text",
    [
        "qu'avez-vous sur moi",
        "Qu’avez-vous sur moi ?",
        "bonjour, qu'est-ce que vous avez sur moi ?",
        "vous savez quoi sur moi",
        "tu sais quoi sur moi",
        "koi vs avez sur moi",
        "keske vous savez sur moi",
        "que savez-vous de moi ?",
        "quelles données avez-vous sur moi svp",
        "avez-vous des informations sur moi ?",
        "accès à mes données",
        "je voudrais une copie de mes données",
        "donnez-moi une copie de mes données personnelles",
        "exporter mes données",
        "droit d'accès",
    ],
)
def test_who_asks_what_is_held_about_them_is_understood_without_rasa(text: str) -> None:
    assert find_command(text) == find_command(text, by_address=True) == commands.OWN_DATA


@pytest.mark.parametrize(
    "text",
    [
        "effacer mes données",
        "supprimez mes données",
        "mes données mobiles sont épuisées",
        "que savez-vous de la CAF",
        "avez-vous des informations sur le logement",
        "mes informations CAF ne sont pas à jour",
        "la caf a quoi sur moi",
        "accès à mes droits",
        "vous gardez mon numéro ?",
    ],
)
def test_what_only_looks_like_it_goes_on_to_be_understood(text: str) -> None:
    assert find_command(text) is None


@pytest.mark.parametrize(
    "text", ["savoir " * 400, "mes donnees" + " svp" * 600 + " x", "je veux " * 300 + "!"]
)
def test_redos_a_long_message_is_read_in_one_pass(text: str) -> None:
    """Quadratic or worse, these would take seconds."""
    begun = time.process_time()
    assert find_command(text) is None
    assert time.process_time() - begun < 1


@pytest.mark.parametrize(
    ("text", "command"),
    [
        ("SUITE", commands.MORE),
        ("La suite !", commands.MORE),
        ("suivant", commands.MORE),
        ("plus", commands.MORE),
        ("SIMPLE", commands.SIMPLE),
        ("plus simple", commands.SIMPLE),
        ("LIEN", commands.LINK),
        ("le site ?", commands.LINK),
        ("Site Internet", commands.LINK),
        ("NOUVEAU", commands.NEW),
        ("nouvelle personne", commands.NEW),
    ],
)
def test_a_word_of_the_phone_is_a_command_by_sms_and_a_text_like_any_other_on_a_page(
    text: str, command: str
) -> None:
    assert find_command(text, by_address=True) == command
    assert find_command(text) is None


@pytest.mark.parametrize(
    ("text", "command"),
    [
        ("FIN", commands.STOP),
        ("arrêt", commands.STOP),
        ("Personne", commands.PERSON),
        ("effacer", commands.ERASE),
        ("MENU", commands.HELP),
        ("contact", commands.CONTACT),
    ],
)
def test_the_words_of_a_page_are_commands_by_sms_too(text: str, command: str) -> None:
    assert find_command(text, by_address=True) == find_command(text) == command


@pytest.mark.parametrize(
    "text",
    [
        "arrêt maladie",
        "fin de droits",
        "la suite de mon dossier",
        "plus de RSA",
        "c'est plus simple comment",
        "le lien ne marche pas",
        "site de la CAF",
        "nouveau logement",
        "nouvelle carte vitale",
        "1",
        "",
    ],
)
def test_by_sms_too_a_word_inside_a_question_is_not_a_command(text: str) -> None:
    assert find_command(text, by_address=True) is None
