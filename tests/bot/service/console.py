"""Accounts on a store of their own, at a time the test sets, with a hash that costs little."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pyotp
from argon2 import PasswordHasher
from argon2.profiles import CHEAPEST

from bot.service.accounts import Accounts
from bot.service.passwords import PasswordHashing
from bot.service.sign_in import SignIn
from bot.store.accounts import Account, Role
from bot.store.cipher import load_cipher
from bot.store.database import Database

PASSWORD = "lampe tiroir vélo nuage"
OTHER = "une autre phrase, bien longue"


class Clock:
    """The time, moved by hand."""

    def __init__(self) -> None:
        self.now = datetime(2026, 11, 23, 9, 0)

    def __call__(self) -> datetime:
        return self.now

    def advance(self, **delta: float) -> None:
        self.now += timedelta(**delta)


class Watched(PasswordHasher):
    """A hasher that knows what it was asked."""

    def __init__(self) -> None:
        super().__init__(time_cost=1, memory_cost=16, parallelism=1, hash_len=8, salt_len=8)
        self.verified: list[str] = []
        self.hashed = 0

    def hash(self, password: str | bytes, *, salt: bytes | None = None) -> str:
        self.hashed += 1
        return super().hash(password, salt=salt)

    def verify(self, hash: str | bytes, password: str | bytes) -> bool:  # noqa: A002 - the library's name
        self.verified.append(str(hash))
        return super().verify(hash, password)


class Console:
    """The accounts, and what a test needs to use them as people do."""

    def __init__(self, folder: Path, store_url: str, hasher: PasswordHasher) -> None:
        self.file = folder / "assistant.db"
        self.clock = Clock()
        self.hasher = hasher
        self.cipher = load_cipher(folder / "cles")
        self.database = Database(store_url)
        self.accounts = Accounts(self.database, self.cipher, self.clock, PasswordHashing(hasher))

    def again(self, hasher: PasswordHasher | None = None) -> Accounts:
        """Return the accounts as another process has them."""
        return Accounts(self.database, self.cipher, self.clock, PasswordHashing(hasher or self.hasher))

    async def create(self, login: str = "essai", role: Role = Role.OPERATEUR) -> Account:
        return await self.accounts.create(
            login, role, "Mme Essai", "essai@exemple.fr", password=PASSWORD, must_change=False
        )

    async def sign_in(
        self, login: str = "essai", password: str = PASSWORD, address: str = "accueil"
    ) -> SignIn:
        return await self.accounts.sign_in(login, password, address)

    async def token(self, login: str = "essai") -> str:
        signed = await self.sign_in(login)
        assert signed.token
        return signed.token

    async def fail(self, times: int, login: str = "essai") -> list[SignIn]:
        return [await self.sign_in(login, "ce n'est pas lui") for _ in range(times)]

    async def turn_totp_on(self, account: Account) -> str:
        """Turn codes on with the code of the present; return the secret."""
        start = await self.accounts.start_totp(account.id)
        assert await self.accounts.confirm_totp(account.id, self.code(start.secret))
        return start.secret

    def code(self, secret: str, *, steps: int = 0) -> str:
        return pyotp.TOTP(secret).at(self.clock.now.replace(tzinfo=UTC), counter_offset=steps)

    async def bytes_on_disk(self) -> bytes:
        await self.database.close()
        return b"".join(path.read_bytes() for path in self.file.parent.glob("assistant.db*"))


@asynccontextmanager
async def open_console(
    folder: Path, store_url: str, hasher: PasswordHasher | None = None
) -> AsyncIterator[Console]:
    """Yield a console on an empty store."""
    console = Console(folder, store_url, hasher or PasswordHasher.from_parameters(CHEAPEST))
    yield console
    await console.database.close()
