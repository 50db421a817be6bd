"""The frame on other sites: who may show it, what opens its conversation, and what another site cannot do with it."""

from __future__ import annotations

import re

import pytest
from aiohttp import ClientResponse

from bot.settings import SettingsError
from channels.registry import load_all_settings
from channels.widget.page import BASE
from channels.widget.routes import ROUTES
from tests.channels.talking import DANGER, Client, OpenClient, form_id_of

MAIRIE = "https://www.mairie.example"
SAME = {"Sec-Fetch-Site": "same-origin"}


@pytest.fixture
async def client(open_client: OpenClient) -> Client:
    """Return a client without cookies of its own: the cookie of a frame is Secure, and given here by hand."""
    return await open_client(embed_origins=f"{MAIRIE} https://agglo.example:8443")


async def say(
    client: Client, text: str, access: str = "", cookie: str = "", **headers: str
) -> ClientResponse:
    """Send a message as the form of the frame does."""
    client.session.cookie_jar.clear()
    page = await (await client.get(BASE)).text()
    fields = {"text": text, "form_id": form_id_of(page), **({"acces": access} if access else {})}
    sent = {**SAME, **headers, **({"Cookie": f"integre={cookie}"} if cookie else {})}
    response = await client.post(f"{BASE}/message", data=fields, headers=sent, allow_redirects=False)
    client.session.cookie_jar.clear()
    return response


async def start(client: Client, text: str = DANGER) -> str:
    """Open a conversation and return what the forms of its page carry."""
    html = await (await say(client, text)).text()
    found = re.search(r'name="acces" value="([^"]+)"', html)
    assert found
    return found.group(1)


async def read(client: Client, cookie: str) -> str:
    response = await client.get(f"{BASE}/conversation", headers={"Cookie": f"integre={cookie}"})
    client.session.cookie_jar.clear()
    return await response.text()


@pytest.mark.parametrize("path", [BASE, f"{BASE}/conversation", f"{BASE}/nulle-part"])
async def test_only_the_sites_listed_may_show_the_frame(client: Client, path: str) -> None:
    policy = (await client.get(path)).headers["Content-Security-Policy"]
    assert policy.split("frame-ancestors ")[1] == f"{MAIRIE} https://agglo.example:8443"


async def test_every_other_page_is_shown_in_no_frame(client: Client) -> None:
    for path in ("/", "/conversation", "/fiches", "/borne", "/console/connexion", "/integrer.js", "/health"):
        response = await client.get(path, allow_redirects=False)
        assert "frame-ancestors 'none'" in response.headers["Content-Security-Policy"], path


async def test_without_a_site_listed_the_frame_says_so_and_gives_a_link(open_client: OpenClient) -> None:
    client = await open_client()
    response = await client.get(BASE)
    html = await response.text()
    assert "frame-ancestors 'none'" in response.headers["Content-Security-Policy"]
    assert 'href="/" target="_blank"' in html
    assert "<textarea" not in html


@pytest.mark.parametrize(
    "value",
    ["http://mairie.example", "https://mairie.example/", "https://mairie.example/page", "*", "https://*.example", "mairie.example", "https://a.example;"],
)  # fmt: skip
def test_a_site_that_is_no_https_origin_stops_the_start(value: str) -> None:
    with pytest.raises(SettingsError, match="BOT_EMBED_ORIGINS"):
        load_all_settings({"BOT_EMBED_ORIGINS": value})


async def test_the_first_page_says_what_is_kept_and_gives_no_cookie(client: Client) -> None:
    response = await client.get(BASE)
    own = await (await client.get("/")).text()
    words = re.search(r'<div class="bienvenue">(.*?)</div>', own, re.DOTALL)
    assert words
    assert words.group(1) in await response.text()
    assert "Set-Cookie" not in response.headers


async def test_the_cookie_is_of_the_frame_alone_and_apart_for_each_site(client: Client) -> None:
    cookie = (await say(client, DANGER)).headers["Set-Cookie"]
    name, _, attributes = cookie.partition("; ")
    assert name.startswith("integre=")
    assert set(attributes.split("; ")) == {
        "Path=/integrer",
        "HttpOnly",
        "SameSite=None",
        "Secure",
        "Partitioned",
    }


async def test_a_conversation_goes_on_without_any_cookie(client: Client) -> None:
    access = await start(client)
    response = await say(client, "EFFACER", access)
    html = await response.text()
    assert response.status == 200
    assert "3919" in html
    assert "Effacer votre conversation" in html
    again = await client.post(f"{BASE}/conversation", data={"acces": access}, headers=SAME)
    assert "3919" in await again.text()


async def test_with_its_cookie_a_message_leads_to_an_address_that_can_be_reloaded(client: Client) -> None:
    access = await start(client)
    response = await say(client, "EFFACER", access, cookie=access)
    assert response.status == 303
    assert response.headers["Location"] == f"{BASE}/conversation#derniere"
    assert "3919" in await read(client, access)


async def test_the_token_is_never_in_an_address(client: Client) -> None:
    access = await start(client)
    html = await read(client, access)
    addresses = re.findall(r'(?:href|action|src|data-[a-z]+)="([^"]*)"', html)
    assert not [address for address in addresses if access.split(".")[1] in address]


