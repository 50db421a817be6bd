"""Limits: refused in French with when to come back, and never for a danger."""

import re

import pytest

from channels.address import client_address
from tests.channels.talking import DANGER, OpenClient, form_id_of, open_conversation, problem_of, send


async def test_a_flood_in_one_conversation(open_client: OpenClient) -> None:
    client = await open_client(messages_per_minute=2)
    api = await open_conversation(client)
    await api.say(choice="aide")
    await api.say(choice="aide")
    response = await api.post(choice="aide")
    assert (await problem_of(response))["status"] == 429
    assert 1 <= int(response.headers["Retry-After"]) <= 60
    assert len(await api.read()) == 5
    other = await open_conversation(client)
    assert (await other.post(choice="aide")).status == 200


async def test_a_flood_from_one_address_over_many_conversations(open_client: OpenClient) -> None:
    client = await open_client(messages_per_minute_address=2)
    for _ in range(2):
        await (await open_conversation(client)).say(choice="aide")
    assert (await (await open_conversation(client)).post(choice="aide")).status == 429


async def test_a_flood_of_conversations(open_client: OpenClient) -> None:
    client = await open_client(conversations_per_hour_address=1)
    await open_conversation(client)
    response = await client.post("/api/v1/conversations", json={})
    assert (await problem_of(response))["status"] == 429
    assert 1 <= int(response.headers["Retry-After"]) <= 3600


async def test_a_danger_is_never_refused(open_client: OpenClient) -> None:
    client = await open_client(
        messages_per_minute=1, messages_per_minute_address=1, conversations_per_hour_address=1
    )
    api = await open_conversation(client)
    for _ in range(4):
        assert (await api.say(text=DANGER))["messages"][0]["type"] == "urgence"
    page = await send(client, text=DANGER)
    assert page.status == 200
    assert '<a href="tel:3919">' in await page.text()


async def test_a_page_that_refuses_keeps_the_text(open_client: OpenClient) -> None:
    client = await open_client(messages_per_minute=1)
    await send(client, text="bonjour")
    response = await send(client, text="Et mon <loyer> ?")
    html = await response.text()
    assert response.status == 429
    assert int(response.headers["Retry-After"]) >= 1
    assert "\nEt mon &lt;loyer&gt; ?</textarea>" in html
    assert re.search(r"Réessayez dans \d+ secondes?", html)


async def test_a_page_that_refuses_a_choice_keeps_the_choice(open_client: OpenClient) -> None:
    client = await open_client(messages_per_minute=1)
    html = await (await send(client, text=DANGER)).text()
    response = await client.post("/message", data={"choice": "aide", "form_id": form_id_of(html)})
    assert response.status == 429
    assert 'name="choice" value="aide"' in await response.text()


async def test_a_flood_of_requests_to_a_person_keeps_what_was_typed(open_client: OpenClient) -> None:
    client = await open_client(conversations_per_hour_address=1)
    await client.post("/personne", data={"moyen": "retour"})
    response = await client.post("/personne", data={"moyen": "retour", "nom": "Awa", "mots": "un papier"})
    html = await response.text()
    assert response.status == 429
    assert 'value="Awa"' in html
    assert "\nun papier</textarea>" in html


async def test_guessing_codes_of_requests_is_slowed(open_client: OpenClient) -> None:
    client = await open_client(messages_per_minute_address=2)
    guesses = [
        await client.post("/demande", data={"reference": "BC-2345", "code": f"B{n}"}) for n in range(3)
    ]
    assert [guess.status for guess in guesses] == [422, 422, 429]


@pytest.mark.parametrize(
    ("forwarded", "proxies", "expected"),
    [
        ([], 0, "10.0.0.9"),
        (["1.2.3.4"], 0, "10.0.0.9"),
        (["1.2.3.4"], 1, "1.2.3.4"),
        (["6.6.6.6, 1.2.3.4"], 1, "1.2.3.4"),
        (["6.6.6.6", "1.2.3.4, 10.0.0.1"], 2, "1.2.3.4"),
        (["1.2.3.4"], 2, "10.0.0.9"),
        (["2001:db8:1:2:3::4"], 1, "2001:db8:1:2::/64"),
        (["::ffff:1.2.3.4"], 1, "1.2.3.4"),
        (["<script>"], 1, "<script>"),
    ],
)
def test_an_address_written_by_the_client_proves_nothing(
    forwarded: list[str], proxies: int, expected: str
) -> None:
    assert client_address("10.0.0.9", forwarded, proxies) == expected


async def test_a_forged_forwarded_address_does_not_escape_the_limit(open_client: OpenClient) -> None:
    client = await open_client(conversations_per_hour_address=1)
    await open_conversation(client)
    response = await client.post("/api/v1/conversations", headers={"X-Forwarded-For": "6.6.6.6"})
    assert response.status == 429
