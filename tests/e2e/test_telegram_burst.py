"""500 updates in a burst over 100 chats, the assistant's processes killed twice: nothing lost, order kept, flood limits respected."""

from __future__ import annotations

import asyncio
from collections import Counter, defaultdict
from itertools import pairwise

import pytest

from channels.telegram.carrier import CHAT_SECONDS
from tests.running import RunningBot, run_bot
from tests.telegram_servers import TestApi, run_test_api
from tests.witness import Witness, until, witness_of

CHATS = range(7000, 7100)
# Five messages each, and what the answer to each holds.
ASKED = {
    "/start": "Je réponds à vos questions",
    "CONTACT": "Ce service est édité",
    "mon mari me frappe": "Vous n'y êtes pour rien",
    "comment demander l'aide au logement": "bail",
    "c'est quoi le rsa": "RSA",
}
LANES = (("/start", "CONTACT"), ("comment demander l'aide au logement", "c'est quoi le rsa"))
"""What is answered at once, then what is understood first: order is kept within each; a danger waits for nobody."""
DELAY = "est gardé"
KILLED = ("channels", "supervisor")
SETTLED_SECONDS = 300
ROUNDING_SECONDS = 0.05


@pytest.mark.lent
async def test_everything_is_answered_in_order_and_at_the_pace_telegram_asks() -> None:
    with run_test_api() as api, run_bot(**api.settings) as bot:
        async with witness_of(bot.var, "telegram") as witness:
            await send_all(bot, api)
            await settle(witness)
            figures = count(api)
    print(f"\n500 updates, kill -9 of {', '.join(KILLED)}: {dict(figures)}")
    assert figures["unanswered"] == figures["out of order"] == figures["too fast"] == 0
    assert figures["repeated"] <= len(KILLED)


async def send_all(bot: RunningBot, api: TestApi) -> None:
    texts = [(chat, text) for text in ASKED for chat in CHATS]
    kills = {len(texts) * place // 3: part for place, part in enumerate(KILLED, start=1)}
    restarts = []
    for number, (chat, text) in enumerate(texts):
        user = api.user(chat)
        await asyncio.to_thread(user.command if text.startswith("/") else user.say, text)
        if part := kills.get(number):
            bot.kill(part)
            if part == "supervisor":
                restarts.append(asyncio.create_task(asyncio.to_thread(bot.start)))
    await asyncio.gather(*restarts)


async def settle(witness: Witness) -> None:
    async def left() -> tuple[int, int, int]:
        states = [state for chat in CHATS for state in await witness.delivery_states(str(chat))]
        missing = len(CHATS) * len(ASKED) - len(states)
        return max(0, missing), await witness.unanswered(), await witness.undelivered()

    await until(left, lambda found: found == (0, 0, 0), SETTLED_SECONDS)


def count(api: TestApi) -> Counter[str]:
    figures = Counter({"unanswered": 0, "repeated": 0, "out of order": 0, "too fast": 0})
    sent: dict[int, list[tuple[float, str]]] = defaultdict(list)
    for call in api.calls("sendMessage"):
        sent[int(call["params"]["chat_id"])].append((call["at"], call["params"]["text"]))
    for chat in CHATS:
        times = [at for at, _ in sent[chat]]
        gaps = [later - earlier for earlier, later in pairwise(times)]
        figures["too fast"] += sum(gap < CHAT_SECONDS - ROUNDING_SECONDS for gap in gaps)
        texts = [text for _, text in sent[chat] if DELAY not in text]
        figures["answers"] += len(texts)
        figures["repeated"] += len(texts) - len(set(texts))
        answered = [question_of(text) for text in dict.fromkeys(texts)]
        figures["unanswered"] += len(set(ASKED) - set(answered))
        for lane in LANES:
            figures["out of order"] += [question for question in answered if question in lane] != list(lane)
    return figures


def question_of(answer: str) -> str | None:
    """Return which of the messages a text answers."""
    return next((question for question, mark in ASKED.items() if mark in answer), None)
