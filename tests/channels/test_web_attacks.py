"""What a hostile site or client does to the pages. Each test is named after the attack."""

import gzip

import pytest

from channels.form import MAX_FORM
from tests.channels.talking import DANGER, Client, OpenClient, open_conversation, problem_of, send

POSTS = ("/message", "/effacer", "/personne", "/demande", "/signaler", "/garder")
ELSEWHERE = [
    {"Sec-Fetch-Site": "cross-site"},
    {"Sec-Fetch-Site": "same-site"},
    {"Origin": "https://evil.example"},
    {"Origin": "null"},
    {"Origin": "http://["},
    {"Referer": "https://evil.example/page"},
    {"Sec-Fetch-Site": "cross-site", "Origin": "http://127.0.0.1"},
]


@pytest.mark.parametrize("headers", ELSEWHERE)
@pytest.mark.parametrize("path", POSTS)
async def test_csrf_form_of_another_site(client: Client, path: str, headers: dict[str, str]) -> None:
    response = await client.post(path, data={"text": DANGER}, headers=headers, allow_redirects=False)
    assert response.status == 403
    assert "vient d&#39;un autre site" in await response.text()
    assert "Set-Cookie" not in response.headers


async def test_csrf_erasure_erases_nothing(client: Client) -> None:
    await send(client, text=DANGER)
    await client.post("/effacer", data={}, headers={"Sec-Fetch-Site": "cross-site"})
    assert DANGER in await (await client.get("/conversation")).text()


async def test_our_own_forms_pass_in_new_and_old_browsers(client: Client) -> None:
    host = f"{client.host}:{client.port}"
    for headers in (
        {"Sec-Fetch-Site": "same-origin", "Origin": "null"},
        {"Origin": f"http://{host}"},
        {"Referer": f"http://{host}/"},
        {},
    ):
        response = await send(client, text=DANGER, redirects=False, headers=headers)
        assert response.status == 303


async def test_the_public_address_behind_a_proxy_is_ours(open_client: OpenClient) -> None:
    client = await open_client(public_url="https://assistant.example")
    headers = {"Origin": "https://assistant.example"}
    assert (await send(client, text=DANGER, redirects=False, headers=headers)).status == 303


@pytest.mark.parametrize(
    "cookie", ["x", "a.b", "." * 50, "%00", "' OR 1=1", "é" * 40, "0" * 32 + "." + "a" * 32]
)
async def test_forged_cookie(client: Client, cookie: str) -> None:
    headers = {"Cookie": f"conversation={cookie}"}
    response = await client.get("/conversation", headers=headers, allow_redirects=False)
    assert response.status == 303
    assert (await client.get("/", headers=headers)).status == 200


async def test_cookie_with_another_conversations_id(client: Client) -> None:
    mine, theirs = await open_conversation(client), await open_conversation(client)
    headers = {"Cookie": f"conversation={theirs.id}.{mine.token}"}
    response = await client.get("/conversation", headers=headers, allow_redirects=False)
    assert response.status == 303


async def test_cookie_used_on_another_conversation_of_the_api(client: Client) -> None:
    mine, theirs = await open_conversation(client), await open_conversation(client)
    headers = {"Cookie": f"conversation={mine.id}.{mine.token}", "Sec-Fetch-Site": "same-origin"}
    response = await client.get(f"{theirs.path}/messages", headers=headers)
    assert (await problem_of(response))["status"] == 404


@pytest.mark.parametrize("headers", ELSEWHERE)
async def test_csrf_on_the_api_with_the_pages_cookie(client: Client, headers: dict[str, str]) -> None:
    api = await open_conversation(client)
    cookie = {"Cookie": f"conversation={api.id}.{api.token}"}
    response = await client.delete(api.path, headers=cookie | headers)
    assert (await problem_of(response))["status"] == 403
    assert len(await api.read()) == 1


async def test_the_pages_script_may_erase_and_loses_its_cookie(client: Client) -> None:
    api = await open_conversation(client)
    headers = {"Cookie": f"conversation={api.id}.{api.token}", "Sec-Fetch-Site": "same-origin"}
    response = await client.delete(api.path, headers=headers)
    assert response.status == 204
    assert response.cookies["conversation"].value == ""


