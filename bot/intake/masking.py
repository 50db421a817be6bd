"""Mask what identifies somebody, before anything is stored and before Rasa.

NIR, IBAN and card (bot/intake/identifiers.py) are never needed. E-mail addresses and phone numbers are masked
but where they are asked for, and but those of our own knowledge: people ask about a public number.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Iterator
from dataclasses import dataclass

from bot.intake.emails import find_emails
from bot.intake.found import Found
from bot.intake.identifiers import find_cards, find_ibans, find_nirs
from bot.intake.phones import find_phones
from bot.language.normalise import fold

PHONE = "telephone"
EMAIL = "courriel"
CONTACTS = frozenset((PHONE, EMAIL))
NOTHING: frozenset[str] = frozenset()
_AROUND_A_NUMBER = re.compile(
    r"(?:(?:bonjour|bonsoir|salut|allo|voici|voila|c|est|cest|mon|ma|mes|le|la|l|un|numeros?|num|no|n|de|du|telephone|tel|tph"
    r"|portable|port|fixe|mobile|perso|et|ou|adresse|mails?|e|email|courriel|mel|au|a|ici|sur|moi|svp|stp|merci|s|il|plait"
    r"|vous|tu|te|me|m|on|je|suis|joignable|pouvez|peux|r?appele[rz]|r?appelle|contacte[rz]|ecrire|ecrivez|joindre|pour"
    r"|securite|sociale|secu|carte|bancaire|iban|rib|compte)(?: |$))*"
)
"""Words that say nothing more than "here is my number"."""


@dataclass(frozen=True)
class Masked:
    """The text without what identifies, and the kinds found (`nir`, `iban`, `carte`, `telephone`, `courriel`)."""

    text: str
    kinds: tuple[str, ...]


def mask_identifiers(
    text: str, *, public: Collection[str] = NOTHING, asked: Collection[str] = NOTHING
) -> Masked:
    """Return the text with what identifies replaced by a word that says so.

    `public` are the phone numbers and addresses that stay readable, as the finders write them; `asked` the kinds of
    contact details that the person was asked for.
    """
    kinds: list[str] = []
    for kind, find, replacement in _KINDS:
        if kind in asked and kind in CONTACTS:
            continue
        parts, position = [], 0
        for start, end, value in find(text):
            if start >= position and value not in public:
                parts.append(text[position:start] + replacement)
                position = end
        if parts:
            kinds.append(kind)
            text = "".join(parts) + text[position:]
    return Masked(text, tuple(kind for kind in MASKS if kind in kinds))


def without_masks(text: str) -> str:
    """Return the person's own words: those of a mask ("sécurité sociale") would be understood as theirs."""
    return (
        _MASK.sub(lambda mask: "" if mask["ends"] is not None else " ", text).strip() if "[" in text else text
    )


def is_only_masks(text: str) -> bool:
    """Tell whether a masked text says nothing but what was masked ("mon numéro : [numéro de téléphone masqué]")."""
    rest = without_masks(text)
    return rest != text and _AROUND_A_NUMBER.fullmatch(fold(rest)) is not None


def contacts_in(text: str) -> frozenset[str]:
    """Return the phone numbers and e-mail addresses of a text, as `public` takes them."""
    return frozenset(found.value for find in (find_phones, find_emails) for found in find(text))


MASKS = {
    "iban": "[IBAN masqué]",
    "nir": "[numéro de sécurité sociale masqué]",
    "carte": "[numéro de carte masqué]",
    PHONE: "[numéro de téléphone masqué]",
    EMAIL: "[adresse e-mail masquée]",
}
# Addresses first: digits before an @ are no phone number.
_FINDERS: tuple[tuple[str, Callable[[str], Iterator[Found]]], ...] = (
    (EMAIL, find_emails),
    ("iban", find_ibans),
    ("nir", find_nirs),
    ("carte", find_cards),
    (PHONE, find_phones),
)
_MASK = re.compile(rf"\s?(?:{'|'.join(map(re.escape, MASKS.values()))})(?P<ends>(?=[\s,.;:!?)]|$))?")
_KINDS = tuple((kind, find, MASKS[kind]) for kind, find in _FINDERS)
