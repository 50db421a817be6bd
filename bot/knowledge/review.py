"""What reaches its review date, by who answers for it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta

from bot.knowledge.loader import Knowledge
from bot.model.french import format_date

AMOUNTS = "Montants (data/baremes.yml)"


@dataclass(frozen=True, order=True)
class Due:
    """One text or amount to review, and by when."""

    owner: str
    review_on: date
    name: str

    def line(self, today: date) -> str:
        """Return the line of a list; a date past is said so."""
        late = ", date passée" if self.review_on <= today else ""
        return f"{self.name} : à revoir le {format_date(self.review_on)}{late}"


def list_due(knowledge: Knowledge, today: date, days: int) -> list[Due]:
    """Return what is to review within so many days, by owner, the oldest date first."""
    limit = today + timedelta(days=days)
    return sorted(due for due in _all(knowledge) if due.review_on <= limit)


def _all(knowledge: Knowledge) -> Iterator[Due]:
    for fiche in knowledge.fiches.values():
        yield Due(fiche.responsable, fiche.a_revoir_le, f"fiche {fiche.id}")
    for situation in knowledge.situations.values():
        yield Due(situation.responsable, situation.a_revoir_le, f"situation {situation.id}")
    if knowledge.accueil:
        yield Due(knowledge.accueil.responsable, knowledge.accueil.a_revoir_le, "accueil (data/accueil.yml)")
    for key, bareme in knowledge.baremes.items():
        yield Due(AMOUNTS, bareme.a_revoir_le, key)
