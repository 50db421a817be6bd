"""Handing over what waits, with a carrier that fails as it is told: nothing is lost, nobody is written to in vain."""

from __future__ import annotations

import asyncio
import itertools
from collections.abc import Awaitable, Callable
from datetime import datetime, timedelta
from typing import Any

import pytest
import sqlalchemy as sa
from structlog.testing import capture_logs

from bot.answers import choices
from bot.service import delivery_queue
from bot.service.assistant import Assistant
from bot.service.correspondence import Inbound
from bot.store import addresses, deliveries
from bot.store.deliveries import ACCEPTED, FAILED, HANDING, QUEUED, STOPPED, Delivery
from bot.store.schema import deliveries as table
from channels import handing
from channels.handing import PAUSE_SECONDS, RETRY_SECONDS, CannotSend, Sender
from channels.keys import ASSISTANT
from tests.channels.talking import OpenClient, app_of

AWA, ALI = "5001", "5002"
CHANNEL = "telegram"
LATER = CannotSend("later", retry=True)
NEVER = CannotSend("never", retry=False)
AWAY = CannotSend("away", retry=True, away=True)
GONE = CannotSend("gone", retry=False, gone=True)
_KEYS = itertools.count()


class FakeCarrier:
    """Takes every message, unless `fault` says otherwise for it."""

    channel = CHANNEL

    def __init__(self) -> None:
        self.handed: list[Delivery] = []
        self.faults: list[Exception] = []
        self.for_address: dict[str, Exception] = {}
        self.hold: asyncio.Event | None = None
        self.arrived = asyncio.Event()
        self.followed = 0

    async def hand_over(self, delivery: Delivery) -> str | None:
        self.handed.append(delivery)
        self.arrived.set()
        if self.hold is not None:
            await self.hold.wait()
        fault = self.faults.pop(0) if self.faults else self.for_address.get(delivery.address)
        if fault is not None:
            raise fault
        return f"chez-eux-{len(self.handed)}"

    def segments(self, _delivery: Delivery) -> int:
        return 0

    async def sent(self) -> None:
        self.followed += 1

    @property
    def addresses(self) -> list[str]:
        return [delivery.address for delivery in self.handed]


class Clock:
    """The present of the queue, moved by hand."""

    def __init__(self) -> None:
        self.at = datetime(2026, 11, 23, 9, 0)

    def __call__(self) -> datetime:
        return self.at

    def pass_by(self, seconds: float) -> None:
        self.at += timedelta(seconds=seconds)


@pytest.fixture
async def assistant(open_client: OpenClient) -> Assistant:
    return app_of(await open_client())[ASSISTANT]


@pytest.fixture
def carrier() -> FakeCarrier:
    return FakeCarrier()


@pytest.fixture
def sender(assistant: Assistant, carrier: FakeCarrier) -> Sender:
    return Sender(assistant, carrier)


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch, assistant: Assistant) -> Clock:
    """The queue moved to a day of its own: what is due is decided by the test."""
    clock = Clock()
    for module in (deliveries, delivery_queue):
        monkeypatch.setattr(module, "now", clock)
    monkeypatch.setattr("bot.service.sending.now", clock)
    return clock


@pytest.fixture
def quick(monkeypatch: pytest.MonkeyPatch) -> None:
    """Waits too short to be noticed."""
    monkeypatch.setattr(handing, "RETRY_SECONDS", (0.01,))
    monkeypatch.setattr(handing, "PAUSE_SECONDS", (0.01,))
    monkeypatch.setattr(handing, "REPORT_SECONDS", 0.0)


async def ask(assistant: Assistant, address: str = AWA, choice: str = choices.HELP) -> None:
    """Have a message queued for somebody: the answer to a button."""
    await assistant.receive_from(Inbound(CHANNEL, address, None, f"clé-{next(_KEYS)}", choice=choice))


async def rows(assistant: Assistant) -> list[Any]:
    async with assistant._database.read() as connection:
        return list((await connection.execute(sa.select(table).order_by(table.c.id))).all())


async def statuses(assistant: Assistant) -> list[str]:
    return [row.status for row in await rows(assistant)]


async def is_opposed(assistant: Assistant, address: str) -> bool:
    hashed = addresses.hash_address(assistant._cipher, CHANNEL, address)
    async with assistant._database.read() as connection:
        return await addresses.is_opposed(connection, hashed)


async def until(check: Callable[[], Awaitable[bool]], seconds: float = 5.0) -> None:
    async with asyncio.timeout(seconds):
        while not await check():
            await asyncio.sleep(0.01)


def all_are(assistant: Assistant, status: str) -> Callable[[], Awaitable[bool]]:
    async def check() -> bool:
        return set(await statuses(assistant)) == {status}

    return check


