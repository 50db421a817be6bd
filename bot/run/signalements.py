"""Print the errors that people reported, under the role that answers for each fiche."""

from __future__ import annotations

import asyncio
from itertools import groupby

from bot.answers.labels import RUBRIQUE_LABELS
from bot.knowledge.loader import Knowledge, load_knowledge
from bot.settings import Settings
from bot.store import journal
from bot.store.cipher import load_cipher
from bot.store.database import Database, migrate
from bot.store.signalements import Signalement, list_signalements

_WITHOUT_FICHE = "Sans fiche précise"
_NOT_WRITTEN = "Fiche pas encore écrite"


async def print_signalements(settings: Settings) -> None:
    """Print every report, grouped by the `responsable` of its fiche. Raises KnowledgeError."""
    knowledge = await asyncio.to_thread(load_knowledge, settings.data, settings.territoire)
    found = await _read(settings)
    by_role = sorted(
        found, key=lambda report: (_responsable(knowledge, report), report.fiche or "", report.id)
    )
    for role, reports in groupby(by_role, lambda report: _responsable(knowledge, report)):
        print(role)
        for report in reports:
            print(_text(knowledge, report))
    print(f"{len(found)} signalement{'s' if len(found) > 1 else ''}.")


async def _read(settings: Settings) -> list[Signalement]:
    settings.var.mkdir(parents=True, exist_ok=True, mode=0o700)
    await asyncio.to_thread(migrate, settings.database)
    database = Database(settings.database)
    try:
        async with database.write("journal") as connection:
            await journal.note(connection, journal.COMMAND_LINE, None)
            return await list_signalements(connection, load_cipher(settings.keys_folder))
    finally:
        await database.close()


def _responsable(knowledge: Knowledge, report: Signalement) -> str:
    if report.fiche is None:
        return _WITHOUT_FICHE
    fiche = knowledge.fiches.get(report.fiche)
    return fiche.responsable if fiche else _NOT_WRITTEN


def _text(knowledge: Knowledge, report: Signalement) -> str:
    """Return one report; each line of it is set in, so that no words of a stranger pass for a heading."""
    parts = [f"{report.at:%d/%m/%Y %H:%M} UTC"]
    if report.fiche:
        subject = knowledge.taxonomy.subjects.get(report.fiche)
        parts.append(f"{subject.titre} ({report.fiche})" if subject else report.fiche)
    if report.rubrique:
        parts.append(RUBRIQUE_LABELS.get(report.rubrique, report.rubrique))
    words = "\n".join(f"    {line}" for line in report.words.splitlines())
    return f"  {' · '.join(parts)}\n{words}"
