"""What a page costs and whom it speaks to: its bytes, its requests, its cookies; and each control's name."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import pytest
from playwright.sync_api import Browser, Cookie, Page

from tests.e2e.conftest import NewContext
from tests.e2e.states import QUESTION, ask, walk
from tests.running import ROOT, RunningBot

MAX_BYTES = 15 * 1024
MAX_REQUESTS = 3
MAX_FONT_BYTES = 30 * 1024
PAGES = (
    "/", "/personne", "/demande", "/effacer", "/efface", "/fiches", "/fiches?q=loyer", "/signaler", "/vie-privee",
    "/a-propos", "/accessibilite", "/mentions-legales", "/nulle-part", "/conversation",
    *(f"/fiches/{file.stem}" for file in sorted((ROOT / "data" / "fiches").glob("*.yml"))),
)  # fmt: skip
CONTROLS = {
    "button", "checkbox", "combobox", "DisclosureTriangle", "image", "link", "radio", "searchbox", "textbox",
}  # fmt: skip


class Traffic:
    """What one page brought over the network, by kind: addresses, and bytes as they travelled."""

    def __init__(self, page: Page) -> None:
        self._kinds: dict[str, str] = {}
        self.addresses: list[str] = []
        self.sizes: dict[str, list[int]] = {}
        session = page.context.new_cdp_session(page)
        session.on("Network.requestWillBeSent", self._note_request)
        session.on("Network.loadingFinished", self._note_size)
        session.send("Network.enable")
        session.send("Network.setCacheDisabled", {"cacheDisabled": True})

    def _note_request(self, event: dict[str, Any]) -> None:
        if not event["request"]["url"].startswith("data:"):
            self.addresses.append(event["request"]["url"])
            self._kinds[event["requestId"]] = event["type"]

    def _note_size(self, event: dict[str, Any]) -> None:
        kind = self._kinds.get(event["requestId"])
        if kind is not None:
            self.sizes.setdefault(kind, []).append(int(event["encodedDataLength"]))


@pytest.mark.parametrize("path", PAGES)
def test_a_page_comes_in_three_requests_and_fifteen_kilobytes(
    running_bot: RunningBot, new_context: NewContext, path: str
) -> None:
    page = new_context().new_page()
    if path == "/conversation":
        page.goto(running_bot.base_url)
        ask(page, QUESTION)
    traffic = Traffic(page)
    page.goto(running_bot.base_url + path, wait_until="load")
    page.evaluate("document.fonts.ready.then(() => true)")
    fonts = traffic.sizes.pop("Font", [])
    # A stream of news stays open and a look for them brings no page: neither delays reading or typing.
    first = [size for kind in ("Document", "Stylesheet", "Script") for size in traffic.sizes.pop(kind, [])]
    assert first
    assert len(first) <= MAX_REQUESTS
    assert sum(first) <= MAX_BYTES, first
    assert sum(fonts) <= MAX_FONT_BYTES
    assert set(traffic.sizes) <= {"EventSource"}


@dataclass(frozen=True)
class Seen:
    """One walk through every state: who was called, and by state the cookies held and the controls unnamed."""

    called: list[str]
    cookies: dict[str, list[Cookie]]
    unnamed: dict[str, list[str]]


@pytest.fixture(scope="module")
def seen(browser: Browser, running_bot: RunningBot) -> Iterator[Seen]:
    """Return what a browser without scripts saw."""
    context = browser.new_context(locale="fr-FR", java_script_enabled=False)
    page = context.new_page()
    seen = Seen([], {}, {})
    page.on("request", lambda request: seen.called.append(request.url))
    for state in walk(page, running_bot.base_url):
        seen.cookies[state] = context.cookies()
        seen.unnamed[state] = _unnamed_controls(page)
    yield seen
    context.close()


def _unnamed_controls(page: Page) -> list[str]:
    """Return the roles of the controls that the accessibility tree gives no name."""
    session = page.context.new_cdp_session(page)
    nodes = session.send("Accessibility.getFullAXTree")["nodes"]
    session.detach()
    controls = [node for node in nodes if not node["ignored"] and node["role"]["value"] in CONTROLS]
    assert controls
    return [node["role"]["value"] for node in controls if not node.get("name", {}).get("value", "").strip()]


def test_no_state_calls_anybody_else_without_script(seen: Seen, running_bot: RunningBot) -> None:
    assert _strangers(seen.called, running_bot) == []


def test_no_state_calls_anybody_else_with_script(running_bot: RunningBot, new_context: NewContext) -> None:
    page = new_context().new_page()
    called: list[str] = []
    page.on("request", lambda request: called.append(request.url))
    for _ in walk(page, running_bot.base_url):
        pass
    assert _strangers(called, running_bot) == []


def _strangers(called: list[str], bot: RunningBot) -> list[str]:
    assert any(address.startswith(f"{bot.base_url}/static/") for address in called)
    return [address for address in called if not address.startswith((f"{bot.base_url}/", "data:,"))]


def test_the_only_cookie_comes_with_the_first_message_and_goes_with_the_conversation(seen: Seen) -> None:
    names = [[cookie["name"] for cookie in cookies] for cookies in seen.cookies.values()]
    states = list(seen.cookies)
    first, erased = states.index("fiche answer with choices"), states.index("erased")
    assert names[:first] == [[]] * first
    assert names[first:erased] == [["conversation"]] * (erased - first)
    assert names[erased:] == [[]] * (len(states) - erased)
    held = [cookie for cookies in seen.cookies.values() for cookie in cookies]
    assert all(cookie["httpOnly"] and cookie["sameSite"] == "Strict" for cookie in held)


def test_every_control_of_every_state_has_a_name(seen: Seen) -> None:
    assert {state: controls for state, controls in seen.unnamed.items() if controls} == {}
