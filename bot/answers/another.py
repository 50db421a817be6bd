"""Hear that someone asks for another: a parent, a neighbour, someone they help at a desk."""

from __future__ import annotations

import re

from bot.language.normalise import fold

_RELATIVE = (
    r"(?:mere|pere|maman|papa|mamie|papi|papy|grand ?(?:mere|pere)|parents|soeur|frere|tante|oncle|cousin\w*|"
    r"belle (?:mere|soeur|fille)|beau (?:pere|frere|fils)|voisin\w*|ami|amie|copain|copine|collegue)"
)
"""Children are left out: a parent acts for a minor, and needs nobody's agreement."""
_PARTNER = r"(?:mari|femme|conjoint|conjointe|compagnon|compagne)"
_GONE = r"(?:est |s est |vient de |a ete )?(?:mort|morte|decede|decedee|mourir|deceder|partie?|eteinte?|quitte|nous quitter)"
_FOR_ANOTHER = re.compile(
    rf"\b(?:pour|por|pr)\s+(?:ma|mon|mes|le|la|un|une|sa|son|notre)\s+(?:\w+\s+)?(?:{_RELATIVE}|{_PARTNER})\b"
    r"|\b(?:c|ce n) est pas pour moi\b|\b(?:pour|au nom d)\s?(?:quelqu un d autre|une autre personne)\b"
    rf"|^(?:\w+\s+){{0,3}}(?:ma|mon|mes)\s+{_RELATIVE}\b(?! {_GONE}\b)"
)
"""A partner counts only after "pour": "mon mari est mort" is about oneself."""


def asks_for_another(text: str) -> bool:
    """Tell whether a message asks for someone else: "c'est pour ma mère", "mon voisin a droit à quoi"."""
    return _FOR_ANOTHER.search(fold(text)) is not None