# -- one after the other


async def test_a_message_taken_is_accepted_and_its_words_and_address_are_emptied(
    assistant: Assistant, carrier: FakeCarrier, sender: Sender
) -> None:
    await ask(assistant)
    assert await sender._send_one() == 0.0
    (row,) = await rows(assistant)
    assert (row.status, row.address_enc, row.text_enc, row.attempts) == (ACCEPTED, None, None, 1)
    assert carrier.followed == 1
    assert await sender._send_one() is None


async def test_messages_are_handed_over_in_their_order(
    assistant: Assistant, carrier: FakeCarrier, sender: Sender, quick: None
) -> None:
    for address in (AWA, ALI, AWA):
        await ask(assistant, address)
    async with sender.running():
        await until(all_are(assistant, ACCEPTED))
    assert carrier.addresses == [AWA, ALI, AWA]


async def test_a_message_queued_while_nothing_waits_is_handed_over_at_once(
    assistant: Assistant, sender: Sender
) -> None:
    async with sender.running():
        await ask(assistant)
        await until(all_are(assistant, ACCEPTED))


# -- later


async def test_what_can_be_tried_later_is_and_holds_only_its_own_person(
    assistant: Assistant, carrier: FakeCarrier, sender: Sender, clock: Clock
) -> None:
    for address in (AWA, AWA, ALI):
        await ask(assistant, address)
    carrier.faults = [LATER]
    assert await sender._send_one() == 0.0
    assert await sender._send_one() == 0.0
    assert await sender._send_one() is None
    assert carrier.addresses == [AWA, ALI]
    clock.pass_by(RETRY_SECONDS[0])
    while await sender._send_one() is not None:
        pass
    assert carrier.addresses == [AWA, ALI, AWA, AWA]
    assert [delivery.id for delivery in carrier.handed][2:] == [1, 2]
    assert await statuses(assistant) == [ACCEPTED] * 3


async def test_each_try_waits_longer_and_the_last_wait_stays(
    assistant: Assistant, carrier: FakeCarrier, sender: Sender, clock: Clock
) -> None:
    await ask(assistant)
    carrier.for_address = {AWA: LATER}
    for wait in (*RETRY_SECONDS, RETRY_SECONDS[-1]):
        assert await sender._send_one() == 0.0
        assert await assistant.deliveries.seconds_to_next(CHANNEL) == wait
        clock.pass_by(wait)
    assert [delivery.attempts for delivery in carrier.handed] == [1, 2, 3, 4, 5, 6]


async def test_the_wait_that_the_carrier_asks_for_is_kept(
    assistant: Assistant, carrier: FakeCarrier, sender: Sender, clock: Clock
) -> None:
    await ask(assistant)
    carrier.faults = [CannotSend("pace", retry=True, after=0.7, is_fault=False)]
    assert await sender._send_one() == 0.0
    assert await assistant.deliveries.seconds_to_next(CHANNEL) == 0.7


async def test_waiting_for_the_pace_does_not_make_the_wait_after_a_fault_longer(
    assistant: Assistant, carrier: FakeCarrier, sender: Sender, clock: Clock
) -> None:
    await ask(assistant)
    pace = CannotSend("pace", retry=True, after=0.7, is_fault=False)
    carrier.faults = [pace, LATER]
    await sender._send_one()
    clock.pass_by(0.7)
    await sender._send_one()
    assert await assistant.deliveries.seconds_to_next(CHANNEL) == RETRY_SECONDS[0]


# -- never


async def test_what_no_try_can_send_is_ended_counted_and_holds_nobody(
    assistant: Assistant, carrier: FakeCarrier, sender: Sender
) -> None:
    for address in (AWA, AWA, ALI):
        await ask(assistant, address)
    carrier.faults = [NEVER]
    while await sender._send_one() is not None:
        pass
    assert await statuses(assistant) == [FAILED, ACCEPTED, ACCEPTED]
    assert [delivery.id for delivery in carrier.handed] == [1, 2, 3]
    assert (await assistant.deliveries.month())["telegram_failed"] == 1
    assert not await is_opposed(assistant, AWA)


# -- away


async def test_while_the_carrier_is_away_nothing_is_handed_over_and_the_pauses_grow(
    assistant: Assistant, carrier: FakeCarrier, sender: Sender, clock: Clock
) -> None:
    for address in (AWA, ALI):
        await ask(assistant, address)
    carrier.for_address = {AWA: AWAY, ALI: AWAY}
    pauses = []
    for _ in range(len(PAUSE_SECONDS) + 1):
        pause = await sender._send_one()
        assert pause is not None
        pauses.append(pause)
        clock.pass_by(pause)
    assert pauses == [*PAUSE_SECONDS, PAUSE_SECONDS[-1]]
    carrier.for_address = {}
    while await sender._send_one() is not None:
        clock.pass_by(60)
    assert await statuses(assistant) == [ACCEPTED] * 2


