"""A person's own data over the page and the API: only theirs, never kept in a cache."""

from __future__ import annotations

import json
from html import unescape

import pytest

from channels.keys import ASSISTANT
from tests.channels.talking import (
    DANGER,
    Api,
    Client,
    OpenClient,
    app_of,
    open_conversation,
    problem_of,
    send,
)

FILES = ("/mes-donnees/copie.txt", "/mes-donnees/copie.json")
RARE = "zibeline bleutée"


async def test_the_page_says_what_is_held_and_gives_it_as_files(client: Client) -> None:
    await send(client, text=RARE)
    html = await (await client.get("/mes-donnees")).text()
    assert "messages, les vôtres et mes réponses" in html
    for path in FILES:
        assert f'href="{path}"' in html
        response = await client.get(path)
        assert response.status == 200
        assert RARE in await response.text()
        assert response.headers["Content-Disposition"].startswith("attachment; filename=")


async def test_the_question_is_answered_on_the_page(client: Client) -> None:
    page = await send(client, text="qu'avez-vous sur moi ?")
    assert "Vos données" in await page.text()


async def test_the_api_gives_json_and_text(api: Api) -> None:
    await api.say(text=DANGER)
    response = await api.client.get(f"{api.path}/export", headers=api.headers)
    assert response.content_type == "application/json"
    export = json.loads(await response.text())
    assert DANGER in [message["text"] for message in export["messages"]]
    assert export["conversation"]["id"] == api.id
    response = await api.client.get(f"{api.path}/export?format=text", headers=api.headers)
    assert response.content_type == "text/plain"
    assert DANGER in await response.text()


async def test_the_question_is_answered_by_the_api(api: Api) -> None:
    answer = (await api.say(text="mes données"))["messages"][-1]
    assert answer["type"] == "confidentialite"
    assert "/export" in answer["text"]


async def test_another_format_is_refused_by_name(api: Api) -> None:
    response = await api.client.get(f"{api.path}/export?format=xml", headers=api.headers)
    assert "json ou text" in (await problem_of(response))["title"]
    assert response.status == 422


async def test_nothing_of_it_stays_in_a_cache(client: Client, api: Api) -> None:
    await send(client, text=DANGER)
    for path, headers in (
        ("/mes-donnees", {}),
        *((path, {}) for path in FILES),
        (f"{api.path}/export", api.headers),
    ):
        response = await client.get(path, headers=headers)
        assert response.headers["Cache-Control"] == "no-store", path
        assert "ETag" not in response.headers


async def test_the_page_on_privacy_says_who_answers_on_what_ground_and_whom_to_ask(
    open_client: OpenClient,
) -> None:
    """What article 13 of the GDPR asks to be told."""
    client = await open_client(
        editeur="Mairie d'Essai", dpd="dpd@essai.example", hebergeur="Hébergeur d'Essai"
    )
    html = unescape(await (await client.get("/vie-privee")).text())
    for said in ("Mairie d'Essai", "dpd@essai.example", "article 6-1-e", "30 jours", "CNIL", "/mes-donnees"):
        assert said in html, said
    assert "Hébergeur d'Essai" in unescape(await (await client.get("/mentions-legales")).text())


# -- IDOR


async def test_idor_the_token_of_another_conversation(client: Client) -> None:
    mine, theirs = await open_conversation(client), await open_conversation(client)
    response = await client.get(f"{theirs.path}/export", headers=mine.headers)
    assert response.status == 404
    assert theirs.id not in await response.text()


async def test_idor_without_a_token(client: Client, api: Api) -> None:
    client.session.cookie_jar.clear()
    response = await client.get(f"{api.path}/export")
    assert response.status == 401


async def test_idor_the_cookie_of_another_conversation_on_the_api(client: Client) -> None:
    mine, theirs = await open_conversation(client), await open_conversation(client)
    headers = {"Cookie": f"conversation={mine.id}.{mine.token}", "Sec-Fetch-Site": "same-origin"}
    assert (await client.get(f"{theirs.path}/export", headers=headers)).status == 404


@pytest.mark.parametrize("path", [*FILES, "/mes-donnees"])
async def test_idor_a_cookie_put_together_from_two(client: Client, path: str) -> None:
    mine, theirs = await open_conversation(client), await open_conversation(client)
    await theirs.say(text=DANGER)
    headers = {"Cookie": f"conversation={theirs.id}.{mine.token}"}
    response = await client.get(path, headers=headers)
    assert response.status == (200 if path == "/mes-donnees" else 404)
    text = await response.text()
    assert DANGER not in text
    assert "aucune conversation" in text


@pytest.mark.parametrize("path", FILES)
async def test_idor_no_address_names_a_conversation(client: Client, api: Api, path: str) -> None:
    client.session.cookie_jar.clear()
    for query in (f"id={api.id}", f"conversation={api.id}.{api.token}", f"token={api.token}"):
        assert (await client.get(f"{path}?{query}")).status == 404


async def test_csrf_another_site_does_not_read_the_copy_with_the_pages_cookie(
    client: Client, api: Api
) -> None:
    headers = {"Cookie": f"conversation={api.id}.{api.token}", "Sec-Fetch-Site": "cross-site"}
    assert (await client.get(f"{api.path}/export", headers=headers)).status == 403


async def test_after_an_erasure_the_old_cookie_opens_no_copy(client: Client, api: Api) -> None:
    await app_of(client)[ASSISTANT].erase(api.id)
    headers = {"Cookie": f"conversation={api.id}.{api.token}"}
    assert (await client.get(FILES[0], headers=headers)).status == 404
    assert (await client.get(f"{api.path}/export", headers=api.headers)).status == 404


async def test_copies_count_for_the_limits(open_client: OpenClient) -> None:
    api = await open_conversation(await open_client(messages_per_minute=2))
    answers = [(await api.client.get(f"{api.path}/export", headers=api.headers)).status for _ in range(3)]
    assert answers == [200, 200, 429]
