"""A France services where forty people share one address is served; one flood from it is cut."""

from __future__ import annotations

import asyncio

import pytest

from channels.keys import LIMITS
from tests.channels.talking import DANGER, Client, OpenClient, app_of, open_conversation

PEOPLE = 40
MESSAGES_A_MINUTE = 5
"""Somebody who reads each answer for ten seconds. It is more than most do."""
AT_ONCE = 4
"""Who presses the button at the same instant, of forty who each write every ten seconds."""
HOME = {"X-Forwarded-For": "192.0.2.7"}


@pytest.fixture
async def client(open_client: OpenClient) -> Client:
    """Return a client behind one trusted proxy, under the limits that an installation has by default."""
    return await open_client(trusted_proxies=1)


async def talk_for_a_minute(client: Client) -> list[int]:
    """Open the page, talk, and leave a request, as one person at a shared computer."""
    opened = await client.post("/api/v1/conversations", json={"channel": "web"}, headers=HOME)
    data = await opened.json()
    headers = HOME | {"Authorization": f"Bearer {data['token']}"}
    statuses = [opened.status]
    for _ in range(MESSAGES_A_MINUTE):
        path = f"/api/v1/conversations/{data['id']}/messages"
        statuses.append((await client.post(path, json={"choice": "aide"}, headers=headers)).status)
    return statuses


async def test_forty_people_behind_one_address_are_all_served(client: Client) -> None:
    at_once = asyncio.Semaphore(AT_ONCE)

    async def in_turn() -> list[int]:
        async with at_once:
            return await talk_for_a_minute(client)

    talks = await asyncio.gather(*(in_turn() for _ in range(PEOPLE)))
    assert {tuple(talk) for talk in talks} == {(201, *[200] * MESSAGES_A_MINUTE)}
    # Each of them also leaves a request, and looks for it with a code mistyped twice.
    for _ in range(PEOPLE):
        assert (await client.post("/personne", data={"moyen": "retour"}, headers=HOME)).status == 200
    for _ in range(PEOPLE * 2):
        searched = await client.post("/demande", data={"reference": "BC-2345", "code": "B"}, headers=HOME)
        assert searched.status == 422


async def test_one_flood_is_cut_and_the_others_are_served(client: Client) -> None:
    """Who floods one conversation is cut; who sits beside, at the same address, is not."""
    flood, quiet = await open_conversation(client), await open_conversation(client)
    statuses = [(await flood.post(choice="aide")).status for _ in range(60)]
    assert statuses.count(200) <= 32  # 30 a minute, and one more when the minute turns
    assert 429 in statuses
    assert (await quiet.post(choice="aide")).status == 200


async def test_a_flood_of_new_conversations_is_cut_and_a_danger_still_passes(client: Client) -> None:
    limits, refused = app_of(client)[LIMITS], 0
    for _ in range(700):  # the limit itself: 700 real conversations would measure the database
        try:
            await limits.count_conversation("accueil")
        except Exception as refusal:  # noqa: BLE001 - counted by name below
            refused += type(refusal).__name__ == "TooMany"
    assert refused == 400
    await limits.count_conversation("accueil", DANGER)
    await limits.count_conversation("ailleurs")


async def test_a_flood_from_another_address_shuts_nobody_out(client: Client) -> None:
    limits = app_of(client)[LIMITS]
    for _ in range(1000):
        try:
            await limits.count_message("robot", None, None)
        except Exception:  # noqa: BLE001 - refused, and goes on
            continue
    assert await talk_for_a_minute(client) == [201, *[200] * MESSAGES_A_MINUTE]
