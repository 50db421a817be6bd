"""Which dangers were told to whom: each interrupts once a session."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Iterable

MAX_SESSIONS = 500


class Told:
    """Keeps, in memory only, the references told to each session; the oldest sessions are forgotten first."""

    def __init__(self) -> None:
        self._told: OrderedDict[str, set[str]] = OrderedDict()

    def add(self, session: str, references: Iterable[str]) -> None:
        """Note what a session was told."""
        self._told.setdefault(session, set()).update(references)
        self._told.move_to_end(session)
        while len(self._told) > MAX_SESSIONS:
            self._told.popitem(last=False)

    def fresh(self, session: str, references: Iterable[str]) -> list[str]:
        """Return the references that a session was not told, in their order."""
        known = self._told.get(session, set())
        return [reference for reference in references if reference not in known]
