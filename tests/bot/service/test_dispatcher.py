"""Answering what waits: in order, through faults and crashes, and never what was erased."""

from __future__ import annotations

import asyncio
import sqlite3
from collections import Counter
from contextlib import AsyncExitStack, closing
from typing import Any

import pytest
import sqlalchemy as sa
from aiohttp import web

from bot.answers.choices import PERSON_CALL
from bot.intake.danger import DangerDetector
from bot.intake.danger_model import DangerModel
from bot.model.answer import AnswerType
from bot.service.assistant import Assistant
from bot.service.dispatcher import MAX_FAILURES
from bot.service.intake import Incoming
from bot.service.logs import configure_logs
from bot.settings import Settings
from bot.store import queues
from bot.store.schema import inbox, rasa_erasures
from tests.bot.rasa_stand_in import RasaStandIn
from tests.bot.service.conftest import OpenAssistant
from tests.bot.service.person import Person, words_of

RSA = [{"kind": "fiche", "fiche": "rsa", "rubrique": "montant"}]
KEPT = "Votre message est gardé"


async def waiting(assistant: Assistant) -> int:
    async with assistant._database.read() as connection:
        return (await queues.counts(connection))["a_repondre"]


async def test_a_question_is_answered_from_what_was_understood(person: Person, rasa: RasaStandIn) -> None:
    rasa.directives = RSA
    (answer,) = await person.hear(await person.send("combien pour le rsa ?"))
    assert (answer.type, answer.fiche, answer.rubrique) == (AnswerType.FICHE, "rsa", "montant")
    assert (await person.conversation()).choices == answer.choices
    assert await waiting(person.assistant) == 0


@pytest.mark.parametrize("number", ["1 85 05 78 006 084 91", "06 39 98 00 01", "moi@exemple.fr"])
async def test_rasa_receives_the_words_without_what_was_masked_nor_the_words_of_the_mask(
    person: Person, rasa: RasaStandIn, number: str
) -> None:
    await person.hear(await person.send(f"combien pour le rsa, {number} ?"), 2)
    (body,) = rasa.received
    assert body["sender"] == person.id
    assert body["message"] == "combien pour le rsa, ?"


async def test_a_choice_is_not_understood_again(person: Person, rasa: RasaStandIn) -> None:
    (answer,) = await person.hear(await person.send(choice="fiche:apl:pieces"))
    assert (answer.fiche, answer.rubrique) == ("apl", "pieces")
    assert rasa.texts == ['/choisir{"fiche": "apl", "rubrique": "pieces"}']


async def test_messages_of_a_conversation_are_answered_in_order_one_at_a_time(
    person: Person, rasa: RasaStandIn
) -> None:
    rasa.hold()
    receipts = [await person.send(f"question {rank}") for rank in range(5)]
    await rasa.arrived.wait()
    assert rasa.texts == ["question 0"]
    rasa.released.set()
    for receipt in receipts:
        await person.hear(receipt)
    assert rasa.texts == [f"question {rank}" for rank in range(5)]
    answered = [message.seq for message in await person.assistant.transcript(person.id) if message.answer][1:]
    assert answered == sorted(answered)


async def test_several_conversations_are_answered_at_once(assistant: Assistant, rasa: RasaStandIn) -> None:
    rasa.hold()
    people = [await Person.arrive(assistant) for _ in range(4)]
    receipts = [await person.send("bonjour à tous") for person in people]
    async with asyncio.timeout(20):
        while len(rasa.received) < len(people):
            rasa.arrived.clear()
            await rasa.arrived.wait()
    rasa.released.set()
    for person, receipt in zip(people, receipts, strict=True):
        assert len(await person.hear(receipt)) == 1


async def test_no_more_conversations_at_once_than_the_setting_says(
    open_assistants: tuple[AsyncExitStack, OpenAssistant], settings: Settings, rasa: RasaStandIn
) -> None:
    stack, open_one = open_assistants
    assistant = await open_one()
    assistant.dispatcher._slots = asyncio.Semaphore(2)
    await stack.enter_async_context(assistant.dispatcher.running())
    rasa.hold()
    people = [await Person.arrive(assistant) for _ in range(5)]
    receipts = [await person.send("bonjour à tous") for person in people]
    async with asyncio.timeout(20):
        while len(rasa.received) < 2:
            rasa.arrived.clear()
            await rasa.arrived.wait()
    for _ in range(20):
        await asyncio.sleep(0)
    assert len(rasa.received) == 2
    rasa.released.set()
    for person, receipt in zip(people, receipts, strict=True):
        await person.hear(receipt)


