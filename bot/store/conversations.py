"""Conversations and their transcript."""

from __future__ import annotations

import uuid
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.model.answer import Answer, Choice
from bot.store.cipher import Cipher
from bot.store.database import insert_new, now
from bot.store.desk_schema import demande_events, followups
from bot.store.schema import (
    addresses,
    conversations,
    deliveries,
    demandes,
    inbox,
    messages,
    outbox,
    rasa_erasures,
)

USER = "user"
ASSISTANT = "assistant"
OPERATOR = "operator"
KIOSK = "borne"
"""The channel of a shared screen: nothing of a conversation stays after it, so nobody may read it later."""
TALK_BOT = "bot"
TALK_OPERATOR = "operator"


@dataclass(frozen=True)
class Address:
    """Where a conversation is written to, and the keyed hash that finds it."""

    value: str
    hash: str


@dataclass(frozen=True)
class Page:
    """A text still to come when it is asked for, and the numbered choices it shows."""

    text: str
    menu: tuple[Choice, ...] = ()


@dataclass(frozen=True)
class Conversation:
    """One conversation. `flow` is the form in progress, `choices` the replies last shown, `menu` those by number."""

    id: str
    channel: str
    flow: dict[str, Any] | None
    choices: tuple[Choice, ...]
    menu: tuple[Choice, ...] = ()
    pages: tuple[Page, ...] = ()
    address: Address | None = None
    talk: str = TALK_BOT


@dataclass(frozen=True)
class StoredMessage:
    """One message of a transcript: a person's text, or an answer. `to_operator`: said while an operator listened."""

    seq: int
    id: str
    at: datetime
    sender: str
    text: str | None
    answer: Answer | None
    to_operator: bool = False


async def create_conversation(
    connection: AsyncConnection, cipher: Cipher, channel: str, token: str
) -> Conversation:
    """Store a new conversation under an opaque id; the token is kept as a keyed hash only."""
    conversation = Conversation(uuid.uuid4().hex, channel, None, ())
    moment = now()
    await connection.execute(
        conversations.insert().values(
            id=conversation.id,
            channel=channel,
            token_hash=cipher.digest(token),
            created_at=moment,
            last_at=moment,
        )
    )
    return conversation


async def find_conversation(
    connection: AsyncConnection, cipher: Cipher, conversation_id: str, token: str | None = None
) -> Conversation | None:
    """Return the conversation, or None when it does not exist or the token is another's."""
    query = (
        sa.select(conversations, addresses.c.address_enc, addresses.c.address_hash)
        .select_from(conversations.outerjoin(addresses, addresses.c.conversation_id == conversations.c.id))
        .where(conversations.c.id == conversation_id)
    )
    if token is not None:
        query = query.where(conversations.c.token_hash == cipher.digest(token))
    row = (await connection.execute(query)).first()
    if row is None:
        return None
    shown = cipher.open(row.choices_enc) if row.choices_enc else {}
    pages = cipher.open(row.pages_enc) if row.pages_enc else []
    return Conversation(
        id=row.id,
        channel=row.channel,
        flow=cipher.open(row.flow_enc) if row.flow_enc else None,
        choices=_read_choices(shown if isinstance(shown, list) else shown.get("choices", [])),
        menu=_read_choices(shown if isinstance(shown, list) else shown.get("menu", [])),
        pages=tuple(Page(page["text"], _read_choices(page["menu"])) for page in pages),
        address=Address(cipher.open(row.address_enc), row.address_hash) if row.address_enc else None,
        talk=row.talk,
    )


async def set_talk(connection: AsyncConnection, conversation_id: str, talk: str) -> None:
    """Note whom the person talks to from now on: the assistant or an operator."""
    await connection.execute(
        conversations.update().where(conversations.c.id == conversation_id).values(talk=talk)
    )


async def keep_context(
    connection: AsyncConnection,
    cipher: Cipher,
    conversation_id: str,
    *,
    flow: dict[str, Any] | None,
    choices: tuple[Choice, ...],
    menu: tuple[Choice, ...] | None = None,
    pages: tuple[Page, ...] = (),
) -> None:
    """Keep the form in progress, the choices last shown (`menu`: those by number, all by default) and the pages to come."""
    shown: Any = _choices_json(choices)
    if menu is not None:
        shown = {"choices": shown, "menu": _choices_json(menu)}
    to_come = [{"text": page.text, "menu": _choices_json(page.menu)} for page in pages]
    await connection.execute(
        conversations.update()
        .where(conversations.c.id == conversation_id)
        .values(
            flow_enc=cipher.seal(flow) if flow else None,
            choices_enc=cipher.seal(shown) if shown else None,
            pages_enc=cipher.seal(to_come) if to_come else None,
            last_at=now(),
        )
    )


def _read_choices(data: list[dict[str, str]]) -> tuple[Choice, ...]:
    return tuple(Choice(**choice) for choice in data)


def _choices_json(choices: tuple[Choice, ...]) -> list[dict[str, str]]:
    return [{"label": choice.label, "value": choice.value} for choice in choices]


async def add_message(
    connection: AsyncConnection, cipher: Cipher, conversation_id: str, sender: str, body: dict[str, Any]
) -> int:
    """Store one message of the transcript and return its `seq`."""
    result = await connection.execute(
        messages.insert().values(
            id=uuid.uuid4().hex,
            conversation_id=conversation_id,
            sender=sender,
            at=now(),
            body_enc=cipher.seal(body),
        )
    )
    return int(result.inserted_primary_key[0])


