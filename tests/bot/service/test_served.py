"""What was fetched is noted together, and what the store does not take is kept for the next time."""

from __future__ import annotations

import pytest
import sqlalchemy as sa
from sqlalchemy.exc import OperationalError

from bot.service import served as module
from bot.service.assistant import Assistant
from bot.store.schema import outbox
from tests.bot.service.person import Person


async def statuses(assistant: Assistant) -> set[str]:
    async with assistant._database.read() as connection:
        return {row.status for row in (await connection.execute(sa.select(outbox.c.status))).all()}


async def test_more_than_one_write_takes_is_noted_in_several(
    person: Person, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "MOST_AT_ONCE", 2)
    for _ in range(3):
        await person.say("aide")
    await person.assistant.served.flush()
    assert await statuses(person.assistant) == {"served"}


async def test_what_the_store_did_not_take_is_noted_the_next_time(
    person: Person, monkeypatch: pytest.MonkeyPatch
) -> None:
    await person.say("aide")

    async def fail(*_: object) -> None:
        raise OperationalError("", {}, Exception("locked"))

    with monkeypatch.context() as away:
        away.setattr(module.queues, "mark_served", fail)
        with pytest.raises(OperationalError):
            await person.assistant.served.flush()
    await person.assistant.served.flush()
    assert await statuses(person.assistant) == {"served"}
