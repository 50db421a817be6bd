"""What still exists, as keyed hashes: a restored backup is compared with it, and what was erased since is erased again.

The list names nobody, and holds nothing of what was erased: it says what is still there. It stands beside the backups, is
written with each of them and as often in between as one wishes, and only its newest version is kept.
"""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import asdict, dataclass
from datetime import datetime
from pathlib import Path

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.store.cipher import Cipher
from bot.store.conversations import erase_conversation
from bot.store.database import Database, now
from bot.store.demandes import erase_demande
from bot.store.schema import conversations, demandes, oppositions

FILE = "presents.json"


@dataclass(frozen=True)
class Present:
    """The keyed hashes of conversations and requests that exist at a moment (UTC), and who asked for silence."""

    at: str
    conversations: list[str]
    demandes: list[str]
    oppositions: list[tuple[str, str, str]]

    @property
    def moment(self) -> datetime:
        """Return when it was written."""
        return datetime.fromisoformat(self.at)


@dataclass(frozen=True)
class Erased:
    """How much was erased again."""

    conversations: int
    demandes: int


async def read_present(database: Database, cipher: Cipher) -> Present:
    """Return what exists now."""
    moment = now()  # before the reading: what is made meanwhile is not missed from the list
    async with database.read() as connection:
        found = await _ids(connection, conversations.c.id)
        asked = await _ids(connection, demandes.c.reference)
        silent = (await connection.execute(sa.select(oppositions))).all()
    return Present(
        moment.isoformat(),
        sorted(_hash(cipher, each) for each in found),
        sorted(_hash(cipher, each) for each in asked),
        sorted((row.address_hash, row.channel, row.at.isoformat()) for row in silent),
    )


def write_present(present: Present, folder: Path) -> None:
    """Write the list beside the backups, in the place of the one before."""
    written = folder / f"{FILE}.en-cours"
    written.touch(mode=0o600)
    written.write_text(json.dumps(asdict(present)), encoding="utf-8")
    written.replace(folder / FILE)


def load_present(folder: Path) -> Present | None:
    """Return the list that stands beside the backups, or None when there is none that can be read."""
    try:
        return Present(**json.loads((folder / FILE).read_text(encoding="utf-8")))
    except (OSError, ValueError, TypeError):
        return None


async def erase_again(database: Database, cipher: Cipher, present: Present) -> Erased:
    """Erase what a restored backup holds and the list does not; who asked for silence is the list's, too."""
    async with database.write() as connection:
        gone = _gone(await _ids(connection, conversations.c.id), present.conversations, cipher)
        for conversation_id in gone:
            await erase_conversation(connection, conversation_id)
        taken_back = _gone(await _ids(connection, demandes.c.reference), present.demandes, cipher)
        for reference in taken_back:
            await erase_demande(connection, reference)
        await connection.execute(oppositions.delete())
        for address_hash, channel, at in present.oppositions:
            values = {"address_hash": address_hash, "channel": channel, "at": datetime.fromisoformat(at)}
            await connection.execute(oppositions.insert().values(values))
    return Erased(len(gone), len(taken_back))


async def _ids(connection: AsyncConnection, column: sa.Column) -> list[str]:
    return list((await connection.execute(sa.select(column))).scalars())


def _gone(ids: Iterable[str], present: list[str], cipher: Cipher) -> list[str]:
    still = set(present)
    return [each for each in ids if _hash(cipher, each) not in still]


def _hash(cipher: Cipher, value: str) -> str:
    return cipher.digest(f"present:{value}")[:32]