async def list_messages(
    connection: AsyncConnection,
    cipher: Cipher,
    conversation_id: str,
    *,
    after_seq: int = 0,
    in_reply_to: int | None = None,
) -> list[StoredMessage]:
    """Return the transcript in the order of storage, or only the replies to one message."""
    query = (
        sa.select(messages)
        .where(messages.c.conversation_id == conversation_id, messages.c.seq > after_seq)
        .order_by(messages.c.seq)
    )
    if in_reply_to is not None:
        query = query.join(outbox, outbox.c.message_seq == messages.c.seq).where(
            outbox.c.in_reply_to == in_reply_to
        )
    rows = (await connection.execute(query)).all()
    return [_stored_message(cipher, row) for row in rows]


async def last_answer(
    connection: AsyncConnection, cipher: Cipher, conversation_id: str, before_seq: int | None = None
) -> Answer | None:
    """Return the last answer given (before a message, when one is named), or None."""
    query = (
        sa.select(messages)
        .where(messages.c.conversation_id == conversation_id, messages.c.sender == ASSISTANT)
        .order_by(messages.c.seq.desc())
        .limit(1)
    )
    if before_seq is not None:
        query = query.where(messages.c.seq < before_seq)
    row = (await connection.execute(query)).first()
    return _stored_message(cipher, row).answer if row else None


async def wrote_since(connection: AsyncConnection, conversation_id: str, moment: datetime) -> bool:
    """Tell whether the person wrote in a conversation since a moment."""
    query = sa.select(messages.c.seq).where(
        messages.c.conversation_id == conversation_id, messages.c.sender == USER, messages.c.at >= moment
    )
    return (await connection.execute(query.limit(1))).first() is not None


async def last_seq(connection: AsyncConnection, conversation_id: str) -> int:
    """Return the `seq` of the last message of a conversation that has one."""
    query = sa.select(sa.func.max(messages.c.seq)).where(messages.c.conversation_id == conversation_id)
    return int((await connection.execute(query)).scalar_one())


async def find_seq(connection: AsyncConnection, conversation_id: str, message_id: str) -> int | None:
    """Return the place of a message in the transcript, or None when it is not of this conversation."""
    query = sa.select(messages.c.seq).where(
        messages.c.id == message_id, messages.c.conversation_id == conversation_id
    )
    row = (await connection.execute(query)).first()
    return int(row.seq) if row else None


def _stored_message(cipher: Cipher, row: Any) -> StoredMessage:
    body = cipher.open(row.body_enc)
    answer = Answer.from_json(body["answer"]) if "answer" in body else None
    to_operator = body.get("to") == TALK_OPERATOR
    return StoredMessage(row.seq, row.id, row.at, row.sender, body.get("text"), answer, to_operator)


async def release_requests(connection: AsyncConnection, conversation_id: str) -> None:
    """Untie the requests of a conversation from it: erasing it then leaves them, with their reference and code."""
    for table in (demandes, deliveries):
        await connection.execute(
            table.update().where(table.c.conversation_id == conversation_id).values(conversation_id=None)
        )


async def lock_conversation(connection: AsyncConnection, cipher: Cipher, conversation_id: str) -> None:
    """Change the token of a conversation for one that nobody has: it stays, and no browser opens it again."""
    nobodys = cipher.digest(uuid.uuid4().hex)
    await connection.execute(
        conversations.update().where(conversations.c.id == conversation_id).values(token_hash=nobodys)
    )


async def erase_conversation(connection: AsyncConnection, conversation_id: str) -> None:
    """Delete everything of a conversation, its pending requests too, and note what Rasa must forget."""
    asked = sa.select(demandes.c.reference).where(demandes.c.conversation_id == conversation_id)
    await connection.execute(demande_events.delete().where(demande_events.c.reference.in_(asked)))
    for table in (outbox, inbox, messages, demandes, deliveries, addresses, followups):
        await connection.execute(table.delete().where(table.c.conversation_id == conversation_id))
    await connection.execute(conversations.delete().where(conversations.c.id == conversation_id))
    await note_rasa_erasure(connection, conversation_id)


async def note_rasa_erasure(connection: AsyncConnection, conversation_id: str) -> None:
    """Note that Rasa must forget a conversation."""
    await insert_new(connection, rasa_erasures, conversation_id=conversation_id, at=now())


async def list_idle(connection: AsyncConnection, before: datetime, channel: str | None = None) -> list[str]:
    """Return the conversations in which nothing happened since `before`, of one channel if it is given."""
    query = sa.select(conversations.c.id).where(conversations.c.last_at < before)
    if channel is not None:
        query = query.where(conversations.c.channel == channel)
    return [row.id for row in (await connection.execute(query)).all()]


async def erase_old_messages(connection: AsyncConnection, before: datetime) -> None:
    """Delete the messages older than `before` of conversations that go on; one still to answer stays."""
    waiting = sa.select(inbox.c.message_seq).where(inbox.c.status == "pending")
    old = sa.select(messages.c.seq).where(messages.c.at < before, messages.c.seq.not_in(waiting))
    for column in (outbox.c.message_seq, inbox.c.message_seq, messages.c.seq):
        await connection.execute(column.table.delete().where(column.in_(old)))


async def list_rasa_erasures(connection: AsyncConnection) -> list[str]:
    """Return the conversations that Rasa must still forget."""
    return [row.conversation_id for row in (await connection.execute(sa.select(rasa_erasures))).all()]


async def forget_rasa_erasure(connection: AsyncConnection, conversation_id: str) -> None:
    """Note that Rasa has forgotten the conversation."""
    await connection.execute(rasa_erasures.delete().where(rasa_erasures.c.conversation_id == conversation_id))