async def test_clickjacking_and_foreign_content(client: Client) -> None:
    for path in ("/", "/nulle", "/static/style.css", "/api/v1/fiches", "/api/nulle", "/conversation"):
        response = await client.get(path, allow_redirects=False)
        policy = response.headers["Content-Security-Policy"]
        assert "default-src 'none'" in policy
        assert "frame-ancestors 'none'" in policy
        assert "unsafe" not in policy
        assert response.headers["X-Content-Type-Options"] == "nosniff"
        assert response.headers["Referrer-Policy"] == "same-origin"
        assert response.headers["Cross-Origin-Opener-Policy"] == "same-origin"
        assert response.headers["Cross-Origin-Resource-Policy"] == "same-origin"
        assert "Server" not in response.headers


async def test_the_next_person_on_a_shared_computer(client: Client) -> None:
    await send(client, text=DANGER)
    for path in ("/conversation", "/", "/personne", "/effacer", "/fiches"):
        assert (await client.get(path)).headers["Cache-Control"] == "no-store"
    api = await open_conversation(client)
    response = await client.get(f"{api.path}/messages", headers=api.headers)
    assert response.headers["Cache-Control"] == "no-store"


async def test_the_title_in_the_history_never_tells_the_subject(client: Client) -> None:
    for path in ("/conversation", "/fiches/violences-conjugales"):
        await send(client, text=DANGER)
        title = (await (await client.get(path)).text()).split("<title>")[1].split("</title>")[0]
        assert "violence" not in title.lower()
        assert "frappe" not in title.lower()


async def test_a_form_of_a_megabyte(client: Client) -> None:
    response = await client.post("/message", data={"text": "a" * 1_000_000})
    assert response.status == 413
    assert "beaucoup trop long" in await response.text()


async def test_a_form_with_a_thousand_fields(client: Client) -> None:
    response = await client.post("/message", data={f"f{rank}": "" for rank in range(1000)})
    assert response.status == 400


@pytest.mark.parametrize(
    "body", [b"\xff\xfe=\xff", b"text=%ff%fe%00", b"%", b"=&=&", b"text=%ED%A0%80", b"text=\x00"]
)
async def test_a_form_of_broken_bytes(client: Client, body: bytes) -> None:
    headers = {"Content-Type": "application/x-www-form-urlencoded; charset=nulle"}
    response = await client.post("/message", data=body, headers=headers, allow_redirects=False)
    assert response.status in (303, 422)


async def test_a_compressed_form(client: Client) -> None:
    headers = {"Content-Type": "application/x-www-form-urlencoded", "Content-Encoding": "gzip"}
    bomb = gzip.compress(b"text=" + b"a" * MAX_FORM * 20)
    assert (await client.post("/message", data=bomb, headers=headers)).status == 415


@pytest.mark.parametrize(
    ("method", "path", "status"),
    [
        ("GET", "/message", 405),
        ("PUT", "/", 405),
        ("DELETE", "/conversation", 405),
        ("GET", "/nulle", 404),
        ("GET", "/static/../server.py", 404),
        ("GET", "/static/%2e%2e%2fpage.py", 404),
        ("GET", "/static/nulle.css", 404),
        ("GET", "/fiches/nulle", 404),
        ("GET", "/fiches/%00", 404),
        ("GET", "/" + "a" * 4000, 404),
    ],
)
async def test_an_address_or_method_that_is_not_offered(
    client: Client, method: str, path: str, status: int
) -> None:
    response = await client.request(method, path)
    html = await response.text()
    assert response.status == status
    assert "<title>Erreur\u00a0:" in html
    assert '<a href="/personne">' in html
    assert '<a href="tel:15">' in html
    assert ("Allow" in response.headers) == (status == 405)


async def test_a_json_body_on_a_form(client: Client) -> None:
    """A form of another site cannot send JSON, and a JSON body is no form: both stay apart."""
    assert (await client.post("/message", json={"text": DANGER})).status == 415


async def test_an_unforeseen_error_is_a_page_that_tells_nothing_of_the_inside(
    client: Client, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    async def fail(*_args: object, **_kwargs: object) -> None:
        raise RuntimeError("06 12 34 56 78 secret")

    monkeypatch.setattr("bot.service.intake.Intake.receive", fail)
    response = await send(client, text="bonjour")
    html = await response.text()
    assert response.status == 500
    assert "secret" not in html
    assert "Une erreur est survenue de notre côté" in html
    assert "secret" not in "".join(capsys.readouterr())
