"""Words that stand above everything, alone in a message, in any case and with or without accents."""

from __future__ import annotations

from bot.language.normalise import fold

STOP = "stop"
PERSON = "personne"
ERASE = "effacer"
HELP = "aide"
CONTACT = "contact"

_WORDS = {
    STOP: {"stop", "arret", "arreter", "stoppe", "fin"},
    PERSON: {"personne", "humain", "un humain", "conseiller", "conseillere", "agent", "quelqu un"},
    ERASE: {"effacer", "efface", "tout effacer", "supprimer", "effacer ma conversation"},
    HELP: {"aide", "menu", "help"},
    CONTACT: {"contact"},
}


def find_command(text: str) -> str | None:
    """Return the command a message is, or None: "arrêt maladie" is a question, not a STOP."""
    words = fold(text)
    for command, spellings in _WORDS.items():
        if words in spellings:
            return command
    return None
