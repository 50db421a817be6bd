"""The one door: conversations, replies, requests to a person, erasure."""

from __future__ import annotations

import asyncio
from datetime import timedelta
from pathlib import Path

import pytest
import sqlalchemy as sa

from bot.knowledge.loader import Knowledge
from bot.model.answer import AnswerType
from bot.service.assistant import Assistant, open_assistant
from bot.settings import Settings
from bot.store.demandes import DemandeDetails
from bot.store.schema import messages, outbox
from tests.bot.rasa_stand_in import RasaStandIn
from tests.bot.service.person import Person, words_of


async def test_a_conversation_opens_with_the_welcome_and_a_token_of_its_own(assistant: Assistant) -> None:
    one, token, said = await assistant.start_conversation("web")
    other, other_token, _ = await assistant.start_conversation("api")
    assert [message.answer.type for message in said if message.answer] == [AnswerType.ACCUEIL]
    assert token != other_token
    found = await assistant.find_conversation(one.id, token)
    assert found
    assert (found.channel, found.choices) == ("web", said[0].answer.choices if said[0].answer else None)
    assert await assistant.find_conversation(other.id, token) is None
    assert await assistant.find_conversation(one.id, "") is None


async def test_the_transcript_is_given_from_a_message_on(person: Person) -> None:
    await person.say("aide")
    await person.say("contact")
    whole = await person.assistant.transcript(person.id)
    assert [message.sender for message in whole] == ["assistant", "user", "assistant", "user", "assistant"]
    assert await person.assistant.transcript(person.id, after=whole[1].id) == whole[2:]
    assert await person.assistant.transcript(person.id, after=whole[-1].id) == []
    assert await person.assistant.transcript(person.id, after="inconnu") == whole


async def test_replies_come_as_soon_as_they_are_stored(person: Person, rasa: RasaStandIn) -> None:
    rasa.hold()
    receipt = await person.send("bonjour à tous")
    waiting = asyncio.ensure_future(person.assistant.wait_for_replies(person.id, receipt.seq, 20))
    await rasa.arrived.wait()
    assert not waiting.done()
    rasa.released.set()
    assert len(await asyncio.wait_for(waiting, 20)) == 1


async def test_when_the_time_is_over_there_is_no_reply_yet(person: Person, rasa: RasaStandIn) -> None:
    rasa.hold()
    receipt = await person.send("bonjour à tous")
    assert await person.assistant.wait_for_replies(person.id, receipt.seq, 0.01) == []


async def test_what_was_fetched_is_noted_as_delivered(person: Person) -> None:
    await person.say("aide")
    await person.assistant.served.flush()
    async with person.assistant._database.read() as connection:
        rows = (await connection.execute(sa.select(outbox))).all()
    assert [row.status for row in rows] == ["served", "served"]
    assert all(row.delivered_at for row in rows)


async def test_whoever_listens_is_woken_by_what_is_stored(person: Person) -> None:
    with person.assistant.listen(person.id) as event:
        await person.send("aide")
        assert event.is_set()
        event.clear()
        await person.assistant.create_demande(
            DemandeDetails("retour"), conversation_id=person.id, channel="web"
        )
        assert event.is_set()
        event.clear()
        await person.assistant.erase(person.id)
        assert event.is_set()


async def test_a_request_from_the_page_is_said_in_the_conversation(person: Person) -> None:
    details = DemandeDetails("rappel", "06 12 34 56 78")
    ticket = await person.assistant.create_demande(details, conversation_id=person.id, channel="web")
    last = (await person.assistant.transcript(person.id))[-1].answer
    assert last
    assert last.reference == ticket.reference
    assert ticket.code in words_of(last)
    assert await person.assistant.state(person.id) == "waiting"


async def test_a_request_without_a_conversation_is_kept_and_found(assistant: Assistant) -> None:
    ticket = await assistant.create_demande(
        DemandeDetails("rappel", "06 12 34 56 78"), conversation_id=None, channel="web"
    )
    found = await assistant.find_demande(ticket.reference, ticket.code)
    assert found
    assert found.conversation_id is None
    assert await assistant.find_demande(ticket.reference, "BCDFGHJK") is None


async def test_a_request_for_a_conversation_that_is_gone_is_still_kept(assistant: Assistant) -> None:
    ticket = await assistant.create_demande(DemandeDetails("retour"), conversation_id="partie", channel="web")
    assert await assistant.find_demande(ticket.reference, ticket.code)


async def test_erasing_leaves_no_byte_on_disk_not_even_encrypted(person: Person, settings: Settings) -> None:
    await person.pick("personne:retour")
    await person.say("motsecretdelapersonne")
    async with person.assistant._database.read() as connection:
        sealed = [row.body_enc for row in (await connection.execute(sa.select(messages))).all()]
    await person.assistant.erase(person.id)
    left = b"".join(path.read_bytes() for path in Path(settings.var).glob("*.db*"))
    assert sealed
    assert not [body for body in sealed if body[20:80] in left]
    assert b"motsecret" not in left


async def test_health_is_asked_again_only_after_its_age(assistant: Assistant, rasa: RasaStandIn) -> None:
    for _ in range(3):
        assert (await assistant.health()).ok
    assert rasa.texts == ["/sonder"]
    assert (await assistant.health(max_age=timedelta(0))).ok
    assert len(rasa.texts) == 2


async def test_it_opens_on_an_empty_folder_and_again_on_what_it_left(
    settings: Settings, rasa: RasaStandIn, knowledge: Knowledge, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("bot.service.assistant.load_knowledge", lambda _data, _territoire: knowledge)
    async with open_assistant(settings) as assistant:
        person = await Person.arrive(assistant)
        await person.hear(await person.send("bonjour à tous"))
        ticket = await assistant.create_demande(
            DemandeDetails("retour"), conversation_id=person.id, channel="web"
        )
    async with open_assistant(settings) as assistant:
        revived = Person(assistant, person.id, person.token)
        assert await revived.texts() == ["bonjour à tous"]
        assert await assistant.find_demande(ticket.reference, ticket.code)
