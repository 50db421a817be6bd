"""Attacks that headers stop, on every address that the router knows: a new one cannot be forgotten."""

from __future__ import annotations

import re
from collections.abc import AsyncIterator

import pytest
from aiohttp import ClientResponse

from channels.keys import ASSISTANT
from tests.channels.attacking import HOST_SITE, Route, Scene, open_scene
from tests.channels.talking import OpenClient, app_of

ALWAYS = {
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Embedder-Policy": "require-corp",
    "Strict-Transport-Security": "max-age=31536000",
}
FRAME = "/integrer"
FOR_OTHER_SITES = re.compile(r"/integrer(\.js|/.*)?")
KEPT = re.compile(r"(/\w+)?/static/\{name\}|/integrer\.js|/api/v1/(openapi\.json|fiches(/\{id\})?)")
"""What browsers may keep: our own files and texts, the same for everybody."""
PDF = "application/pdf"


@pytest.fixture
async def scene(open_client: OpenClient) -> AsyncIterator[Scene]:
    opened = await open_scene(open_client)
    yield opened
    await opened.visitor.session.close()


def directives(response: ClientResponse) -> dict[str, str]:
    policy = response.headers["Content-Security-Policy"]
    return dict(part.strip().partition(" ")[::2] for part in policy.split(";"))


def faults(route: Route, response: ClientResponse) -> list[str]:
    """Return what the headers of a response lack."""
    wrong = [name for name, value in ALWAYS.items() if response.headers.get(name) != value]
    policy = directives(response)
    if policy.get("default-src") != "'none'":
        wrong.append("default-src")
    # The style that the PDF reader of browsers writes into its own page; nothing of ours is shown with it.
    styles = "'unsafe-inline'" if response.content_type == PDF else "'self'"
    if not re.fullmatch(rf"{styles}|'sha256-[A-Za-z0-9+/=]+'", policy.get("style-src", "")):
        wrong.append(f"style-src {policy.get('style-src')}")
    if policy.get("script-src", "'none'") not in ("'self'", "'none'") or "*" in str(policy):
        wrong.append(f"script-src {policy.get('script-src')}")
    framed = route.canonical.startswith(FRAME + "/") or route.canonical == FRAME
    if policy.get("frame-ancestors") not in ({HOST_SITE, "'none'"} if framed else {"'none'"}):
        wrong.append(f"frame-ancestors {policy.get('frame-ancestors')}")
    if "Server" in response.headers or "X-Powered-By" in response.headers:
        wrong.append("Server")
    origin = "cross-origin" if FOR_OTHER_SITES.fullmatch(route.canonical) else "same-origin"
    if response.headers.get("Cross-Origin-Resource-Policy") not in (origin, "same-origin"):
        wrong.append("Cross-Origin-Resource-Policy")
    if "Access-Control-Allow-Origin" in response.headers:
        wrong.append("Access-Control-Allow-Origin")
    if not KEPT.fullmatch(route.canonical) and response.headers.get("Cache-Control") != "no-store":
        wrong.append(f"Cache-Control {response.headers.get('Cache-Control')}")
    return wrong


async def test_script_injection_clickjacking_and_sniffing_at_every_address(scene: Scene) -> None:
    cookies = {"Cookie": scene.cookies}
    seen = [(route, await scene.ask(route, headers=cookies)) for route in scene.routes("GET")]
    assert len(seen) > 60
    assert {(r.canonical, str(faults(r, a))) for r, a in seen if faults(r, a)} == set()
    refused = {route.canonical for route, answer in seen if answer.status >= 400}
    # A gateway that says nothing, and Rasa that is not there; the rest is the page itself, not that of an error.
    assert refused == {"/sms/{secret}/message", "/sms/{secret}/accuse", "/health"}


async def test_the_same_on_refused_forms_wrong_methods_and_unknown_addresses(scene: Scene) -> None:
    asked = [*scene.routes("POST", "DELETE"), *scene.not_offered()]
    asked += [Route("GET", f"{path}/nulle-part", f"{path}/nulle-part") for path in ("", "/console", "/agent")]
    asked += [
        Route("GET", f"{path}/nulle-part", f"{path}/nulle-part") for path in ("/borne", FRAME, "/api/v1")
    ]
    wrong = set()
    for route in asked:
        answer = await scene.ask(route)
        if faults(route, answer) or (answer.status >= 500 and route.canonical != "/telegram/maj"):
            wrong.add((route.method, route.canonical, answer.status, str(faults(route, answer))))
    assert wrong == set()


async def test_the_same_when_the_server_fails(scene: Scene, monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(*_args: object, **_kwargs: object) -> None:
        raise RuntimeError("a mistake of ours")

    for name in ("find_conversation", "start_conversation", "desk", "own_requests"):
        monkeypatch.setattr(app_of(scene.client)[ASSISTANT], name, fail)
    wrong, failed = set(), set()
    cookie = {"Cookie": scene.cookies}
    for route in scene.routes("GET", "POST"):
        form = {"text": "bonjour", "reference": scene.reference, "code": scene.code}
        answer = await scene.ask(route, data=form if route.method == "POST" else None, headers=cookie)
        if answer.status == 500:
            failed.add(route.canonical)
            if faults(route, answer):
                wrong.add((route.canonical, str(faults(route, answer))))
    assert wrong == set()
    assert {
        "/message",
        "/conversation",
        "/console",
        "/demande",
        "/api/v1/conversations/{id}/messages",
    } <= failed


async def test_the_same_on_bodies_too_big_and_of_another_kind(scene: Scene) -> None:
    wrong = set()
    for route in scene.routes("POST"):
        for kind, body in (
            ("application/x-www-form-urlencoded", b"a=" + b"a" * 300_000),
            ("text/xml", b"<a/>"),
        ):
            answer = await scene.ask(route, data=body, headers={"Content-Type": kind})
            if faults(route, answer) or not 400 <= answer.status < 500:
                wrong.add((route.canonical, kind, answer.status, str(faults(route, answer))))
    # Who has not begun to sign in is sent to the beginning, and nothing of the body is read.
    assert {(path, status) for path, _, status, _ in wrong} <= {("/console/code", 303)}
