"""The one module, with `actions/` and `bot/nlu`, that knows Rasa: ask it, probe it, make it forget.

Rasa's HTTP API and tracker tables are as of 3.6.21; tests/bot/test_rasa_client.py holds what is used.
"""

from __future__ import annotations

import asyncio
import json
import re
import sqlite3
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, closing
from pathlib import Path

import aiohttp

from bot.model.directive import Directive
from bot.settings import Settings

PROBE_CONVERSATION = "sonde"
PROBE_MESSAGE = "/sonder"
PROBE_KIND = "sonde"
_ORDER = re.compile(r"^[\s/]+")


class RasaUnavailable(Exception):
    """Rasa or its action server did not answer in time, or not as agreed."""


class RasaClient:
    """Talk to Rasa's REST channel on loopback. Conversations are opaque ids, never a number or a name."""

    def __init__(self, session: aiohttp.ClientSession, settings: Settings) -> None:
        self._session = session
        self._url = f"http://127.0.0.1:{settings.rasa_port}/webhooks/rest/webhook"
        self._timeout = aiohttp.ClientTimeout(total=settings.rasa_timeout_seconds)
        self._trackers: Path = settings.rasa_tracker_db

    @classmethod
    @asynccontextmanager
    async def open(cls, settings: Settings) -> AsyncIterator[RasaClient]:
        """Yield a client; its connections are closed at the end."""
        async with aiohttp.ClientSession() as session:
            yield cls(session, settings)

    async def ask(self, conversation_id: str, text: str, message_id: str) -> list[Directive]:
        """Return what to answer to a text. Raises RasaUnavailable.

        A leading slash is taken off: Rasa reads "/restart" as an order to itself.
        """
        return await self._post(conversation_id, _ORDER.sub("", text) or "?", message_id)

    async def choose(
        self, conversation_id: str, fiche: str, rubrique: str | None, message_id: str
    ) -> list[Directive]:
        """Return what to answer to a choice: nothing is to understand. Raises RasaUnavailable."""
        entities = {"fiche": fiche, **({"rubrique": rubrique} if rubrique else {})}
        return await self._post(conversation_id, "/choisir" + json.dumps(entities), message_id)

    async def probe(self) -> None:
        """Ask a question whose answer is known, through Rasa and the actions. Raises RasaUnavailable."""
        directives = await self._post(PROBE_CONVERSATION, PROBE_MESSAGE, "")
        if [directive.kind for directive in directives] != [PROBE_KIND]:
            raise RasaUnavailable("le serveur d'actions ne répond pas comme prévu")

    async def _post(self, conversation_id: str, message: str, message_id: str) -> list[Directive]:
        body = {"sender": conversation_id, "message": message, "metadata": {"message": message_id}}
        try:
            async with self._session.post(self._url, json=body, timeout=self._timeout) as response:
                if response.status != 200:
                    raise RasaUnavailable(f"Rasa répond {response.status}")
                answers = await response.json()
            directives = [Directive.from_json(item["custom"]) for item in answers if "custom" in item]
        except (
            TimeoutError,
            aiohttp.ClientError,
            OSError,
            ValueError,
            KeyError,
            TypeError,
            AttributeError,
        ) as error:
            raise RasaUnavailable(type(error).__name__) from error
        if not directives:  # Rasa answers [] when its action server is away
            raise RasaUnavailable("aucune réponse du serveur d'actions")
        return directives

    async def forget(self, conversation_id: str) -> None:
        """Erase a conversation from Rasa's tracker store; nothing happens when Rasa never knew it."""
        await asyncio.to_thread(self._delete, "sender_id = ?", (conversation_id,))

    async def rewind(self, conversation_id: str, message_id: str) -> None:
        """Take back a message that Rasa handled and whose answer was lost in a crash, and what followed."""
        await asyncio.to_thread(
            self._delete,
            "sender_id = ?1 AND id >= (SELECT MIN(id) FROM events WHERE sender_id = ?1 "
            "AND type_name = 'user' AND json_extract(data, '$.metadata.message') = ?2)",
            (conversation_id, message_id),
        )

    def _delete(self, where: str, values: tuple[str, ...]) -> None:
        if not self._trackers.exists():
            return
        with closing(sqlite3.connect(self._trackers, timeout=5)) as connection:
            connection.execute("PRAGMA secure_delete=ON")
            with connection:
                if _has_events(connection):
                    connection.execute(f"DELETE FROM events WHERE {where}", values)  # noqa: S608 - constants
            # The log beside the file still holds the old pages until it is emptied.
            connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")


def _has_events(connection: sqlite3.Connection) -> bool:
    query = "SELECT 1 FROM sqlite_master WHERE type = 'table' AND name = 'events'"
    return connection.execute(query).fetchone() is not None
