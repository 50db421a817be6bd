"""Reaching what is somebody else's by its id, and learning which ids, logins and references exist."""

from __future__ import annotations

import re
from collections.abc import AsyncIterator

import pytest

from bot.service.attempts import FREE_FAILURES
from bot.store.accounts import Role
from bot.store.demandes import CODE_LENGTH, CODE_SIGNS, DemandeDetails
from channels.keys import ASSISTANT
from tests.channels.attacking import Scene, open_scene
from tests.channels.console.desk_scene import ask, sign_in, talk
from tests.channels.console.visiting import PASSWORD
from tests.channels.talking import Client, OpenClient, app_of, open_conversation

CHANGES = re.compile(r'name="(form_id|jeton)" value="[^"]*"')
"""Words that are others on each page."""


@pytest.fixture
async def scene(open_client: OpenClient) -> AsyncIterator[Scene]:
    opened = await open_scene(open_client)
    yield opened
    await opened.visitor.session.close()


async def test_idor_on_every_address_of_a_conversation(scene: Scene) -> None:
    stranger = await open_conversation(scene.client)
    seen, before = [], await scene.api.read()
    for route in scene.routes():
        if "/conversations/{id}" not in route.canonical:
            continue
        seen.append(route.canonical)
        for headers in (stranger.headers, {"Cookie": f"__Host-conversation={stranger.id}.{stranger.token}"}):
            known = await scene.client.request(route.method, route.path, headers=headers, json={"text": "a"})
            nobody = route.path.replace(scene.api.id, "0" * 32)
            unknown = await scene.client.request(route.method, nobody, headers=headers, json={"text": "a"})
            assert known.status == unknown.status == 404
            assert await known.read() == await unknown.read()
            assert {**known.headers, "Date": ""} == {**unknown.headers, "Date": ""}
    assert len(seen) >= 4
    assert await scene.api.read() == before


async def test_idor_on_every_address_of_the_console_without_a_session(scene: Scene) -> None:
    """Whatever exists or not behind the address, who has not signed in is told the same."""
    seen = 0
    for route in scene.routes("GET", "POST"):
        if not re.match(r"/(console|agent)/.*\{(id|reference|message)\}", route.canonical):
            continue
        seen += 1
        made_up = re.sub(r"\{\w+\}", "ZZ-9999", route.canonical)
        answers = [
            await scene.client.request(
                route.method,
                path,
                data={"texte": "a"} if route.method == "POST" else None,
                allow_redirects=False,
            )
            for path in (route.path, made_up)
        ]
        assert {answer.status for answer in answers} == {303 if route.method == "GET" else 403}, (
            route.canonical
        )
        texts = [
            (await answer.text()).replace(path, "")
            for answer, path in zip(answers, (route.path, made_up), strict=True)
        ]
        assert texts[0] == texts[1]
    assert seen > 15


async def test_idor_on_messages_of_another_conversation(client: Client) -> None:
    """The page of a request shows an answer of its own conversation, and of no other."""
    operator = await sign_in(client)
    mine, theirs = await open_conversation(client), await open_conversation(client)
    reference = await ask(client, joindre=True, conversation_id=mine.id)
    await operator.take(reference)
    foreign = (await theirs.read())[0]["id"]
    html = await operator.get(f"/console/demandes/{reference}/assistant/{foreign}", status=404)
    assert "Bonjour" not in html
    own = (await mine.read())[0]["id"]
    await operator.get(f"/console/demandes/{reference}/assistant/{own}")


async def test_a_curious_operator_reads_no_conversation_that_was_not_joined(client: Client) -> None:
    operator = await sign_in(client)
    api = await open_conversation(client)
    await api.say(text="mon mari me frappe au 12 rue du secret")
    messages = [message["id"] for message in await api.read()]
    reference = await ask(client, joindre=False, conversation_id=api.id, mots="rappelez-moi")
    await operator.take(reference)
    assert "rue du secret" not in await operator.open(reference)
    for message in messages:
        page = await operator.get(f"/console/demandes/{reference}/assistant/{message}", status=404)
        assert "rue du secret" not in page


async def test_a_reading_is_written_in_the_journal_of_who_read(client: Client) -> None:
    operator = await sign_in(client, "awa", Role.OPERATEUR)
    reference = await ask(client, conversation_id=await talk(client))
    await operator.open(reference)
    trail = await app_of(client)[ASSISTANT].accounts.trail(operator.account.id)
    assert any(reference in str(entry) for entry in trail)


async def test_the_code_of_one_request_opens_no_other(client: Client) -> None:
    assistant = app_of(client)[ASSISTANT]
    mine = await assistant.create_demande(DemandeDetails("retour"), conversation_id=None, channel="web")
    theirs = await assistant.create_demande(
        DemandeDetails("retour", mots="un secret"), conversation_id=None, channel="web"
    )
    for path in ("/demande", "/demande/effacer"):
        response = await client.post(path, data={"reference": theirs.reference, "code": mine.code})
        assert response.status == 422
    assert await assistant.find_demande(theirs.reference, theirs.code)


async def test_enumeration_of_references(client: Client) -> None:
    """A wrong code and a reference that nobody has: the same page, the same one query of the store."""
    assistant = app_of(client)[ASSISTANT]
    real = await assistant.create_demande(DemandeDetails("retour"), conversation_id=None, channel="web")
    unknown = "BC-2349" if real.reference != "BC-2349" else "BC-2347"  # in neither: the example of the page
    for path in ("/demande", "/demande/effacer"):
        pages = []
        for reference in (real.reference, unknown):
            response = await client.post(path, data={"reference": reference, "code": "BCDFGHJK"})
            assert response.status == 422
            pages.append(CHANGES.sub("", (await response.text()).replace(reference, "")))
        assert pages[0] == pages[1]


async def test_enumeration_of_logins(client: Client) -> None:
    """Known, closed and unknown logins: the same page, the same refusals, the same wait."""
    accounts = app_of(client)[ASSISTANT].accounts
    await accounts.create("camille", Role.OPERATEUR, "Camille", password=PASSWORD, must_change=False)
    seen = {}
    for login in ("camille", "dominique", "' or 1=1"):
        answers = []
        for _ in range(FREE_FAILURES + 1):
            response = await client.post(
                "/console/connexion", data={"identifiant": login, "mot_de_passe": "ce n'est pas lui"}
            )
            text = CHANGES.sub("", await response.text()).replace(login.replace("'", "&#39;"), "")
            answers.append((response.status, response.headers.get("Retry-After", "")[:1], text))
        seen[login] = answers
    assert seen["camille"] == seen["dominique"]
    assert [status for status, *_ in seen["camille"]] == [422] * FREE_FAILURES + [429]
    assert [status for status, *_ in seen["' or 1=1"]] == [422] * FREE_FAILURES + [429]


def test_brute_force_of_a_code_takes_centuries() -> None:
    """At the 600 tries a minute that the default lets one address make, for one reference."""
    tries_a_year = 600 * 60 * 24 * 365
    assert len(set(CODE_SIGNS)) ** CODE_LENGTH / tries_a_year > 100


async def test_a_page_refused_to_a_role_is_logged(client: Client, capfd: pytest.CaptureFixture[str]) -> None:
    operator = await sign_in(client)
    capfd.readouterr()
    await operator.get("/console/comptes", status=403)
    (line,) = [line for line in "".join(capfd.readouterr()).splitlines() if "not_allowed" in line]
    assert f"account={operator.account.id}" in line
    assert "awa" not in line.lower()
