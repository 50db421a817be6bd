"""Messages to hand to a gateway: their order, what became of them, and how little stays."""

from __future__ import annotations

from datetime import datetime, timedelta
from itertools import permutations

import pytest
import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.store import deliveries
from bot.store.cipher import Cipher
from bot.store.database import Database
from bot.store.deliveries import (
    ACCEPTED,
    BUFFERED,
    DELIVERED,
    EXPIRED,
    FAILED,
    HANDING,
    QUEUED,
    REJECTED,
    SENT,
    STOPPED,
    UNDELIVERED,
    Delivery,
    Lane,
)
from bot.store.schema import deliveries as table

START = datetime(2026, 11, 23, 9, 0)
ADDRESS = "+33639980001"
OTHER = "+33639980002"


class Clock:
    """The present of the store, moved by hand."""

    def __init__(self) -> None:
        self.at = START

    def __call__(self) -> datetime:
        return self.at

    def advance(self, **length: float) -> None:
        self.at += timedelta(**length)


@pytest.fixture(autouse=True)
def clock(monkeypatch: pytest.MonkeyPatch) -> Clock:
    clock = Clock()
    monkeypatch.setattr(deliveries, "now", clock)
    return clock


async def queue(
    connection: AsyncConnection,
    cipher: Cipher,
    text: str = "texte",
    *,
    lane: Lane = Lane.REPLY,
    address: str = ADDRESS,
    channel: str = "sms",
    wait: timedelta = timedelta(0),
    useful_for: timedelta = timedelta(hours=1),
) -> None:
    await deliveries.add_delivery(
        connection,
        cipher,
        channel=channel,
        conversation_id="c",
        message_seq=7,
        address_hash=address,
        address=address,
        text=text,
        lane=lane,
        not_before=deliveries.now() + wait,
        useful_for=useful_for,
    )


async def take(connection: AsyncConnection, cipher: Cipher) -> Delivery:
    taken = await deliveries.take_next(connection, cipher, "sms")
    assert taken
    return taken


async def take_all(connection: AsyncConnection, cipher: Cipher) -> list[str]:
    """Take and hand over until nothing may be handed over."""
    texts = []
    while taken := await deliveries.take_next(connection, cipher, "sms"):
        texts.append(taken.text)
        await deliveries.mark_accepted(connection, taken.id, None)
    return texts


async def rows(connection: AsyncConnection) -> list[sa.engine.Row]:
    return (await connection.execute(sa.select(table).order_by(table.c.id))).all()


async def status_of(connection: AsyncConnection) -> str:
    (row,) = await rows(connection)
    return str(row.status)


# -- order


async def test_dangers_go_first_then_answers_then_pushes_each_in_order_of_storage(
    database: Database, cipher: Cipher
) -> None:
    async with database.write() as connection:
        for rank in (1, 2):
            for lane in (Lane.PUSH, Lane.REPLY, Lane.URGENT):
                await queue(connection, cipher, f"{lane.name} {rank}", lane=lane)
        assert await take_all(connection, cipher) == [
            "URGENT 1",
            "URGENT 2",
            "REPLY 1",
            "REPLY 2",
            "PUSH 1",
            "PUSH 2",
        ]


async def test_a_message_taken_says_all_that_a_gateway_needs(database: Database, cipher: Cipher) -> None:
    async with database.write() as connection:
        await queue(connection, cipher, "Réponse", lane=Lane.URGENT)
        taken = await take(connection, cipher)
        (row,) = await rows(connection)
    assert taken == Delivery(row.id, row.public_id, "c", 7, ADDRESS, "Réponse", Lane.URGENT, 1)
    assert row.status == HANDING


async def test_a_message_of_another_channel_is_not_taken(database: Database, cipher: Cipher) -> None:
    async with database.write() as connection:
        await queue(connection, cipher, channel="autre")
        assert await deliveries.take_next(connection, cipher, "sms") is None


async def test_a_message_is_not_taken_before_its_time(
    database: Database, cipher: Cipher, clock: Clock
) -> None:
    async with database.write() as connection:
        await queue(connection, cipher, wait=timedelta(minutes=5))
        assert await deliveries.take_next(connection, cipher, "sms") is None
        clock.advance(minutes=5)
        assert await take_all(connection, cipher) == ["texte"]