async def test_a_commune_said_behind_a_question_waits_its_turn_and_needs_no_rasa(
    person: Person, rasa: RasaStandIn
) -> None:
    rasa.hold()
    first = await person.send("où trouver un lieu ?")
    await rasa.arrived.wait()
    second = await person.send("Gaël")
    rasa.released.set()
    await person.hear(first)
    (place,) = await person.hear(second)
    assert place.type is AnswerType.LIEU
    assert rasa.texts == ["où trouver un lieu ?"]


async def test_two_things_asked_at_once_get_two_answers(person: Person, rasa: RasaStandIn) -> None:
    rasa.directives = [{"kind": "fiche", "fiche": "rsa", "rubrique": "pieces", "also": "montant"}]
    answers = await person.hear(await person.send("il faut quoi et c'est combien le rsa ?"), 2)
    assert [(answer.fiche, answer.rubrique) for answer in answers] == [("rsa", "pieces"), ("rsa", "montant")]


# -- a danger told just before, or perhaps

REPEATED = [
    {"kind": "repeter", "fiche": "rsa", "rubrique": "montant"},
    {"kind": "simplifier", "fiche": "rsa", "rubrique": "montant"},
    {"kind": "rien_en_cours"},
]


@pytest.mark.parametrize("directive", REPEATED, ids=lambda directive: directive["kind"])
@pytest.mark.parametrize("told", ["mon mari me frappe", "je veux me suicider"])
async def test_after_an_emergency_repeat_and_simplify_give_the_emergency_again(
    person: Person, rasa: RasaStandIn, told: str, directive: dict[str, Any]
) -> None:
    emergency = await person.say(told)
    assert emergency.type is AnswerType.URGENCE
    rasa.directives = [directive]
    assert await person.hear(await person.send("vous pouvez redire ?")) == [emergency]
    assert await person.hear(await person.send("encore une fois")) == [emergency]


async def test_after_another_answer_repeat_is_no_longer_about_the_emergency(
    person: Person, rasa: RasaStandIn
) -> None:
    await person.say("mon mari me frappe")
    rasa.directives = RSA
    await person.hear(await person.send("combien pour le rsa ?"))
    rasa.directives = REPEATED[:1]
    (answer,) = await person.hear(await person.send("vous pouvez redire ?"))
    assert (answer.type, answer.fiche) == (AnswerType.FICHE, "rsa")


async def test_an_emergency_with_a_fiche_becomes_the_subject_in_hand(
    person: Person, rasa: RasaStandIn
) -> None:
    assert (await person.say("mon mari me frappe")).fiche == "violences-conjugales"
    rasa.directives = [{"kind": "fiche", "fiche": "violences-conjugales", "rubrique": "contact"}]
    answers = await person.hear(await person.send("et qui peut venir avec moi ?"))
    assert [answer.rubrique for answer in answers] == ["contact"]
    assert rasa.texts == ['/choisir{"fiche": "violences-conjugales"}', "et qui peut venir avec moi ?"]
    await person.hear(await person.send("et après ?"))
    assert rasa.texts[2:] == ["et après ?"]


async def test_an_emergency_without_a_fiche_leaves_the_subject_in_hand_alone(
    person: Person, rasa: RasaStandIn
) -> None:
    assert (await person.say("je veux me suicider")).fiche is None
    rasa.directives = RSA
    await person.hear(await person.send("et pour le rsa ?"))
    assert rasa.texts == ["et pour le rsa ?"]


class Suspicious(DangerModel):
    """A model that is sure of nothing and suspects the words it is given."""

    def __init__(self, **kinds: str) -> None:
        self._kinds = kinds

    def read(self, text: str) -> str:
        return text

    def kind(self, text: str) -> str | None:
        return None

    def suspected(self, text: str) -> str | None:
        return next((kind for word, kind in self._kinds.items() if word in text), None)


@pytest.fixture
def suspicious(person: Person) -> DangerDetector:
    """The assistant's detector, who takes tiredness for a danger perhaps told."""
    detector = DangerDetector(Suspicious(fatigue="suicide"))
    person.assistant._intake.danger = detector
    return detector


@pytest.mark.usefixtures("suspicious")
async def test_the_numbers_of_a_danger_perhaps_told_come_before_the_answer(
    person: Person, rasa: RasaStandIn
) -> None:
    composer = person.assistant._intake.composer
    rasa.directives = RSA
    numbers, answer = await person.hear(await person.send("je fatigue, combien pour le rsa ?"), 2)
    assert numbers == composer.perhaps_danger("suicide")
    assert answer == composer.fiche("rsa", "montant")
    (calm,) = await person.hear(await person.send("combien pour le rsa ?"))
    assert calm == composer.fiche("rsa", "montant")


