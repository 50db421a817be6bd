"""Server-sent events: messages as they are stored, resumed where they stopped."""

import asyncio
import json
from typing import Any

import pytest
from aiohttp import ClientResponse

from tests.channels.talking import DANGER, Api, app_of, problem_of


class Stream:
    """Read events one by one."""

    def __init__(self, response: ClientResponse) -> None:
        self._response = response

    async def next(self) -> dict[str, Any]:
        """Return the next event: its name, its id and its data. Comments are passed over."""
        event: dict[str, Any] = {}
        while True:
            line = (await asyncio.wait_for(self._response.content.readline(), 5)).decode()
            if line == "":
                raise EOFError
            name, _, value = line.rstrip("\r\n").partition(": ")
            if name:
                event[name] = json.loads(value) if name == "data" else value
            elif "data" in event:
                return event


async def open_stream(api: Api, **headers: str) -> Stream:
    response = await api.client.get(f"{api.path}/events", headers=api.headers | headers)
    assert response.status == 200
    assert response.content_type == "text/event-stream"
    return Stream(response)


async def test_the_stream_gives_the_transcript_then_the_state_then_what_comes(api: Api) -> None:
    stream = await open_stream(api)
    welcome = await stream.next()
    assert welcome["event"] == "message"
    assert welcome["data"] == api.welcome[0]
    assert welcome["id"] == api.welcome[0]["id"]
    assert await stream.next() == {"event": "state", "data": {"state": "bot"}}
    answer = await api.say(text=DANGER)
    assert (await stream.next())["data"]["text"] == DANGER
    assert (await stream.next())["data"] == answer["messages"][0]


async def test_a_client_that_comes_back_gets_only_what_it_missed(api: Api) -> None:
    await api.say(text=DANGER)
    messages = await api.read()
    headers = {"Last-Event-ID": messages[1]["id"]}
    stream = await open_stream(api, **headers)
    assert (await stream.next())["data"] == messages[2]
    assert (await stream.next())["event"] == "state"


async def test_a_last_event_id_that_is_no_id_is_ignored(api: Api) -> None:
    headers = {"Last-Event-ID": "'; DROP TABLE messages"}
    assert (await (await open_stream(api, **headers)).next())["data"] == api.welcome[0]


async def test_a_request_to_a_person_changes_the_state_in_the_stream(api: Api) -> None:
    headers = {"Last-Event-ID": api.welcome[0]["id"]}
    stream = await open_stream(api, **headers)
    assert (await stream.next())["data"] == {"state": "bot"}
    for choice in ("personne:retour", "personne:passer", "personne:passer", "personne:envoyer"):
        await api.say(choice=choice)
    seen = [await stream.next() for _ in range(9)]
    assert [event["data"] for event in seen if event["event"] == "state"] == [{"state": "waiting"}]


async def test_the_stream_of_an_erased_conversation_ends(api: Api) -> None:
    stream = await open_stream(api)
    await stream.next()
    await stream.next()
    await api.client.delete(api.path, headers=api.headers)
    with pytest.raises(EOFError):
        await stream.next()


async def test_the_stream_of_an_idle_conversation_beats(api: Api, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("channels.api.events.HEARTBEAT_SECONDS", 0.01)
    response = await api.client.get(f"{api.path}/events", headers=api.headers)
    async with asyncio.timeout(5):
        while b"ping" not in await response.content.readline():
            pass


async def test_a_server_that_stops_ends_its_streams(api: Api) -> None:
    stream = await open_stream(api)
    await stream.next()
    await stream.next()
    await app_of(api.client).shutdown()
    with pytest.raises(EOFError):
        await stream.next()


async def test_the_pages_cookie_opens_the_stream_of_its_own_page_only(api: Api) -> None:
    cookie = {"Cookie": f"conversation={api.id}.{api.token}"}
    ours = await api.client.get(f"{api.path}/events", headers=cookie | {"Sec-Fetch-Site": "same-origin"})
    assert (await Stream(ours).next())["data"] == api.welcome[0]
    theirs = await api.client.get(f"{api.path}/events", headers=cookie | {"Sec-Fetch-Site": "cross-site"})
    assert (await problem_of(theirs))["status"] == 403
