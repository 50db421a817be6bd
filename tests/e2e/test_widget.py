"""The frame in a page of another site, in a real browser: 127.0.0.1 shows it on localhost, which is another site.

The application runs without Rasa: a danger, a command word and a refused message need no question understood.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, BrowserContext, Frame, FrameLocator, Page, expect, sync_playwright

from tests.e2e.conftest import ARGUMENTS, CHROMIUM, AxeFindings, NewContext
from tests.e2e.console import RunningConsole, run_console
from tests.e2e.host_site import HostSite, run_host_site
from tests.e2e.keyboard import Keyboard
from tests.e2e.modes import findings_by_mode
from tests.e2e.states import DANGER

pytestmark = pytest.mark.lent  # minutes in a browser; the pages themselves are tested in tests/channels

BOTH_NAMES = [
    "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1, EXCLUDE localhost"
    if argument.startswith("--host-resolver-rules")
    else argument
    for argument in ARGUMENTS
]
COOKIES_REFUSED = {"profile": {"default_content_setting_values": {"cookies": 2}}}
QUIT = "meteofrance.com"
_SEES_FOCUS = (
    "() => { const at = document.activeElement; return at && at !== document.body ? at.tagName : ''; }"
)


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    """Yield a Chromium that reaches this machine under both of its names."""
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=BOTH_NAMES)
        yield browser
        browser.close()


@pytest.fixture(scope="module")
def mairie() -> Iterator[HostSite]:
    with run_host_site() as site:
        yield site


@pytest.fixture(scope="module")
def bot(mairie: HostSite, tmp_path_factory: pytest.TempPathFactory) -> Iterator[RunningConsole]:
    with run_console(tmp_path_factory.mktemp("widget"), embed_origins=mairie.url) as running:
        yield running


def with_script(bot: RunningConsole) -> str:
    return (
        f'<script src="{bot.base_url}/integrer.js" data-hauteur="400"></script>'
        f'<noscript><a href="{bot.base_url}/">Ouvrir l\'assistant</a></noscript>'
    )


def with_frame(bot: RunningConsole) -> str:
    return f'<iframe src="{bot.base_url}/integrer" title="Assistant" width="320" height="600"></iframe>'


def open_frame(page: Page, mairie: HostSite, embed: str) -> FrameLocator:
    mairie.embed = embed
    page.goto(mairie.url)
    frame = page.frame_locator("iframe")
    expect(frame.get_by_label("Votre question")).to_be_visible()
    return frame


def say(frame: FrameLocator, words: str) -> None:
    frame.get_by_label("Votre question").fill(words)
    frame.get_by_role("button", name="Envoyer").click()


def inner(page: Page) -> Frame:
    return page.frames[1]


def test_one_line_puts_the_conversation_in_the_page(
    bot: RunningConsole, mairie: HostSite, new_context: NewContext
) -> None:
    page = new_context().new_page()
    frame = open_frame(page, mairie, with_script(bot))
    assert page.locator("iframe").get_attribute("title") == "Assistant droits et démarches"
    expect(frame.get_by_text("Vos messages sont gardés")).to_be_visible()
    assert page.context.cookies() == []
    assert page.evaluate(_SEES_FOCUS) == ""
    say(frame, DANGER)
    expect(frame.locator("article.urgence")).to_be_visible()
    (cookie,) = page.context.cookies()
    assert (cookie["name"], cookie["path"], cookie["sameSite"]) == ("integre", "/integrer", "None")
    assert dict(cookie)["partitionKey"] == "http://localhost"


def test_the_conversation_is_there_on_the_next_page_and_takes_neither_focus_nor_scroll(
    bot: RunningConsole, mairie: HostSite, new_context: NewContext
) -> None:
    page = new_context().new_page()
    say(frame := open_frame(page, mairie, "<div class=haut></div>" * 3 + with_script(bot)), DANGER)
    expect(frame.locator("article.urgence")).to_be_visible()
    page.goto(f"{mairie.url}/autre")
    expect(frame.locator("article.urgence")).to_be_visible()
    assert page.evaluate(_SEES_FOCUS) == ""
    assert page.evaluate("scrollY") == 0


def test_the_frame_is_as_high_as_what_it_shows_and_never_more_than_the_window(
    bot: RunningConsole, mairie: HostSite, new_context: NewContext
) -> None:
    page = new_context(viewport={"width": 900, "height": 900}).new_page()
    frame = open_frame(page, mairie, with_script(bot))
    box = page.locator("iframe")
    page.wait_for_function("parseInt(document.querySelector('iframe').style.height) > 400")
    assert box.evaluate("frame => frame.clientHeight") == inner(page).evaluate(
        "Math.ceil(document.body.getBoundingClientRect().height)"
    )
    say(frame, DANGER)
    expect(frame.locator("article.urgence")).to_be_visible()
    page.wait_for_function("document.querySelector('iframe').clientHeight === 810")
    expect(frame.get_by_role("button", name="Quitter vite")).to_be_in_viewport()


def test_heights_are_told_to_the_site_around_and_taken_from_the_frame_alone(
    bot: RunningConsole, mairie: HostSite, new_context: NewContext
) -> None:
    page = new_context().new_page()
    open_frame(page, mairie, with_script(bot))
    page.wait_for_function("parseInt(document.querySelector('iframe').style.height) > 400")
    before = page.locator("iframe").evaluate("frame => frame.style.height")
    page.evaluate("window.postMessage({assistant: 'hauteur', hauteur: 600}, '*')")
    page.evaluate("() => new Promise(done => setTimeout(done))")
    assert page.locator("iframe").evaluate("frame => frame.style.height") == before
    # A site that is not listed asks the same page, and hears that it is there and no more.
    heard = page.evaluate(
        """url => new Promise(done => {
          const heard = [], frame = document.createElement('iframe');
          addEventListener('message', event => { if (event.source === frame.contentWindow) heard.push(event.data); });
          frame.onload = () => { frame.contentWindow.postMessage({assistant: 'bonjour'}, '*');
            setTimeout(() => done(heard), 300); };
          frame.src = url; document.body.append(frame);
        })""",
        f"{bot.base_url}/integrer",
    )
    assert [message["assistant"] for message in heard][:2] == ["ici", "hauteur"]


def test_a_site_that_is_not_listed_gets_a_plain_link(bot: RunningConsole, new_context: NewContext) -> None:
    with run_host_site() as other:
        other.embed = with_script(bot)
        page = new_context().new_page()
        page.goto(other.url)
        link = page.get_by_role("link", name="Ouvrir l'assistant (nouvel onglet)")
        expect(link).to_be_visible()
        assert link.get_attribute("href") == f"{bot.base_url}/"
        assert page.locator("iframe").count() == 0
        assert page.context.cookies() == []


def test_an_error_keeps_the_words_and_says_what_to_do(
    bot: RunningConsole, mairie: HostSite, new_context: NewContext
) -> None:
    page = new_context().new_page()
    frame = open_frame(page, mairie, with_script(bot))
    say(frame, "x" * 2500)
    expect(frame.get_by_role("alert")).to_contain_text("Votre message n'est pas parti")
    assert frame.get_by_label("Votre question").input_value() == "x" * 2500
    say(frame, DANGER)
    expect(frame.locator("article.urgence")).to_be_visible()
    say(frame, "")
    expect(frame.get_by_role("alert")).to_be_visible()
    expect(frame.locator("article.urgence")).to_be_visible()


def test_the_keyboard_goes_in_through_the_frame_and_out_again(
    bot: RunningConsole, mairie: HostSite, new_context: NewContext
) -> None:
    page = new_context().new_page()
    open_frame(page, mairie, with_script(bot))
    page.locator("#avant").focus()
    hands, names = Keyboard(page), []
    for _ in range(30):
        page.keyboard.press("Tab")
        if page.evaluate("document.activeElement.id") == "suite":
            break
        stop = inner(page).evaluate(
            "(document.activeElement.labels?.[0] || document.activeElement).innerText"
        )
        names.append(" ".join(str(stop).split()))
    assert names[:4] == ["Aller au contenu", "Quitter vite", "Votre question", "Envoyer"]
    assert names[-1].startswith("Accessibilité")
    assert len(names) == int(
        inner(page).evaluate("document.querySelectorAll('a[href], button, textarea').length")
    )
    assert hands.stop() is not None


def test_a_conversation_by_keyboard_alone_keeps_the_focus_in_the_frame(
    bot: RunningConsole, mairie: HostSite, new_context: NewContext
) -> None:
    page = new_context().new_page()
    frame = open_frame(page, mairie, with_script(bot))
    frame.get_by_label("Votre question").focus()
    page.keyboard.type(DANGER)
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    expect(frame.locator("article.urgence")).to_be_visible()
    assert page.evaluate(_SEES_FOCUS) == "IFRAME"
    frame.get_by_label("Votre question").focus()
    page.keyboard.type("EFFACER")
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    expect(frame.get_by_role("button", name="Oui, tout effacer")).to_be_visible()
    assert page.evaluate(_SEES_FOCUS) == "IFRAME"
    frame.get_by_role("button", name="Oui, tout effacer").press("Enter")
    expect(frame.get_by_text("Votre conversation est effacée.")).to_be_visible()
    assert page.context.cookies() == []


@pytest.mark.parametrize("way", ["button", "Escape"])
def test_leaving_fast_leads_the_whole_window_away_and_takes_the_cookie(
    bot: RunningConsole, mairie: HostSite, new_context: NewContext, way: str
) -> None:
    context = new_context()
    context.route(
        f"**/{QUIT}/**", lambda route: route.fulfill(body="<title>Météo</title>", content_type="text/html")
    )
    page = context.new_page()
    frame = open_frame(page, mairie, with_script(bot))
    say(frame, DANGER)
    expect(frame.locator("article.urgence")).to_be_visible()
    if way == "button":
        frame.get_by_role("button", name="Quitter vite").click()
    else:
        frame.get_by_label("Votre question").press("Escape")
    page.wait_for_url(f"https://{QUIT}/")
    page.go_back()  # to the site as it was before the first message: each page of the frame is a step of its history
    page.wait_for_url(f"{mairie.url}/**")
    expect(frame.get_by_text("Vos messages sont gardés")).to_be_visible()
    expect(frame.locator("article.urgence")).to_have_count(0)
    assert context.cookies() == []


def test_without_script_the_frame_talks_and_leaves(
    bot: RunningConsole, mairie: HostSite, new_context: NewContext
) -> None:
    context = new_context(java_script_enabled=False)
    page = context.new_page()
    frame = open_frame(page, mairie, with_frame(bot))
    say(frame, DANGER)
    expect(frame.locator("article.urgence")).to_be_visible()
    say(frame, "EFFACER")
    expect(frame.get_by_role("button", name="Oui, tout effacer")).to_be_visible()
    # A redirection cannot be answered here in the other site's place: that it is asked for, and fails, must do.
    with page.expect_event("requestfailed", lambda request: request.url == f"https://{QUIT}/") as left:
        frame.get_by_role("button", name="Quitter vite").click()
    assert left.value.frame == page.main_frame
    again = context.new_page()
    again.goto(mairie.url)
    frame = again.frame_locator("iframe")
    expect(frame.get_by_text("Vos messages sont gardés")).to_be_visible()
    expect(frame.locator("article.urgence")).to_have_count(0)


def test_where_a_page_runs_no_script_the_line_leaves_a_link(
    bot: RunningConsole, mairie: HostSite, new_context: NewContext
) -> None:
    page = new_context(java_script_enabled=False).new_page()
    mairie.embed = with_script(bot)
    page.goto(mairie.url)
    expect(page.get_by_role("link", name="Ouvrir l'assistant")).to_be_visible()


@pytest.fixture
def refusing(browser: Browser, tmp_path: Path) -> Iterator[BrowserContext]:
    """Yield a browser that refuses every cookie and all storage, as some people set theirs."""
    (tmp_path / "profile" / "Default").mkdir(parents=True)
    (tmp_path / "profile" / "Default" / "Preferences").write_text(
        json.dumps(COOKIES_REFUSED), encoding="utf-8"
    )
    context = browser.browser_type.launch_persistent_context(
        str(tmp_path / "profile"), executable_path=CHROMIUM, args=BOTH_NAMES, locale="fr-FR"
    )
    yield context
    context.close()


def test_axe_finds_nothing_in_the_frame(
    bot: RunningConsole, new_context: NewContext, axe: AxeFindings, mairie: HostSite
) -> None:
    page = new_context(viewport={"width": 320, "height": 600}).new_page()
    found: dict[str, Any] = {}
    page.goto(f"{bot.base_url}/integrer")
    found["first page"] = findings_by_mode(page, axe)
    for words in ("", DANGER, "EFFACER"):
        page.get_by_label("Votre question").fill(words)
        page.get_by_role("button", name="Envoyer").click()
        page.get_by_role("alert").or_(
            page.locator("article.user").filter(has_text=words or "-")
        ).first.wait_for()
        found[words or "empty"] = findings_by_mode(page, axe)
    page.goto(f"{bot.base_url}/integrer/nulle-part")
    found["error"] = findings_by_mode(page, axe)
    assert {state: findings for state, findings in found.items() if findings} == {}


@pytest.mark.parametrize("size", ["100%", "225%"])
def test_nothing_is_cut_in_a_narrow_frame(bot: RunningConsole, new_context: NewContext, size: str) -> None:
    page = new_context(viewport={"width": 320, "height": 480}).new_page()
    page.goto(f"{bot.base_url}/integrer")
    for words, shown in ((DANGER, "article.urgence"), ("", "[role=alert]")):
        page.get_by_label("Votre question").fill(words)
        page.get_by_role("button", name="Envoyer").click()
        page.locator(shown).wait_for()
        page.wait_for_load_state()
        page.evaluate("size => { document.documentElement.style.fontSize = size; }", size)
        assert page.evaluate("document.scrollingElement.scrollWidth") <= 320
        small = page.evaluate(
            "[...document.querySelectorAll('button, .bouton, nav a, textarea')].filter(e => e.checkVisibility())"
            ".filter(e => e.getBoundingClientRect().height < 43.9).map(e => e.outerHTML)"
        )
        assert small == []


def test_a_browser_that_refuses_cookies_keeps_the_conversation_by_its_forms(
    bot: RunningConsole, mairie: HostSite, refusing: BrowserContext
) -> None:
    page = refusing.new_page()
    failed: list[str] = []
    page.on("pageerror", lambda error: failed.append(str(error)))
    frame = open_frame(page, mairie, with_script(bot))
    say(frame, DANGER)
    expect(frame.locator("article.urgence")).to_be_visible()
    say(frame, "EFFACER")
    expect(frame.get_by_role("button", name="Oui, tout effacer")).to_be_visible()
    expect(frame.locator("article.urgence")).to_be_visible()
    say(frame, "")
    expect(frame.get_by_role("alert")).to_be_visible()
    expect(frame.locator("article.urgence")).to_be_visible()
    assert refusing.cookies() == []
    assert failed == []
    assert not any("." in address.split("?", 1)[-1] for address in [inner(page).url] if "?" in address)
