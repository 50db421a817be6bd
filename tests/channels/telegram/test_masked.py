"""What identifies is stored nowhere when it comes from Telegram, a shared contact neither."""

from __future__ import annotations

from tests.bot.service.test_masked import each_kind
from tests.channels.telegram import incoming
from tests.channels.telegram.conftest import Line
from tests.channels.telegram.incoming import CONTENTS, message, update
from tests.stored_values import everything_stored


@each_kind
async def test_nothing_of_it_is_stored(line: Line, written: str, trace: str) -> None:
    assert await line.give(incoming.text(f"combien pour le rsa {written} ?")) == 200
    stored = await everything_stored(line.assistant)
    assert "combien pour le rsa" in stored
    assert trace not in stored


async def test_nothing_of_a_shared_contact_is_stored(line: Line) -> None:
    assert await line.give(update(message=message(**CONTENTS["contact"]))) == 200
    stored = await everything_stored(line.assistant)
    assert [trace for trace in ("39980001", "Ali", "5002") if trace in stored] == []
