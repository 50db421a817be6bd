"""What a sender does with the queue of deliveries, each step in a transaction of its own."""

from __future__ import annotations

from datetime import timedelta

import structlog

from bot.model.french import today_in_france
from bot.service.leases import Leases
from bot.store import addresses, counters, deliveries, queues
from bot.store.cipher import Cipher
from bot.store.database import Database, now
from bot.store.deliveries import EXPIRED, FAILED, Delivery, Lane

SEGMENTS = "sms_segments"
ALERTED = "budget_alerte"
FIRST_ALERT_PERCENT = 80
log = structlog.get_logger()


def sender_lease(channel: str) -> str:
    """Return the name of the lease of who hands over the messages of a channel."""
    return f"sender:{channel}"


class DeliveryQueue:
    """Hands out messages one at a time: at most one is between us and a gateway when the process dies."""

    def __init__(self, database: Database, cipher: Cipher, leases: Leases) -> None:
        self._database = database
        self._leases = leases
        self._cipher = cipher

    async def recover(self, channel: str, wait_seconds: float) -> int:
        """Queue again what an earlier process was handing over, after a time in which a report may still come."""
        async with self._database.write(sender_lease(channel)) as connection:
            return await deliveries.hand_back(connection, channel, now() + timedelta(seconds=wait_seconds))

    async def take_next(self, channel: str) -> Delivery | None:
        """Return the next message to hand over, marked so; what is past its use is dropped first and told."""
        async with self._database.read() as connection:
            if await deliveries.seconds_to_next(connection, channel) != 0.0:
                return None
        async with self._database.write(sender_lease(channel)) as connection:
            if not await self._leases.is_held(connection, sender_lease(channel)):
                return None  # this process was stopped for a while, and another hands over now
            for expired in await deliveries.take_expired(connection, channel):
                await counters.add(connection, today_in_france(), f"{channel}_{EXPIRED}")
                log.warning(
                    "delivery_expired",
                    channel=channel,
                    lane=Lane(expired.lane).name.lower(),
                    conversation=expired.conversation_id,
                )
            return await deliveries.take_next(connection, self._cipher, channel)

    async def seconds_to_next(self, channel: str) -> float | None:
        """Return the seconds until a message may be handed over, None when none waits."""
        async with self._database.read() as connection:
            return await deliveries.seconds_to_next(connection, channel)

    async def accepted(self, delivery: Delivery, channel: str, gateway_id: str | None, segments: int) -> None:
        """Note that the gateway took a message, what it costs, and that its answer reached the way out."""
        gateway_hash = self._gateway_hash(channel, gateway_id) if gateway_id else None
        async with self._database.write(sender_lease(channel)) as connection:
            await deliveries.mark_accepted(connection, delivery.id, gateway_hash)
            await counters.add(connection, today_in_france(), SEGMENTS, segments)
            if delivery.message_seq is not None:
                await queues.mark_served(connection, [delivery.message_seq])

    async def postpone(self, delivery: Delivery, seconds: float, *, counts: bool = True) -> None:
        """Try a message again later; `counts` tells whether this try was one."""
        async with self._database.write(delivery.public_id) as connection:
            not_before = now() + timedelta(seconds=seconds)
            await deliveries.postpone(connection, delivery.id, not_before, counts=counts)

    async def failed(self, delivery: Delivery, channel: str) -> None:
        """End a message that no other try can send."""
        async with self._database.write(delivery.public_id) as connection:
            await deliveries.close(connection, delivery.id, FAILED)
            await counters.add(connection, today_in_france(), f"{channel}_{FAILED}")

    async def leave_alone(self, delivery: Delivery, channel: str) -> None:
        """End a message and whatever waits for the same person, who wants nothing more until they write again."""
        address_hash = addresses.hash_address(self._cipher, channel, delivery.address)
        async with self._database.write() as connection:
            await deliveries.close(connection, delivery.id, FAILED)
            await deliveries.stop_address(connection, address_hash)
            await addresses.oppose(connection, channel, address_hash)
            await counters.add(connection, today_in_france(), f"{channel}_gone")

    async def report(
        self, channel: str, status: str, *, public_id: str | None = None, gateway_id: str | None = None
    ) -> bool:
        """Take in a delivery report about one of our ids, or one of the gateway's. Returns False when unknown."""
        gateway_hash = self._gateway_hash(channel, gateway_id) if gateway_id else None
        if public_id is None and gateway_hash is None:
            return False
        async with self._database.write(public_id or gateway_hash or "") as connection:
            return await deliveries.report(connection, status, public_id=public_id, gateway_hash=gateway_hash)

    async def count(self, name: str) -> None:
        """Count something that happened today: a signature refused, a sender that cannot be answered."""
        async with self._database.write(name) as connection:
            await counters.add(connection, today_in_france(), name)

    async def month(self) -> dict[str, int]:
        """Return the counts of this month."""
        async with self._database.read() as connection:
            return await counters.of_month(connection, today_in_france())

    async def states(self, channel: str) -> dict[str, int]:
        """Return how many messages are in each state."""
        async with self._database.read() as connection:
            return await deliveries.states(connection, channel)

    async def budget_alert(self, budget: int) -> int | None:
        """Return 80 or 100, once a month each, when so many percent of the month's segments are used."""
        async with self._database.read() as connection:
            month = await counters.of_month(connection, today_in_france())
        used = 100 * month.get(SEGMENTS, 0) // budget
        for percent in (100, FIRST_ALERT_PERCENT):
            name = f"{ALERTED}_{percent}"
            if used >= percent and name not in month:
                await self.count(name)
                return percent
            if used >= percent:
                return None
        return None

    def _gateway_hash(self, channel: str, gateway_id: str) -> str:
        return self._cipher.digest(f"gateway:{channel}:{gateway_id}")
