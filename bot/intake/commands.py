"""Words that stand above everything, alone in a message, in any case and with or without accents."""

from __future__ import annotations

import re

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
OWN_DATA = "mes donnees"

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

# What a person asks to see of what is kept about them (GDPR, article 15), in the words they use.
_BEFORE = (
    r"(?:(?:bonjour|bonsoir|et|alors|svp|stp|dites moi|dis moi|rgpd|je (?:veux|voudrais|souhaite|aimerais)|j aimerais|jveux|"
    r"savoir|connaitre|voir|avoir|est ce que|c est quoi) )*"
)
_AFTER = r"(?: (?:svp|stp|s il vous plait|s il te plait|merci|rgpd|exactement|au juste|deja))*"
_FACTS = r"(?:infos?|informations?|donnees?|choses?)"
_HOLD = r"(?:ave[zs]?|as|save[zs]?|sais|garde[zs]?|conserve[zs]?|stocke[zs]?|detene[zs]?|enregistre[zs]?|connaisse[zs]?|possede[zs]?)"
_YOU = r"(?:vous|vs|tu|t|on)"
_ABOUT_ME = r"(?:(?:de|sur|a propos de|concernant) (?:moi|mwa|mon compte)|me concernant)"
_OWN_DATA = re.compile(
    rf"{_BEFORE}(?:"
    rf"(?:qu est ce que?|kes ?ke?|keske?|ce que?|qu|que|quoi|koi|kwa|quelles? {_FACTS}(?: que)?) (?:{_YOU} )?{_HOLD} (?:{_YOU} )?"
    rf"(?:comme {_FACTS} )?{_ABOUT_ME}"
    rf"|{_YOU} {_HOLD} (?:quoi|koi|kwa|des {_FACTS}|quelles? {_FACTS}) {_ABOUT_ME}"
    rf"|{_HOLD} {_YOU} (?:quelque chose|des {_FACTS}) {_ABOUT_ME}"
    r"|(?:(?:acces a|acceder a|consulter|exporter|telecharger|recevoir|obtenir|montrez moi|donnez moi|envoyez moi|"
    rf"(?:une )?copie de|donnez moi une copie de|envoyez moi une copie de|droit d acces a) )?(?:toutes )?mes (?:{_FACTS})(?: personnelles)?"
    r"|mes ?don+ees?|droit d acces(?: aux donnees(?: personnelles)?)?"
    rf"){_AFTER}"
)
"""Linear to match: each repeated group ends with a space and none of its words begins another of them."""


def find_command(text: str, *, by_address: bool = False) -> str | None:
    """Return the command a message is, or None: "arrêt maladie" is a question, not a STOP."""
    words = fold(text)
    for command, spellings in (_WORDS | _ADDRESS_WORDS if by_address else _WORDS).items():
        if words in spellings:
            return command
    return OWN_DATA if _OWN_DATA.fullmatch(words) else None
