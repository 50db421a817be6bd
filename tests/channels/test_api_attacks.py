"""What a hostile or broken client sends to the API. Each test is named after the attack."""

import asyncio
import json
from collections.abc import AsyncIterator

import pytest

from tests.channels.talking import Api, Client, OpenClient, open_conversation, problem_of

CALLS = (("GET", "/messages"), ("POST", "/messages"), ("GET", "/events"), ("DELETE", ""))


@pytest.mark.parametrize(("method", "path"), CALLS)
async def test_another_conversations_token(client: Client, method: str, path: str) -> None:
    mine, theirs = await open_conversation(client), await open_conversation(client)
    response = await client.request(method, theirs.path + path, headers=mine.headers, json={"text": "a"})
    assert (await problem_of(response))["status"] == 404
    assert len(await theirs.read()) == 1


@pytest.mark.parametrize(("method", "path"), CALLS)
async def test_no_token(api: Api, method: str, path: str) -> None:
    response = await api.client.request(method, api.path + path, json={"text": "a"})
    assert (await problem_of(response))["status"] == 401
    assert response.headers["WWW-Authenticate"] == "Bearer"


@pytest.mark.parametrize("header", ["Basic abc", "Bearer", "Bearer ", "", "Bearer a b"])
async def test_a_header_that_holds_no_token(api: Api, header: str) -> None:
    response = await api.client.get(f"{api.path}/messages", headers={"Authorization": header})
    assert response.status == 401


@pytest.mark.parametrize(
    "token", ["x", "é" * 30, "a" * 5000, "../../etc/passwd-aaaaaaaaa", "' OR 1=1 --aaaaaaaaaaaaaa"]
)
async def test_a_token_that_was_never_given(api: Api, token: str) -> None:
    response = await api.client.get(f"{api.path}/messages", headers={"Authorization": f"Bearer {token}"})
    assert response.status in (401, 404)


@pytest.mark.parametrize("other", ["0" * 32, "x", "%00", "%F0%9F%98%80", "..%2Fmessages", "'", "a" * 3000])
async def test_an_id_that_does_not_exist(api: Api, other: str) -> None:
    response = await api.client.get(f"/api/v1/conversations/{other}/messages", headers=api.headers)
    assert (await problem_of(response))["status"] == 404


@pytest.mark.parametrize(
    "header",
    [
        b"Authorization: Bearer \xff\xfe\xfd-aaaaaaaaaaaaaaaaaaaaaaaa",
        b"Cookie: conversation=" + b"0" * 32 + b".\xff" * 30,
    ],
)
async def test_bytes_that_are_not_text_in_a_header(api: Api, header: bytes) -> None:
    """No ordinary client writes such bytes: they go through a bare connection."""
    reader, writer = await asyncio.open_connection(api.client.host, api.client.port)
    head = f"GET {api.path}/messages HTTP/1.1\r\nHost: x\r\nConnection: close\r\n".encode()
    writer.write(head + header + b"\r\n\r\n")
    status = int((await reader.readline()).split()[1])
    writer.close()
    assert status in (400, 401, 404)


async def test_a_prefix_of_the_token(api: Api) -> None:
    response = await api.client.get(
        f"{api.path}/messages", headers={"Authorization": f"Bearer {api.token[:-1]}"}
    )
    assert response.status == 404


@pytest.mark.parametrize(
    ("body", "status"),
    [
        (b"", 400),
        (b"{", 400),
        (b"\xff\xfe", 400),
        (b"[" * 5000, 400),
        (b"1" * 6000, 400),
        (b'{"text": ' + b"1" * 6000 + b"}", 400),
        (b"[]", 422),
        (b"null", 422),
        (b'"text"', 422),
        (b"{}", 422),
        (b'{"text": "a", "choice": "aide"}', 422),
        (b'{"text": 1}', 422),
        (b'{"text": null}', 422),
        (b'{"text": NaN}', 422),
        (b'{"text": {"a": 1}}', 422),
        (b'{"text": ""}', 422),
        (b'{"text": "  \\n "}', 422),
        (b'{"text": "\\u0000"}', 422),
        (b'{"text": "a", "extra": 1}', 422),
        (b'{"text": "a", "\\ud800": 1}', 422),
        (b'{"choice": "inconnu"}', 422),
        (b'{"choice": "\\ud800"}', 422),
        (b'{"choice": "fiche:nulle"}', 422),
        (b'{"choice": ""}', 422),
        (b'{"text": "a", "client_id": ""}', 422),
        (b'{"text": "a", "client_id": 3}', 422),
        (b'{"text": "a", "client_id": "' + b"x" * 101 + b'"}', 422),
        (b'{"text": "' + b"a" * 2001 + b'"}', 422),
        (b'{"text": "' + b"a" * 20000 + b'"}', 413),
    ],
)
async def test_a_body_that_is_not_a_message(api: Api, body: bytes, status: int) -> None:
    headers = api.headers | {"Content-Type": "application/json"}
    response = await api.client.post(f"{api.path}/messages", data=body, headers=headers)
    assert (await problem_of(response))["status"] == status
    assert len(await api.read()) == 1