@pytest.mark.usefixtures("suspicious")
async def test_the_numbers_of_a_danger_perhaps_told_do_not_wait_for_rasa(person: Person) -> None:
    numbers, notice = await person.hear(await person.send("je fatigue, combien pour le rsa ?"), 2)
    assert "3114" in words_of(numbers)
    assert KEPT in words_of(notice)


@pytest.mark.usefixtures("suspicious")
async def test_the_numbers_of_a_danger_perhaps_told_come_above_a_form(person: Person) -> None:
    (asked,) = await person.hear(await person.send(choice=PERSON_CALL))
    numbers, next_step = await person.hear(await person.send("je fatigue"), 2)
    assert "3114" in words_of(numbers)
    assert next_step.type is AnswerType.ESCALADE
    assert next_step != asked


# -- when Rasa does not answer


async def test_while_rasa_is_away_the_delay_is_told_once_and_the_answer_comes_when_it_is_back(
    person: Person, rasa_stand_in: RasaStandIn
) -> None:
    receipt = await person.send("combien pour le rsa ?")
    (notice,) = await person.hear(receipt)
    assert KEPT in words_of(notice)
    assert notice.places
    async with person.assistant._database.read() as connection:
        while (await connection.execute(sa.select(inbox.c.attempts))).scalar_one() < 3:
            await connection.rollback()
            await asyncio.sleep(0.01)
    assert await person.replies(receipt) == [notice]
    rasa_stand_in.directives = RSA
    await rasa_stand_in.start()
    told, answer = await person.hear(receipt, 2)
    assert told == notice
    assert answer.fiche == "rsa"
    assert await waiting(person.assistant) == 0


@pytest.mark.parametrize(
    "fault",
    [
        pytest.param(lambda: web.Response(status=500), id="an error"),
        pytest.param(lambda: web.json_response([]), id="no answer"),
        pytest.param(lambda: web.Response(text="<html>"), id="a page"),
        pytest.param(lambda: web.json_response([{"recipient_id": "x", "text": "?"}]), id="no directive"),
    ],
)
async def test_after_a_fault_of_rasa_the_message_is_answered_and_the_delay_was_told_once(
    person: Person, rasa: RasaStandIn, fault: Any
) -> None:
    rasa.fault = fault
    receipt = await person.send("bonjour à tous")
    await person.hear(receipt)
    rasa.fault = None
    replies = await person.hear(receipt, 2)
    assert [KEPT in words_of(reply) for reply in replies] == [True, False]


async def test_a_rasa_too_slow_is_asked_again_and_the_delay_is_told_once(
    open_assistants: tuple[AsyncExitStack, OpenAssistant], settings: Settings, rasa: RasaStandIn
) -> None:
    stack, open_one = open_assistants
    assistant = await open_one()
    assistant._rasa._timeout = type(assistant._rasa._timeout)(total=0.05)
    await stack.enter_async_context(assistant.dispatcher.running())
    person = await Person.arrive(assistant)
    rasa.hold()
    receipt = await person.send("bonjour à tous")
    await person.hear(receipt)
    rasa.released.set()
    replies = await person.hear(receipt, 2)
    assert [KEPT in words_of(reply) for reply in replies] == [True, False]


async def test_the_channel_and_the_dispatcher_tell_the_delay_once_between_them(
    person: Person, rasa: RasaStandIn
) -> None:
    rasa.hold()
    receipt = await person.send("bonjour à tous")
    for _ in range(3):
        replies = await person.assistant.tell_delay(person.id, receipt.seq)
        assert len(replies) == 1
    rasa.released.set()
    assert len(await person.hear(receipt, 2)) == 2


async def test_the_choices_shown_stay_while_a_delay_is_told(person: Person) -> None:
    before = (await person.conversation()).choices
    await person.hear(await person.send("bonjour à tous"))
    assert (await person.conversation()).choices == before != ()


async def test_an_answered_message_is_never_told_late(person: Person, rasa: RasaStandIn) -> None:
    receipt = await person.send("bonjour à tous")
    before = await person.hear(receipt)
    await person.assistant.tell_delay(person.id, receipt.seq)
    assert await person.replies(receipt) == before