@pytest.mark.parametrize("is_postponed", [True, False], ids=["waits for another try", "being handed over"])
async def test_behind_a_message_that_is_not_gone_the_next_of_its_lane_and_address_waits(
    database: Database, cipher: Cipher, clock: Clock, is_postponed: bool
) -> None:
    async with database.write() as connection:
        await queue(connection, cipher, "premier")
        await queue(connection, cipher, "deuxième")
        first = await take(connection, cipher)
        if is_postponed:
            await deliveries.postpone(connection, first.id, clock.at + timedelta(minutes=5))
        assert await deliveries.take_next(connection, cipher, "sms") is None
        clock.advance(minutes=5)
        if is_postponed:
            assert (await take(connection, cipher)).text == "premier"
        await deliveries.mark_accepted(connection, first.id, None)
        assert (await take(connection, cipher)).text == "deuxième"


@pytest.mark.parametrize("end", [FAILED, EXPIRED, STOPPED])
async def test_a_message_that_is_given_up_holds_nothing_back(
    database: Database, cipher: Cipher, end: str
) -> None:
    async with database.write() as connection:
        await queue(connection, cipher, "premier")
        await queue(connection, cipher, "deuxième")
        await deliveries.close(connection, (await take(connection, cipher)).id, end)
        assert await take_all(connection, cipher) == ["deuxième"]


async def test_a_message_that_waits_holds_back_neither_other_people_nor_other_lanes(
    database: Database, cipher: Cipher, clock: Clock
) -> None:
    async with database.write() as connection:
        await queue(connection, cipher, "premier")
        first = await take(connection, cipher)
        await deliveries.postpone(connection, first.id, clock.at + timedelta(minutes=5))
        await queue(connection, cipher, "derrière")
        await queue(connection, cipher, "à un autre", address=OTHER)
        await queue(connection, cipher, "danger", lane=Lane.URGENT)
        await queue(connection, cipher, "rappel", lane=Lane.PUSH)
        assert await take_all(connection, cipher) == ["danger", "à un autre", "rappel"]


async def test_tries_are_counted(database: Database, cipher: Cipher, clock: Clock) -> None:
    async with database.write() as connection:
        await queue(connection, cipher)
        attempts = []
        for _ in range(3):
            taken = await take(connection, cipher)
            attempts.append(taken.attempts)
            await deliveries.postpone(connection, taken.id, clock.at)
        assert attempts == [1, 2, 3]


async def test_the_seconds_to_the_next_message_are_told(
    database: Database, cipher: Cipher, clock: Clock
) -> None:
    async with database.write() as connection:
        assert await deliveries.seconds_to_next(connection, "sms") is None
        await queue(connection, cipher, wait=timedelta(seconds=30))
        assert await deliveries.seconds_to_next(connection, "sms") == 30.0
        assert await deliveries.seconds_to_next(connection, "autre") is None
        clock.advance(seconds=40)
        assert await deliveries.seconds_to_next(connection, "sms") == 0.0
        await take(connection, cipher)
        assert await deliveries.seconds_to_next(connection, "sms") is None


# -- after a crash


async def test_what_a_dead_process_was_handing_over_is_queued_again_after_a_time(
    database: Database, cipher: Cipher, clock: Clock
) -> None:
    async with database.write() as connection:
        await queue(connection, cipher, "perdu")
        await take(connection, cipher)
        await queue(connection, cipher, "ailleurs", channel="autre")
        later = clock.at + timedelta(minutes=2)
        assert await deliveries.hand_back(connection, "sms", later) == 1
        assert await deliveries.take_next(connection, cipher, "sms") is None
        clock.advance(minutes=2)
        again = await take(connection, cipher)
        assert (again.text, again.address, again.attempts) == ("perdu", ADDRESS, 2)


async def test_what_was_handed_over_or_only_waited_is_not_handed_back(
    database: Database, cipher: Cipher, clock: Clock
) -> None:
    async with database.write() as connection:
        for address in (ADDRESS, OTHER):
            await queue(connection, cipher, address=address)
        await deliveries.mark_accepted(connection, (await take(connection, cipher)).id, "g")
        assert await deliveries.hand_back(connection, "sms", clock.at + timedelta(hours=1)) == 0
        assert [row.status for row in await rows(connection)] == [ACCEPTED, QUEUED]
        assert await deliveries.seconds_to_next(connection, "sms") == 0.0


