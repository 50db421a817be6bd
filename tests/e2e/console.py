"""The console alone: the real application on a store of its own, without Rasa, in a thread."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Awaitable, Callable, Coroutine, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TypeVar

from aiohttp import web
from playwright.sync_api import Page
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.service.assistant import Assistant
from bot.store.accounts import Account, Role
from bot.store.cipher import Cipher
from channels.keys import ASSISTANT
from channels.registry import settings_class
from channels.server import create_app

Result = TypeVar("Result")
NOBODY_LISTENS = 9
"""The discard port: nothing here needs a question understood."""
PASSWORD = "lampe tiroir vélo nuage"


@dataclass(frozen=True)
class RunningConsole:
    """Where it answers, and what stands behind it."""

    base_url: str
    assistant: Assistant
    loop: asyncio.AbstractEventLoop

    def do(self, work: Coroutine[Any, Any, Result]) -> Result:
        """Return the result of what is done in the application's own thread."""
        return asyncio.run_coroutine_threadsafe(work, self.loop).result(30)

    def write(self, work: Callable[[AsyncConnection, Cipher], Awaitable[Result]]) -> Result:
        """Return the result of what is done to the store in one transaction."""

        async def written() -> Result:
            async with self.assistant._database.write() as connection:
                return await work(connection, self.assistant._cipher)

        return self.do(written())

    def make_account(self, login: str, role: Role = Role.OPERATEUR, *, must_change: bool = False) -> Account:
        """Create an account whose password is PASSWORD."""
        made = self.assistant.accounts.create(
            login, role, login.capitalize(), password=PASSWORD, must_change=must_change
        )
        return self.do(made)

    def sign_in(self, page: Page, login: str, password: str = PASSWORD) -> None:
        """Fill the sign-in form as a person does."""
        page.goto(f"{self.base_url}/console/connexion")
        page.get_by_label("Identifiant").fill(login)
        page.get_by_label("Mot de passe", exact=True).fill(password)
        page.get_by_role("button", name="Se connecter").click()


@contextmanager
def run_console(var: Path, **given: Any) -> Iterator[RunningConsole]:
    """Run the application on a free port until the end of the block; `given` are settings by their field."""
    loop = asyncio.new_event_loop()
    thread = threading.Thread(target=loop.run_forever)
    thread.start()
    app = create_app(settings_class().parse_obj({"var": var, "rasa_port": NOBODY_LISTENS, **given}))
    runner = web.AppRunner(app, access_log=None)

    async def start() -> int:
        await runner.setup()
        site = web.TCPSite(runner, "127.0.0.1", 0)
        await site.start()
        return int(runner.addresses[0][1])

    try:
        port = asyncio.run_coroutine_threadsafe(start(), loop).result(60)
        yield RunningConsole(f"http://127.0.0.1:{port}", app[ASSISTANT], loop)
    finally:
        asyncio.run_coroutine_threadsafe(runner.cleanup(), loop).result(30)
        loop.call_soon_threadsafe(loop.stop)
        thread.join()
        loop.close()
