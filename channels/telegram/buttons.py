"""Inline buttons: values of choices as opaque words of 64 bytes at most (core.telegram.org/bots/api#inlinekeyboardbutton).

A word is a hash of the value: nothing of a person stands in it, and a button of an old message still means the same.
"""

from __future__ import annotations

import base64
import hashlib

from bot.answers.choices import PLAIN_VALUES, fiche_value
from bot.knowledge.fiche import RUBRIQUES
from bot.knowledge.taxonomy import Taxonomy

_LENGTH = 12
"""Bytes of the hash: far more than some 1,300 values need to be told apart."""


def word_of(value: str) -> str:
    """Return the word that stands for the value of a choice: 16 characters."""
    return base64.urlsafe_b64encode(hashlib.sha256(value.encode()).digest()[:_LENGTH]).decode()


def values_by_word(taxonomy: Taxonomy) -> dict[str, str]:
    """Return every value the assistant gives out, by its word."""
    fiches = taxonomy.subjects
    values = [
        *PLAIN_VALUES,
        *(fiche_value(fiche) for fiche in fiches),
        *(fiche_value(fiche, rubrique) for fiche in fiches for rubrique in RUBRIQUES),
    ]
    return {word_of(value): value for value in values}
