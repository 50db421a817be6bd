"""Names as they may be typed whole: titles, short names, the lexicon, who is in charge, and the numbers of forms."""

from __future__ import annotations

import math
import re
from collections import Counter

from bot.knowledge.desk_words import split_words
from bot.knowledge.fiche import Fiche
from bot.knowledge.loader import Knowledge
from bot.language.normalise import fold

Named = tuple[str, float, str]
"""A fiche, how much the name tells of it (1.5 at most), and the name as it is shown."""
_CERFA = re.compile(r"(?i)cerfa[^\d\n]{0,6}(\d{5})")


def name_words(fiche: Fiche) -> list[str]:
    """Return the words of the titles and the id of a fiche, as the index holds them."""
    return split_words(f"{fiche.nom_court} {fiche.titre} {fiche.id.replace('-', ' ')}")


def organismes_of(fiches: dict[str, Fiche]) -> frozenset[str]:
    """Return the names of who is in charge, folded: beside other words they tell little."""
    parts = (part for fiche in fiches.values() for part in re.split(r",| ou | et |[()]", fiche.organisme))
    return frozenset(fold(part) for part in parts if fold(part))


def phrases_of(knowledge: Knowledge) -> dict[str, list[Named]]:
    """Return (fiche, weight, name) by folded name: titles, short names, and the lexicon in its order."""
    found: dict[str, list[Named]] = {}
    for fiche in knowledge.fiches.values():
        bare = re.sub(r"\(.*?\)", " ", fiche.titre)
        inside = re.findall(r"\(([^)]*)\)", fiche.titre)
        for form in {fold(t) for t in (fiche.titre, bare, fiche.nom_court, fiche.id, *inside)} - {""}:
            found.setdefault(form, []).append((fiche.id, 1.5, fiche.nom_court))
    for name in knowledge.lexicon.names:
        for form in {fold(form) for form in (name.nom, *name.autres)}:
            for place, key in enumerate(name.fiches):
                if key in knowledge.fiches:
                    weight = 1 / (1 + place) / math.sqrt(len(name.fiches))
                    found.setdefault(form, []).append((key, weight, name.nom))
    return found


def cerfas_of(fiches: dict[str, Fiche]) -> dict[str, list[str]]:
    """Return the fiches that name each Cerfa form, those that name it most first."""
    counts: dict[str, Counter[str]] = {}
    for key, fiche in fiches.items():
        for number in _CERFA.findall(fiche.json(ensure_ascii=False)):
            counts.setdefault(number, Counter())[key] += 1
    return {number: [key for key, _ in found.most_common()] for number, found in counts.items()}
