"""Rasa's memory keeps what the dialogue needs and no word a person wrote."""

from __future__ import annotations

import asyncio
import signal
import sqlite3
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from pathlib import Path

import pytest
import sqlalchemy as sa
from rasa.shared.core.domain import Domain
from rasa.shared.core.events import ActionExecuted, BotUttered, SlotSet, UserUttered
from rasa.shared.core.trackers import DialogueStateTracker

from bot.nlu import tracker_store
from bot.nlu.tracker_store import PrivateTrackerStore
from bot.rasa_trackers import tracker_url
from bot.settings import load_settings
from tests.engines import Postgres

SECRET = "motsecretdelapersonne"
DOMAIN = Domain.from_yaml(
    """
    version: "3.1"
    intents: [demander]
    slots: {fiche_en_cours: {type: any, influence_conversation: false, mappings: [{type: custom}]}}
    actions: [action_repondre]
    """
)


@pytest.fixture
def store(tmp_path: Path) -> Iterator[PrivateTrackerStore]:
    store = PrivateTrackerStore(DOMAIN, db=str(tmp_path / "rasa.db"))
    yield store
    store.engine.dispose()


def said(text: str, message_id: str = "m1") -> UserUttered:
    """Return the event of a message as Rasa makes it after understanding it."""
    parse = {
        "text": text,
        "intent": {"name": "demander", "confidence": 0.9},
        "entities": [],
        "text_tokens": [[0, 3]],
        "sujets": [{"label": "rsa", "probability": 0.9}],
    }
    return UserUttered(
        text,
        {"name": "demander", "confidence": 0.9},
        [],
        parse,
        input_channel="rest",
        metadata={"message": message_id},
    )


async def talk(store: PrivateTrackerStore, text: str = SECRET, sender: str = "c1") -> DialogueStateTracker:
    """Store one turn of a conversation."""
    tracker = await store.get_or_create_tracker(sender, append_action_listen=False)
    for event in (
        ActionExecuted("action_listen"),
        said(text),
        ActionExecuted("action_repondre"),
        BotUttered(None, {"custom": {"kind": "fiche", "fiche": "rsa"}}),
        SlotSet("fiche_en_cours", "rsa"),
    ):
        tracker.update(event, DOMAIN)
    await store.save(tracker)
    return tracker


def bytes_on_disk(tmp_path: Path) -> bytes:
    return b"".join(path.read_bytes() for path in tmp_path.glob("rasa.db*"))


async def test_no_word_of_a_person_is_in_the_file(store: PrivateTrackerStore, tmp_path: Path) -> None:
    await talk(store)
    await talk(store, f"encore {SECRET}")
    written = bytes_on_disk(tmp_path)
    assert b"fiche_en_cours" in written
    assert SECRET.encode() not in written
    assert b"text_tokens" not in written


async def test_the_running_conversation_still_knows_the_words(store: PrivateTrackerStore) -> None:
    tracker = await talk(store)
    assert tracker.latest_message.text == SECRET
    assert tracker.latest_message.parse_data["text"] == SECRET


async def test_a_conversation_read_again_goes_on_where_it_was(store: PrivateTrackerStore) -> None:
    await talk(store)
    tracker = await store.retrieve("c1")
    assert tracker is not None
    assert tracker.get_slot("fiche_en_cours") == "rsa"
    assert tracker.latest_message.intent["name"] == "demander"
    assert tracker.latest_message.metadata == {"message": "m1"}
    assert not tracker.latest_message.text
    await talk(store)
    again = await store.retrieve("c1")
    assert again is not None
    assert len([event for event in again.events if isinstance(event, UserUttered)]) == 2


async def test_each_event_is_stored_once(store: PrivateTrackerStore, tmp_path: Path) -> None:
    for _ in range(3):
        await talk(store)
    with closing(sqlite3.connect(tmp_path / "rasa.db")) as connection:
        kinds = [row[0] for row in connection.execute("SELECT type_name FROM events ORDER BY id")]
    assert kinds == ["action", "user", "action", "bot", "slot"] * 3


