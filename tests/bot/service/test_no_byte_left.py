"""After EFFACER: no row, no sealed value and no word is left, whatever the engine of the store. Rasa is apart (tests/e2e)."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path

import pytest

from bot.answers import choices
from bot.service.assistant import Assistant
from bot.service.correspondence import Inbound
from bot.store import addresses
from bot.store.database import Database
from bot.store.schema import metadata
from tests.bot.service.operators import ask_for_a_person, hire
from tests.bot.service.person import PATIENCE_SECONDS, Person
from tests.engines import Postgres
from tests.traces import encodings_of, files_with, pieces_of, sealed_values, tables_with

WORDS = ("zibeline", "Quetzalcóatl")
LONG_AGO = datetime(2020, 1, 1)
NUMBER, CHAT = "+33639980042", "4200042"
NAME = "Ondine Vraisemblable"
PHONE = "06 39 98 00 43"
NUMBERS = (NUMBER, NUMBER[3:], CHAT, PHONE, PHONE.replace(" ", ""))
OF_NOBODY = ("accounts", "sessions")
"""Tables whose sealed values are of operators."""
KEPT_OF_AN_ADDRESS = {"address_days": ["address_hash"], "deliveries": ["address_hash"]}
"""By its keyed hash only: the counts of two days, and the state of the last words ("c'est effacé")."""


@dataclass
class Traces:
    """What a person left, as it stood before the erasure."""

    assistant: Assistant
    tables: Path
    everything: Path
    flush: Callable[[], None]
    compact: Callable[[], None]
    ids: list[str] = field(default_factory=list)
    sealed: list[bytes] = field(default_factory=list)

    @property
    def database(self) -> Database:
        """The store."""
        return self.assistant._database

    async def note(self, *ids: str) -> None:
        """Keep what is to be gone later."""
        self.ids += ids
        self.sealed += await sealed_values(self.database, OF_NOBODY)
        assert await tables_with(self.database, *ids)
        self.flush()
        assert files_with(self.tables, pieces_of(self.sealed)), "the search itself finds what is there"

    async def assert_none_left(self) -> None:
        """Look in every table and in every file."""
        async with asyncio.timeout(PATIENCE_SECONDS):
            # What Rasa was being asked at that moment is noted to be forgotten when it ends.
            while left := await tables_with(self.database, *self.ids):
                assert left == {"rasa_erasures": ["conversation_id"]}
                await self.assistant.purge.forget_in_rasa()
        self.compact()
        assert files_with(self.tables, pieces_of(self.sealed)) == {}
        assert files_with(self.everything, encodings_of((*WORDS, NAME, *NUMBERS))) == {}


@pytest.fixture
def traces(request: pytest.FixtureRequest, assistant: Assistant, store_url: str) -> Traces:
    """What to look for, and where: of PostgreSQL, sealed values in the files of tables, words in its log of writes too."""
    if request.config.getoption("--moteur") == "sqlite":
        folder = Path(store_url.removeprefix("sqlite+aiosqlite:///")).parent
        return Traces(assistant, folder, folder, flush=lambda: None, compact=lambda: None)
    server: Postgres = request.getfixturevalue("postgres")

    def flush() -> None:
        server.execute("CHECKPOINT")

    def compact() -> None:
        # Without FULL, what was deleted stands in the free room of its page until something else is written there.
        server.execute(f"VACUUM FULL {', '.join(metadata.tables)}", database=store_url.rsplit("/", 1)[1])
        flush()

    data = server.folder / "data"
    return Traces(assistant, data / "base", data, flush, compact)


async def test_on_the_page_no_byte_is_left_of_a_conversation_and_its_request(
    assistant: Assistant, traces: Traces
) -> None:
    person = await Person.arrive(assistant)
    await person.send(f"je cherche une {WORDS[0]} à {WORDS[1]}. " * 40)
    await person.pick(choices.PERSON_CALL)
    ticket = await ask_for_a_person(person, "rappel", nom=NAME, telephone=PHONE, mots=WORDS[0])
    account_id = await hire(assistant)
    await assistant.casework.claim(ticket.reference, account_id)
    await assistant.casework.reply(ticket.reference, account_id, f"Voici votre {WORDS[0]}.")
    await assistant.casework.note(ticket.reference, account_id, f"Rappeler {NAME} : {WORDS[1]}.")
    await traces.note(person.id)
    receipt = await person.send(choice=choices.ERASE_YES)
    assert receipt.erased
    await traces.assert_none_left()
    # What was done stays in the journal of operators, by the reference alone.
    assert await tables_with(assistant._database, ticket.reference) == {"journal": ["reference"]}


@pytest.mark.parametrize(("channel", "address"), [("sms", NUMBER), ("telegram", CHAT)])
async def test_of_an_address_no_byte_is_left_of_all_its_conversations(
    assistant: Assistant, traces: Traces, channel: str, address: str
) -> None:
    ids = []
    for number, text in enumerate((f"{WORDS[0]} ?", "NOUVEAU", f"et {WORDS[1]} ?", "RAPPEL")):
        reception = await assistant.receive_from(Inbound(channel, address, text, f"{channel}-{number}"))
        ids.append(str(reception.conversation_id))
    address_hash = addresses.hash_address(assistant._cipher, channel, address)
    await traces.note(*set(ids))
    for number, text in enumerate(("EFFACER", "OUI")):
        await assistant.receive_from(Inbound(channel, address, text, f"{channel}-end-{number}"))
    await _hand_over(assistant, channel)
    await (
        assistant.purge._purge()
    )  # what Rasa was being asked meanwhile, and the last words that were handed over
    await traces.assert_none_left()
    assert await tables_with(assistant._database, address_hash) == KEPT_OF_AN_ADDRESS


async def _hand_over(assistant: Assistant, channel: str) -> None:
    """Hand over what waits, as a gateway that takes everything."""
    while (delivery := await assistant.deliveries.take_next(channel)) is not None:
        await assistant.deliveries.accepted(delivery, channel, None, 1)


async def test_a_stop_holds_a_keyed_hash_and_nothing_readable(assistant: Assistant) -> None:
    await assistant.receive_from(Inbound("sms", NUMBER, "STOP", "stop-1"))
    kept = await tables_with(assistant._database, addresses.hash_address(assistant._cipher, "sms", NUMBER))
    assert "oppositions" in kept
    assert await tables_with(assistant._database, NUMBER, NUMBER[3:]) == {}


async def test_what_the_audit_keeps_names_nobody(assistant: Assistant, person: Person) -> None:
    await person.send(WORDS[0])
    await person.send(choice=choices.ERASE_YES)
    names = [column.name for column in metadata.tables["audit"].columns]
    assert names == ["id", "at", "event"]


async def test_a_request_taken_back_leaves_no_byte(assistant: Assistant, traces: Traces) -> None:
    person = await Person.arrive(assistant)
    ticket = await ask_for_a_person(person, "rappel", nom=NAME, telephone=PHONE, mots=WORDS[0])
    before = await sealed_values(assistant._database, (*OF_NOBODY, "messages", "conversations"))
    assert before
    await assistant.erase_demande(ticket.reference, ticket.code)
    traces.compact()
    assert files_with(traces.tables, pieces_of(before)) == {}


async def test_the_purge_leaves_no_byte_of_what_is_past(assistant: Assistant, traces: Traces) -> None:
    person = await Person.arrive(assistant)
    await person.send(WORDS[0])
    await traces.note(person.id)
    async with assistant._database.write() as connection:
        for name in ("messages", "conversations"):
            table = metadata.tables[name]
            column = table.c.at if name == "messages" else table.c.last_at
            await connection.execute(table.update().values({column: LONG_AGO}))
    await assistant.purge._purge()
    await traces.assert_none_left()
