"""Streams wait for news and are woken when the server stops."""

import asyncio

from channels.streams import OpenStreams

LONG = 60.0


async def test_a_stop_wakes_who_waits() -> None:
    streams = OpenStreams()
    waiting = asyncio.create_task(streams.wait(asyncio.Event(), LONG))
    await asyncio.sleep(0)
    streams.close()
    await asyncio.wait_for(waiting, 5)
    assert streams.closing


async def test_nobody_waits_on_a_server_that_stops() -> None:
    streams = OpenStreams()
    streams.close()
    await asyncio.wait_for(streams.wait(asyncio.Event(), LONG), 5)


async def test_a_wait_ends_with_news_or_with_time() -> None:
    streams = OpenStreams()
    news = asyncio.Event()
    news.set()
    await asyncio.wait_for(streams.wait(news, LONG), 5)
    await asyncio.wait_for(streams.wait(asyncio.Event(), 0.0), 5)
    assert not streams.closing