async def test_the_script_reads_on_with_a_header_where_cookies_are_refused(client: Client) -> None:
    access = await start(client)
    path = f"{BASE}/conversation/suite"
    assert (await client.get(path, headers={"X-Acces": access})).headers["X-Suite"] == "1"
    assert "X-Suite" not in (await client.get(path)).headers


async def test_a_message_of_the_script_to_a_conversation_gone_is_asked_again_as_a_form(
    client: Client,
) -> None:
    access = await start(client)
    await say(client, "EFFACER", access)
    page = await read(client, access)
    await client.post(
        f"{BASE}/message",
        data={"choice": "effacer:oui", "form_id": form_id_of(page), "acces": access},
        headers=SAME,
        allow_redirects=False,
    )
    assert (await say(client, DANGER, access, **{"X-Depuis": ""})).status == 409


async def test_the_same_form_sent_twice_is_one_message(client: Client) -> None:
    page = await (await client.get(BASE)).text()
    fields = {"text": DANGER, "form_id": form_id_of(page)}
    for _ in range(2):
        response = await client.post(f"{BASE}/message", data=fields, headers=SAME)
        client.session.cookie_jar.clear()
    assert (await response.text()).count('class="reponse user"') == 1


@pytest.mark.parametrize("route", [route for route in ROUTES if route.method == "POST"], ids=lambda r: r.path)
@pytest.mark.parametrize(
    "headers",
    [
        {"Sec-Fetch-Site": "cross-site"},
        {"Sec-Fetch-Site": "same-site"},
        {"Origin": MAIRIE},
        {"Origin": "null"},
    ],
)
async def test_csrf_form_of_the_site_around(client: Client, route: object, headers: dict[str, str]) -> None:
    path = getattr(route, "path")  # noqa: B009
    response = await client.post(path, data={"text": DANGER}, headers=headers, allow_redirects=False)
    assert response.status == 403
    assert "Set-Cookie" not in response.headers


async def test_csrf_with_the_cookie_in_a_browser_that_tells_nothing(client: Client) -> None:
    """The cookie goes wherever the browser is asked to send it: it opens nothing for a form."""
    access = await start(client)
    response = await client.post(
        f"{BASE}/message",
        data={"text": "EFFACER"},
        headers={"Cookie": f"integre={access}"},
        allow_redirects=False,
    )
    assert response.headers["Set-Cookie"].split(";")[0] != f"integre={access}"
    assert "Effacer votre conversation" not in await read(client, access)


async def test_the_conversation_of_a_page_does_not_open_in_the_frame(client: Client) -> None:
    page = await (await client.get("/")).text()
    await client.post("/message", data={"text": DANGER, "form_id": form_id_of(page)})
    own = next(cookie for cookie in client.session.cookie_jar if cookie.key == "conversation").value
    client.session.cookie_jar.clear()
    assert "3919" not in await read(client, own)


async def test_leaving_fast_locks_the_conversation_that_the_cookie_of_the_frame_still_names(
    client: Client,
) -> None:
    access = await start(client)
    response = await client.post(
        f"{BASE}/quitter", data={"acces": access}, headers=SAME, allow_redirects=False
    )
    assert response.status == 303
    assert response.headers["Location"].startswith("https://meteofrance.com")
    assert "Max-Age=0" in response.headers["Set-Cookie"]
    assert "3919" not in await read(client, access)


async def test_the_way_out_is_allowed_as_the_end_of_a_form_and_no_other_is(client: Client) -> None:
    policy = (await client.get(BASE)).headers["Content-Security-Policy"]
    assert "form-action 'self' https://meteofrance.com;" in policy


async def test_links_lead_out_of_the_frame_and_say_so(client: Client) -> None:
    html = await read(client, await start(client, "Montauban-de-Bretagne"))
    links = re.findall(r"<a ([^>]*)>(.*?)</a>", html, re.DOTALL)
    out = [(tag, words) for tag, words in links if not re.search(r'href="(#|tel:|sms:)', tag)]
    assert out
    for tag, words in out:
        assert 'target="_blank"' in tag
        assert "noopener" in tag
        assert "(nouvel onglet)" in words


async def test_a_refused_message_keeps_its_words_and_its_conversation(client: Client) -> None:
    access = await start(client)
    response = await say(client, "a" * 3000, access)
    html = await response.text()
    assert response.status == 422
    assert "a" * 3000 in html
    assert f'value="{access}"' in html
    assert "3919" in html


async def test_the_script_may_be_asked_for_by_any_site(client: Client) -> None:
    response = await client.get("/integrer.js", headers={"Sec-Fetch-Site": "cross-site"})
    assert response.status == 200
    assert response.content_type == "text/javascript"
    assert response.headers["Cross-Origin-Resource-Policy"] == "cross-origin"
    assert (await client.get(BASE)).headers["Cross-Origin-Resource-Policy"] == "cross-origin"


async def test_an_error_in_the_frame_is_a_page_that_the_frame_may_show(client: Client) -> None:
    response = await client.get(f"{BASE}/nulle-part")
    assert response.status == 404
    assert f'href="{BASE}"' in await response.text()