async def test_once_the_carrier_is_back_the_next_absence_begins_with_a_short_pause(
    assistant: Assistant, carrier: FakeCarrier, sender: Sender, clock: Clock
) -> None:
    await ask(assistant)
    carrier.faults = [AWAY, AWAY]
    for _ in range(3):
        clock.pass_by(await sender._send_one() or 0)
    await ask(assistant)
    carrier.faults = [AWAY]
    assert await sender._send_one() == PAUSE_SECONDS[0]


async def test_an_answer_queued_before_the_clock_was_set_back_goes_at_once(
    assistant: Assistant, carrier: FakeCarrier, sender: Sender, clock: Clock
) -> None:
    await ask(assistant)
    clock.pass_by(-3600)
    assert await assistant.deliveries.seconds_to_next(CHANNEL) == 0.0
    assert await sender._send_one() == 0.0
    assert await statuses(assistant) == [ACCEPTED]


async def test_another_try_waits_its_time_again_once_the_clock_is_right(
    assistant: Assistant, carrier: FakeCarrier, sender: Sender, clock: Clock
) -> None:
    carrier.faults = [LATER, LATER]
    await ask(assistant)
    await sender._send_one()
    clock.pass_by(-3600)
    await sender._send_one()
    assert await assistant.deliveries.seconds_to_next(CHANNEL) == RETRY_SECONDS[1]


async def test_the_pause_that_the_carrier_asks_for_is_kept(
    assistant: Assistant, carrier: FakeCarrier, sender: Sender, clock: Clock
) -> None:
    await ask(assistant)
    carrier.faults = [CannotSend("RetryAfter", retry=True, away=True, after=35.0)]
    assert await sender._send_one() == 35.0
    assert await assistant.deliveries.seconds_to_next(CHANNEL) == 35.0


async def test_during_a_pause_nobody_is_written_to_and_a_stop_does_not_wait_for_its_end(
    assistant: Assistant, carrier: FakeCarrier, sender: Sender
) -> None:
    carrier.faults = [CannotSend("RetryAfter", retry=True, away=True, after=600.0)]
    async with asyncio.timeout(10):
        async with sender.running():
            await ask(assistant, AWA)
            await carrier.arrived.wait()
            await ask(assistant, ALI)
            await until(_is_back(assistant))
    assert carrier.addresses == [AWA]
    assert await statuses(assistant) == [QUEUED, QUEUED]


def _is_back(assistant: Assistant) -> Callable[[], Awaitable[bool]]:
    async def check() -> bool:
        return (await statuses(assistant))[0] == QUEUED

    return check


# -- gone


async def test_who_left_is_left_alone_and_nobody_else_is(
    assistant: Assistant, carrier: FakeCarrier, sender: Sender
) -> None:
    for address in (AWA, AWA, ALI):
        await ask(assistant, address)
    carrier.for_address = {AWA: GONE}
    while await sender._send_one() is not None:
        pass
    assert carrier.addresses == [AWA, ALI]
    assert await statuses(assistant) == [FAILED, STOPPED, ACCEPTED]
    assert [await is_opposed(assistant, address) for address in (AWA, ALI)] == [True, False]
    assert (await assistant.deliveries.month())["telegram_gone"] == 1
    assert all(row.address_enc is None and row.text_enc is None for row in await rows(assistant))


async def test_nothing_is_queued_for_who_left_until_they_write_again(
    assistant: Assistant, carrier: FakeCarrier, sender: Sender
) -> None:
    await ask(assistant)
    carrier.faults = [GONE]
    await sender._send_one()
    (row,) = await rows(assistant)
    assert await assistant.push(row.conversation_id, assistant.composer.publisher())
    assert await statuses(assistant) == [FAILED]
    await ask(assistant)
    assert await statuses(assistant) == [FAILED, QUEUED]
    assert not await is_opposed(assistant, AWA)
    assert await sender._send_one() == 0.0
    assert await statuses(assistant) == [FAILED, ACCEPTED]


# -- faults of ours


async def test_an_exception_nobody_expected_loses_nothing(
    assistant: Assistant, carrier: FakeCarrier, sender: Sender, quick: None
) -> None:
    for address in (AWA, ALI):
        await ask(assistant, address)
    carrier.faults = [ZeroDivisionError(), KeyError("5001"), ValueError()]
    async with sender.running():
        await until(all_are(assistant, ACCEPTED))
    assert len(carrier.handed) == 5


