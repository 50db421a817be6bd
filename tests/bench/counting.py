"""What one message costs in the process of the channels, counted and not timed: the same on every machine.

A stand-in answers for Rasa. Counted: transactions, statements, what is encrypted and opened again, answers rendered, and what
looks for a danger.
"""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import Awaitable, Callable, Iterator
from contextlib import contextmanager
from typing import Any
from unittest import mock

from sqlalchemy import event

import bot.intake.danger
import bot.intake.danger_model
import channels.api.message_json
from bot.intake.danger_model import DangerModel
from bot.language.spelling import Speller
from bot.service.correspondence import Inbound
from bot.store.cipher import Cipher
from tests.bench.local import Local, open_local

PHONE = "+33639980000"
QUESTION = "j'ai perdu mon travail, est-ce que l'aide au logement va augmenter ?"
READS, WRITES, STATEMENTS = "lectures", "écritures", "instructions"
_COUNTED: dict[str, tuple[tuple[Any, str], ...]] = {
    "chiffrements": ((Cipher, "seal"),),
    "déchiffrements": ((Cipher, "open"),),
    "rendus HTML": ((channels.api.message_json, "render_html"),),
    "rendus texte": ((channels.api.message_json, "render_text"),),
    "règles de danger": ((bot.intake.danger, "find_dangers"),),
    "langue cherchée": ((bot.intake.danger, "find_language"),),
    "modèle de danger": ((DangerModel, "_weigh"),),
    "plongements": ((bot.intake.danger_model, "embed"),),
    "lectures phonétiques": ((Speller, "read"),),
}


def measure_counts() -> dict[str, Any]:
    """Return the counts of each operation."""
    return {"operations": asyncio.run(_measure())}


async def _measure() -> dict[str, dict[str, int]]:
    async with open_local() as local:
        opened = await local.open()
        await local.say(
            opened, "bonjour, je voudrais savoir"
        )  # what is made at the first message is not counted
        path, headers = opened
        operations: dict[str, Callable[[], Awaitable[object]]] = {
            "ouvrir une conversation": local.open,
            "question et réponse (API)": lambda: local.say(opened, QUESTION),
            "relire la conversation": lambda: _read(local, path, headers),
            "question et réponse (SMS)": lambda: _by_sms(local),
        }
        return {name: await _count(local, act) for name, act in operations.items()}


async def _read(local: Local, path: str, headers: dict[str, str]) -> None:
    async with local.client.get(f"{path}/messages", headers=headers) as response:
        await response.read()


async def _by_sms(local: Local) -> None:
    """Receive an SMS and wait until its answer is queued for the gateway."""
    # Another text than by the API: what was read of it once is kept.
    reception = await local.assistant.receive_from(Inbound("sms", PHONE, f"bonjour, {QUESTION}", "1"))
    assert reception.receipt
    assert reception.conversation_id
    await local.assistant.wait_for_replies(reception.conversation_id, reception.receipt.seq, 10)


async def _count(local: Local, act: Callable[[], Awaitable[object]]) -> dict[str, int]:
    counts: Counter[str] = Counter()
    with _counting(local, counts):
        await act()
        await asyncio.sleep(0.2)  # what ends after the answer was read belongs to it
    return dict(counts)


@contextmanager
def _counting(local: Local, counts: Counter[str]) -> Iterator[None]:
    engine = local.database._engine.sync_engine

    def note(_connection: Any, _cursor: Any, statement: str, *_rest: Any) -> None:
        counts[_kind_of(statement)] += 1

    event.listen(engine, "before_cursor_execute", note)
    patches = [
        mock.patch.object(owner, name, _counted(getattr(owner, name), label, counts))
        for label, places in _COUNTED.items()
        for owner, name in places
    ]
    for patch in patches:
        patch.start()
    try:
        yield
    finally:
        for patch in patches:
            patch.stop()
        event.remove(engine, "before_cursor_execute", note)


def _kind_of(statement: str) -> str:
    return {"BEGIN": READS, "BEGIN IMMEDIATE": WRITES}.get(statement, STATEMENTS)


def _counted(function: Callable[..., Any], label: str, counts: Counter[str]) -> Callable[..., Any]:
    def counted(*args: Any, **named: Any) -> Any:
        counts[label] += 1
        return function(*args, **named)

    return counted
