"""Take in an edited fiche without a restart: data/ is looked at every few seconds, and read again when it changed.

A file with a mistake in it keeps its last good version: whoever edits saves half-written files, and a resident
must not lose an answer for it. What every answer needs (texts, emergency numbers) is kept likewise.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from contextlib import AbstractAsyncContextManager
from dataclasses import replace
from pathlib import Path

import structlog

from bot.knowledge.loader import Knowledge, load_knowledge
from bot.knowledge.yaml_files import KnowledgeError, Problem
from bot.service.repeating import repeating
from bot.settings import Settings

INTERVAL_SECONDS = 5.0
FOLDERS = ("fiches", "situations", "responses", "lieux", "territoires")
"""What is read at each answer; the examples of data/nlu are for the training."""
log = structlog.get_logger()

Stamp = tuple[tuple[str, int, int], ...]


class LiveKnowledge:
    """Watches data/ and hands over each new version of the knowledge."""

    def __init__(self, settings: Settings, knowledge: Knowledge, take: Callable[[Knowledge], None]) -> None:
        self._data, self._territoire = settings.data, settings.territoire
        self._knowledge = knowledge
        self._take = take
        self._stamp = stamp_of(self._data)

    def running(self) -> AbstractAsyncContextManager[None]:
        """Look now and then until the end; what is in service stays when data/ cannot be read."""
        return repeating(self.look, INTERVAL_SECONDS, "knowledge_not_read_again", at_once=False)

    async def look(self) -> bool:
        """Read data/ again when a file changed; return whether a new version was handed over."""
        stamp = await asyncio.to_thread(stamp_of, self._data)
        if stamp == self._stamp:
            return False
        self._stamp = stamp
        try:
            fresh = await asyncio.to_thread(load_knowledge, self._data, self._territoire)
        except KnowledgeError as error:
            _log_problems(error.problems)
            return False
        _log_problems(fresh.problems)
        self._knowledge = with_last_good(fresh, self._knowledge)
        self._take(self._knowledge)
        log.info("knowledge_read_again", fiches=len(self._knowledge.fiches))
        return True


def stamp_of(data: Path) -> Stamp:
    """Return what changes when a file that residents read is written, added or taken out."""
    files = [*data.glob("*.yml"), *(path for folder in FOLDERS for path in (data / folder).rglob("*.*"))]
    states = ((str(path), path.stat()) for path in sorted(files))
    return tuple((name, state.st_mtime_ns, state.st_size) for name, state in states)


def with_last_good(fresh: Knowledge, last: Knowledge) -> Knowledge:
    """Return the new version; what a broken file held comes from the last one."""
    broken = {Path(problem.path) for problem in fresh.problems}
    fiches = {path.stem for path in broken if path.parent.name == "fiches"}
    situations = {path.stem for path in broken if path.parent.name == "situations"}
    names = {path.name for path in broken}
    return replace(
        fresh,
        fiches={**{key: last.fiches[key] for key in sorted(fiches & last.fiches.keys())}, **fresh.fiches},
        situations={
            **{key: last.situations[key] for key in sorted(situations & last.situations.keys())},
            **fresh.situations,
        },
        baremes={**last.baremes, **fresh.baremes} if "baremes.yml" in names else fresh.baremes,
        lexicon=last.lexicon if "lexique.yml" in names else fresh.lexicon,
        declaration=last.declaration if "accessibilite.yml" in names else fresh.declaration,
    )


def _log_problems(problems: list[Problem] | tuple[Problem, ...]) -> None:
    for problem in problems:
        log.error("knowledge_file_left_out", file=problem.path, line=problem.line, mend=problem.message)
