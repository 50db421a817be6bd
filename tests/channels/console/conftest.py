"""Visitors of the console of a real application, on a store of its own."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable

import pytest

from bot.store.accounts import Role
from tests.channels.console.visiting import Visitor
from tests.channels.talking import Client

NewVisitor = Callable[[], Visitor]


@pytest.fixture
async def new_visitor(client: Client) -> AsyncIterator[NewVisitor]:
    """Return what opens a browser on the same console."""
    opened: list[Visitor] = []

    def build() -> Visitor:
        opened.append(Visitor(client))
        return opened[-1]

    yield build
    for visitor in opened:
        await visitor.session.close()


@pytest.fixture
async def visitor(new_visitor: NewVisitor) -> Visitor:
    """Return a browser where nobody signed in; an operator has an account, `camille`."""
    opened = new_visitor()
    await opened.make_account()
    return opened


@pytest.fixture
async def operator(visitor: Visitor) -> Visitor:
    """Return a browser where an operator signed in."""
    assert (await visitor.sign_in()).status == 303
    return visitor


@pytest.fixture
async def responsable(new_visitor: NewVisitor) -> Visitor:
    """Return a browser where a responsable signed in."""
    opened = new_visitor()
    await opened.make_account("dominique", Role.RESPONSABLE)
    assert (await opened.sign_in("dominique")).status == 303
    return opened
