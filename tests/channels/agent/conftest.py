"""Visitors of the desk of a real application, on a store of its own."""

from __future__ import annotations

from collections.abc import AsyncIterator

import pytest

from bot.store.accounts import Role
from tests.channels.console.visiting import Visitor
from tests.channels.talking import Client


@pytest.fixture
async def agent(client: Client) -> AsyncIterator[Visitor]:
    """Yield a browser where an agent signed in."""
    visitor = Visitor(client)
    await visitor.make_account(role=Role.AGENT)
    assert (await visitor.sign_in()).status == 303
    yield visitor
    await visitor.session.close()
