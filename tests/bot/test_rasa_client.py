"""The one door to Rasa: what it answers is checked, what goes wrong has one name, what it knew is erased."""

from __future__ import annotations

import asyncio
import socket
import sqlite3
import time
from collections.abc import AsyncIterator, Callable
from contextlib import closing
from pathlib import Path

import pytest
from aiohttp import web
from hypothesis import HealthCheck, given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st

from bot.model.directive import Directive
from bot.rasa_client import PROBE_CONVERSATION, RasaClient, RasaUnavailable
from bot.settings import Settings
from tests.bot.rasa_stand_in import RasaStandIn

QUESTION = ("c1", "combien pour le rsa ?", "m1")


@pytest.fixture
async def client(settings: Settings) -> AsyncIterator[RasaClient]:
    async with RasaClient.open(settings) as client:
        yield client


@pytest.fixture
async def rasa(rasa_stand_in: RasaStandIn) -> RasaStandIn:
    """The stand-in, listening."""
    await rasa_stand_in.start()
    return rasa_stand_in


async def test_a_question_is_sent_with_its_conversation_and_its_id(
    client: RasaClient, rasa: RasaStandIn
) -> None:
    rasa.directives = [{"kind": "fiche", "fiche": "rsa", "rubrique": "montant"}]
    assert await client.ask(*QUESTION) == [Directive("fiche", "rsa", "montant")]
    assert rasa.received == [
        {"sender": "c1", "message": "combien pour le rsa ?", "metadata": {"message": "m1"}}
    ]


async def test_several_directives_come_in_order(client: RasaClient, rasa: RasaStandIn) -> None:
    rasa.directives = [{"kind": "saluer"}, {"kind": "fiche", "fiche": "rsa"}]
    assert [directive.kind for directive in await client.ask(*QUESTION)] == ["saluer", "fiche"]


async def test_a_choice_is_sent_as_an_intent_with_its_entities(client: RasaClient, rasa: RasaStandIn) -> None:
    assert await client.choose("c1", "rsa", "montant", "m1") == [Directive("fiche", "rsa", "montant")]
    assert await client.choose("c1", "rsa", None, "m2") == [Directive("fiche", "rsa", "apercu")]
    assert rasa.texts == ['/choisir{"fiche": "rsa", "rubrique": "montant"}', '/choisir{"fiche": "rsa"}']


@pytest.mark.parametrize("text", ["/restart", "//restart", "  / /restart", "\n/choisir{}", "/"])
async def test_a_text_is_never_an_order_to_rasa(client: RasaClient, rasa: RasaStandIn, text: str) -> None:
    await client.ask("c1", text, "m1")
    (message,) = rasa.texts
    assert message
    assert not message.startswith("/")


async def test_a_slash_behind_an_unusual_space_is_no_order_either(
    client: RasaClient, rasa: RasaStandIn
) -> None:
    await client.ask("c1", "/\u00a0/restart", "m1")
    (message,) = rasa.texts
    assert not message.strip().startswith("/")  # Rasa strips before it looks


