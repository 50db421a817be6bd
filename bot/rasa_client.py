"""The one module, with `actions/` and `bot/nlu`, that knows Rasa: ask it, probe it, make it forget.

Rasa's HTTP API and tracker tables are as of 3.6.21; tests/bot/test_rasa_client.py holds what is used.
"""

from __future__ import annotations

import asyncio
import hashlib
import json
import re
import time
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager

import aiohttp

from bot.model.directive import Directive
from bot.rasa_trackers import Trackers, open_trackers
from bot.settings import Settings

PROBE_CONVERSATION = "sonde"
PROBE_MESSAGE = "/sonder"
PROBE_KIND = "sonde"
CONNECT_SECONDS = 1.0
"""A Rasa that takes no connection in this time is away: nothing was sent, so another may be asked."""
ASIDE_SECONDS = 5.0
"""How long a Rasa that failed is asked only after the others."""
_ORDER = re.compile(r"^[\s/]+")


class RasaUnavailable(Exception):
    """Rasa or its action server did not answer in time, or not as agreed."""


class _NotSent(Exception):
    """This Rasa took no connection: the message did not leave, and another may be asked at once."""


class RasaClient:
    """Talk to Rasa's REST channel, of one Rasa or several. Conversations are opaque ids, never a number or a name."""

    def __init__(self, session: aiohttp.ClientSession, settings: Settings, trackers: Trackers) -> None:
        self._session = session
        self._addresses = settings.rasa_addresses
        self._timeout = aiohttp.ClientTimeout(
            total=settings.rasa_timeout_seconds, sock_connect=CONNECT_SECONDS
        )
        self._trackers = trackers
        self._aside_until: dict[str, float] = {}

    @classmethod
    @asynccontextmanager
    async def open(cls, settings: Settings) -> AsyncIterator[RasaClient]:
        """Yield a client; its connections are closed at the end."""
        trackers = open_trackers(settings)
        # A connection of its own for each message: on one kept from before and closed at that moment by a Rasa that
        # stops, nobody could tell whether the message had left.
        connector = aiohttp.TCPConnector(force_close=True, limit=0)
        try:
            async with aiohttp.ClientSession(connector=connector) as session:
                yield cls(session, settings, trackers)
        finally:
            trackers.close()

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
        """Ask the Rasa of the conversation, or the next one that takes the connection.

        Once a message may have been read, no other Rasa is asked: whoever asked takes it back first (`rewind`), and
        the next try passes over the Rasa that failed.
        """
        body = {"sender": conversation_id, "message": message, "metadata": {"message": message_id}}
        for address in self._in_turn(conversation_id):
            try:
                return await self._post_to(address, body)
            except _NotSent:
                self._put_aside(address)
            except RasaUnavailable:
                self._put_aside(address)
                raise
        raise RasaUnavailable("aucun Rasa ne prend la connexion")

    def _in_turn(self, conversation_id: str) -> list[str]:
        """Return the addresses in the order of this conversation (rendezvous hashing), those put aside last."""
        moment = time.monotonic()

        def rank(address: str) -> tuple[bool, bytes]:
            is_aside = self._aside_until.get(address, 0.0) > moment
            return is_aside, hashlib.sha256(f"{conversation_id} {address}".encode()).digest()

        return sorted(self._addresses, key=rank)

    def _put_aside(self, address: str) -> None:
        self._aside_until[address] = time.monotonic() + ASIDE_SECONDS

    async def _post_to(self, address: str, body: Mapping[str, object]) -> list[Directive]:
        url = f"{address}/webhooks/rest/webhook"
        try:
            async with self._session.post(url, json=body, timeout=self._timeout) as response:
                if response.status != 200:
                    raise RasaUnavailable(f"Rasa répond {response.status}")
                answers = await response.json()
            directives = [Directive.from_json(item["custom"]) for item in answers if "custom" in item]
        except (aiohttp.ClientConnectorError, aiohttp.ConnectionTimeoutError) as error:
            raise _NotSent from error
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
        await asyncio.to_thread(self._trackers.forget, conversation_id)

    async def rewind(self, conversation_id: str, message_id: str) -> None:
        """Take back a message that Rasa handled and whose answer was lost in a crash, and what followed."""
        await asyncio.to_thread(self._trackers.rewind, conversation_id, message_id)
