"""People known by an address (a phone number): one conversation in hand each, whatever gateway brings their message.

Everything that a message causes is one transaction: it is known as received, the conversation is found or opened,
a STOP is written or lifted, the message and what is answered at once are stored. Only then is it acknowledged.
"""

from __future__ import annotations

import secrets
import uuid
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import timedelta
from enum import StrEnum

import structlog
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.answers import choices
from bot.answers.compose import Composer
from bot.intake import commands
from bot.language.normalise import clean_text, fold
from bot.model.answer import Answer
from bot.model.french import today_in_france
from bot.service.demande_flow import FlowStep
from bot.service.errors import Refused
from bot.service.immediate import Outcome
from bot.service.intake import MAX_TEXT, Incoming, Intake, Receipt
from bot.settings import Settings
from bot.store import addresses, counters, deliveries, received
from bot.store import conversations as store
from bot.store.cipher import Cipher
from bot.store.conversations import Conversation
from bot.store.database import Database, lock, now

SAME_TEXT_SECONDS = 10
"""From a gateway that gives no id, the same text from the same sender is the same message for so long."""
WAIT_FOR_PARTS = timedelta(minutes=5)
"""A long message whose last part has not come by then is read as it is (courier keeps them as long)."""
MAX_REPEATS = 3
"""The same text in a row that is answered: a machine at the other end never tires."""
_PROGRESS_LENGTH = 2
"""Texts as short as a number of a menu: sent again and again, they still lead somewhere."""
log = structlog.get_logger()


@dataclass(frozen=True)
class Part:
    """Which part of a long message this is: `number` from 1 to `total`, of the message `group`."""

    group: str
    number: int
    total: int


@dataclass(frozen=True)
class Inbound:
    """A message as a carrier gave it. `text` is None for what could not be read; `key` is the carrier's id of it.

    `choice` is the value of a button; `twin` what makes a second tap the same as the first, for a few seconds. With
    `reply`, nothing is to be understood: the answer is made of it.
    """

    channel: str
    address: str
    text: str | None
    key: str | None = None
    part: Part | None = None
    choice: str | None = None
    twin: str | None = None
    reply: Callable[[Composer], Answer] | None = None


class Result(StrEnum):
    """What became of a message; all of them are acknowledged."""

    TAKEN = "taken"
    DUPLICATE = "duplicate"
    PART = "part"
    OVER_LIMIT = "over_limit"
    LOOP = "loop"
    STOPPED = "stopped"


@dataclass(frozen=True)
class Reception:
    """What became of a message, and the conversation to answer when there is one."""

    result: Result
    conversation_id: str | None = None
    receipt: Receipt | None = None


