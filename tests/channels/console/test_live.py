"""What a page of the console is told while it is open."""

import asyncio
import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import pytest

from bot.store.accounts import Role
from channels.console.told import MAX_SESSIONS, Told
from tests.channels.console.desk_scene import Operator, ask, assistant_of, sign_in, talk
from tests.channels.talking import Client

DANGER = "mon mari me frappe"


class Stream:
    """The events of an open page, one at a time."""

    def __init__(self, lines: AsyncIterator[bytes]) -> None:
        self._lines = lines

    async def next(self) -> tuple[str, dict[str, object]]:
        """Return the next event and what it holds."""
        async with asyncio.timeout(10):
            event = ""
            async for raw in self._lines:
                line = raw.decode().strip()
                if line.startswith("event:"):
                    event = line.removeprefix("event:").strip()
                if line.startswith("data:") and event:
                    return event, json.loads(line.removeprefix("data:"))
        raise AssertionError("the stream ended")

    async def until(self, event: str) -> dict[str, object]:
        """Return what the next event of a kind holds."""
        while True:
            kind, data = await self.next()
            if kind == event:
                return data

    async def ends(self) -> bool:
        """Tell whether nothing more comes."""
        async with asyncio.timeout(10):
            async for _ in self._lines:
                pass
        return True


@asynccontextmanager
async def listening(operator: Operator, query: str = "") -> AsyncIterator[Stream]:
    response = await operator.client.get(f"/console/evenements{query}", headers=operator.headers)
    assert response.status == 200
    assert response.content_type == "text/event-stream"
    try:
        yield Stream(response.content)
    finally:
        response.close()


async def test_a_new_request_is_told_with_how_many_wait(client: Client) -> None:
    awa = await sign_in(client)
    first = await ask(client)
    async with listening(awa) as stream:
        assert await stream.next() == ("file", {"waiting": 1, "newest": [first]})
        second = await ask(client)
        assert await stream.next() == ("file", {"waiting": 2, "newest": [first, second]})
        await awa.take(first)
        assert await stream.next() == ("file", {"waiting": 1, "newest": [second]})


async def test_a_danger_is_told_once_to_each_session(client: Client) -> None:
    awa, yann = await sign_in(client), await sign_in(client, "yann")
    danger = await ask(client, mots=DANGER)
    for operator in (awa, yann):
        async with listening(operator) as stream:
            assert await stream.until("danger") == {"reference": danger}
    async with listening(awa) as stream:
        assert (await stream.next())[0] == "file"
        other = await ask(client, mots=DANGER)
        assert await stream.until("danger") == {"reference": other}


@pytest.mark.parametrize("page", ["/console", "/console/demandes/{}"])
async def test_a_danger_read_on_a_page_is_not_told_again(client: Client, page: str) -> None:
    awa = await sign_in(client)
    await awa.get(page.format(await ask(client, mots=DANGER)))
    async with listening(awa) as stream:
        assert (await stream.next())[0] == "file"
        other = await ask(client, mots=DANGER)
        assert await stream.until("danger") == {"reference": other}


async def test_a_page_open_on_a_request_is_told_of_what_is_said_there_and_nowhere_else(
    client: Client,
) -> None:
    awa = await sign_in(client)
    reference = await ask(client, conversation_id=await talk(client))
    other = await ask(client, conversation_id=await talk(client))
    await awa.take(reference)
    await awa.take(other)
    mark = await assistant_of(client).desk.mark(reference)
    casework = assistant_of(client).casework
    async with listening(awa, f"?demande={reference}&marque={mark}") as stream:
        assert (await stream.next())[0] == "file"
        await casework.reply(other, awa.account.id, "Ailleurs")
        await casework.reply(reference, awa.account.id, "Mon secret")
        assert await stream.next() == ("message", {"reference": reference})


async def test_what_came_between_the_page_and_its_stream_is_told(client: Client) -> None:
    awa = await sign_in(client)
    reference = await ask(client, conversation_id=await talk(client))
    mark = await assistant_of(client).desk.mark(reference)
    await awa.take(reference)
    async with listening(awa, f"?demande={reference}&marque={mark}") as stream:
        assert await stream.until("message") == {"reference": reference}


async def test_the_fragment_holds_the_new_lines(client: Client) -> None:
    awa = await sign_in(client)
    reference = await ask(client, conversation_id=await talk(client))
    await awa.take(reference)
    await assistant_of(client).casework.reply(reference, awa.account.id, "Bonjour")
    html = await awa.get(f"/console/demandes/{reference}/suite")
    assert "Bonjour" in html
    assert all(f'id="{part}"' in html for part in ("fil", "suivi", "notes", "etat-demande"))


async def test_a_stream_ends_with_its_session(client: Client) -> None:
    awa = await sign_in(client)
    async with listening(awa) as stream:
        assert (await stream.next())[0] == "file"
        await assistant_of(client).accounts.sign_out_everywhere(awa.account.id)
        await ask(client)
        assert await stream.next() == ("fin", {})
        assert await stream.ends()


async def test_a_stream_ends_when_the_account_is_closed(client: Client) -> None:
    awa = await sign_in(client)
    async with listening(awa) as stream:
        assert (await stream.next())[0] == "file"
        await assistant_of(client).accounts.disable(awa.account.id)
        await ask(client)
        assert await stream.next() == ("fin", {})


async def test_only_who_answers_requests_is_told_of_them(client: Client) -> None:
    agent = await sign_in(client, "agent", Role.AGENT)
    await agent.get("/console/evenements", status=403)
    assert (await client.get("/console/evenements", allow_redirects=False)).status == 303


async def test_the_mark_of_a_request_changes_with_what_happens_in_it(client: Client) -> None:
    awa = await sign_in(client)
    desk, casework = assistant_of(client).desk, assistant_of(client).casework
    conversation = await talk(client)
    reference = await ask(client, conversation_id=conversation)
    marks = [await desk.mark(reference)]
    await casework.claim(reference, awa.account.id)
    marks.append(await desk.mark(reference))
    await casework.note(reference, awa.account.id, "note")
    marks.append(await desk.mark(reference))
    await assistant_of(client).erase(conversation)
    marks.append(await desk.mark(reference))
    assert len(set(marks)) == 4
    assert marks[-1] == ""
    assert await desk.mark("BC-0000") == ""


def test_the_oldest_sessions_are_forgotten_first() -> None:
    told = Told()
    for rank in range(MAX_SESSIONS + 1):
        told.add(str(rank), ["BC-2345"])
    assert told.fresh("0", ["BC-2345"]) == ["BC-2345"]
    assert told.fresh("1", ["BC-2345", "BC-2346"]) == ["BC-2346"]


@pytest.mark.parametrize(
    "query", ["?demande=%3Cimg%3E", "?demande=BC-0000&marque=x", "?marque=" + "a" * 5000]
)
async def test_a_stream_about_nothing_tells_of_the_queue(client: Client, query: str) -> None:
    awa = await sign_in(client)
    async with listening(awa, query) as stream:
        assert (await stream.next())[0] == "file"
