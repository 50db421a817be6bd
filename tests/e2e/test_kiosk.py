"""The shared screen in a real browser: what stays in it after a person, and what can be reached from it.

Time is the page's own clock, moved by hand. The application runs without Rasa: a danger is answered without it.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
import sqlalchemy as sa
from playwright.sync_api import Page, expect
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.store.cipher import Cipher
from bot.store.schema import conversations, inbox, messages, outbox
from tests.e2e.conftest import AxeFindings, NewContext
from tests.e2e.console import RunningConsole, run_console
from tests.e2e.keyboard import Keyboard
from tests.e2e.modes import MODES, findings_by_mode
from tests.e2e.states import DANGER

pytestmark = pytest.mark.lent  # minutes in a browser; the pages themselves are tested in tests/channels

SECONDS = 60
WARNING = 30
_KEPT = """async () => ({
  local: Object.keys(localStorage), session: Object.keys(sessionStorage),
  bases: (await indexedDB.databases()).map(base => base.name), caches: self.caches ? await caches.keys() : [],
  cookie: document.cookie, state: history.state, title: document.title, field: document.querySelector('textarea').value,
})"""
_NOTHING: dict[str, Any] = {
    "local": [], "session": [], "bases": [], "caches": [], "cookie": "", "state": None, "field": "",
    "title": "Poser une question – Assistant droits et démarches",
}  # fmt: skip


@pytest.fixture(scope="module")
def bot(tmp_path_factory: pytest.TempPathFactory) -> Iterator[RunningConsole]:
    with run_console(tmp_path_factory.mktemp("kiosk"), kiosk_seconds=SECONDS) as running:
        yield running


@pytest.fixture
def page(bot: RunningConsole, new_context: NewContext) -> Page:
    """Return the screen with its first page, whose clock stands still until it is moved."""
    page = new_context(viewport={"width": 1080, "height": 1200}).new_page()
    page.clock.install()
    page.goto(f"{bot.base_url}/borne")
    return page


def say(page: Page, words: str = DANGER, shown: str = "article.urgence") -> None:
    page.get_by_label("Votre question").fill(words)
    page.get_by_role("button", name="Envoyer").click()
    page.locator(shown).first.wait_for()
    page.wait_for_load_state()


def pass_time(page: Page, seconds: float) -> None:
    page.clock.run_for(int(seconds * 1000))


def warning(page: Page) -> Any:
    return page.get_by_role("alertdialog", name="Êtes-vous encore là ?")


def rows_left(bot: RunningConsole) -> int:
    async def count(connection: AsyncConnection, _: Cipher) -> int:
        queries = [
            sa.select(sa.func.count()).select_from(t) for t in (conversations, messages, inbox, outbox)
        ]
        return sum([int((await connection.execute(query)).scalar() or 0) for query in queries])

    return bot.write(count)


def assert_nothing_is_left(bot: RunningConsole, page: Page) -> None:
    expect(page.get_by_text("C'est effacé")).to_be_visible()
    assert page.evaluate(_KEPT) == _NOTHING
    assert page.context.cookies() == []
    assert rows_left(bot) == 0
    stored = b"".join(path.read_bytes() for path in bot.assistant.settings.var.glob("assistant.db*"))
    assert b"frappe" not in stored


def test_i_have_finished_leaves_nothing_in_browser_and_store(bot: RunningConsole, page: Page) -> None:
    say(page)
    assert rows_left(bot) > 0
    page.get_by_label("Votre question").fill("mon nom est Awa")
    page.get_by_role("button", name="J'ai fini").click()
    assert_nothing_is_left(bot, page)


def test_a_screen_that_nobody_touches_warns_then_leaves_nothing(bot: RunningConsole, page: Page) -> None:
    say(page)
    pass_time(page, SECONDS - 5)
    expect(warning(page)).to_have_count(0)
    pass_time(page, 6)
    expect(warning(page)).to_be_visible()
    expect(page.get_by_role("button", name="Je continue")).to_be_focused()
    assert rows_left(bot) > 0
    pass_time(page, WARNING + 1)
    assert_nothing_is_left(bot, page)


@pytest.mark.parametrize("way", ["touch anywhere", "button", "any key", "Escape"])
def test_one_touch_or_any_key_goes_on_and_does_nothing_else(
    bot: RunningConsole, page: Page, way: str
) -> None:
    say(page)
    page.get_by_label("Votre question").fill("aide pour ")
    page.get_by_label("Votre question").focus()
    pass_time(page, SECONDS + 1)
    expect(warning(page)).to_be_visible()
    if way == "touch anywhere":
        page.mouse.click(5, 600)
    elif way == "button":
        page.get_by_role("button", name="Je continue").click()
    else:
        page.keyboard.press("Escape" if way == "Escape" else "Enter")
    expect(warning(page)).to_have_count(0)
    assert page.get_by_label("Votre question").input_value() == "aide pour "
    assert page.url.endswith("/borne/conversation#derniere")
    pass_time(page, SECONDS - 2)
    expect(warning(page)).to_have_count(0)
    page.get_by_role("button", name="J'ai fini").click()
    assert_nothing_is_left(bot, page)


def test_what_was_typed_and_not_sent_goes_too(bot: RunningConsole, page: Page) -> None:
    page.get_by_label("Votre question").fill("mon nom est Awa")
    pass_time(page, SECONDS + 1)
    expect(warning(page)).to_be_visible()
    pass_time(page, WARNING + 1)
    assert_nothing_is_left(bot, page)


def test_a_first_page_that_nobody_used_stays_as_it_is(page: Page) -> None:
    pass_time(page, SECONDS * 10)
    expect(warning(page)).to_have_count(0)


def test_a_machine_that_slept_wipes_as_it_wakes(bot: RunningConsole, page: Page) -> None:
    say(page)
    page.clock.fast_forward((SECONDS + WARNING + 60) * 1000)
    assert_nothing_is_left(bot, page)


def test_going_back_shows_the_next_person_nothing(bot: RunningConsole, page: Page) -> None:
    say(page)
    page.get_by_role("button", name="Parler à une personne").first.click()
    page.locator("article.user").filter(has_text="personne").first.wait_for()
    page.get_by_role("button", name="J'ai fini").click()
    expect(page.get_by_text("C'est effacé")).to_be_visible()
    for _ in range(int(page.evaluate("history.length")) - 2):  # the first is the browser's own empty page
        page.go_back()
        page.get_by_role("heading", name="Vos droits et vos démarches").wait_for()
        assert page.get_by_label("Votre question").input_value() == ""
        assert page.locator("article").count() == 0
    assert rows_left(bot) == 0


def test_a_server_out_of_reach_shows_nothing_and_erases_when_it_is_back(
    bot: RunningConsole, page: Page
) -> None:
    say(page)
    page.route("**/borne/fini", lambda route: route.abort())
    page.get_by_role("button", name="J'ai fini").click()
    expect(page.get_by_role("alert")).to_contain_text("La borne s'arrête un instant")
    assert "3919" not in page.locator("body").inner_text()
    page.unroute("**/borne/fini")
    pass_time(page, 6)
    assert_nothing_is_left(bot, page)


def test_without_script_the_end_and_going_on_are_one_press(
    bot: RunningConsole, new_context: NewContext
) -> None:
    page = new_context(java_script_enabled=False).new_page()
    page.goto(f"{bot.base_url}/borne")
    say(page)
    page.goto(f"{bot.base_url}/borne/encore")  # where its refresh leads
    page.get_by_role("link", name="Je continue").click()
    expect(page.locator("article.urgence")).to_be_visible()
    page.get_by_role("button", name="J'ai fini").click()
    expect(page.get_by_text("C'est effacé")).to_be_visible()
    assert page.context.cookies() == []
    assert rows_left(bot) == 0


def test_without_script_the_page_leads_to_the_warning_by_itself(
    new_context: NewContext, bot: RunningConsole
) -> None:
    page = new_context(java_script_enabled=False).new_page()
    page.goto(f"{bot.base_url}/borne")
    say(page)
    # The page as it is served, but for its minute.
    page.route(
        "**/borne/conversation",
        lambda route: route.fulfill(
            response=(answer := route.fetch()),
            body=answer.text().replace(f'content="{SECONDS};', 'content="0;'),
        ),
    )
    page.goto(f"{bot.base_url}/borne/conversation")
    page.wait_for_url("**/borne/encore")
    page.goto(f"{bot.base_url}/borne/fin")
    assert rows_left(bot) == 0


def test_all_is_done_by_keyboard_alone(bot: RunningConsole, page: Page) -> None:
    hands = Keyboard(page)
    hands.type_in("Votre question", DANGER)
    hands.follow("Envoyer")
    expect(page.locator("article.urgence")).to_be_visible()
    hands.tab_to_name("J'ai fini")
    page.keyboard.press("Enter")
    assert_nothing_is_left(bot, page)


@pytest.mark.parametrize("mode", list(MODES))
def test_each_control_is_reached_in_order_and_seen(
    bot: RunningConsole, new_context: NewContext, mode: str
) -> None:
    page = new_context(viewport={"width": 1080, "height": 900}, **MODES[mode]).new_page()
    page.goto(f"{bot.base_url}/borne")
    for _ in range(2):
        hands = Keyboard(page)
        page.evaluate("scrollTo(0, 0)")
        stops = hands.all_stops()
        assert len(stops) == hands.count_controls()
        assert [stop.place for stop in stops] == sorted(stop.place for stop in stops)
        say(page)
        page.goto(f"{bot.base_url}/borne/conversation")


@pytest.mark.parametrize(("width", "size"), [(320, "100%"), (1280, "275%"), (360, "275%")])
def test_targets_are_64_pixels_and_nothing_is_cut(
    bot: RunningConsole, new_context: NewContext, width: int, size: str
) -> None:
    page = new_context(viewport={"width": width, "height": 900}).new_page()
    page.goto(f"{bot.base_url}/borne")
    for shown in ("first page", "conversation", "places", "warning"):
        if shown == "conversation":
            say(page)
        elif shown == "places":
            say(page, "Montauban-de-Bretagne", ".lieux")
        elif shown == "warning":
            page.goto(f"{bot.base_url}/borne/encore")
        page.evaluate("size => { document.documentElement.style.fontSize = size; }", size)
        assert page.evaluate("document.scrollingElement.scrollWidth") <= width, shown
        small = page.evaluate(
            "[...document.querySelectorAll('a[href]:not(.evitement), button, textarea, summary')]"
            ".filter(e => e.checkVisibility()).filter(e => e.getBoundingClientRect().height < 63.9)"
            ".map(e => e.outerHTML)"
        )
        assert small == [], shown


def test_axe_finds_nothing_on_any_page_of_the_kiosk(
    bot: RunningConsole, new_context: NewContext, axe: AxeFindings
) -> None:
    # So high that nothing lies under what sticks to its edges: axe-core cannot judge what is covered.
    page = new_context(viewport={"width": 1080, "height": 4000}).new_page()
    page.clock.install()
    page.goto(f"{bot.base_url}/borne")
    found = {"first page": findings_by_mode(page, axe)}
    say(page, "", "[role=alert].resume-erreur")
    found["error"] = findings_by_mode(page, axe)
    say(page)
    found["danger"] = findings_by_mode(page, axe)
    say(page, "Montauban-de-Bretagne", ".lieux")
    found["places"] = findings_by_mode(page, axe)
    pass_time(page, SECONDS + 1)
    expect(warning(page)).to_be_visible()
    page.clock.resume()  # axe-core waits with the page's timers
    found["warning"] = findings_by_mode(page, axe)
    page.goto(f"{bot.base_url}/borne/encore")
    found["warning without script"] = findings_by_mode(page, axe)
    page.goto(f"{bot.base_url}/borne/nulle-part")
    found["not found"] = findings_by_mode(page, axe)
    page.get_by_role("button", name="J'ai fini").click()
    page.get_by_text("C'est effacé").wait_for()
    found["wiped"] = findings_by_mode(page, axe)
    assert {state: findings for state, findings in found.items() if findings} == {}
