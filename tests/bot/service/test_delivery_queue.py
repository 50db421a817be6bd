"""What a sender does with the queue: hand over, drop what is past its use, watch what it costs."""

from __future__ import annotations

from datetime import date, datetime, timedelta

import pytest
import sqlalchemy as sa
from structlog.testing import capture_logs

from bot.service import delivery_queue as module
from bot.service.assistant import Assistant
from bot.service.delivery_queue import SEGMENTS, DeliveryQueue, sender_lease
from bot.store import deliveries, leases
from bot.store.deliveries import ACCEPTED, DELIVERED, EXPIRED, FAILED, HANDING, QUEUED, Delivery, Lane
from bot.store.schema import deliveries as table
from bot.store.schema import outbox
from tests.bot.service.person import Person

START = datetime(2026, 11, 23, 9, 0)
ADDRESS = "+33639980001"


class Clock:
    """The present and the day, moved by hand."""

    def __init__(self) -> None:
        self.at = START

    def __call__(self) -> datetime:
        return self.at

    def today(self) -> date:
        return self.at.date()


@pytest.fixture(autouse=True)
def clock(monkeypatch: pytest.MonkeyPatch) -> Clock:
    clock = Clock()
    monkeypatch.setattr(deliveries, "now", clock)
    monkeypatch.setattr(module, "now", clock)
    monkeypatch.setattr(module, "today_in_france", clock.today)
    return clock


@pytest.fixture
async def queue(assistant: Assistant) -> DeliveryQueue:
    """The queue of the process that hands SMS over: of several on PostgreSQL, one does."""
    async with assistant._database.write() as connection:
        assert await leases.take(connection, sender_lease("sms"), assistant.leases.holder)
    return assistant.deliveries


async def add(
    assistant: Assistant,
    text: str = "texte",
    *,
    lane: Lane = Lane.REPLY,
    seq: int | None = None,
    useful_for: timedelta = timedelta(hours=1),
) -> None:
    async with assistant._database.write() as connection:
        await deliveries.add_delivery(
            connection,
            assistant._cipher,
            channel="sms",
            conversation_id="conversation-1",
            message_seq=seq,
            address_hash=assistant._cipher.digest(ADDRESS),
            address=ADDRESS,
            text=text,
            lane=lane,
            not_before=deliveries.now(),
            useful_for=useful_for,
        )


async def take(queue: DeliveryQueue) -> Delivery:
    taken = await queue.take_next("sms")
    assert taken
    return taken


async def rows(assistant: Assistant) -> list[sa.engine.Row]:
    async with assistant._database.read() as connection:
        return (await connection.execute(sa.select(table).order_by(table.c.id))).all()


async def spend(assistant: Assistant, queue: DeliveryQueue, segments: int) -> None:
    await add(assistant)
    await queue.accepted(await take(queue), "sms", None, segments)


# -- budget


async def test_at_80_and_at_100_percent_of_the_month_an_alert_is_given_once_each(
    assistant: Assistant, queue: DeliveryQueue
) -> None:
    assert await queue.budget_alert(100) is None
    alerts = []
    for segments in (79, 1, 5, 14, 1, 50):
        await spend(assistant, queue, segments)
        alerts.append([await queue.budget_alert(100) for _ in range(2)])
    assert alerts == [[None, None], [80, None], [None, None], [None, None], [100, None], [None, None]]


async def test_when_all_is_used_at_once_only_the_greater_alert_is_given(
    assistant: Assistant, queue: DeliveryQueue
) -> None:
    await spend(assistant, queue, 130)
    assert [await queue.budget_alert(100) for _ in range(3)] == [100, None, None]


async def test_a_new_month_starts_from_nothing_and_may_be_alerted_again(
    assistant: Assistant, queue: DeliveryQueue, clock: Clock
) -> None:
    await spend(assistant, queue, 85)
    assert await queue.budget_alert(100) == 80
    clock.at = datetime(2026, 12, 1, 9, 0)
    assert await queue.budget_alert(100) is None
    assert (await queue.month()).get(SEGMENTS, 0) == 0
    await spend(assistant, queue, 80)
    assert await queue.budget_alert(100) == 80


async def test_an_alert_of_one_day_is_known_on_the_other_days_of_the_month(
    assistant: Assistant, queue: DeliveryQueue, clock: Clock
) -> None:
    await spend(assistant, queue, 80)
    assert await queue.budget_alert(100) == 80
    clock.at += timedelta(days=5)
    assert await queue.budget_alert(100) is None


