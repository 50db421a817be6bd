"""The press: one PDF at a time, beside what else is served, and the same page once."""

from __future__ import annotations

import asyncio
import threading

import pytest

from bot.print.paper import NoPrinting
from channels.agent.press import KEPT_SECONDS, MAX_KEPT, Press


class Counting:
    """Stands for WeasyPrint: counts what is made, and how many at once; the real one is in tests/bot/print."""

    def __init__(self) -> None:
        self.made: list[str] = []
        self.at_once = 0
        self.most_at_once = 0
        self.go_on = threading.Event()
        self.go_on.set()

    def make(self, html: str) -> bytes:
        self.at_once += 1
        self.most_at_once = max(self.most_at_once, self.at_once)
        assert self.go_on.wait(30)
        self.made.append(html)
        self.at_once -= 1
        return html.encode()


@pytest.fixture
def counting() -> Counting:
    return Counting()


async def test_the_same_page_is_made_once_until_it_is_old(counting: Counting) -> None:
    now = 0.0
    press = Press(counting.make, lambda: now)
    assert await press.print("a") == await press.print("a") == b"a"
    assert counting.made == ["a"]
    now = KEPT_SECONDS + 1
    await press.print("a")
    assert counting.made == ["a", "a"]


async def test_another_page_is_never_given_for_it(counting: Counting) -> None:
    press = Press(counting.make)
    assert [await press.print("a"), await press.print("b")] == [b"a", b"b"]


async def test_pages_asked_together_are_made_one_at_a_time_and_once_each(counting: Counting) -> None:
    press = Press(counting.make)
    made = await asyncio.gather(*(press.print(name) for name in "abcab"))
    assert made == [b"a", b"b", b"c", b"a", b"b"]
    assert (counting.most_at_once, sorted(counting.made)) == (1, ["a", "b", "c"])


async def test_the_service_goes_on_while_a_page_is_made(counting: Counting) -> None:
    counting.go_on.clear()
    printing = asyncio.create_task(Press(counting.make).print("a"))
    while not counting.at_once:
        await asyncio.sleep(0)
    counting.go_on.set()
    assert await printing == b"a"


async def test_few_pages_are_kept(counting: Counting) -> None:
    press = Press(counting.make)
    for rank in range(MAX_KEPT + 5):
        await press.print(str(rank))
    assert len(press._kept) == MAX_KEPT


async def test_a_page_that_fails_leaves_the_press_to_the_next() -> None:
    def make(html: str) -> bytes:
        if html == "wrong":
            raise NoPrinting("rien")
        return b"made"

    press = Press(make)
    with pytest.raises(NoPrinting):
        await press.print("wrong")
    assert await press.print("right") == b"made"
