"""Subjects that a machine must not settle alone: the answer says that a person can look at them too, and never forces it."""

from __future__ import annotations

import re

from bot.language.normalise import fold

ANYTHING = "*"
_REFUSED = re.compile(
    r"\b(?:refus\w*|rejet\w*|suspend\w*|suspension|radi(?:ee?s?|er|ation)|coupee?s?|supprim\w*|retiree?s?|annul\w*)\b"
)
"""A right taken away or not given, in the person's own words, folded: "on m'a radié", "refus de la caf"."""

# What is answered, what the person must have said of it (None: whatever they said), and why somebody should look.
_RULES: tuple[tuple[str, str, re.Pattern[str] | None, str], ...] = (
    (ANYTHING, "recours", None, "a time limit runs, and what is written counts against the person"),
    (ANYTHING, "probleme", _REFUSED, "a refusal is read with the letter in hand"),
    ("surendettement", ANYTHING, None, "a file binds the whole household for years"),
    ("indu", ANYTHING, None, "the debt may be wrong, and paying it admits it"),
    ("impayes-expulsion", ANYTHING, None, "a home is at stake, and each step has its date"),
    ("dalo", ANYTHING, None, "a file refused for a missing paper takes months again"),
    ("violences-conjugales", ANYTHING, None, "safety comes before any procedure"),
    ("titre-sejour", ANYTHING, _REFUSED, "the time to appeal is of days"),
    ("prudhommes", ANYTHING, None, "what is asked at the start cannot all be asked later"),
)


def needs_human_look(fiche: str, rubrique: str, text: str) -> bool:
    """Tell whether somebody should look at what is asked, from the fiche, its rubrique and the person's words."""
    return reason_for_a_human(fiche, rubrique, text) is not None


def reason_for_a_human(fiche: str, rubrique: str, text: str) -> str | None:
    """Return why somebody should look, or None."""
    words = fold(text)
    for of_fiche, of_rubrique, said, reason in _RULES:
        is_about = of_fiche in (ANYTHING, fiche) and of_rubrique in (ANYTHING, rubrique)
        if is_about and (said is None or said.search(words)):
            return reason
    return None
