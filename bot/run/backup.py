"""Back up what the assistant keeps, while it runs. Keys are never in the same place as the data they open."""

from __future__ import annotations

import asyncio
import hashlib
import json
import shutil
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from dataclasses import asdict, dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

from bot.run import postgres_tools
from bot.run.opening import open_store
from bot.run.present import read_present, write_present
from bot.settings import Settings
from bot.store.cipher import Cipher, load_cipher
from bot.store.database import now

PREFIX = "sauvegarde-"
KEYS_PREFIX = "cles-"
MANIFEST = "manifeste.json"
DUMP = "assistant.dump"
SQLITE_FILES = ("rasa.db", "assistant.db")
"""Rasa's first: a message answered meanwhile is then unknown to Rasa, which is harmless, and not the other way round."""
_UNFINISHED = ".en-cours"
_FORMAT = "%Y%m%dT%H%M%SZ"


class BackupRefused(Exception):
    """This backup cannot be made here; the message says why, in French."""


@dataclass(frozen=True)
class Manifest:
    """What a backup is of: moment (UTC), engine, the keyed hash that tells its keys, and the SHA-256 of its files."""

    at: str
    engine: str
    keys: str
    files: dict[str, str]


def save(settings: Settings, folder: Path, keep_days: int | None) -> Iterator[str]:
    """Write a backup, delete those older than `keep_days` (the retention by default), and yield what to tell.

    Raises BackupRefused, ToolFailed, CipherError and OSError.
    """
    keep = settings.retention_days if keep_days is None else keep_days
    _prepare(folder, KEYS_PREFIX, "des clés")
    if not settings.is_shared and not (settings.var / "assistant.db").exists():
        raise BackupRefused(f"Il n'y a pas de base dans {settings.var} : rien à sauvegarder.")
    cipher = load_cipher(settings.keys_folder)
    moment = now()
    target = folder / f"{PREFIX}{moment.strftime(_FORMAT)}"
    unfinished = target.with_suffix(_UNFINISHED)
    unfinished.mkdir(mode=0o700)
    try:
        _write_data(settings, unfinished)
        _write_manifest(settings, cipher, unfinished, moment)
        unfinished.replace(target)
    except BaseException:
        shutil.rmtree(unfinished, ignore_errors=True)
        raise
    yield f"Sauvegarde écrite : {target}"
    yield from note_present(settings, folder)
    for old in expired(folder, keep):
        shutil.rmtree(old)
        yield f"Sauvegarde de plus de {keep} jours supprimée : {old.name}"
    yield "Les clés n'y sont pas : sauvegardez-les ailleurs, avec bot sauvegarder AUTRE_DOSSIER --cles."


def save_keys(settings: Settings, folder: Path) -> Iterator[str]:
    """Copy the keys to a folder where no backup of data is. Raises BackupRefused, CipherError and OSError."""
    _prepare(folder, PREFIX, "des données")
    load_cipher(settings.keys_folder)
    target = folder / f"{KEYS_PREFIX}{now().strftime(_FORMAT)}"
    shutil.copytree(settings.keys_folder, target)
    target.chmod(0o700)
    for file in target.iterdir():
        file.chmod(0o600)
    yield f"Clés copiées : {target}"
    yield "Gardez-les loin des sauvegardes : qui a les deux lit tout. Sans elles, aucune sauvegarde ne se lit."


def note_present(settings: Settings, folder: Path) -> Iterator[str]:
    """Write beside the backups what still exists, and yield what to tell."""

    async def read() -> None:
        async with open_store(settings) as (database, cipher):
            write_present(await read_present(database, cipher), folder)

    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    asyncio.run(read())
    yield "Liste de ce qui existe encore : à jour."


def list_backups(folder: Path) -> list[Path]:
    """Return the backups of a folder, oldest first."""
    found = folder.glob(f"{PREFIX}*") if folder.is_dir() else iter(())
    return sorted(path for path in found if path.is_dir() and _moment(path) is not None)


def expired(folder: Path, keep_days: int) -> list[Path]:
    """Return the backups past their time, by the date in their name."""
    before = now() - timedelta(days=keep_days)
    return [path for path in list_backups(folder) if moment_of(path) < before]


def moment_of(backup: Path) -> datetime:
    """Return when a backup was made, UTC. Raises ValueError when its name does not say."""
    moment = _moment(backup)
    if moment is None:
        raise ValueError(backup.name)
    return moment


def key_mark(cipher: Cipher) -> str:
    """Return what tells whether keys are those of a backup, and nothing of them."""
    return cipher.digest("sauvegarde")[:32]


def checksum_of(file: Path) -> str:
    """Return the SHA-256 of a file."""
    with file.open("rb") as opened:
        return hashlib.file_digest(opened, "sha256").hexdigest()


def _moment(path: Path) -> datetime | None:
    try:
        return datetime.strptime(path.name, f"{PREFIX}{_FORMAT}").replace(tzinfo=UTC).replace(tzinfo=None)
    except ValueError:
        return None


def _prepare(folder: Path, forbidden: str, what: str) -> None:
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    if any(folder.glob(f"{forbidden}*")):
        raise BackupRefused(f"{folder} contient des sauvegardes {what} : prenez un autre dossier.")


def _write_data(settings: Settings, folder: Path) -> None:
    if settings.is_shared:
        (folder / DUMP).touch(mode=0o600)
        postgres_tools.dump(settings, folder / DUMP)
        return
    for name in SQLITE_FILES:
        if (settings.var / name).exists():
            _copy_sqlite(settings.var / name, folder / name)


def _copy_sqlite(source: Path, target: Path) -> None:
    """Copy a database that is being written to, as of one moment (SQLite's online backup)."""
    target.touch(mode=0o600)
    with closing(sqlite3.connect(source, timeout=30)) as live, closing(sqlite3.connect(target)) as copy:
        live.backup(copy, pages=-1)
        copy.execute("PRAGMA journal_mode=DELETE")  # one file, complete in itself


def _write_manifest(settings: Settings, cipher: Cipher, folder: Path, moment: datetime) -> None:
    files = {file.name: checksum_of(file) for file in sorted(folder.iterdir())}
    engine = "postgresql" if settings.is_shared else "sqlite"
    manifest = Manifest(moment.isoformat(), engine, key_mark(cipher), files)
    (folder / MANIFEST).write_text(json.dumps(asdict(manifest), indent=1) + "\n", encoding="utf-8")
    (folder / MANIFEST).chmod(0o600)
