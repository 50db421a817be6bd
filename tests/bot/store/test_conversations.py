"""Conversations and transcripts: in order, opened by their token only, unreadable on disk, erased for good."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import sqlalchemy as sa

from bot.model.answer import Answer, AnswerType, Choice, paragraph
from bot.store import conversations as store
from bot.store import queues
from bot.store.addresses import add_address, hash_address
from bot.store.cipher import Cipher
from bot.store.conversations import ASSISTANT, USER, Conversation
from bot.store.database import Database, now
from bot.store.deliveries import Lane, add_delivery
from bot.store.demandes import DemandeDetails, create_demande
from bot.store.desk_schema import followups
from bot.store.schema import conversations, inbox, messages, metadata, outbox

SECRET = "motsecretdelapersonne"
ANSWER = Answer(
    AnswerType.ACCUEIL, (paragraph(f"Bonjour {SECRET}."),), "Bonjour.", choices=(Choice("Oui", "oui"),)
)


async def open_one(database: Database, cipher: Cipher, token: str = "jeton") -> Conversation:
    async with database.write() as connection:
        return await store.create_conversation(connection, cipher, "web", token)


async def write_in(database: Database, cipher: Cipher, conversation_id: str) -> int:
    """Store a message, its answer, the form in progress, the choices and a request, all with the secret."""
    async with database.write() as connection:
        seq = await store.add_message(connection, cipher, conversation_id, USER, {"text": SECRET})
        await queues.add_to_inbox(connection, seq, conversation_id, f"{conversation_id}:1", done=True)
        answer = await store.add_message(
            connection, cipher, conversation_id, ASSISTANT, {"answer": ANSWER.to_json()}
        )
        await queues.add_to_outbox(connection, answer, conversation_id, "web", seq)
        await store.keep_context(
            connection, cipher, conversation_id, flow={"nom": SECRET}, choices=(Choice(SECRET, "oui"),)
        )
        await create_demande(
            connection, cipher, DemandeDetails("retour", nom=SECRET, mots=SECRET),
            conversation_id=conversation_id, channel="web", territoire="essai",
        )  # fmt: skip
        address_hash = hash_address(cipher, "sms", conversation_id)
        await add_address(connection, cipher, conversation_id, address_hash, SECRET)
        await add_delivery(
            connection, cipher, channel="sms", conversation_id=conversation_id, message_seq=answer,
            address_hash=address_hash, address=SECRET, text=SECRET, lane=Lane.REPLY, not_before=now(),
            useful_for=timedelta(hours=1),
        )  # fmt: skip
        await connection.execute(
            followups.insert().values(conversation_id=conversation_id, kind="droit", due_at=now())
        )
    return seq


def bytes_on_disk(store_file: Path) -> bytes:
    """Return everything in the files of the store, the log of writes included."""
    return b"".join(path.read_bytes() for path in sorted(store_file.parent.glob(f"{store_file.name}*")))


async def test_a_conversation_opens_with_its_token_only(database: Database, cipher: Cipher) -> None:
    mine, other = await open_one(database, cipher, "mien"), await open_one(database, cipher, "autre")
    async with database.read() as connection:
        assert await store.find_conversation(connection, cipher, mine.id, "mien") == mine
        assert await store.find_conversation(connection, cipher, mine.id, "autre") is None
        assert await store.find_conversation(connection, cipher, other.id, "mien") is None
        assert await store.find_conversation(connection, cipher, "inconnue", "mien") is None
        assert await store.find_conversation(connection, cipher, mine.id) == mine


async def test_nothing_a_person_wrote_can_be_read_on_disk(
    database: Database, cipher: Cipher, store_file: Path
) -> None:
    conversation = await open_one(database, cipher, SECRET)
    await write_in(database, cipher, conversation.id)
    await database.close()
    written = bytes_on_disk(store_file)
    assert conversation.id.encode() in written
    assert SECRET.encode() not in written
    assert b"Bonjour" not in written


async def test_the_transcript_comes_in_the_order_of_storage(database: Database, cipher: Cipher) -> None:
    conversation, other = await open_one(database, cipher), await open_one(database, cipher)
    async with database.write() as connection:
        for rank in range(25):
            owner = other if rank % 3 == 0 else conversation
            await store.add_message(connection, cipher, owner.id, USER, {"text": str(rank)})
    async with database.read() as connection:
        found = await store.list_messages(connection, cipher, conversation.id)
        assert [message.text for message in found] == [str(rank) for rank in range(25) if rank % 3]
        after = await store.list_messages(connection, cipher, conversation.id, after_seq=found[9].seq)
        assert after == found[10:]
        assert await store.find_seq(connection, conversation.id, found[4].id) == found[4].seq
        assert await store.find_seq(connection, other.id, found[4].id) is None


async def test_a_message_is_kept_as_it_was_said(database: Database, cipher: Cipher) -> None:
    conversation = await open_one(database, cipher)
    seq = await write_in(database, cipher, conversation.id)
    async with database.read() as connection:
        question, answer = await store.list_messages(connection, cipher, conversation.id)
        replies = await store.list_messages(connection, cipher, conversation.id, in_reply_to=seq)
    assert (question.sender, question.text, question.answer) == (USER, SECRET, None)
    assert (answer.sender, answer.text, answer.answer) == (ASSISTANT, None, ANSWER)
    assert replies == [answer]
    assert len({question.id, answer.id}) == 2


async def test_the_form_and_the_choices_are_kept_and_taken_away(database: Database, cipher: Cipher) -> None:
    conversation = await open_one(database, cipher)
    for flow, choices in (({"a": [1]}, (Choice("Oui", "oui"), Choice("Non", "non"))), (None, ())):
        async with database.write() as connection:
            await store.keep_context(connection, cipher, conversation.id, flow=flow, choices=choices)
            found = await store.find_conversation(connection, cipher, conversation.id)
        assert found
        assert (found.flow, found.choices) == (flow, choices)


async def test_erasing_leaves_nothing_of_the_conversation_and_all_of_the_others(
    database: Database, cipher: Cipher
) -> None:
    mine, other = await open_one(database, cipher), await open_one(database, cipher)
    for conversation in (mine, other):
        await write_in(database, cipher, conversation.id)
    async with database.write() as connection:
        await store.erase_conversation(connection, mine.id)
    async with database.read() as connection:
        for table in metadata.sorted_tables:
            if "conversation_id" not in table.c:
                continue
            owners = {row.conversation_id for row in (await connection.execute(sa.select(table))).all()}
            assert owners == ({mine.id} if table.name == "rasa_erasures" else {other.id}), table.name
        assert {row.id for row in (await connection.execute(sa.select(conversations))).all()} == {other.id}


async def test_erasing_leaves_no_byte_of_the_text_on_disk(
    database: Database, cipher: Cipher, store_file: Path
) -> None:
    conversation = await open_one(database, cipher)
    await write_in(database, cipher, conversation.id)
    async with database.write() as connection:
        await store.erase_conversation(connection, conversation.id)
    await database.close()
    assert SECRET.encode() not in bytes_on_disk(store_file)


async def test_erasing_leaves_no_encrypted_byte_once_the_store_is_closed(
    database: Database, cipher: Cipher, store_file: Path
) -> None:
    conversation = await open_one(database, cipher)
    await write_in(database, cipher, conversation.id)
    async with database.write() as connection:
        sealed = [row.body_enc for row in (await connection.execute(sa.select(messages))).all()]
        await store.erase_conversation(connection, conversation.id)
    await database.close()
    left = bytes_on_disk(store_file)
    assert not [body for body in sealed if body[20:80] in left]


async def test_erasing_leaves_no_encrypted_byte_once_the_log_is_emptied(
    database: Database, cipher: Cipher, store_file: Path
) -> None:
    conversation = await open_one(database, cipher)
    await write_in(database, cipher, conversation.id)
    async with database.write() as connection:
        sealed = [row.body_enc for row in (await connection.execute(sa.select(messages))).all()]
        await store.erase_conversation(connection, conversation.id)
    await database.empty_log()
    left = bytes_on_disk(store_file)
    assert not [body for body in sealed if body[20:80] in left]


async def test_what_rasa_must_forget_is_noted_once_and_crossed_off(
    database: Database, cipher: Cipher
) -> None:
    conversation = await open_one(database, cipher)
    for _ in range(2):
        async with database.write() as connection:
            await store.erase_conversation(connection, conversation.id)
    async with database.write() as connection:
        assert await store.list_rasa_erasures(connection) == [conversation.id]
        await store.forget_rasa_erasure(connection, conversation.id)
        assert await store.list_rasa_erasures(connection) == []


async def test_a_conversation_is_idle_after_its_last_sign_of_life(database: Database, cipher: Cipher) -> None:
    idle, alive = await open_one(database, cipher), await open_one(database, cipher)
    month = now() - timedelta(days=30)
    async with database.write() as connection:
        await connection.execute(
            conversations.update()
            .where(conversations.c.id == idle.id)
            .values(last_at=month - timedelta(days=1))
        )
        assert await store.list_idle(connection, month) == [idle.id]
        assert alive.id not in await store.list_idle(connection, month)


async def test_old_messages_go_but_one_that_waits_for_its_answer_stays(
    database: Database, cipher: Cipher
) -> None:
    conversation = await open_one(database, cipher)
    await write_in(database, cipher, conversation.id)
    async with database.write() as connection:
        waiting = await store.add_message(connection, cipher, conversation.id, USER, {"text": "en attente"})
        await queues.add_to_inbox(connection, waiting, conversation.id, "k", done=False)
        await connection.execute(messages.update().values(at=now() - timedelta(days=40)))
        fresh = await store.add_message(connection, cipher, conversation.id, USER, {"text": "nouveau"})
        await store.erase_old_messages(connection, now() - timedelta(days=30))
        left = await store.list_messages(connection, cipher, conversation.id)
        assert [message.seq for message in left] == [waiting, fresh]
        assert [row.message_seq for row in (await connection.execute(sa.select(inbox))).all()] == [waiting]
        assert (await connection.execute(sa.select(outbox))).all() == []


async def test_the_last_answer_is_the_one_just_before_a_message(database: Database, cipher: Cipher) -> None:
    conversation, other = await open_one(database, cipher), await open_one(database, cipher)
    answers = [Answer(AnswerType.ACCUEIL, (paragraph(words),), words) for words in ("Un.", "Deux.", "Trois.")]

    async def add(sender: str, body: dict[str, object], conversation_id: str = conversation.id) -> int:
        return await store.add_message(connection, cipher, conversation_id, sender, body)

    async with database.write() as connection:
        first = await add(USER, {"text": "bonjour"})
        for answer in answers[:2]:
            await add(ASSISTANT, {"answer": answer.to_json()})
        await add(ASSISTANT, {"answer": ANSWER.to_json()}, other.id)
        second = await add(USER, {"text": "et encore"})
        await add(ASSISTANT, {"answer": answers[2].to_json()})
        found = [await store.last_answer(connection, cipher, conversation.id, seq) for seq in (first, second)]
    assert found == [None, answers[1]]