async def test_the_id_of_each_message_can_be_found_to_take_it_back(
    store: PrivateTrackerStore, tmp_path: Path
) -> None:
    await talk(store)
    query = "SELECT COUNT(*) FROM events WHERE type_name = 'user' AND json_extract(data, '$.metadata.message') = 'm1'"
    with closing(sqlite3.connect(tmp_path / "rasa.db")) as connection:
        assert connection.execute(query).fetchone() == (1,)


def test_what_is_deleted_is_overwritten_and_readers_do_not_wait(store: PrivateTrackerStore) -> None:
    with store.engine.connect() as connection:
        found = {
            name: connection.exec_driver_sql(f"PRAGMA {name}").scalar()
            for name in ("journal_mode", "secure_delete", "busy_timeout")
        }
    assert found == {"journal_mode": "wal", "secure_delete": 1, "busy_timeout": 5000}


# -- on PostgreSQL


@pytest.fixture
def url(postgres: Postgres) -> str:
    """The address of Rasa's notes in a database of its own."""
    settings = load_settings({"BOT_DATABASE_URL": postgres.url(postgres.new_database())})
    return tracker_url(settings)


@pytest.fixture
def shared(url: str) -> Iterator[PrivateTrackerStore]:
    store = PrivateTrackerStore(DOMAIN, host=url)
    yield store
    store.engine.dispose()


def rows(url: str) -> list[tuple[str, str]]:
    engine = sa.create_engine(url, poolclass=sa.pool.NullPool)
    with engine.connect() as connection:
        found = connection.execute(sa.text("SELECT type_name, data FROM rasa.events ORDER BY id"))
        return [(row.type_name, row.data) for row in found]


async def test_postgresql_holds_the_same_and_no_word_of_a_person(
    shared: PrivateTrackerStore, url: str
) -> None:
    await talk(shared)
    await talk(shared, f"encore {SECRET}")
    written = rows(url)
    assert [kind for kind, _ in written] == ["action", "user", "action", "bot", "slot"] * 2
    assert "fiche_en_cours" in str(written)
    assert SECRET not in str(written)


async def test_a_conversation_begun_in_one_rasa_goes_on_in_another(
    shared: PrivateTrackerStore, url: str
) -> None:
    await talk(shared)
    other = PrivateTrackerStore(DOMAIN, host=url)
    tracker = await other.retrieve("c1")
    other.engine.dispose()
    assert tracker is not None
    assert tracker.get_slot("fiche_en_cours") == "rsa"


def test_several_rasa_may_make_the_table_at_once(url: str) -> None:
    with ThreadPoolExecutor(6) as threads:
        stores = list(threads.map(lambda _: PrivateTrackerStore(DOMAIN, host=url), range(6)))
    for store in stores:
        store.engine.dispose()
    assert rows(url) == []


async def test_a_restart_of_postgresql_costs_no_context(
    shared: PrivateTrackerStore, postgres: Postgres
) -> None:
    await talk(shared)
    postgres.stop()
    postgres.start()
    tracker = await shared.retrieve("c1")
    assert tracker is not None
    assert tracker.get_slot("fiche_en_cours") == "rsa"


async def test_while_postgresql_is_away_rasa_waits_rather_than_forget_the_person(
    shared: PrivateTrackerStore, postgres: Postgres
) -> None:
    await talk(shared)
    postgres.stop(signal.SIGKILL)
    asked = asyncio.ensure_future(shared.retrieve("c1"))
    await asyncio.wait([asked], timeout=0.5)
    assert not asked.done()
    postgres.start()
    tracker = await asked
    assert tracker is not None
    assert tracker.get_slot("fiche_en_cours") == "rsa"


async def test_when_postgresql_stays_away_it_gives_up_in_the_end(
    shared: PrivateTrackerStore, postgres: Postgres, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(tracker_store, "INSIST_SECONDS", 0.3)
    postgres.stop()
    try:
        with pytest.raises(sa.exc.OperationalError):
            await shared.retrieve("c1")
    finally:
        postgres.start()


async def test_the_file_is_opened_once_for_many_messages(store: PrivateTrackerStore) -> None:
    opened: list[object] = []
    sa.event.listen(store.engine, "connect", lambda connection, _record: opened.append(connection))
    for _ in range(5):
        await store.retrieve("c1")
        await store.save(DialogueStateTracker.from_events("c1", [said("bonjour")]))
    assert len(opened) == 1
