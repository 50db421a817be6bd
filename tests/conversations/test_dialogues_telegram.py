"""The same dialogues held on Telegram, with its buttons, against a Bot API server: same answers."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from itertools import count
from pathlib import Path

import pytest

from channels.api.message_json import message_json
from tests.conversations.conversation_test_language import Dialogue, check, load_dialogues
from tests.running import RunningBot
from tests.telegram_servers import TestApi, TestUser
from tests.witness import Witness, until, witness_of

_CHATS = count(5000)


class Talker:
    """Somebody on Telegram, and what is kept of what they say."""

    def __init__(self, user: TestUser, witness: Witness) -> None:
        self.user = user
        self.address = str(user.user_id)
        self.witness = witness
        self.written = 0

    async def act(self, turn: dict[str, object]) -> None:
        """Write what the turn says, or tap the button it names under the last message."""
        if "dit" in turn:
            await asyncio.to_thread(self.user.say, str(turn["dit"]))
            return
        last = (await asyncio.to_thread(self.user.heard))[-1]
        assert turn["choisit"] in last.buttons, last
        await asyncio.to_thread(self.user.tap, last.buttons[str(turn["choisit"])], last.message_id)

    async def order(self, command: str) -> None:
        """Send a command that does not exist here: it is answered, and nothing is understood."""
        before = len(await asyncio.to_thread(self.user.heard))
        await asyncio.to_thread(self.user.command, command)

        async def heard() -> int:
            return len(await asyncio.to_thread(self.user.heard))

        await until(heard, lambda count: count > before)

    async def hear(self, turn: dict[str, object]) -> None:
        """Wait for the answer as stored and as sent, and compare it with what the turn expects."""
        self.written += 1
        said = await until(lambda: self.witness.said(self.address), lambda s: len(s) >= self.written)
        replies = await until(lambda: self.witness.replies(self.address, said[-1].seq), bool)
        await until(
            lambda: self.witness.delivery_states(self.address),
            lambda states: bool(states) and set(states) == {"accepted"},
        )
        messages = [message_json(reply) for reply in replies]
        state = await self.witness.state(self.address)
        check(turn.get("entend", {}), {"messages": messages, "state": state}, messages[-1])  # type: ignore[arg-type]

    async def hear_last(self, words: list[str]) -> None:
        """Wait for the last words to somebody of whom nothing is kept any more."""

        async def last() -> str:
            return (await asyncio.to_thread(self.user.heard))[-1].text

        await until(last, lambda text: all(word in text for word in words))
        self.written = 0


@pytest.fixture
async def talker(running_bot: RunningBot, telegram_api: TestApi) -> AsyncIterator[Talker]:
    async with witness_of(running_bot.var, "telegram") as witness:
        yield Talker(telegram_api.user(next(_CHATS)), witness)


@pytest.mark.parametrize("dialogue", load_dialogues(Path(__file__).parent), ids=str)
async def test_the_dialogue_goes_as_written_on_telegram_too(dialogue: Dialogue, talker: Talker) -> None:
    for turn in dialogue.turns:
        if str(turn.get("dit", "")).startswith("/"):
            await talker.order(str(turn["dit"]))
            continue
        await talker.act(turn)
        if turn.get("choisit") == "Oui, tout effacer":
            await talker.hear_last(turn["entend"]["texte"])
        else:
            await talker.hear(turn)


async def test_a_question_is_answered_with_buttons_that_go_on(talker: Talker) -> None:
    await talker.act({"dit": "c'est quoi le rsa"})
    await talker.hear({"entend": {"type": "fiche", "fiche": "rsa"}})
    await talker.act({"choisit": "Comment faire ?"})
    await talker.hear({"entend": {"type": "fiche", "fiche": "rsa", "rubrique": "demarche"}})
