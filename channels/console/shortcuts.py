"""The shortcuts of the console. Each has a visible link or button with the same `aria-keyshortcuts`.

All are with Alt: a single letter would act while a voice or a hand means something else (WCAG 2.1.4, RGAA 12.10).
"""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Shortcut:
    """A key, what it does, and where it works."""

    letter: str
    what: str
    where: str

    @property
    def keys(self) -> str:
        """Return what `aria-keyshortcuts` wants."""
        return f"Alt+{self.letter}"


EVERYWHERE = "Sur toutes les pages"
ON_A_REQUEST = "Sur la page d'une demande"
IN_ORDER = "Dans la file et sur la page d'une demande"
SHORTCUTS = (
    Shortcut("Q", "Ouvrir la file d'attente", EVERYWHERE),
    Shortcut("M", "Ouvrir mes demandes", EVERYWHERE),
    Shortcut("S", "Ouvrir la recherche", EVERYWHERE),
    Shortcut("A", "Ouvrir cette aide", EVERYWHERE),
    Shortcut("J", "Aller à la demande suivante", IN_ORDER),
    Shortcut("K", "Aller à la demande précédente", IN_ORDER),
    Shortcut("P", "Prendre la demande", ON_A_REQUEST),
    Shortcut("R", "Répondre", ON_A_REQUEST),
    Shortcut("N", "Écrire une note", ON_A_REQUEST),
    Shortcut("C", "Clore la demande", ON_A_REQUEST),
)
