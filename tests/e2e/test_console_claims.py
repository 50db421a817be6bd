"""Two hundred claims by twenty operators on fifty requests, the process killed in between: one owner each."""

from __future__ import annotations

import asyncio
import os
import random
import re
import signal
import sqlite3
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

import aiohttp
import pytest

from bot.service.accounts import Accounts
from bot.store.accounts import Role
from bot.store.cipher import load_cipher
from bot.store.database import Database, migrate
from tests.running import ROOT, free_port

OPERATORS, REQUESTS, CLAIMS, KILL_AFTER = 20, 50, 200, 60
PASSWORD = "lampe tiroir vélo nuage"
TOKEN = re.compile(r'name="jeton" value="([^"]+)"')
START_SECONDS = 60.0


@dataclass
class Channels:
    """The channels process alone, on a store of its own."""

    var: Path
    port: int = field(default_factory=free_port)
    process: subprocess.Popen[bytes] | None = None

    @property
    def address(self) -> str:
        """Return where it answers."""
        return f"http://127.0.0.1:{self.port}"

    def start(self) -> None:
        """Start it, and wait until a page is served."""
        environment = {
            **os.environ, "BOT_VAR": str(self.var), "BOT_PUBLIC_PORT": str(self.port), "BOT_RASA_PORT": "9",
            "BOT_CONVERSATIONS_PER_HOUR_ADDRESS": "100000",
        }  # fmt: skip
        with (self.var / "canaux.log").open("ab") as log:
            self.process = subprocess.Popen(
                [sys.executable, "-m", "channels"], cwd=ROOT, env=environment, stdout=log, stderr=log
            )

    async def wait(self, session: aiohttp.ClientSession) -> None:
        """Wait until it serves a page."""
        deadline = time.monotonic() + START_SECONDS
        while time.monotonic() < deadline:
            try:
                async with session.get(f"{self.address}/console/connexion") as answer:
                    if answer.status == 200:
                        return
            except aiohttp.ClientError:
                await asyncio.sleep(0.1)
        raise AssertionError((self.var / "canaux.log").read_text(encoding="utf-8"))

    def kill(self) -> None:
        """Kill it with SIGKILL."""
        assert self.process
        self.process.send_signal(signal.SIGKILL)
        self.process.wait(30)


@pytest.fixture
def channels(tmp_path: Path) -> Iterator[Channels]:
    """The process, killed at the end."""
    running = Channels(tmp_path)
    migrate(f"sqlite:///{tmp_path / 'assistant.db'}")
    yield running
    if running.process and running.process.poll() is None:
        running.kill()


async def make_operators(var: Path) -> dict[str, int]:
    """Create the accounts; return their ids by login."""
    database = Database(f"sqlite+aiosqlite:///{var / 'assistant.db'}")
    accounts = Accounts(database, load_cipher(var / "cles"))
    made = {}
    for rank in range(OPERATORS):
        login = f"operateur{rank}"
        account = await accounts.create(
            login, Role.OPERATEUR, f"Opérateur {rank}", password=PASSWORD, must_change=False
        )
        made[login] = account.id
    await database.close()
    return made


async def sign_in(channels: Channels, login: str) -> tuple[aiohttp.ClientSession, str]:
    """Return a browser that is signed in, and the token of its forms."""
    session = aiohttp.ClientSession(cookie_jar=aiohttp.CookieJar(unsafe=True))
    form = {"identifiant": login, "mot_de_passe": PASSWORD}
    async with session.post(f"{channels.address}/console/connexion", data=form) as answer:
        assert answer.status == 200, await answer.text()
        token = TOKEN.search(await answer.text())
    assert token
    return session, token[1]


async def ask_for_people(channels: Channels, session: aiohttp.ClientSession) -> None:
    for rank in range(REQUESTS):
        form = {"moyen": "retour", "mots": f"demande numéro {rank}"}
        async with session.post(f"{channels.address}/personne", data=form) as answer:
            assert answer.status == 200, await answer.text()


def read_store(var: Path, query: str) -> list[tuple]:
    with sqlite3.connect(var / "assistant.db") as connection:
        return connection.execute(query).fetchall()


async def test_each_request_has_one_owner_and_none_is_lost_when_the_process_is_killed(
    channels: Channels,
) -> None:
    ids = await make_operators(channels.var)
    channels.start()
    async with aiohttp.ClientSession() as visitor:
        await channels.wait(visitor)
        await ask_for_people(channels, visitor)
    references = [row[0] for row in read_store(channels.var, "SELECT reference FROM demandes")]
    assert len(references) == REQUESTS
    browsers = {login: await sign_in(channels, login) for login in ids}
    chance = random.Random(20261130)
    plan = [(login, reference) for reference in references for login in chance.sample(sorted(ids), 4)]
    chance.shuffle(plan)
    assert len(plan) == CLAIMS
    won: list[tuple[str, str]] = []
    refused: list[tuple[str, str]] = []
    unknown: list[tuple[str, str]] = []
    killed = asyncio.Event()

    async def claim(login: str, reference: str) -> None:
        session, token = browsers[login]
        address = f"{channels.address}/console/demandes/{reference}/prendre"
        try:
            async with session.post(address, data={"jeton": token}, allow_redirects=False) as answer:
                {303: won, 409: refused}[answer.status].append((login, reference))
        except aiohttp.ClientError:
            unknown.append((login, reference))
        if len(won) + len(refused) >= KILL_AFTER and not killed.is_set():
            killed.set()
            channels.kill()

    await asyncio.gather(*(claim(*pair) for pair in plan))
    assert killed.is_set()
    assert unknown, "the process was killed too late to interrupt anything"
    channels.start()
    async with aiohttp.ClientSession() as visitor:
        await channels.wait(visitor)
    again, unknown[:] = list(unknown), []
    await asyncio.gather(*(claim(*pair) for pair in again))
    assert not unknown
    for session, _ in browsers.values():
        await session.close()

    owners = dict(
        read_store(channels.var, "SELECT reference, account_id FROM demandes WHERE status = 'taken'")
    )
    assert set(owners) == set(references)
    taken = Counter(
        row[0]
        for row in read_store(channels.var, "SELECT reference FROM demande_events WHERE kind = 'claimed'")
    )
    assert set(taken.values()) == {1}
    assert all(owners[reference] == ids[login] for login, reference in won)
    assert all(owners[reference] != ids[login] for login, reference in refused)
    assert len(won) + len(refused) == CLAIMS