@pytest.mark.parametrize(
    "text",
    [
        "\ud800 seul",
        "\x00nul",
        "\u202eà l'envers",
        "😀" * 900,
        "ſ" * 2000,
        "a\u0301" * 900,
        "﷽" * 500,
        "\r\n\t a",
    ],
)
async def test_weird_unicode_is_kept_and_never_breaks(api: Api, text: str) -> None:
    body = json.dumps({"text": f"mon mari me frappe {text}"[:2000]}, ensure_ascii="\ud800" in text)
    headers = api.headers | {"Content-Type": "application/json"}
    response = await api.client.post(f"{api.path}/messages", data=body.encode(), headers=headers)
    assert response.status == 200
    assert len(await api.read()) == 3


@pytest.mark.parametrize("client_id", ["\x00", "\ud800", "😀" * 100, "a:b", "'; DROP TABLE inbox; --"])
async def test_a_hostile_client_id_still_deduplicates(api: Api, client_id: str) -> None:
    first = await api.say(choice="aide", client_id=client_id)
    assert await api.say(choice="aide", client_id=client_id) == first
    assert (await api.say(choice="aide", client_id="autre")) != first


@pytest.mark.parametrize(
    "content_type", ["text/plain", "application/x-www-form-urlencoded", "application/xml", ""]
)
async def test_another_content_type(api: Api, content_type: str) -> None:
    """A form of another site can send these three types without asking: they are refused."""
    headers = api.headers | {"Content-Type": content_type}
    response = await api.client.post(f"{api.path}/messages", data=b'{"text": "a"}', headers=headers)
    assert (await problem_of(response))["status"] == 415


async def test_a_compressed_bomb(api: Api) -> None:
    headers = api.headers | {"Content-Type": "application/json", "Content-Encoding": "gzip"}
    response = await api.client.post(f"{api.path}/messages", data=b"\x1f\x8b", headers=headers)
    assert response.status in (400, 415)


async def test_a_body_larger_than_it_says(api: Api) -> None:
    async def chunks() -> AsyncIterator[bytes]:  # no Content-Length: the size is known only by reading
        for _ in range(40):
            yield b" " * 1024

    headers = api.headers | {"Content-Type": "application/json"}
    response = await api.client.post(f"{api.path}/messages", data=chunks(), headers=headers)
    assert (await problem_of(response))["status"] == 413


async def test_a_body_that_never_comes(api: Api, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("channels.body.READ_SECONDS", 0.0)

    async def nothing() -> AsyncIterator[bytes]:
        yield b"{"
        await asyncio.Event().wait()
        yield b"}"

    headers = api.headers | {"Content-Type": "application/json"}
    response = await api.client.post(f"{api.path}/messages", data=nothing(), headers=headers)
    assert (await problem_of(response))["status"] == 408


@pytest.mark.parametrize("after", ["x", "%00", "'", "0" * 33])
async def test_an_after_that_is_no_id(api: Api, after: str) -> None:
    response = await api.client.get(f"{api.path}/messages?after={after}", headers=api.headers)
    assert (await problem_of(response))["status"] == 422


@pytest.mark.parametrize(
    ("method", "path", "allowed"),
    [
        ("PUT", "/api/v1/conversations", {"POST"}),
        ("GET", "/api/v1/conversations", {"POST"}),
        ("GET", "/api/v1/conversations/x", {"DELETE"}),
        ("PATCH", "/api/v1/conversations/x/messages", {"GET", "HEAD", "POST"}),
        ("POST", "/api/v1/conversations/x/events", {"GET"}),
        ("HEAD", "/api/v1/conversations/x/events", {"GET"}),
        ("POST", "/api/v1/fiches", {"GET", "HEAD"}),
        ("DELETE", "/health", {"GET", "HEAD"}),
    ],
)
async def test_a_method_that_is_not_offered(
    client: Client, method: str, path: str, allowed: set[str]
) -> None:
    response = await client.request(method, path)
    assert response.status == 405
    assert set(response.headers["Allow"].split(",")) == allowed
    assert response.content_type == "application/problem+json"


@pytest.mark.parametrize("path", ["/api", "/api/", "/api/v2/conversations", "/api/v1/fiches/", "/api/v1/%00"])
async def test_an_address_of_the_api_that_does_not_exist(client: Client, path: str) -> None:
    assert (await problem_of(await client.get(path)))["status"] == 404


async def test_an_unforeseen_error_tells_nothing_of_the_inside(
    open_client: OpenClient, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    api = await open_conversation(await open_client())

    async def fail(*_args: object, **_kwargs: object) -> None:
        raise RuntimeError("06 12 34 56 78 secret")

    monkeypatch.setattr("bot.service.intake.Intake.receive", fail)
    response = await api.post(text="bonjour")
    problem = await problem_of(response)
    assert problem["status"] == 500
    assert "secret" not in str(problem)
    logged = "".join(capsys.readouterr())
    assert "request_failed" in logged
    assert "RuntimeError" in logged
    assert "secret" not in logged
    assert api.id not in logged.split("request_failed", 1)[1]
