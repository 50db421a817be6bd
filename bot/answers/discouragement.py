"""What a discouraged person is afraid of, told by their words: each fear has its own true answer."""

from __future__ import annotations

import re

from bot.language.normalise import fold

# In this order: a choice made is respected first, and what is risked is told before the rest.
_KINDS = (
    ("choix", (r"je (?:n )?en veux pas|c est mon choix|je prefere (?:pas|me debrouiller|m en passer|renoncer)|je ne veux pas d aide|"
     r"je veux pas d aide|pas besoin de vos aides|je refuse|sans aide je|par choix|non merci pas d aide")),
    ("rembourser", (r"rembours\w*|ranbours\w*|\brendre\b|reclam\w* l argent|reprend\w*|redemand\w*|trop percu|dette|heritage|saisi\w*|"
     r"controle\w*|sanction\w*|puni\w*|amende|prison")),
    ("honte", r"\bhonte|\bonte|mendi\w*|queman\w*|assiste\w*|crochet\w*|humili\w*|voisin\w*|les gens vont|fierte|juge\w*|profit\w*"),
    ("pas_pour_moi", (r"pas pour (?:moi|nous|les gens comme)|pa pour moi|merite|plus malheureu\w*|pas droit|jamais droit|"
     r"droit a rien|droi a rien|trop riche|gagne trop|deranger|d autres en ont")),
    ("inutile", (r"ser[ts]? a rien|a quoi bon|dire non|refus\w*|jamais rien|toujours non|personne (?:ne )?(?:repond|m ecoute)|balade|"
     r"crois plus|marche jamais|perdu d avance")),
)  # fmt: skip
_RULES = tuple((kind, re.compile(rf"(?:{words})")) for kind, words in _KINDS)
_DEFAULT = "fatigue"
KINDS = (*(kind for kind, _words in _KINDS), _DEFAULT)


def discouragement_kind(text: str) -> str:
    """Return which response of data/responses/decouragement.yml fits: its key without `decouragement.`."""
    words = fold(text)
    return next((kind for kind, rule in _RULES if rule.search(words)), _DEFAULT)