class Correspondence:
    """Receives messages from addresses."""

    def __init__(self, database: Database, cipher: Cipher, intake: Intake, settings: Settings) -> None:
        self._database = database
        self._cipher = cipher
        self._intake = intake
        self._settings = settings

    async def receive(self, inbound: Inbound) -> Reception:
        """Store a message and what it causes; it may be acknowledged after this."""
        await self._intake.look_for_danger(_whole(inbound.text or ""))
        address_hash = addresses.hash_address(self._cipher, inbound.channel, inbound.address)
        async with self._database.write(address_hash) as connection:
            if not await self._is_new(connection, inbound):
                return Reception(Result.DUPLICATE)
            if inbound.part is not None:
                return await self._take_part(connection, inbound, inbound.part)
            return await self._take(connection, inbound)

    async def join_stale_parts(self) -> list[Reception]:
        """Take the long messages whose last part never came, as far as they go."""
        taken = []
        async with self._database.write() as connection:
            for group in await received.list_stale_groups(connection, now() - WAIT_FOR_PARTS):
                parts = await received.take_whole(connection, self._cipher, group, even_incomplete=True)
                taken.append(await self._take(connection, _joined(parts)))
        return taken

    async def _is_new(self, connection: AsyncConnection, inbound: Inbound) -> bool:
        if inbound.key is not None:
            digest = self._cipher.digest(f"id:{inbound.channel}:{inbound.key}")
            is_new = await received.is_new(connection, digest)
            if is_new and inbound.twin is not None:
                twin = self._cipher.digest(f"twin:{inbound.channel}:{inbound.address}:{inbound.twin}")
                return await received.is_new(connection, twin, timedelta(seconds=SAME_TEXT_SECONDS))
            return is_new
        part = f"{inbound.part.group}:{inbound.part.number}" if inbound.part else ""
        said = f"text:{inbound.channel}:{inbound.address}:{part}:{_whole(inbound.text or '')}"
        digest = self._cipher.digest(said)
        return await received.is_new(connection, digest, timedelta(seconds=SAME_TEXT_SECONDS))

    async def _take_part(self, connection: AsyncConnection, inbound: Inbound, part: Part) -> Reception:
        address_hash = addresses.hash_address(self._cipher, inbound.channel, inbound.address)
        group_hash = self._cipher.digest(f"part:{inbound.channel}:{inbound.address}:{part.group}")
        await received.add_part(
            connection,
            self._cipher,
            group_hash=group_hash,
            address_hash=address_hash,
            number=part.number,
            total=part.total,
            body={
                "channel": inbound.channel,
                "address": inbound.address,
                # As UTF-16: a part may end with half of a character.
                "units": (inbound.text or "").encode("utf-16-le", "surrogatepass").hex(),
            },
        )
        parts = await received.take_whole(connection, self._cipher, group_hash)
        return await self._take(connection, _joined(parts)) if parts else Reception(Result.PART)

    async def _take(self, connection: AsyncConnection, inbound: Inbound) -> Reception:
        address_hash = addresses.hash_address(self._cipher, inbound.channel, inbound.address)
        text = clean_text(_whole(inbound.text or ""))
        command = commands.find_command(text, by_address=True)
        in_hand = await addresses.conversation_in_hand(connection, address_hash)
        if in_hand:
            # An answer being stored there is stored before a STOP, or after it.
            await lock(connection, in_hand)
        if await addresses.is_opposed(connection, address_hash):
            if command == commands.STOP:
                return Reception(Result.STOPPED)  # confirmed once, and silent since
            await addresses.lift_opposition(connection, address_hash)
        held = await self._held_back(connection, inbound, address_hash, text)
        if held is not None and not await self._is_a_right(
            connection, address_hash, text, command, inbound.choice
        ):
            return held
        if command in (commands.STOP, commands.NEW):
            # After NOUVEAU somebody else may hold the phone: nothing of the one before is to come.
            await deliveries.stop_address(connection, address_hash)
        conversation = await self._conversation(connection, inbound, address_hash, command)
        receipt = await self._answer_or_queue(connection, conversation, inbound, text)
        if command == commands.STOP:
            await addresses.oppose(connection, inbound.channel, address_hash)
        return Reception(Result.TAKEN, conversation.id, receipt)

    async def _answer_or_queue(
        self, connection: AsyncConnection, conversation: Conversation, inbound: Inbound, text: str
    ) -> Receipt | None:
        if inbound.reply is not None:
            # A form in progress stays where it is.
            outcome = Outcome((inbound.reply(self._intake.composer),), FlowStep.read(conversation.flow))
            await self._intake.store_outcome(connection, conversation, outcome, None)
            return None
        if inbound.text is None and inbound.choice is None:
            await self._intake.tell(connection, conversation, self._intake.composer.unreadable())
            return None
        if len(text) > MAX_TEXT and self._tells_danger(text[:MAX_TEXT]):
            text = text[:MAX_TEXT]
        incoming = Incoming(None, inbound.choice) if inbound.choice else Incoming(text)
        try:
            self._intake.check(incoming)
        except Refused as refused:
            await self._intake.tell(connection, conversation, self._intake.composer.refused(refused.title))
            return None
        dedupe_key = f"{conversation.id}:{uuid.uuid4().hex}"  # `received` already knows repeats
        return await self._intake.take(connection, conversation, incoming, dedupe_key)

    async def _conversation(
        self, connection: AsyncConnection, inbound: Inbound, address_hash: str, command: str | None = None
    ) -> Conversation:
        """Return the conversation in hand at an address; a new one for the first message and after NOUVEAU."""
        known = await addresses.conversation_in_hand(connection, address_hash)
        if known and command != commands.NEW:
            found = await store.find_conversation(connection, self._cipher, known)
            if found:
                return found
        token = secrets.token_urlsafe()  # nobody holds it: this conversation is opened by its address alone
        opened = await store.create_conversation(connection, self._cipher, inbound.channel, token)
        await addresses.add_address(connection, self._cipher, opened.id, address_hash, inbound.address)
        return replace(opened, address=store.Address(inbound.address, address_hash))

    # -- limits --------------------------------------------------------------------------------

    async def _held_back(
        self, connection: AsyncConnection, inbound: Inbound, address_hash: str, text: str
    ) -> Reception | None:
        """Count a message; return what to do instead of answering it. A danger is outside every limit."""
        today = today_in_france()
        day = await addresses.day_of(connection, address_hash, today)
        text_hash = self._cipher.digest(f"said:{fold(text)}")
        counts = (
            len(fold(text)) > _PROGRESS_LENGTH
            and not inbound.choice
            and not commands.find_command(text, by_address=True)
            and not await self._moves_a_form(connection, address_hash, text)
        )
        repeats = day.repeats + 1 if counts and day.text_hash == text_hash else 1
        await addresses.update_day(
            connection, address_hash, today, received=day.received + 1, text_hash=text_hash, repeats=repeats
        )
        is_over = day.received >= self._settings.received_per_day or day.sent >= self._settings.sent_per_day
        if not (is_over or repeats > MAX_REPEATS) or self._tells_danger(text):
            return None
        if is_over:
            if not day.limit_told:
                await addresses.update_day(connection, address_hash, today, limit_told=True)
                await self._tell_once(connection, inbound, address_hash, is_over=True)
            return Reception(Result.OVER_LIMIT)
        if repeats == MAX_REPEATS + 1:
            await self._tell_once(connection, inbound, address_hash, is_over=False)
        return Reception(Result.LOOP)

    async def _moves_a_form(self, connection: AsyncConnection, address_hash: str, text: str) -> bool:
        """Tell whether a word picks a choice of the form in progress: PASSER leads on each time."""
        known = await addresses.conversation_in_hand(connection, address_hash)
        conversation = await store.find_conversation(connection, self._cipher, known) if known else None
        if conversation is None or conversation.flow is None:
            return False
        return choices.typed_choice(text, conversation.choices, ()) is not None

    async def _is_a_right(
        self,
        connection: AsyncConnection,
        address_hash: str,
        text: str,
        command: str | None,
        choice: str | None,
    ) -> bool:
        """Tell whether a message is obeyed beyond the limits: to be left alone, to have everything erased."""
        if command in (commands.STOP, commands.ERASE) or choice in (choices.ERASE, choices.ERASE_YES):
            return True
        known = await addresses.conversation_in_hand(connection, address_hash)
        conversation = await store.find_conversation(connection, self._cipher, known) if known else None
        picked = choices.typed_choice(text, conversation.choices, ()) if conversation else None
        return picked is not None and picked.value == choices.ERASE_YES

    async def _tell_once(
        self, connection: AsyncConnection, inbound: Inbound, address_hash: str, *, is_over: bool
    ) -> None:
        conversation = await self._conversation(connection, inbound, address_hash)
        composer = self._intake.composer
        await self._intake.tell(
            connection, conversation, composer.over_limit() if is_over else composer.said_enough()
        )
        await counters.add(connection, today_in_france(), "limit_told" if is_over else "loop_cut")
        log.warning("limit_told" if is_over else "loop_cut", conversation=conversation.id)

    def _tells_danger(self, text: str) -> bool:
        danger = self._intake.danger
        return bool(text and (danger.find(text) or danger.suspect(text)))


def _joined(parts: list[dict[str, str]]) -> Inbound:
    """Return the message that parts make together, in their order."""
    first = parts[0]
    units = bytes.fromhex("".join(part["units"] for part in parts))
    return Inbound(first["channel"], first["address"], units.decode("utf-16-le", "replace"))


def _whole(text: str) -> str:
    """Return a text that UTF-8 can write: a gateway may give half a character."""
    return text.encode("utf-16-le", "surrogatepass").decode("utf-16-le", "replace")