@pytest.mark.parametrize(
    "directives",
    [
        [{"kind": "inconnu"}],
        [{"kind": "fiche", "fiche": "inconnue"}],
    ],
)
async def test_a_decision_that_cannot_be_said_does_not_block_the_conversation_for_good(
    person: Person, rasa: RasaStandIn, directives: list[dict[str, str]]
) -> None:
    rasa.directives = directives
    first, second = await person.send("bonjour à tous"), await person.send("encore")
    await rasa.arrived.wait()
    rasa.directives = RSA
    assert (await person.hear(first, 2))[-1].fiche == "rsa"
    assert (await person.hear(second, 2))[-1].fiche == "rsa"


async def test_a_message_that_always_fails_is_answered_by_the_way_to_a_person(
    person: Person, rasa: RasaStandIn
) -> None:
    rasa.directives = [{"kind": "inconnu"}]
    delay, given_up = await person.hear(await person.send("bonjour à tous"), 2)
    assert (delay.type, given_up.type) == (AnswerType.ESCALADE, AnswerType.ESCALADE)
    assert "Cela vient de moi" in words_of(given_up)
    assert Counter(rasa.texts)["bonjour à tous"] == MAX_FAILURES
    rasa.directives = RSA
    assert (await person.hear(await person.send("le rsa")))[-1].fiche == "rsa"


async def test_who_writes_behind_a_delayed_message_is_told_at_once(
    open_assistants: tuple[AsyncExitStack, OpenAssistant], rasa: RasaStandIn
) -> None:
    stack, open_one = open_assistants
    assistant = await open_one(retry_max_seconds=60.0)
    await stack.enter_async_context(assistant.dispatcher.running())
    person = await Person.arrive(assistant)
    rasa.fault = lambda: web.Response(status=500)
    await person.hear(await person.send("première"))
    (told,) = await person.hear(await person.send("deuxième"))
    assert "gardé" in words_of(told)
    assert "deuxième" not in rasa.texts


async def test_a_store_away_while_a_delay_is_told_does_not_end_the_wait_for_another_try(
    person: Person, monkeypatch: pytest.MonkeyPatch
) -> None:
    dispatcher = person.assistant.dispatcher

    async def fail(_conversation_id: str) -> None:
        raise sqlite3.OperationalError("database is locked")

    monkeypatch.setattr(dispatcher, "_tell_delays", fail)
    dispatcher._news[person.id] = asyncio.Event()
    dispatcher._news[person.id].set()  # somebody writes meanwhile
    await dispatcher._rest(person.id, 0.05)


async def test_a_decision_that_cannot_be_said_is_told_as_a_delay(person: Person, rasa: RasaStandIn) -> None:
    rasa.directives = [{"kind": "inconnu"}]
    receipt = await person.send("bonjour à tous")
    async with asyncio.timeout(5):
        while Counter(rasa.texts)["bonjour à tous"] < 3:
            rasa.arrived.clear()
            await rasa.arrived.wait()
    assert await person.replies(receipt)


# -- crashes


async def test_what_an_earlier_process_left_is_answered_by_the_next_in_order(
    open_assistants: tuple[AsyncExitStack, OpenAssistant], rasa: RasaStandIn
) -> None:
    stack, open_one = open_assistants
    dead = await open_one()
    person = await Person.arrive(dead)
    receipts = [await dead._intake.receive(person.id, Incoming(f"question {rank}")) for rank in range(3)]
    alive = await open_one()
    await stack.enter_async_context(alive.dispatcher.running())
    revived = Person(alive, person.id, person.token)
    for receipt in receipts:
        assert len(await revived.hear(receipt)) == 1
    assert rasa.texts == ["question 0", "question 1", "question 2"]


async def test_what_rasa_learnt_of_a_message_lost_in_a_crash_is_taken_back_before_it_is_asked_again(
    open_assistants: tuple[AsyncExitStack, OpenAssistant], rasa: RasaStandIn, settings: Settings
) -> None:
    stack, open_one = open_assistants
    dead = await open_one()
    person = await Person.arrive(dead)
    receipt = await dead._intake.receive(person.id, Incoming("question perdue"))
    async with dead._database.write() as connection:  # the crash came after Rasa was asked
        await queues.note_attempt(connection, receipt.seq)
        item = await queues.next_to_answer(connection, dead._cipher, person.id)
    assert item
    with closing(sqlite3.connect(settings.rasa_tracker_db)) as trackers, trackers:
        trackers.execute(
            "CREATE TABLE events (id INTEGER PRIMARY KEY, sender_id TEXT, type_name TEXT, data TEXT)"
        )
        for message in ("earlier", item.message_id):
            trackers.execute(
                "INSERT INTO events (sender_id, type_name, data) VALUES (?, 'user', ?)",
                (person.id, f'{{"metadata": {{"message": "{message}"}}}}'),
            )
        trackers.execute(
            "INSERT INTO events (sender_id, type_name, data) VALUES (?, 'slot', '{}')", (person.id,)
        )
    alive = await open_one()
    await stack.enter_async_context(alive.dispatcher.running())
    await Person(alive, person.id, person.token).hear(receipt)
    with closing(sqlite3.connect(settings.rasa_tracker_db)) as trackers:
        left = [row[0] for row in trackers.execute("SELECT data FROM events ORDER BY id")]
    assert left == ['{"metadata": {"message": "earlier"}}']