# -- what is past its use


async def test_a_message_past_its_use_is_dropped_and_told_in_the_log_without_number_or_text(
    assistant: Assistant, queue: DeliveryQueue, clock: Clock
) -> None:
    await add(assistant, "secret à taire", lane=Lane.URGENT)
    clock.at += timedelta(hours=1, seconds=1)
    await add(assistant, "encore utile")
    with capture_logs() as logs:
        assert (await take(queue)).text == "encore utile"
    assert logs == [
        {
            "event": "delivery_expired",
            "log_level": "warning",
            "channel": "sms",
            "lane": "urgent",
            "conversation": "conversation-1",
        }
    ]
    assert [row.status for row in await rows(assistant)] == [EXPIRED, HANDING]
    assert await queue.month() == {"sms_expired": 1}


async def test_when_all_that_waits_is_past_its_use_nothing_is_taken_and_nothing_waits(
    assistant: Assistant, queue: DeliveryQueue, clock: Clock
) -> None:
    await add(assistant)
    clock.at += timedelta(hours=2)
    assert await queue.take_next("sms") is None
    assert await queue.seconds_to_next("sms") is None
    assert await queue.states("sms") == {EXPIRED: 1}


async def test_with_nothing_due_nothing_is_taken(assistant: Assistant, queue: DeliveryQueue) -> None:
    assert await queue.take_next("sms") is None
    await add(assistant)
    taken = await take(queue)
    await queue.postpone(taken, 30)
    assert await queue.take_next("sms") is None
    assert await queue.seconds_to_next("sms") == 30.0


# -- what became of it


async def test_what_the_gateway_took_is_counted_and_its_answer_has_left(
    assistant: Assistant, queue: DeliveryQueue
) -> None:
    person = await Person.arrive(assistant)
    async with assistant._database.write() as connection:
        await connection.execute(outbox.update().values(status="pending", delivered_at=None))
        (seq,) = (await connection.execute(sa.select(outbox.c.message_seq))).one()
    await add(assistant, seq=seq)
    await queue.accepted(await take(queue), "sms", "id-passerelle", 2)
    (row,) = await rows(assistant)
    assert (row.status, row.text_enc, row.address_enc) == (ACCEPTED, None, None)
    assert "id-passerelle" not in row.gateway_hash
    assert await queue.month() == {SEGMENTS: 2}
    async with assistant._database.read() as connection:
        statuses = (await connection.execute(sa.select(outbox.c.conversation_id, outbox.c.status))).all()
    assert [tuple(status) for status in statuses] == [(person.id, "served")]


@pytest.mark.parametrize("by_public_id", [True, False], ids=["our id", "the id of the gateway"])
async def test_a_report_finds_its_message(
    assistant: Assistant, queue: DeliveryQueue, by_public_id: bool
) -> None:
    await add(assistant)
    taken = await take(queue)
    await queue.accepted(taken, "sms", "id-passerelle", 1)
    named = {"public_id": taken.public_id} if by_public_id else {"gateway_id": "id-passerelle"}
    assert await queue.report("sms", DELIVERED, **named)
    assert await queue.states("sms") == {DELIVERED: 1}


async def test_a_report_that_names_nothing_of_ours_changes_nothing(
    assistant: Assistant, queue: DeliveryQueue
) -> None:
    await add(assistant)
    await queue.accepted(await take(queue), "sms", None, 1)
    assert not await queue.report("sms", DELIVERED)
    assert not await queue.report("sms", DELIVERED, gateway_id="inconnu")
    assert not await queue.report("autre", DELIVERED, gateway_id="inconnu")
    assert await queue.states("sms") == {ACCEPTED: 1}


async def test_a_message_that_cannot_be_sent_is_ended_and_counted(
    assistant: Assistant, queue: DeliveryQueue
) -> None:
    await add(assistant)
    await queue.failed(await take(queue), "sms")
    assert await queue.states("sms") == {FAILED: 1}
    assert await queue.month() == {"sms_failed": 1}


async def test_after_a_crash_what_was_in_hand_is_taken_again_once_a_report_had_time_to_come(
    assistant: Assistant, queue: DeliveryQueue, clock: Clock
) -> None:
    await add(assistant, "perdu")
    await take(queue)
    assert await queue.recover("sms", 60) == 1
    assert await queue.states("sms") == {QUEUED: 1}
    assert await queue.take_next("sms") is None
    clock.at += timedelta(seconds=60)
    again = await take(queue)
    assert (again.text, again.attempts) == ("perdu", 2)
