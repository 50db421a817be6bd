"""What another site makes a browser send, on every address of the router, and what it can plant in it."""

from __future__ import annotations

import re
from collections.abc import AsyncIterator

import pytest

from bot.store.accounts import Role
from channels.keys import ASSISTANT
from tests.channels.attacking import HOST_SITE, SETTINGS, Scene, open_scene
from tests.channels.console.visiting import PASSWORD, token_of
from tests.channels.talking import DANGER, OpenClient, app_of, open_conversation

FORM = "application/x-www-form-urlencoded"
CALLED_BY_MACHINES = {"/sms/{secret}/message", "/sms/{secret}/accuse", "/telegram/maj"}
"""Opened by a secret that no browser holds: see test_webhook_attacks.py."""
OPENS_NOTHING = {"/console/code"}
"""Who has not begun to sign in is sent to the beginning."""
FLAGS = {"HttpOnly", "Secure"}


@pytest.fixture
async def scene(open_client: OpenClient) -> AsyncIterator[Scene]:
    opened = await open_scene(open_client)
    yield opened
    await opened.visitor.session.close()


async def test_csrf_on_every_form_of_the_router(scene: Scene) -> None:
    token = token_of(await (await scene.visitor.get("/console/compte")).text())
    access = f"{scene.api.id}.{scene.api.token}"
    fields = {
        "jeton": token,
        "text": "EFFACER",
        "acces": access,
        "moyen": "retour",
        "mots": "un mot",
        "garder": "jour",
    }
    passed, before = set(), await scene.api.read()
    for route in scene.routes("POST"):
        for elsewhere in ({"Sec-Fetch-Site": "cross-site"}, {"Origin": HOST_SITE}, {"Origin": "null"}):
            # A page of another site sends the cookies at most: it knows no token of the API.
            headers = {"Content-Type": FORM, "Cookie": scene.cookies, "Authorization": "", **elsewhere}
            del headers["Authorization"]
            response = await scene.visitor.session.post(
                route.path, data=fields, headers=headers, allow_redirects=False
            )
            if response.status not in (403, 415):
                passed.add(route.canonical)
    assert passed <= CALLED_BY_MACHINES | OPENS_NOTHING
    assert await scene.api.read() == before
    assert [account.login for account in await scene.visitor.assistant.accounts.list_accounts()] == [
        "dominique"
    ]


async def test_csrf_by_a_link_or_an_image_changes_nothing(scene: Scene) -> None:
    before = len(await scene.api.read())
    for route in scene.routes("GET"):
        if route.canonical.endswith(("events", "evenements")):
            continue
        headers = {"Cookie": scene.cookies, "Sec-Fetch-Site": "cross-site", "Sec-Fetch-Dest": "image"}
        await (await scene.visitor.session.get(route.path, headers=headers, allow_redirects=False)).read()
    cookie = {"Cookie": scene.cookies}
    assert (await scene.visitor.session.get("/console/compte", headers=cookie)).status == 200
    assert len(await scene.api.read()) == before
    assert await app_of(scene.client)[ASSISTANT].find_conversation(scene.api.id, scene.api.token)


async def test_json_of_another_site_is_asked_about_first(scene: Scene) -> None:
    """A browser sends JSON to another site only after OPTIONS allowed it: no address does."""
    for route in scene.routes():
        headers = {"Origin": HOST_SITE, "Access-Control-Request-Method": route.method}
        response = await scene.client.options(route.path, headers=headers, allow_redirects=False)
        assert response.status in (404, 405), route.canonical
        assert not [name for name in response.headers if name.startswith("Access-Control-")]


@pytest.mark.parametrize("is_https", [True, False])
async def test_cookie_theft_and_planting(open_client: OpenClient, is_https: bool) -> None:
    client = await open_client(**(SETTINGS | {"cookie_secure": is_https}))
    await app_of(client)[ASSISTANT].accounts.create(
        "camille", Role.OPERATEUR, "C", password=PASSWORD, must_change=False
    )
    signing = {"identifiant": "camille", "mot_de_passe": PASSWORD}
    given = {
        (await client.post(path, data=data, allow_redirects=False)).headers["Set-Cookie"]
        for path, data in (
            ("/message", {"text": DANGER}),
            ("/borne/message", {"text": DANGER}),
            ("/integrer/message", {"text": DANGER}),
            ("/console/connexion", signing),
        )
    }
    names = {cookie.partition("=")[0]: set(cookie.split("; ")[1:]) for cookie in given}
    bare = {name.removeprefix("__Host-").removeprefix("__Secure-"): flags for name, flags in names.items()}
    assert bare.keys() == {"conversation", "borne", "integre", "console"}
    assert all("HttpOnly" in flags and not any("Domain" in flag for flag in flags) for flags in bare.values())
    assert all("SameSite=Strict" in flags for name, flags in bare.items() if name != "integre")
    # Shown within other sites, so of none of them: each site has its own.
    assert {"SameSite=None", "Secure", "Partitioned", "Path=/integrer"} <= bare["integre"]
    if is_https:
        assert all("Secure" in flags for flags in bare.values())
        assert names.keys() == {"__Host-conversation", "__Host-console", "__Secure-borne", "__Secure-integre"}
        assert "Path=/" in bare["console"] & bare["conversation"]


async def test_session_fixation_by_a_sister_site(open_client: OpenClient) -> None:
    """Behind https, what a site of the same domain plants under our names, or under our old ones, is no session."""
    client = await open_client(**SETTINGS)
    theirs = await open_conversation(client)
    assistant = app_of(client)[ASSISTANT]
    await assistant.accounts.create("camille", Role.OPERATEUR, "C", password=PASSWORD, must_change=False)
    token = (await assistant.accounts.sign_in("camille", PASSWORD, "essai")).token
    planted = {"Cookie": f"conversation={theirs.id}.{theirs.token}; console={token}"}
    for path in ("/conversation", "/console/compte"):
        assert (await client.get(path, headers=planted, allow_redirects=False)).status == 303
    response = await client.post("/message", data={"text": DANGER}, headers=planted, allow_redirects=False)
    assert theirs.id not in response.headers["Set-Cookie"]
    assert len(await theirs.read()) == 1


async def test_a_conversation_chosen_by_somebody_else_is_never_opened(open_client: OpenClient) -> None:
    client = await open_client()
    chosen = {"Cookie": f"conversation={'a' * 32}.{'b' * 32}"}
    response = await client.post("/message", data={"text": DANGER}, headers=chosen, allow_redirects=False)
    given = response.headers["Set-Cookie"]
    assert response.status == 303
    assert "a" * 32 not in given
    assert re.match(r"conversation=[0-9a-f]{32}\.[\w-]{30,};", given)


async def test_open_redirect_from_every_address(scene: Scene) -> None:
    """Words of the address never choose another site to go to; « Quitter vite » goes where the settings say."""
    evil = "evil.example"
    led = set()
    for route in scene.routes("GET"):
        if route.canonical.endswith(("events", "evenements")):
            continue
        for target in (f"https://{evil}", f"//{evil}", f"/\\{evil}", f"/console/..//{evil}"):
            names = ("suite", "next", "url", "retour", "redirect", "vers", "q")
            headers = {"Cookie": scene.cookies, "Referer": f"https://{evil}/"}
            response = await scene.client.get(
                route.path, params=dict.fromkeys(names, target), headers=headers, allow_redirects=False
            )
            location = response.headers.get("Location", "")
            if re.match(r"(https?:)?[/\\]{2}", location):
                led.add((route.canonical, location))
    assert led == {("/quitter", "https://meteofrance.com/")}