async def test_a_report_after_the_crash_shows_that_it_had_left_and_it_is_not_sent_twice(
    database: Database, cipher: Cipher, clock: Clock
) -> None:
    async with database.write() as connection:
        await queue(connection, cipher)
        taken = await take(connection, cipher)
        await deliveries.hand_back(connection, "sms", clock.at)
        assert await deliveries.report(connection, SENT, public_id=taken.public_id)
        assert await deliveries.take_next(connection, cipher, "sms") is None
        assert await status_of(connection) == SENT


# -- reports


@pytest.mark.parametrize("order", list(permutations((ACCEPTED, BUFFERED, SENT, DELIVERED))))
async def test_reports_in_any_order_leave_the_one_that_says_most(
    database: Database, cipher: Cipher, order: tuple[str, ...]
) -> None:
    async with database.write() as connection:
        await queue(connection, cipher)
        taken = await take(connection, cipher)
        for status in order:
            if status == ACCEPTED:
                await deliveries.mark_accepted(connection, taken.id, "g")
            else:
                assert await deliveries.report(connection, status, public_id=taken.public_id)
        assert await status_of(connection) == DELIVERED


@pytest.mark.parametrize(
    ("order", "final"),
    [
        *((order, REJECTED) for order in permutations((BUFFERED, SENT, REJECTED))),
        *((order, UNDELIVERED) for order in permutations((SENT, REJECTED, UNDELIVERED))),
        *((order, DELIVERED) for order in permutations((REJECTED, UNDELIVERED, DELIVERED))),
        *((order, SENT) for order in permutations((ACCEPTED, BUFFERED, SENT))),
        *((order, BUFFERED) for order in permutations((ACCEPTED, BUFFERED, BUFFERED))),
    ],
)
async def test_a_report_only_gives_way_to_one_that_says_more(
    database: Database, cipher: Cipher, order: tuple[str, ...], final: str
) -> None:
    async with database.write() as connection:
        await queue(connection, cipher)
        taken = await take(connection, cipher)
        await deliveries.mark_accepted(connection, taken.id, "g")
        for status in order:
            assert await deliveries.report(connection, status, gateway_hash="g")
        assert await status_of(connection) == final


async def test_a_late_accepted_never_overwrites_delivered(database: Database, cipher: Cipher) -> None:
    async with database.write() as connection:
        await queue(connection, cipher)
        taken = await take(connection, cipher)
        await deliveries.report(connection, DELIVERED, public_id=taken.public_id)
        await deliveries.mark_accepted(connection, taken.id, "g")
        assert await status_of(connection) == DELIVERED
        assert await deliveries.report(connection, UNDELIVERED, gateway_hash="g")
        assert await status_of(connection) == DELIVERED


async def test_after_a_report_a_try_that_seemed_to_fail_is_not_tried_again(
    database: Database, cipher: Cipher, clock: Clock
) -> None:
    async with database.write() as connection:
        await queue(connection, cipher)
        taken = await take(connection, cipher)
        await deliveries.report(connection, DELIVERED, public_id=taken.public_id)
        await deliveries.postpone(connection, taken.id, clock.at)
        assert await deliveries.take_next(connection, cipher, "sms") is None
        assert await status_of(connection) == DELIVERED


async def test_a_report_about_a_message_of_nobody_is_unknown(database: Database, cipher: Cipher) -> None:
    async with database.write() as connection:
        await queue(connection, cipher)
        assert not await deliveries.report(connection, DELIVERED, public_id="inconnu")
        assert not await deliveries.report(connection, DELIVERED, gateway_hash="inconnu")
        assert await status_of(connection) == QUEUED


async def test_a_report_changes_only_the_message_it_names(database: Database, cipher: Cipher) -> None:
    async with database.write() as connection:
        for address, name in ((ADDRESS, "g1"), (OTHER, "g2")):
            await queue(connection, cipher, address=address)
            await deliveries.mark_accepted(connection, (await take(connection, cipher)).id, name)
        await deliveries.report(connection, DELIVERED, gateway_hash="g2")
        assert [row.status for row in await rows(connection)] == [ACCEPTED, DELIVERED]


