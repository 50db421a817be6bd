"""The search of the desk for the knowledge in service: built once in a thread, again when a fiche changed."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass
from pathlib import Path

from bot.knowledge.desk_places import DeskPlaces
from bot.knowledge.desk_search import DeskSearch
from bot.knowledge.loader import Knowledge


@dataclass(frozen=True)
class Ready:
    """What searches one version of the knowledge."""

    knowledge: Knowledge
    fiches: DeskSearch
    places: DeskPlaces


class Searching:
    """Holds the search in service. While another is built, the last one answers."""

    def __init__(self) -> None:
        self._ready: Ready | None = None
        self._building: asyncio.Task[Ready] | None = None

    def prepare(self, knowledge: Knowledge, data: Path) -> None:
        """Begin to build, when this knowledge has no search yet: about a second of a core."""
        is_ready = self._ready is not None and self._ready.knowledge is knowledge
        if not is_ready and (self._building is None or self._building.done()):
            self._building = asyncio.create_task(self._build(knowledge, data))

    async def ready(self, knowledge: Knowledge, data: Path) -> Ready:
        """Return the search, waiting only where there is none yet. Raises what kept it from being built."""
        self.prepare(knowledge, data)
        if self._ready is None and self._building is not None:
            return await asyncio.shield(self._building)
        assert self._ready is not None  # noqa: S101 - prepared above
        return self._ready

    async def _build(self, knowledge: Knowledge, data: Path) -> Ready:
        self._ready = await asyncio.to_thread(
            lambda: Ready(knowledge, DeskSearch(knowledge, data), DeskPlaces(knowledge))
        )
        return self._ready
