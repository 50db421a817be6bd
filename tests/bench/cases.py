"""What is put under load: the assistant on each engine, with one or two Rasa, by API or SMS; and Rasa as it comes."""

from __future__ import annotations

import socket
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager
from dataclasses import dataclass
from pathlib import Path

from channels.sms.local_kannel import LocalKannel
from tests.bench.people import ApiDoor, Door, StockDoor, open_session, sms_door
from tests.bench.processes import roles
from tests.bench.stock import run_stock
from tests.bench.stored import StoreReader
from tests.engines import run_postgres, run_redis
from tests.running import RunningBot, run_bot, run_sms_bot

API, SMS, STOCK = "api", "sms", "tel-quel"
_WIDE = {"received_per_day": "100000", "sent_per_day": "100000"}
_PORTS_TRIED = 50


class NotMeasured(Exception):
    """A case could not be put up as it says; the message tells why, in French."""


@dataclass(frozen=True)
class Case:
    """One thing to load. `rasa` and `channels` are numbers of processes."""

    name: str
    title: str
    door: str = API
    is_shared: bool = False
    rasa: int = 1
    channels: int = 1


CASES = (
    Case("api", "API, SQLite, un Rasa"),
    Case("tel-quel", "Rasa tel quel, canal REST", door=STOCK),
    Case("sms", "SMS (Kannel), SQLite, un Rasa", door=SMS),
    Case("api-2-rasa", "API, SQLite, deux Rasa", rasa=2),
    Case("postgres", "API, PostgreSQL et Redis, un Rasa", is_shared=True),
    Case("postgres-2-rasa", "API, PostgreSQL et Redis, deux Rasa", is_shared=True, rasa=2),
    Case(
        "postgres-2-canaux", "API, PostgreSQL et Redis, deux Rasa, deux canaux", is_shared=True, rasa=2, channels=2
    ),
)  # fmt: skip


@dataclass(frozen=True)
class Served:
    """A case that runs: where people come in, and its store if it has one."""

    base_url: str
    kannel: LocalKannel | None
    store: StoreReader | None

    @asynccontextmanager
    async def open_door(self) -> AsyncIterator[Door]:
        """Yield where people come in."""
        if self.kannel is not None:
            async with sms_door(self.kannel) as phones:
                yield phones
            return
        async with open_session(self.base_url) as session:
            yield ApiDoor(session) if self.store else StockDoor(session)


@contextmanager
def serve(case: Case) -> Iterator[Served]:
    """Start a case and stop it at the end. Raises NotMeasured when fewer processes run than it says."""
    if case.door == STOCK:
        with run_stock() as base_url:
            yield Served(base_url, None, None)
    elif case.is_shared:
        with run_postgres() as postgres, run_redis() as redis:
            shared = {
                "database_url": postgres.url(),
                "redis_url": redis.url,
                "channel_workers": str(case.channels),
            }
            with run_bot(**_settings(case), **shared) as bot:
                yield _served(case, bot, StoreReader(postgres.url(driver="+psycopg2")))
    elif case.door == SMS:
        with run_sms_bot(**_settings(case), **_WIDE) as sms:
            yield _served(case, sms.bot, _file_of(sms.bot), sms.kannel)
    else:
        with run_bot(**_settings(case)) as bot:
            yield _served(case, bot, _file_of(bot))


def _settings(case: Case) -> dict[str, str]:
    return {"rasa_workers": str(case.rasa), "rasa_port": str(_free_ports_in_a_row(case.rasa))}


def _file_of(bot: RunningBot) -> StoreReader:
    return StoreReader.of_file(Path(bot.var) / "assistant.db")


def _served(case: Case, bot: RunningBot, store: StoreReader, kannel: LocalKannel | None = None) -> Served:
    running = list(roles())
    for kind, wanted in (("Rasa", case.rasa), ("canaux", case.channels)):
        count = sum(role == kind or role.startswith(f"{kind} ") for role in running)
        if count != wanted:
            raise NotMeasured(f"{wanted} processus {kind} étaient demandés, {count} a démarré")
    return Served(bot.base_url, kannel, store)


def _free_ports_in_a_row(count: int) -> int:
    """Return the first of so many ports in a row on which nobody listens. Raises OSError when none is found."""
    for _ in range(_PORTS_TRIED):
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            first = int(probe.getsockname()[1])
        if all(_is_free(first + rank) for rank in range(count)):
            return first
    raise OSError(f"no {count} free ports in a row")


def _is_free(port: int) -> bool:
    with socket.socket() as probe:
        return port < 65536 and probe.connect_ex(("127.0.0.1", port)) != 0
