"""Words that stand above everything, alone in a message, in any case and with or without accents."""

from __future__ import annotations

from bot.language.normalise import fold

STOP = "stop"
PERSON = "personne"
ERASE = "effacer"
HELP = "aide"
CONTACT = "contact"
MORE = "suite"
SIMPLE = "simple"
LINK = "lien"
NEW = "nouveau"

_WORDS = {
    STOP: {"stop", "arret", "arreter", "stoppe", "fin"},
    PERSON: {"personne", "humain", "un humain", "conseiller", "conseillere", "agent", "quelqu un"},
    ERASE: {"effacer", "efface", "tout effacer", "supprimer", "effacer ma conversation"},
    HELP: {"aide", "menu", "help"},
    CONTACT: {"contact"},
}
# Where people are known by an address (a phone number, a chat). On a page the same words are read like any other.
_ADDRESS_WORDS = {
    MORE: {"suite", "la suite", "suivant", "plus"},
    SIMPLE: {"simple", "plus simple"},
    LINK: {"lien", "le lien", "site", "le site", "site internet"},
    NEW: {"nouveau", "nouvelle", "nouvelle conversation", "nouvelle personne"},
}


def find_command(text: str, *, by_address: bool = False) -> str | None:
    """Return the command a message is, or None: "arrêt maladie" is a question, not a STOP."""
    words = fold(text)
    for command, spellings in (_WORDS | _ADDRESS_WORDS if by_address else _WORDS).items():
        if words in spellings:
            return command
    return None