# -- how little stays


async def test_what_waits_is_stored_unreadable(database: Database, cipher: Cipher) -> None:
    async with database.write() as connection:
        await queue(connection, cipher, "lisible")
        (row,) = await rows(connection)
        assert b"lisible" not in row.text_enc
        assert ADDRESS.encode() not in row.address_enc


@pytest.mark.parametrize("end", ["accepted", "reported", FAILED, EXPIRED, STOPPED])
async def test_text_and_address_are_emptied_once_handed_over_or_given_up(
    database: Database, cipher: Cipher, end: str
) -> None:
    async with database.write() as connection:
        await queue(connection, cipher)
        taken = await take(connection, cipher)
        if end == "accepted":
            await deliveries.mark_accepted(connection, taken.id, "g")
        elif end == "reported":
            await deliveries.report(connection, SENT, public_id=taken.public_id)
        else:
            await deliveries.close(connection, taken.id, end)
        (row,) = await rows(connection)
        assert (row.text_enc, row.address_enc) == (None, None)


async def test_a_message_past_its_use_is_dropped_and_named(
    database: Database, cipher: Cipher, clock: Clock
) -> None:
    async with database.write() as connection:
        await queue(connection, cipher, "vite", useful_for=timedelta(minutes=30), lane=Lane.URGENT)
        await queue(connection, cipher, "plus tard", useful_for=timedelta(hours=2))
        clock.advance(minutes=30)
        assert await deliveries.take_expired(connection, "sms") == []
        clock.advance(seconds=1)
        assert await deliveries.take_expired(connection, "autre") == []
        (dropped,) = await deliveries.take_expired(connection, "sms")
        assert (dropped.lane, dropped.conversation_id) == (Lane.URGENT, "c")
        expired, waiting = await rows(connection)
        assert (expired.status, expired.text_enc, expired.address_enc) == (EXPIRED, None, None)
        assert waiting.status == QUEUED
        assert await take_all(connection, cipher) == ["plus tard"]


async def test_a_message_that_waits_for_its_hour_is_useful_from_that_hour(
    database: Database, cipher: Cipher, clock: Clock
) -> None:
    async with database.write() as connection:
        await queue(connection, cipher, wait=timedelta(hours=12), useful_for=timedelta(minutes=30))
        clock.advance(hours=12, minutes=30)
        assert await deliveries.take_expired(connection, "sms") == []
        clock.advance(seconds=1)
        assert len(await deliveries.take_expired(connection, "sms")) == 1


async def test_a_stop_drops_what_is_queued_for_that_address_and_nothing_else(
    database: Database, cipher: Cipher
) -> None:
    async with database.write() as connection:
        await queue(connection, cipher, "parti")
        await take(connection, cipher)
        for lane in Lane:
            await queue(connection, cipher, "en attente", lane=lane)
        await queue(connection, cipher, "à un autre", address=OTHER)
        await deliveries.stop_address(connection, ADDRESS)
        found = await rows(connection)
        assert [row.status for row in found] == [HANDING, STOPPED, STOPPED, STOPPED, QUEUED]
        assert [row.text_enc for row in found[1:4]] == [None] * 3
        assert await take_all(connection, cipher) == ["à un autre"]


async def test_states_are_counted_by_channel(database: Database, cipher: Cipher) -> None:
    async with database.write() as connection:
        for channel in ("sms", "sms", "sms", "autre"):
            await queue(connection, cipher, channel=channel)
        await deliveries.mark_accepted(connection, (await take(connection, cipher)).id, None)
        assert await deliveries.states(connection, "sms") == {ACCEPTED: 1, QUEUED: 2}


async def test_what_is_past_the_retention_goes_whatever_became_of_it(
    database: Database, cipher: Cipher, clock: Clock
) -> None:
    async with database.write() as connection:
        await queue(connection, cipher, "ancien")
        await deliveries.mark_accepted(connection, (await take(connection, cipher)).id, None)
        await queue(connection, cipher, "ancien qui attend", wait=timedelta(days=9))
        clock.advance(days=1)
        await queue(connection, cipher, "récent", address=OTHER)
        await deliveries.delete_before(connection, clock.at)
        assert await take_all(connection, cipher) == ["récent"]
        assert len(await rows(connection)) == 1