async def test_an_exception_nobody_expected_pauses_as_if_the_carrier_were_away(
    assistant: Assistant, carrier: FakeCarrier, sender: Sender, clock: Clock
) -> None:
    await ask(assistant)
    carrier.faults = [ZeroDivisionError()]
    assert await sender._send_one() == PAUSE_SECONDS[0]
    assert await statuses(assistant) == [QUEUED]


async def test_a_store_away_at_the_start_does_not_keep_a_channel_silent(
    assistant: Assistant,
    carrier: FakeCarrier,
    sender: Sender,
    quick: None,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    real, failures = assistant.deliveries.recover, [OSError("database is locked")]

    async def fail_once(channel: str, wait_seconds: float) -> int:
        if failures:
            raise failures.pop()
        return await real(channel, wait_seconds)

    monkeypatch.setattr(assistant.deliveries, "recover", fail_once)
    await ask(assistant)
    async with asyncio.timeout(10), sender.running():
        await carrier.arrived.wait()
    assert await statuses(assistant) == [ACCEPTED]


@pytest.mark.parametrize("step", ["accepted", "postpone", "failed"])
async def test_a_store_that_fails_after_a_message_was_handed_over_holds_nobody_back(
    assistant: Assistant,
    carrier: FakeCarrier,
    sender: Sender,
    quick: None,
    monkeypatch: pytest.MonkeyPatch,
    step: str,
) -> None:
    faults = {"accepted": [], "postpone": [LATER], "failed": [NEVER]}
    carrier.faults = list(faults[step])
    real, failures = getattr(assistant.deliveries, step), [OSError("database is locked")]

    async def fail_once(*arguments: Any, **named: Any) -> None:
        if failures:
            raise failures.pop()
        await real(*arguments, **named)

    monkeypatch.setattr(assistant.deliveries, step, fail_once)
    await ask(assistant)
    await ask(assistant, choice=choices.PRIVACY)
    async with sender.running():
        await until(lambda: _is_handed(carrier, 2))
    assert failures == []


async def _is_handed(carrier: FakeCarrier, number: int) -> bool:
    return number in {delivery.id for delivery in carrier.handed}


async def test_a_queue_that_cannot_be_read_for_a_moment_loses_nothing(
    assistant: Assistant, sender: Sender, quick: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    real, failures = assistant.deliveries.take_next, [OSError(), OSError()]

    async def fail_twice(channel: str) -> Delivery | None:
        if failures:
            raise failures.pop()
        return await real(channel)

    monkeypatch.setattr(assistant.deliveries, "take_next", fail_twice)
    await ask(assistant)
    async with sender.running():
        await until(all_are(assistant, ACCEPTED))


# -- a process that stops


async def test_a_stop_waits_for_the_message_being_handed_over(
    assistant: Assistant, carrier: FakeCarrier, sender: Sender
) -> None:
    carrier.hold = asyncio.Event()
    await ask(assistant)
    await ask(assistant)
    async with sender.running():
        await carrier.arrived.wait()
        asyncio.get_running_loop().call_soon(carrier.hold.set)
    assert await statuses(assistant) == [ACCEPTED, QUEUED]


async def test_what_a_killed_process_was_handing_over_is_handed_over_again(
    assistant: Assistant, carrier: FakeCarrier, sender: Sender, quick: None
) -> None:
    await ask(assistant)
    assert await assistant.deliveries.take_next(CHANNEL)
    assert await statuses(assistant) == [HANDING]
    async with sender.running():
        await until(all_are(assistant, ACCEPTED))
    assert [delivery.attempts for delivery in carrier.handed] == [2]


async def test_one_channel_never_hands_over_what_waits_on_another(
    assistant: Assistant, carrier: FakeCarrier, sender: Sender
) -> None:
    await assistant.receive_from(Inbound("sms", "+33639980001", "AIDE", "clé"))
    assert await sender._send_one() is None
    assert await statuses(assistant) == [QUEUED]


# -- the log


async def test_the_log_tells_each_fault_once_and_nothing_of_the_person(
    assistant: Assistant, carrier: FakeCarrier, sender: Sender, clock: Clock
) -> None:
    await ask(assistant, "987654321")
    carrier.faults = [
        LATER,
        CannotSend("pace", retry=True, after=1, is_fault=False),
        AWAY,
        KeyError("987654321"),
        GONE,
    ]
    with capture_logs() as logs:
        for _ in range(5):
            await sender._send_one()
            clock.pass_by(60)
    told = [(entry["event"], entry.get("reason")) for entry in logs]
    assert told == [
        ("not_sent", "later"),
        ("not_sent", "away"),
        ("carrier_failed", None),
        ("not_sent", "unexpected"),
        ("not_sent", "gone"),
    ]
    assert "987654321" not in repr(logs)
