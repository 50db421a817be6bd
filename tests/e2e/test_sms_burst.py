"""300 messages from 50 phones through a real Kannel, the assistant's processes killed with SIGKILL three times meanwhile."""

from __future__ import annotations

import asyncio
from collections import Counter

import pytest

from channels.sms.local_kannel import Received
from tests.running import RunningSms, run_sms_bot
from tests.witness import Witness, until, witness_of

PHONES = [f"+336399820{rank:02}" for rank in range(50)]
# Six messages each, and what the answer to each holds. An answer is known by the first of these marks it holds.
ASKED = {
    "bonjour": "Quelle est votre question",
    "CONTACT": "Service édité",
    "mon mari me frappe": "appelez le 17",
    "EFFACER": "Effacer tout ce qui vient de ce numéro",
    "comment demander l'aide au logement": "bail",
    "c'est quoi le rsa": "RSA",
}
DANGER = "mon mari me frappe"
KILLED = ("channels", "supervisor", "channels")
"""Which process, after a quarter, a half and three quarters of the messages: `supervisor` takes all of them along."""
MAX_REPEATS = len(KILLED)
"""At most the one message being handed over at each of these instants."""
SETTLED_SECONDS = 180
DELAY = "Votre message est gardé"


@pytest.mark.lent
async def test_every_message_is_answered_in_order_and_at_most_one_is_repeated_a_kill() -> None:
    with run_sms_bot() as running:
        async with witness_of(running.bot.var) as witness:
            await send_all(running)
            await settle(witness)
            states = Counter[str]()
            for phone in PHONES:
                states.update(await witness.delivery_states(phone))
            stored = {phone: [str(m.text) for m in await witness.said(phone)] for phone in PHONES}
            figures = count(running.kannel.messages, stored)
            print(f"\n300 SMS, kill -9 of {', '.join(KILLED)}: {dict(figures)}; reports: {dict(states)}")
    assert figures["unanswered"] == 0
    assert figures["out of order"] == 0
    assert figures["repeated"] <= MAX_REPEATS
    assert set(states) <= {"delivered", "expired"}  # a notice of delay may have lost its use


async def send_all(running: RunningSms) -> None:
    """Type the first message on every phone, then the second…, and kill at each quarter."""
    texts = [(phone, text) for text in ASKED for phone in PHONES]
    quarters = {len(texts) * quarter // 4: part for quarter, part in enumerate(KILLED, start=1)}
    restarts = []
    for number, (phone, text) in enumerate(texts):
        await asyncio.to_thread(running.kannel.write, phone, text)
        if part := quarters.get(number):
            running.bot.kill(part)
            if part == "supervisor":
                restarts.append(asyncio.create_task(asyncio.to_thread(running.bot.start)))
    await asyncio.gather(*restarts)


async def settle(witness: Witness) -> None:
    """Wait until Kannel gave everything, everything is answered, and every answer is handed over and reported."""

    async def left() -> tuple[int, int, int]:
        said = [len(await witness.said(phone)) for phone in PHONES]
        return len(PHONES) * len(ASKED) - sum(said), await witness.unanswered(), await witness.undelivered()

    await until(left, lambda found: found == (0, 0, 0), SETTLED_SECONDS)

    async def on_their_way() -> int:
        states = [state for phone in PHONES for state in await witness.delivery_states(phone)]
        return sum(state not in {"delivered", "expired"} for state in states)

    await until(on_their_way, lambda found: found == 0, 60)


def count(messages: list[Received], stored: dict[str, list[str]]) -> Counter[str]:
    """Return the figures; order is that in which the messages of a phone were stored, not typed: Kannel tries again later."""
    figures = Counter({"unanswered": 0, "repeated": 0, "out of order": 0, "told of a delay": 0})
    for phone in PHONES:
        texts = [message.text for message in messages if message.phone == phone]
        figures["told of a delay"] += sum(DELAY in text for text in texts)
        texts = [text for text in texts if DELAY not in text]
        figures["answers"] += len(texts)
        figures["repeated"] += len(texts) - len(set(texts))
        answered = [question_of(text) for text in dict.fromkeys(texts)]
        figures["unanswered"] += len(set(ASKED) - set(answered))
        # A danger is told at once, above what waits: its place is its own.
        calm = [question for question in answered if question != DANGER]
        figures["out of order"] += calm != [text for text in stored[phone] if text != DANGER]
    return figures


def question_of(answer: str) -> str | None:
    """Return which of the messages a text answers."""
    return next((question for question, mark in ASKED.items() if mark in answer), None)
