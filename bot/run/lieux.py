"""Import places of another source into data/lieux, and say what was refused and why."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from pathlib import Path

from bot.knowledge.communes import FILE, Communes
from bot.knowledge.lieux_import import Import, prepare_import, write_import
from bot.knowledge.lieux_reading import UnreadableFile, identifier, read_records
from bot.settings import Settings


def import_lieux(
    settings: Settings, files: Sequence[Path], *, source: str | None, verify_only: bool, today: date
) -> bool:
    """Import the files, or only say what would be done. Returns whether every record was good.

    Raises UnreadableFile when a file is in none of the schemas.
    """
    name = identifier(source or files[0].stem)
    if not name:
        raise UnreadableFile(
            "donnez un nom à la source, en lettres et en chiffres : --source france-services"
        )
    communes = Communes(settings.data / FILE)
    outcome = prepare_import(read_records(files), settings.data / "lieux", name, communes, today)
    _tell(outcome, name, verify_only=verify_only)
    if not verify_only:
        write_import(outcome)
    return not outcome.refused


def _tell(outcome: Import, source: str, *, verify_only: bool) -> None:
    for refusal in outcome.refused:
        print(f"Refusé, {refusal}")
    for line in (*outcome.known, *outcome.updated):
        print(line)
    refused = len({refusal.line for refusal in outcome.refused})
    done = "à écrire" if verify_only else "écrits"
    print(
        f"{outcome.added} lieux {done} dans {source}.csv, {len(outcome.updated)} mis à jour ailleurs, "
        f"{len(outcome.known)} déjà connus, {refused} refusés."
    )
    if verify_only:
        print("Rien n'a été écrit (--verifier).")
