"""The operations compared on an empty and a full store, each timed once; what it needs first is not in its time."""

from __future__ import annotations

import time
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from datetime import timedelta
from itertools import count

import sqlalchemy as sa

from bot.service.correspondence import Inbound
from bot.store.deliveries import DELIVERED, Delivery
from bot.store.schema import conversations, demandes
from tests.bench.counting import QUESTION
from tests.bench.local import Local

PHONE = "+33639989999"
CHANNEL = "sms"
_TALK_LENGTH = 4
Timed = Callable[["Scene"], Awaitable[float]]


@dataclass
class Scene:
    """An application with one conversation that stays as it is, one that goes on, and one by SMS."""

    local: Local
    still: tuple[str, dict[str, str]]
    live: tuple[str, dict[str, str]]
    still_id: str
    reference: str
    numbers: count[int] = field(default_factory=count)

    @classmethod
    async def prepare(cls, local: Local) -> Scene:
        """Return the scene, its conversations begun."""
        still, live = await local.open(), await local.open()
        for _ in range(_TALK_LENGTH):
            await local.say(still, QUESTION)
        async with local.database.read() as connection:
            newest = sa.select(demandes.c.reference).order_by(demandes.c.created_at.desc()).limit(1)
            reference = str((await connection.execute(newest)).scalar_one())
        return cls(local, still, live, still[0].rsplit("/", 1)[1], reference)

    async def receive_sms(self) -> None:
        """Receive an SMS and wait for its answer."""
        # A text each time: the same one three times in a row is taken for a machine.
        inbound = Inbound(CHANNEL, PHONE, f"{QUESTION} {next(self.numbers)}", f"{next(self.numbers)}")
        reception = await self.local.assistant.receive_from(inbound)
        assert reception.receipt
        assert reception.conversation_id
        await self.local.assistant.wait_for_replies(reception.conversation_id, reception.receipt.seq, 10)

    async def take(self) -> Delivery:
        """Take the next SMS to hand over. Raises AssertionError when none waits."""
        taken = await self.local.assistant.deliveries.take_next(CHANNEL)
        assert taken is not None
        return taken

    async def empty_queue(self) -> None:
        """Hand over all that waits."""
        queue = self.local.assistant.deliveries
        while (taken := await queue.take_next(CHANNEL)) is not None:
            await self.hand_over(taken)

    async def hand_over(self, taken: Delivery) -> None:
        """Note that the gateway took an SMS."""
        await self.local.assistant.deliveries.accepted(taken, CHANNEL, f"g{next(self.numbers)}", 1)


async def _timed(act: Callable[[], Awaitable[object]]) -> float:
    started = time.perf_counter()
    await act()
    return time.perf_counter() - started


async def _read(scene: Scene) -> None:
    path, headers = scene.still
    async with scene.local.client.get(f"{path}/messages", headers=headers) as response:
        assert response.status == 200
        await response.read()


async def _take_next(scene: Scene) -> float:
    await scene.empty_queue()
    await scene.receive_sms()
    taken: list[Delivery] = []

    async def take() -> None:
        taken.append(await scene.take())

    seconds = await _timed(take)
    await scene.hand_over(taken[0])  # one that is being handed over holds back the next of its phone
    return seconds


async def _accept(scene: Scene) -> float:
    await scene.empty_queue()
    await scene.receive_sms()
    taken = await scene.take()
    return await _timed(lambda: scene.hand_over(taken))


async def _report(scene: Scene) -> float:
    await scene.empty_queue()
    await scene.receive_sms()
    taken, queue = await scene.take(), scene.local.assistant.deliveries
    await queue.accepted(taken, CHANNEL, None, 1)
    return await _timed(lambda: queue.report(CHANNEL, DELIVERED, public_id=taken.public_id))


async def _erase(scene: Scene) -> float:
    opened = await scene.local.open()
    await scene.local.say(opened, QUESTION)
    path, headers = opened

    async def erase() -> None:
        async with scene.local.client.delete(path, headers=headers) as response:
            assert response.status == 204

    return await _timed(erase)


async def _purge(scene: Scene) -> float:
    found = await _timed(scene.local.assistant.purge.purge_expired)
    async with scene.local.database.read() as connection:
        assert (await connection.execute(sa.select(conversations.c.id).limit(1))).first()
    return found


def _page(address: str) -> Timed:
    return lambda scene: _timed(lambda: scene.local.visit(address.format(reference=scene.reference)))


OPERATIONS: dict[str, Timed] = {
    "ouvrir une conversation": lambda scene: _timed(scene.local.open),
    "question et réponse": lambda scene: _timed(lambda: scene.local.say(scene.live, QUESTION)),
    "réponse sans Rasa (AIDE)": lambda scene: _timed(lambda: scene.local.say(scene.live, "AIDE")),
    "relire une conversation": lambda scene: _timed(lambda: _read(scene)),
    "état d'une conversation": lambda scene: _timed(lambda: scene.local.assistant.state(scene.still_id)),
    "SMS reçu et répondu": lambda scene: _timed(scene.receive_sms),
    "prochain SMS à remettre": _take_next,
    "SMS remis": _accept,
    "accusé d'un SMS": _report,
    "console : file": _page("/console"),
    "console : une demande": _page("/console/demandes/{reference}"),
    "console : recherche": _page("/console/recherche?q=aide"),
    "console : rapport": _page("/console/rapport"),
    "console : mon journal": _page("/console/compte/journal"),
    "effacer une conversation": _erase,
    "horloges": lambda scene: _timed(scene.local.assistant.clocks.look),
    "purge qui ne trouve rien": _purge,
    "santé": lambda scene: _timed(lambda: scene.local.assistant.health(timedelta(0))),
}