async def test_a_process_stopped_in_the_middle_loses_nothing(
    open_assistants: tuple[AsyncExitStack, OpenAssistant], rasa: RasaStandIn
) -> None:
    stack, open_one = open_assistants
    stopped = await open_one()
    rasa.hold()
    async with stopped.dispatcher.running():
        person = await Person.arrive(stopped)
        receipt = await person.send("question coupée")
        await rasa.arrived.wait()
    assert await waiting(stopped) == 1
    rasa.released.set()
    alive = await open_one()
    await stack.enter_async_context(alive.dispatcher.running())
    assert len(await Person(alive, person.id, person.token).hear(receipt)) == 1


async def test_once_stopped_nothing_goes_on(
    open_assistants: tuple[AsyncExitStack, OpenAssistant], rasa: RasaStandIn
) -> None:
    _stack, open_one = open_assistants
    assistant = await open_one()
    rasa.hold()
    async with assistant.dispatcher.running():
        person = await Person.arrive(assistant)
        await person.send("une question")
        await rasa.arrived.wait()
        await person.send("une autre")  # comes while the first is being answered
    left = dict(assistant.dispatcher._running)
    for task in left.values():
        task.cancel()
    await asyncio.gather(*left.values(), return_exceptions=True)
    assert left == {}


async def test_a_message_another_process_answered_meanwhile_is_not_answered_twice(
    person: Person, rasa: RasaStandIn
) -> None:
    rasa.hold()
    receipt = await person.send("combien pour le rsa ?")
    await rasa.arrived.wait()
    async with person.assistant._database.write() as connection:
        assert await queues.mark_answered(connection, receipt.seq)
    task = person.assistant.dispatcher._running[person.id]
    rasa.released.set()
    await asyncio.wait_for(task, 20)
    assert await person.replies(receipt) == []


# -- erased meanwhile


async def test_of_a_conversation_erased_while_rasa_was_thinking_nothing_comes_back(
    person: Person, rasa: RasaStandIn
) -> None:
    rasa.hold()
    await person.send("combien pour le rsa ?")
    await rasa.arrived.wait()
    task = person.assistant.dispatcher._running[person.id]
    await person.assistant.erase(person.id)
    rasa.released.set()
    await asyncio.wait_for(task, 20)
    assert await person.assistant.transcript(person.id) == []
    assert await person.assistant.find_conversation(person.id, person.token) is None
    async with person.assistant._database.read() as connection:
        assert (await connection.execute(sa.select(inbox))).all() == []
        left = [row.conversation_id for row in (await connection.execute(sa.select(rasa_erasures))).all()]
    assert left == [person.id]  # what Rasa learnt meanwhile goes at the next purge
    await person.assistant.purge.forget_in_rasa()
    async with person.assistant._database.read() as connection:
        assert (await connection.execute(sa.select(rasa_erasures))).all() == []


async def test_of_a_conversation_erased_while_rasa_was_away_no_delay_is_told(person: Person) -> None:
    await person.hear(await person.send("combien pour le rsa ?"))
    task = person.assistant.dispatcher._running[person.id]
    await person.assistant.erase(person.id)
    await asyncio.wait_for(task, 20)
    assert await person.assistant.transcript(person.id) == []


async def test_a_failure_is_logged_without_a_word_of_the_person(
    person: Person, rasa: RasaStandIn, capsys: pytest.CaptureFixture[str]
) -> None:
    configure_logs()
    rasa.directives = [{"kind": "inconnu"}]
    receipt = await person.send("motsecretdelapersonne")
    await rasa.arrived.wait()
    rasa.directives = RSA
    while not [answer for answer in await person.replies(receipt) if answer.fiche]:
        await asyncio.sleep(0.01)
    captured = capsys.readouterr()
    assert "answer_failed" in captured.out + captured.err
    assert "motsecret" not in captured.out + captured.err