@given(st.text("/ \nab", max_size=8))
@hypothesis_settings(
    max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
async def test_no_mix_of_slashes_and_spaces_is_an_order(
    client: RasaClient, rasa: RasaStandIn, text: str
) -> None:
    rasa.received.clear()
    await client.ask("c1", text, "m1")
    assert rasa.texts[0].strip()
    assert not rasa.texts[0].strip().startswith("/")


async def test_when_nothing_listens_rasa_is_unavailable(client: RasaClient) -> None:
    with pytest.raises(RasaUnavailable):
        await client.ask(*QUESTION)
    with pytest.raises(RasaUnavailable):
        await client.probe()


def answer_text(text: str, content_type: str = "application/json") -> Callable[[], web.Response]:
    return lambda: web.Response(text=text, content_type=content_type)


FAULTS: dict[str, Callable[[], web.Response]] = {
    "an error": lambda: web.Response(status=500, text="oops"),
    "too many requests": lambda: web.Response(status=429),
    "no answer, since its action server is away": answer_text("[]"),
    "text instead of a directive": answer_text('[{"recipient_id": "c1", "text": "Bonjour"}]'),
    "a page": answer_text("<h1>Bonjour</h1>", "text/html"),
    "broken JSON": answer_text('[{"custom": {'),
    "a directive without kind": answer_text('[{"custom": {"fiche": "rsa"}}]'),
    "a count that is not one": answer_text('[{"custom": {"kind": "incompris", "misses": "beaucoup"}}]'),
}
FOREIGN: dict[str, Callable[[], web.Response]] = {
    "nothing": answer_text("null"),
    "an object": answer_text('{"custom": {"kind": "saluer"}}'),
    "numbers": answer_text("[1, 2]"),
    "an empty directive": answer_text('[{"custom": null}]'),
    "a directive that is a text": answer_text('[{"custom": "saluer"}]'),
}


@pytest.mark.parametrize("fault", FAULTS.values(), ids=FAULTS)
async def test_whatever_rasa_answers_instead_it_is_unavailable(
    client: RasaClient, rasa: RasaStandIn, fault: Callable[[], web.Response]
) -> None:
    rasa.fault = fault
    with pytest.raises(RasaUnavailable):
        await client.ask(*QUESTION)
    rasa.fault = None
    assert await client.ask(*QUESTION) == [Directive("saluer")]


@pytest.mark.parametrize("fault", FOREIGN.values(), ids=FOREIGN)
async def test_json_of_another_shape_is_rasa_unavailable_too(
    client: RasaClient, rasa: RasaStandIn, fault: Callable[[], web.Response]
) -> None:
    rasa.fault = fault
    with pytest.raises(RasaUnavailable):
        await client.ask(*QUESTION)


async def test_a_rasa_too_slow_is_unavailable_after_the_time_it_has(
    settings: Settings, rasa: RasaStandIn
) -> None:
    rasa.hold()
    hurried = settings.copy(update={"rasa_timeout_seconds": 0.05})
    async with RasaClient.open(hurried) as client:
        with pytest.raises(RasaUnavailable):
            await client.ask(*QUESTION)
    assert rasa.arrived.is_set()


async def test_a_connection_cut_in_the_middle_is_unavailable(client: RasaClient, rasa: RasaStandIn) -> None:
    def cut() -> web.Response:
        raise ConnectionResetError

    rasa.fault = cut
    with pytest.raises(RasaUnavailable):
        await client.ask(*QUESTION)


async def test_the_probe_asks_end_to_end_in_a_conversation_of_its_own(
    client: RasaClient, rasa: RasaStandIn
) -> None:
    await client.probe()
    assert (rasa.received[0]["sender"], rasa.texts) == (PROBE_CONVERSATION, ["/sonder"])
    rasa.fault = answer_text('[{"custom": {"kind": "saluer"}}]')
    with pytest.raises(RasaUnavailable, match="comme prévu"):
        await client.probe()


# -- forgetting and taking back, in tables that Rasa itself made


@pytest.fixture(scope="session")
def empty_trackers(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A tracker database as Rasa makes it."""
    from bot.nlu.tracker_store import PrivateTrackerStore

    path = tmp_path_factory.mktemp("rasa") / "rasa.db"
    store = PrivateTrackerStore(db=str(path))
    store.engine.connect().close()  # the first connection after its making sets the journal
    store.engine.dispose()
    return path


@pytest.fixture
def trackers(settings: Settings, empty_trackers: Path) -> Path:
    """A tracker database with three messages of two conversations."""
    path = settings.rasa_tracker_db
    path.parent.mkdir(parents=True)
    path.write_bytes(empty_trackers.read_bytes())
    events = [
        ("c1", "action", None), ("c1", "user", "m1"), ("c1", "slot", None), ("c1", "bot", None),
        ("c2", "user", "m9"), ("c2", "bot", None),
        ("c1", "user", "m2"), ("c1", "slot", None), ("c2", "user", "m1"), ("c1", "user", "m3"),
    ]  # fmt: skip
    with closing(sqlite3.connect(path)) as connection, connection:
        for sender, kind, message in events:
            data = f'{{"event": "{kind}", "metadata": {{"message": "{message}"}}, "intent": "motsecret{sender}"}}'
            connection.execute(
                "INSERT INTO events (sender_id, type_name, timestamp, data) VALUES (?, ?, ?, ?)",
                (sender, kind, time.time(), data if message else f'{{"event": "{kind}"}}'),
            )
    return path


def kinds_left(path: Path, sender: str) -> list[str]:
    with closing(sqlite3.connect(path)) as connection:
        rows = connection.execute("SELECT type_name FROM events WHERE sender_id = ? ORDER BY id", (sender,))
        return [row[0] for row in rows]


async def test_a_conversation_is_forgotten_and_the_others_are_not(client: RasaClient, trackers: Path) -> None:
    await client.forget("c1")
    assert kinds_left(trackers, "c1") == []
    assert kinds_left(trackers, "c2") == ["user", "bot", "user"]


async def test_no_byte_of_a_forgotten_conversation_is_left_on_disk(
    client: RasaClient, trackers: Path
) -> None:
    await client.forget("c1")
    left = b"".join(path.read_bytes() for path in trackers.parent.glob("rasa.db*"))
    assert b"motsecretc1" not in left
    assert b"motsecretc2" in left


async def test_no_byte_is_left_in_the_log_that_rasa_keeps_open(client: RasaClient, trackers: Path) -> None:
    with closing(sqlite3.connect(trackers)) as rasas_own, rasas_own:
        rasas_own.execute(
            "INSERT INTO events (sender_id, type_name, data) VALUES ('c1', 'user', 'motsecretc1')"
        )
        rasas_own.commit()
        await client.forget("c1")
        left = b"".join(path.read_bytes() for path in trackers.parent.glob("rasa.db*"))
    assert b"motsecretc1" not in left


async def test_a_message_is_taken_back_with_all_that_followed_it(client: RasaClient, trackers: Path) -> None:
    await client.rewind("c1", "m2")
    assert kinds_left(trackers, "c1") == ["action", "user", "slot", "bot"]
    assert kinds_left(trackers, "c2") == ["user", "bot", "user"]


async def test_a_message_rasa_never_saw_takes_nothing_back(client: RasaClient, trackers: Path) -> None:
    await client.rewind("c1", "m9")
    assert len(kinds_left(trackers, "c1")) == 7


async def test_an_id_is_never_read_as_sql(client: RasaClient, trackers: Path) -> None:
    await client.forget("c1' OR '1'='1")
    await client.rewind("c1", "m1' OR '1'='1")
    assert len(kinds_left(trackers, "c1")) == 7


async def test_without_a_tracker_store_there_is_nothing_to_forget(
    client: RasaClient, settings: Settings
) -> None:
    await client.forget("c1")
    await client.rewind("c1", "m1")
    assert not settings.rasa_tracker_db.exists()


async def test_a_tracker_store_without_tables_yet_has_nothing_to_forget(
    client: RasaClient, settings: Settings
) -> None:
    settings.rasa_tracker_db.parent.mkdir(parents=True)
    sqlite3.connect(settings.rasa_tracker_db).close()
    settings.rasa_tracker_db.touch()
    await client.forget("c1")


async def test_forgetting_waits_for_rasa_to_finish_writing(client: RasaClient, trackers: Path) -> None:
    with closing(sqlite3.connect(trackers)) as writer:
        writer.execute("BEGIN IMMEDIATE")
        writer.execute("INSERT INTO events (sender_id, type_name) VALUES ('c3', 'user')")
        forgetting = asyncio.ensure_future(client.forget("c1"))
        await asyncio.sleep(0.05)
        assert not forgetting.done()
        writer.commit()
        await forgetting
    assert kinds_left(trackers, "c1") == []
    assert kinds_left(trackers, "c3") == ["user"]


# -- several Rasa


class Crew:
    """Three stand-ins for Rasa, by their address, and a client that knows them."""

    def __init__(self, client: RasaClient, stand_ins: dict[str, RasaStandIn]) -> None:
        self.client = client
        self.stand_ins = stand_ins

    def of(self, conversation: str) -> RasaStandIn:
        """Return the one a conversation goes to first."""
        return self.stand_ins[self.client._in_turn(conversation)[0]]

    def total(self) -> int:
        return sum(len(one.received) for one in self.stand_ins.values())


@pytest.fixture
async def crew(settings: Settings) -> AsyncIterator[Crew]:
    ports = free_ports(3)
    stand_ins = {f"http://127.0.0.1:{port}": RasaStandIn(port) for port in ports}
    for one in stand_ins.values():
        await one.start()
    shared = settings.copy(update={"rasa_urls": " ".join(stand_ins), "rasa_timeout_seconds": 0.5})
    async with RasaClient.open(shared) as client:
        yield Crew(client, stand_ins)
    for one in stand_ins.values():
        await one.stop()


def free_ports(count: int) -> list[int]:
    held = [socket.socket() for _ in range(count)]
    for one in held:
        one.bind(("127.0.0.1", 0))
    ports = [int(one.getsockname()[1]) for one in held]
    for one in held:
        one.close()
    return ports


async def test_a_conversation_stays_with_one_rasa_and_all_have_their_share(crew: Crew) -> None:
    for _ in range(2):
        for number in range(30):
            await crew.client.ask(f"c{number}", "bonjour", "m")
    senders = [{body["sender"] for body in one.received} for one in crew.stand_ins.values()]
    assert all(len(each) >= 3 for each in senders)
    assert sum(map(len, senders)) == len(set.union(*senders)) == 30


async def test_a_rasa_that_takes_no_connection_is_passed_over_at_once(crew: Crew) -> None:
    await crew.of("c1").stop()
    assert await crew.client.ask(*QUESTION) == [Directive("saluer")]
    assert crew.total() == 1
    later = crew.of("c1")
    await crew.client.ask(*QUESTION)
    assert len(later.received) == 2


async def test_a_rasa_that_is_back_has_its_conversations_again(
    crew: Crew, monkeypatch: pytest.MonkeyPatch
) -> None:
    first = crew.of("c1")
    await first.stop()
    monkeypatch.setattr("bot.rasa_client.ASIDE_SECONDS", 0.05)
    await crew.client.ask(*QUESTION)
    await first.start()
    async with asyncio.timeout(10):
        while not first.received:
            await crew.client.ask(*QUESTION)
            await asyncio.sleep(0.01)


@pytest.mark.parametrize("fault", ["an error", "cut", "slow"])
async def test_a_message_that_may_have_been_read_goes_to_no_other_before_it_is_taken_back(
    crew: Crew, fault: str
) -> None:
    def cut() -> web.Response:
        raise ConnectionResetError

    first = crew.of("c1")
    if fault == "slow":
        first.hold()
    first.fault = {"an error": FAULTS["an error"], "cut": cut}.get(fault)
    with pytest.raises(RasaUnavailable):
        await crew.client.ask(*QUESTION)
    assert crew.total() == 1
    assert await crew.client.ask(*QUESTION) == [Directive("saluer")]  # the next try is for another
    assert (crew.total(), len(first.received)) == (2, 1)


async def test_when_every_rasa_is_away_it_is_said(crew: Crew) -> None:
    for one in crew.stand_ins.values():
        await one.stop()
    with pytest.raises(RasaUnavailable):
        await crew.client.ask(*QUESTION)
    await crew.of("c1").start()
    assert await crew.client.ask(*QUESTION) == [Directive("saluer")]
