"""Keep a conversation in this browser until tonight, and undo it."""

from datetime import UTC, datetime
from http.cookies import Morsel, SimpleCookie

import pytest
from aiohttp import ClientResponse, web
from aiohttp.test_utils import make_mocked_request

from bot.model.french import PARIS
from bot.settings import Settings
from channels.cookie import read_cookie, seconds_until_midnight
from channels.keys import SETTINGS
from tests.channels.talking import DANGER, Client, OpenClient, open_conversation, send

KEPT = "cet appareil garde votre conversation jusqu'à ce soir, minuit"
NOT_KEPT = "cet appareil oublie votre conversation quand vous fermez le navigateur"
ID, TOKEN = "0" * 32, "a" * 32


async def keep(client: Client, **fields: str) -> ClientResponse:
    """Send the form of the page, without following the redirection."""
    return await client.post("/garder", data=fields, allow_redirects=False)


def cookie_of(response: ClientResponse, name: str = "conversation") -> "Morsel[str]":
    return SimpleCookie(response.headers["Set-Cookie"])[name]


async def page_of(client: Client) -> str:
    return await (await client.get("/conversation")).text()


async def test_at_first_the_page_says_that_the_conversation_is_not_kept(client: Client) -> None:
    html = await (await send(client, text=DANGER)).text()
    assert NOT_KEPT in html
    assert KEPT not in html
    assert "sur cet appareil seulement" in html
    assert "Pas sur un ordinateur partagé" in html
    assert '<input type="hidden" name="garder" value="jour">' in html


async def test_keeping_gives_the_same_conversation_until_midnight_in_france(client: Client) -> None:
    opened = cookie_of(await send(client, text=DANGER, redirects=False))
    before = seconds_until_midnight(datetime.now(PARIS))
    response = await keep(client, garder="jour")
    cookie = cookie_of(response)
    assert (response.status, response.headers["Location"]) == (303, "/conversation#garder")
    assert cookie.value == f"{opened.value}.jour"
    assert (before - int(cookie["max-age"])) % 86400 < 60  # also when midnight strikes in between
    assert (cookie["httponly"], cookie["samesite"], cookie["path"]) == (True, "Strict", "/")
    html = await page_of(client)
    assert DANGER in html
    assert KEPT in html
    assert NOT_KEPT not in html
    assert "Ne plus garder" in html


@pytest.mark.parametrize("fields", [{}, {"garder": ""}, {"garder": "toujours"}])
async def test_asking_again_without_it_gives_back_a_session_cookie(
    client: Client, fields: dict[str, str]
) -> None:
    opened = cookie_of(await send(client, text=DANGER, redirects=False))
    await keep(client, garder="jour")
    cookie = cookie_of(await keep(client, **fields))
    assert cookie.value == opened.value
    assert not cookie["max-age"]
    assert not cookie["expires"]
    html = await page_of(client)
    assert DANGER in html
    assert NOT_KEPT in html


async def test_messages_of_a_kept_conversation_go_on_in_it(client: Client) -> None:
    await send(client, text=DANGER)
    await keep(client, garder="jour")
    response = await send(client, text="il y a le feu", redirects=False)
    assert "Set-Cookie" not in response.headers
    html = await page_of(client)
    assert DANGER in html
    assert "il y a le feu" in html
    assert KEPT in html


async def test_a_kept_cookie_opens_the_conversation_in_the_api_too(client: Client) -> None:
    api = await open_conversation(client)
    headers = {"Cookie": f"conversation={api.id}.{api.token}.jour", "Sec-Fetch-Site": "same-origin"}
    assert (await client.get(f"{api.path}/messages", headers=headers)).status == 200


async def test_erasing_takes_a_kept_cookie_back(client: Client) -> None:
    await send(client, text=DANGER)
    await keep(client, garder="jour")
    await client.post("/effacer", data={})
    assert len(client.session.cookie_jar) == 0


async def test_behind_https_a_kept_cookie_stays_in_https(open_client: OpenClient) -> None:
    client = await open_client(cookie_secure=True)
    api = await open_conversation(client)
    headers = {"Cookie": f"__Host-conversation={api.id}.{api.token}"}
    response = await client.post("/garder", data={"garder": "jour"}, headers=headers, allow_redirects=False)
    assert cookie_of(response, "__Host-conversation")["secure"]


@pytest.mark.parametrize("cookie", [None, "x", f"{ID}.{TOKEN}", f"{ID}.{TOKEN}.jour"])
async def test_without_a_conversation_no_cookie_is_given(client: Client, cookie: str | None) -> None:
    headers = {"Cookie": f"conversation={cookie}"} if cookie else {}
    response = await client.post("/garder", data={"garder": "jour"}, headers=headers, allow_redirects=False)
    assert response.status == 303
    assert "Set-Cookie" not in response.headers


async def test_another_site_cannot_have_a_conversation_kept(client: Client) -> None:
    await send(client, text=DANGER)
    response = await client.post(
        "/garder", data={"garder": "jour"}, headers={"Sec-Fetch-Site": "cross-site"}, allow_redirects=False
    )
    assert response.status == 403
    assert "Set-Cookie" not in response.headers


@pytest.mark.parametrize(
    ("value", "until_tonight"),
    [
        (f"{ID}.{TOKEN}", False),
        (f"{ID}.{TOKEN}.jour", True),
        (f"{ID}.{TOKEN}.", None),
        (f"{ID}.{TOKEN}.an", None),
        (f"{ID}.{TOKEN}.jour.jour", None),
        (f"{ID}.jour", None),
        (f"{ID}..jour", None),
        (f".{TOKEN}.jour", None),
        ("jour", None),
        ("", None),
    ],
)
def test_a_cookie_is_ours_in_one_of_two_forms_or_counts_as_none(
    value: str, until_tonight: bool | None
) -> None:
    app = web.Application()
    app[SETTINGS] = Settings()
    request = make_mocked_request("GET", "/", headers={"Cookie": f"conversation={value}"}, app=app)
    credentials = read_cookie(request)
    assert (credentials.until_tonight if credentials else None) == until_tonight
    if credentials:
        assert (credentials.conversation_id, credentials.token) == (ID, TOKEN)


@pytest.mark.parametrize(
    ("moment", "seconds"),
    [
        (datetime(2026, 11, 23, 0, 0, tzinfo=PARIS), 86400),
        (datetime(2026, 11, 23, 23, 59, 58, tzinfo=PARIS), 2),
        (datetime(2026, 11, 23, 23, 59, 59, 900000, tzinfo=PARIS), 1),
        (datetime(2026, 11, 23, 22, 30, tzinfo=UTC), 1800),
        (datetime(2026, 7, 14, 22, 30, tzinfo=UTC), 84600),  # half past midnight in France
        (datetime(2026, 3, 29, 0, 0, tzinfo=PARIS), 23 * 3600),
        (datetime(2026, 10, 25, 0, 0, tzinfo=PARIS), 25 * 3600),
        (datetime(2026, 12, 31, 12, 0, tzinfo=PARIS), 12 * 3600),
    ],
)
def test_the_day_ends_at_midnight_in_france_even_when_clocks_change(moment: datetime, seconds: int) -> None:
    assert seconds_until_midnight(moment) == seconds
