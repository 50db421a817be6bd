"""Several processes on one PostgreSQL: each message is answered by one of them, and what one leaves another takes."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import AsyncExitStack
from datetime import timedelta

import pytest
import sqlalchemy as sa

from bot.intake.danger import DangerDetector
from bot.knowledge.loader import Knowledge
from bot.rasa_client import RasaClient
from bot.service import dispatcher as dispatcher_module
from bot.service import leases as leases_module
from bot.service.assistant import Assistant
from bot.service.delivery_queue import sender_lease
from bot.service.intake import Incoming
from bot.settings import Settings
from bot.store import conversations as store
from bot.store import deliveries, leases, queues
from bot.store.cipher import load_cipher
from bot.store.database import Database, StoreAway, lock, now
from bot.store.deliveries import Lane
from bot.store.schema import inbox
from bot.store.schema import leases as lease_table
from channels.sms.voice import speak_by_sms
from tests.bot.rasa_stand_in import RasaStandIn
from tests.bot.service.person import Person
from tests.bot.service.phone import Phone
from tests.engines import Postgres, run_postgres
from tests.until import until

VOICES = {"sms": speak_by_sms}
OpenAssistant = Callable[[], Awaitable[Assistant]]


@pytest.fixture
def url(postgres: Postgres, postgres_template: str) -> str:
    """A database of one test."""
    return postgres.url(postgres.new_database(postgres_template))


@pytest.fixture
async def database(url: str) -> AsyncIterator[Database]:
    """The database, open."""
    opened = Database(url)
    yield opened
    await opened.close()


@pytest.fixture
async def open_one(settings: Settings, knowledge: Knowledge, url: str) -> AsyncIterator[OpenAssistant]:
    """Return what opens an assistant, each as a process of its own would; none answers before `dispatcher.running`."""
    own = settings.copy(update={"database_url": url})
    async with AsyncExitStack() as stack:

        async def open_assistant() -> Assistant:
            opened = Database(url)
            stack.push_async_callback(opened.close)
            rasa = await stack.enter_async_context(RasaClient.open(own))
            cipher = load_cipher(own.var / "cles")
            assistant = Assistant(own, knowledge, opened, cipher, rasa, DangerDetector(None), VOICES)
            await stack.enter_async_context(assistant.leases.living())
            return assistant

        yield open_assistant


async def end_leases(database: Database, holder: str) -> None:
    """Make the leases of a process as old as if it had been stopped for long."""
    async with database.write() as connection:
        await connection.execute(
            lease_table.update()
            .where(lease_table.c.holder == holder)
            .values(until=now() - timedelta(minutes=1))
        )


# -- writes ----------------------------------------------------------------------------------------


async def waits(database: Database, *keys: str) -> bool:
    """Tell whether a write that names these keys must wait at this moment."""
    begun = asyncio.Event()

    async def write() -> None:
        async with database.write(*keys):
            begun.set()

    task = asyncio.create_task(write())
    try:
        await until(lambda: begun.is_set() or task.done(), 0.5)
    except TimeoutError:
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)
        return True
    await task
    return False


async def test_writes_of_one_conversation_wait_for_each_other_and_others_do_not(database: Database) -> None:
    async with database.write("a"):
        assert await waits(database, "a")
        assert not await waits(database, "b")
        assert await waits(database)
    assert not await waits(database, "a")


async def test_a_write_that_names_nothing_runs_alone(database: Database) -> None:
    async with database.write():
        assert await waits(database, "a")
        assert await waits(database)


async def test_a_key_may_be_taken_in_the_middle_of_a_write(database: Database) -> None:
    async with database.write("address") as connection:
        await lock(connection, "conversation")
        assert await waits(database, "conversation")
    assert not await waits(database, "conversation")


async def test_readers_wait_for_nobody(database: Database) -> None:
    async with database.write(), database.read() as connection:
        assert (await connection.execute(sa.text("SELECT 1"))).scalar_one() == 1


async def test_a_server_that_is_away_is_said_so_and_used_again_when_it_is_back() -> None:
    with run_postgres() as server:
        database = Database(server.url())
        async with database.read() as connection:
            await connection.execute(sa.text("SELECT 1"))
        server.stop()
        with pytest.raises(StoreAway):
            async with database.write("a"):
                pass
        server.start()
        async with database.write("a") as connection:
            assert (await connection.execute(sa.text("SELECT 1"))).scalar_one() == 1
        await database.close()


# -- leases ----------------------------------------------------------------------------------------


async def test_a_lease_is_held_by_one_until_it_ends(database: Database) -> None:
    async with database.write() as connection:
        assert await leases.take(connection, "clocks", "one")
        assert await leases.take(connection, "clocks", "one")
        assert not await leases.take(connection, "clocks", "two")
    await end_leases(database, "one")
    async with database.write() as connection:
        assert not await leases.is_held(connection, "clocks", "one")
        assert await leases.take(connection, "clocks", "two")
        assert not await leases.take(connection, "clocks", "one")


async def test_what_one_alone_does_is_taken_over_when_its_process_stops(
    open_one: OpenAssistant, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(leases_module, "RENEW_SECONDS", 0.02)
    one, two = await open_one(), await open_one()
    working: list[str] = []

    def work(name: str) -> Callable[[], AsyncExitStack]:
        def begin() -> AsyncExitStack:
            stack = AsyncExitStack()
            working.append(name)
            stack.callback(working.remove, name)
            return stack

        return begin

    async with AsyncExitStack() as first, AsyncExitStack() as second:
        await first.enter_async_context(one.leases.alone("clocks", work("one")))  # type: ignore[arg-type]
        await until(lambda: working == ["one"])
        await second.enter_async_context(two.leases.alone("clocks", work("two")))  # type: ignore[arg-type]
        await first.aclose()
        await until(lambda: working == ["two"])


async def test_a_sender_that_slept_through_its_lease_takes_no_message(
    open_one: OpenAssistant, database: Database
) -> None:
    one, two = await open_one(), await open_one()
    async with database.write() as connection:
        assert await leases.take(connection, sender_lease("sms"), one.leases.holder)
        await deliveries.add_delivery(
            connection, one._cipher, channel="sms", conversation_id=None, message_seq=None, address_hash="a",
            address="+33639980001", text="texte", lane=Lane.REPLY, not_before=now(), useful_for=timedelta(hours=1),
        )  # fmt: skip
    await end_leases(database, one.leases.holder)
    assert await one.deliveries.take_next("sms") is None
    async with database.write() as connection:
        assert await leases.take(connection, sender_lease("sms"), two.leases.holder)
    taken = await two.deliveries.take_next("sms")
    assert taken
    assert taken.text == "texte"


# -- answers ---------------------------------------------------------------------------------------


async def count_done(assistant: Assistant) -> int:
    async with assistant._database.read() as connection:
        query = sa.select(sa.func.count()).select_from(inbox).where(inbox.c.status == queues.DONE)
        return int((await connection.execute(query)).scalar_one())


async def all_answered(assistant: Assistant, count: int) -> None:
    async with asyncio.timeout(20):
        while await count_done(assistant) < count:
            await asyncio.sleep(0.02)


async def test_a_message_told_to_two_processes_is_asked_to_rasa_once(
    open_one: OpenAssistant, rasa: RasaStandIn
) -> None:
    one, two = await open_one(), await open_one()
    person = await Person.arrive(one)
    await one._intake.receive(person.id, Incoming("question"))
    async with one.dispatcher.running(), two.dispatcher.running():
        for _ in range(5):
            one.dispatcher.notify(person.id)
            two.dispatcher.notify(person.id)
        await all_answered(one, 1)
    assert len(rasa.texts) == 1


async def test_messages_that_reach_two_processes_are_answered_in_the_order_of_storage(
    open_one: OpenAssistant, rasa: RasaStandIn
) -> None:
    one, two = await open_one(), await open_one()
    person = await Person.arrive(one)
    async with one.dispatcher.running(), two.dispatcher.running():
        for number in range(12):
            process = (one, two)[number % 2]
            await process.receive(person.id, Incoming(f"question {number}"))
        await all_answered(one, 12)
    assert rasa.texts == [f"question {number}" for number in range(12)]


async def test_what_a_dead_process_held_is_answered_by_another(
    open_one: OpenAssistant, rasa: RasaStandIn, database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(dispatcher_module, "LEFT_SECONDS", 0.05)
    dead, alive = await open_one(), await open_one()
    person = await Person.arrive(dead)
    receipt = await dead._intake.receive(person.id, Incoming("question"))
    async with database.write() as connection:
        assert await queues.hold(connection, receipt.seq, dead.leases.holder)
    async with alive.dispatcher.running():
        alive.dispatcher.notify(person.id)
        await until(lambda: not alive.dispatcher._running)
        assert rasa.texts == []  # it is in the hands of a process that lives
        await end_leases(database, dead.leases.holder)
        await all_answered(alive, 1)
    assert rasa.texts == ["question"]


async def test_an_answer_that_comes_after_another_process_gave_it_is_not_given_twice(
    open_one: OpenAssistant, rasa: RasaStandIn, database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(dispatcher_module, "LEFT_SECONDS", 0.05)
    stopped, alive = await open_one(), await open_one()
    person = await Person.arrive(stopped)
    rasa.hold()
    async with stopped.dispatcher.running():
        receipt = await stopped.receive(person.id, Incoming("question"))
        await rasa.arrived.wait()
        await end_leases(database, stopped.leases.holder)
        async with alive.dispatcher.running():
            await until(lambda: len(rasa.texts) == 2)
            rasa.released.set()
            await all_answered(alive, 1)
        await until(lambda: not stopped.dispatcher._running)
    async with database.read() as connection:
        said = await store.list_messages(connection, alive._cipher, person.id, in_reply_to=receipt.seq)
    assert len(said) == 1


async def test_one_number_that_writes_to_two_processes_at_once_has_one_conversation(
    open_one: OpenAssistant, rasa: RasaStandIn
) -> None:
    one, two = await open_one(), await open_one()
    phones = [Phone(one), Phone(two)]
    receptions = await asyncio.gather(*(phones[number % 2].send(f"question {number}") for number in range(8)))
    assert len({reception.conversation_id for reception in receptions}) == 1


async def test_the_same_message_given_to_two_processes_is_taken_once(
    open_one: OpenAssistant, rasa: RasaStandIn
) -> None:
    one, two = await open_one(), await open_one()
    phones = [Phone(one), Phone(two)]
    receptions = await asyncio.gather(*(phone.send("question", key="la même") for phone in phones * 3))
    assert sorted(reception.result.value for reception in receptions) == [*["duplicate"] * 5, "taken"]


async def test_a_message_put_off_by_a_clock_set_ahead_is_not_left_for_ever(
    open_one: OpenAssistant, rasa: RasaStandIn, database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(dispatcher_module, "LEFT_SECONDS", 0.05)
    dead, alive = await open_one(), await open_one()
    person = await Person.arrive(dead)
    async with alive.dispatcher.running():
        receipt = await dead._intake.receive(person.id, Incoming("question"))
        async with database.write() as connection:
            await queues.postpone(connection, receipt.seq, now() + timedelta(hours=1), attempts=1)
        await all_answered(alive, 1)
