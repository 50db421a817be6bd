"""Put a backup back, and erase again what was erased since it was made."""

from __future__ import annotations

import asyncio
import json
import shutil
import socket
import sqlite3
import tempfile
from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path

from sqlalchemy.exc import SQLAlchemyError

from bot.run import postgres_tools
from bot.run.backup import (
    DUMP,
    MANIFEST,
    SQLITE_FILES,
    Manifest,
    checksum_of,
    key_mark,
    list_backups,
    moment_of,
)
from bot.run.opening import open_store
from bot.run.present import Erased, Present, erase_again, load_present, read_present
from bot.settings import Settings
from bot.store.cipher import CipherError, load_cipher
from bot.store.database import migrate, now
from bot.store.desk_schema import sessions


class RestoreRefused(Exception):
    """Nothing was changed; the message says why and what to do, in French."""


@dataclass(frozen=True)
class Wish:
    """What to restore: the newest backup of a folder unless one is named, and what the person accepts."""

    folder: Path
    name: str | None = None
    accept_expired: bool = False
    accept_erased: bool = False


def restore(settings: Settings, wish: Wish) -> Iterator[str]:
    """Restore a backup and yield what to tell. Raises RestoreRefused, ToolFailed, CipherError and OSError."""
    backup = _choose(settings, wish)
    _check(settings, backup)
    _refuse_while_running(settings)
    present = _present_since(settings, wish, backup)
    if settings.is_shared:
        postgres_tools.restore(settings, backup / DUMP)
        migrate(settings.database)
        erased = asyncio.run(_clean(settings, present))
    else:
        erased = _restore_sqlite(settings, backup, present)
    yield f"Sauvegarde du {moment_of(backup):%d/%m/%Y à %H:%M} (temps universel) remise en place."
    if erased is None:
        yield "Ce qui avait été effacé depuis est revenu : personne ne sait plus quoi. Dites-le à votre délégué à la protection des données."
    else:
        yield f"Effacé de nouveau : {erased.conversations} conversations, {erased.demandes} demandes. Les STOP sont respectés."
    yield "Les sessions de la console sont fermées. Vérifiez les comptes : bot comptes liste."
    yield "Démarrez l'assistant : il efface d'abord ce qui a dépassé sa durée de conservation."


def _choose(settings: Settings, wish: Wish) -> Path:
    backups = list_backups(wish.folder)
    if wish.name is not None:
        backups = [path for path in backups if path.name == wish.name]
    if not backups:
        wanted = wish.name or "sauvegarde"
        raise RestoreRefused(f"Il n'y a pas de {wanted} dans {wish.folder}.")
    age = now() - moment_of(backups[-1])
    if age > timedelta(days=settings.retention_days) and not wish.accept_expired:
        raise RestoreRefused(
            f"{backups[-1].name} a plus de {settings.retention_days} jours : des données qui devaient disparaître reviendraient.\n"
            "Au démarrage, l'assistant effacera ce qui a dépassé sa durée. Pour continuer quand même : --perimee."
        )
    return backups[-1]


def _check(settings: Settings, backup: Path) -> None:
    """Refuse a backup that is incomplete, damaged, of the other engine, or of other keys."""
    try:
        manifest = Manifest(**json.loads((backup / MANIFEST).read_text(encoding="utf-8")))
        intact = {name: checksum_of(backup / name) for name in manifest.files} == manifest.files
    except (OSError, ValueError, TypeError):
        intact = False
    if not intact:
        raise RestoreRefused(f"{backup.name} est abîmée ou incomplète : prenez-en une autre.")
    engine = "postgresql" if settings.is_shared else "sqlite"
    if manifest.engine != engine:
        raise RestoreRefused(
            f"{backup.name} vient de {manifest.engine}, et BOT_DATABASE_URL demande {engine}."
        )
    if not settings.keys_folder.is_dir():
        raise RestoreRefused(f"Il n'y a pas de clés dans {settings.keys_folder} : remettez-les d'abord.")
    if manifest.keys != key_mark(load_cipher(settings.keys_folder)):
        raise RestoreRefused(
            f"Les clés de {settings.keys_folder} ne sont pas celles de {backup.name} : remettez d'abord les bonnes."
        )


def _refuse_while_running(settings: Settings) -> None:
    with socket.socket() as probe:
        probe.settimeout(2)
        address = settings.local_url.removeprefix("http://").rpartition(":")
        is_running = probe.connect_ex((address[0], int(address[2]))) == 0
    if is_running or (settings.is_shared and postgres_tools.others_connected(settings)):
        raise RestoreRefused(
            "L'assistant est en marche. Arrêtez-le, sur toutes les machines, puis recommencez."
        )


def _present_since(settings: Settings, wish: Wish, backup: Path) -> Present | None:
    """Return what existed last: asked from the database that is replaced, else from the list beside the backups.

    Raises RestoreRefused when neither is newer than the backup, unless that is accepted.
    """
    known = [each for each in (_present_now(settings), load_present(wish.folder)) if each is not None]
    newer = [each for each in known if each.moment >= moment_of(backup)]
    if newer:
        return max(newer, key=lambda each: each.moment)
    if wish.accept_erased:
        return None
    raise RestoreRefused(
        "La base actuelle ne se lit pas, et presents.json manque ou est plus ancien que la sauvegarde.\n"
        "Ce qui a été effacé depuis reviendrait. Pour continuer quand même : --sans-liste."
    )


def _present_now(settings: Settings) -> Present | None:
    async def read() -> Present:
        async with open_store(settings) as (database, cipher):
            return await read_present(database, cipher)

    if not settings.is_shared and not (settings.var / "assistant.db").exists():
        return None
    try:
        return asyncio.run(read())
    except (SQLAlchemyError, OSError, CipherError):
        return None  # it is lost: that is why a backup is put back


def _restore_sqlite(settings: Settings, backup: Path, present: Present | None) -> Erased | None:
    """Prepare the files apart, then put them in the place of the present ones: a failure before leaves all as it was."""
    settings.var.mkdir(parents=True, exist_ok=True, mode=0o700)
    with tempfile.TemporaryDirectory(dir=settings.var, prefix="restauration-") as name:
        apart = settings.copy(
            update={"var": Path(name), "keys": str(settings.keys_folder.absolute()), "database_url": ""}
        )
        for file in SQLITE_FILES:
            if (backup / file).exists():
                shutil.copyfile(backup / file, Path(name) / file)
                _verify_sqlite(Path(name) / file)
        migrate(apart.database)
        erased = asyncio.run(_clean(apart, present))
        for file in SQLITE_FILES:
            for rest in ("", "-wal", "-shm"):
                (settings.var / f"{file}{rest}").unlink(missing_ok=True)
            if (Path(name) / file).exists():
                (Path(name) / file).chmod(0o600)
                (Path(name) / file).replace(settings.var / file)
    return erased


def _verify_sqlite(file: Path) -> None:
    with closing(sqlite3.connect(file)) as connection:
        if connection.execute("PRAGMA integrity_check").fetchone() != ("ok",):
            raise RestoreRefused(f"{file.name} est abîmée dans cette sauvegarde : prenez-en une autre.")


async def _clean(settings: Settings, present: Present | None) -> Erased | None:
    """Erase again what was erased since, and close every session of the console."""
    async with open_store(settings) as (database, cipher):
        erased = await erase_again(database, cipher, present) if present else None
        async with database.write() as connection:
            await connection.execute(sessions.delete())
        await database.empty_log()
    return erased
