"""Queue what is to be handed to a gateway, in the transaction that stores the answer.

Each channel that writes to people says an answer in its own voice. A STOP is honoured here: nothing is
queued for an address in its ledger.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

import structlog
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.answers.compose import Composer
from bot.model.answer import Answer, AnswerType, Choice
from bot.model.french import today_in_france
from bot.render.gsm import to_gsm
from bot.render.sms import says_who_speaks
from bot.service.quiet import AWAKE, next_allowed
from bot.store import addresses, deliveries
from bot.store.cipher import Cipher
from bot.store.conversations import Address, Conversation, Page, wrote_since
from bot.store.database import now
from bot.store.deliveries import Lane

USEFUL = {Lane.URGENT: timedelta(hours=24), Lane.REPLY: timedelta(hours=24), Lane.PUSH: timedelta(days=3)}
"""How long a message is worth sending when the gateway is away; after that it is dropped, and the log says so."""
NOTICE_USEFUL = timedelta(minutes=30)
"""The same for "your answer will take longer": after half an hour the answer itself says more."""
SMS = "sms"
log = structlog.get_logger()


@dataclass(frozen=True)
class Spoken:
    """How a channel says an answer: the texts handed over now, in order, and the pages that SUITE gives later.

    `menu` are the choices shown with a number; None where all are shown as buttons.
    """

    now: tuple[str, ...]
    later: tuple[Page, ...] = ()
    menu: tuple[Choice, ...] | None = None


Voice = Callable[[Answer, Composer, bool], Spoken]
"""Says an answer; the last argument tells whether nothing was said yet in this conversation."""
Voices = Mapping[str, Voice]
"""The voice of each channel that writes to people, by its name."""


class Sending:
    """Queues texts for the addresses of conversations."""

    def __init__(self, cipher: Cipher, composer: Composer, voices: Voices) -> None:
        self._cipher = cipher
        self._composer = composer
        self._voices = voices

    async def speak(
        self,
        connection: AsyncConnection,
        conversation: Conversation,
        answer: Answer,
        seq: int,
        *,
        is_notice: bool = False,
        is_push: bool = False,
    ) -> Spoken | None:
        """Queue an answer and return how it is said. Nothing for a channel that is read."""
        if conversation.address is None:
            return None
        in_hand = await addresses.conversation_in_hand(connection, conversation.address.hash)
        if in_hand != conversation.id and not is_push:
            log.info("not_sent_after_fresh_start", conversation=conversation.id)
            return None
        presented = await addresses.is_presented(connection, conversation.id)
        spoken = self._voices[conversation.channel](answer, self._composer, not presented)
        lane = Lane.URGENT if answer.type is AnswerType.URGENCE else Lane.PUSH if is_push else Lane.REPLY
        useful_for = NOTICE_USEFUL if is_notice else USEFUL[lane]
        awake = lane is Lane.PUSH and await wrote_since(connection, conversation.id, now() - AWAKE)
        sent = [
            await self._queue(connection, conversation, text, seq, lane, useful_for, is_awake=awake)
            for text in spoken.now
        ]
        if any(sent) and not presented and says_who_speaks(answer):
            await addresses.mark_presented(connection, conversation.id)
        return spoken

    async def send_page(
        self, connection: AsyncConnection, conversation: Conversation, page: Page, seq: int
    ) -> None:
        """Queue a page that was asked for by SUITE."""
        await self._queue(connection, conversation, page.text, seq, Lane.REPLY, USEFUL[Lane.REPLY])

    async def say_goodbye(
        self, connection: AsyncConnection, channel: str, address: Address, answer: Answer
    ) -> None:
        """Queue the last words to an address of which nothing else is left."""
        for text in self._voices[channel](answer, self._composer, False).now:
            await self._add(connection, channel, None, address, text, None, Lane.REPLY, USEFUL[Lane.REPLY])

    async def text_to(
        self,
        connection: AsyncConnection,
        phone: str,
        text: str,
        conversation_id: str | None,
        seq: int | None = None,
        *,
        is_asked: bool = False,
    ) -> bool:
        """Queue an SMS for a French number that was given to be answered at. Returns False after a STOP: nothing is sent.

        With `is_asked`, somebody asks for it at this moment: it does not wait for the hours when people may be written to.
        """
        number = "+33" + "".join(char for char in phone if char.isdigit())[1:]
        address = Address(number, addresses.hash_address(self._cipher, SMS, number))
        if await addresses.is_opposed(connection, address.hash):
            log.info("not_sent_after_stop", conversation=conversation_id)
            return False
        lane = Lane.REPLY if is_asked else Lane.PUSH
        await self._add(connection, SMS, conversation_id, address, to_gsm(text), seq, lane, USEFUL[lane])
        return True

    async def _queue(
        self,
        connection: AsyncConnection,
        conversation: Conversation,
        text: str,
        seq: int,
        lane: Lane,
        useful_for: timedelta,
        *,
        is_awake: bool = False,
    ) -> bool:
        address = conversation.address
        if address is None or await addresses.is_opposed(connection, address.hash):
            log.info("not_sent_after_stop", conversation=conversation.id)
            return False
        await self._add(
            connection,
            conversation.channel,
            conversation.id,
            address,
            text,
            seq,
            lane,
            useful_for,
            is_awake=is_awake,
        )
        return True

    async def _add(
        self,
        connection: AsyncConnection,
        channel: str,
        conversation_id: str | None,
        address: Address,
        text: str,
        seq: int | None,
        lane: Lane,
        useful_for: timedelta,
        *,
        is_awake: bool = False,
    ) -> None:
        moment = now()
        waits = lane is Lane.PUSH and not is_awake
        not_before: datetime = next_allowed(moment) if waits else moment
        await deliveries.add_delivery(
            connection,
            self._cipher,
            channel=channel,
            conversation_id=conversation_id,
            message_seq=seq,
            address_hash=address.hash,
            address=address.value,
            text=text,
            lane=lane,
            not_before=not_before,
            useful_for=useful_for,
        )
        await addresses.note_sent(connection, address.hash, today_in_france())
