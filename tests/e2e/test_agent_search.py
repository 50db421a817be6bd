"""The box of the desk in a real browser: axe, the keyboard alone, a telephone, a session that ends, no script."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Page, Route, expect

from bot.store.accounts import Role
from channels.agent.page import HERE
from tests.e2e.conftest import AxeFindings, NewContext
from tests.e2e.console import RunningConsole, run_console
from tests.e2e.keyboard import Keyboard
from tests.e2e.test_axe import MODES
from tests.e2e.test_html_valid import Sources, _errors
from tests.e2e.test_reflow import _SMALL_TARGETS, LAYOUTS, MIN_TARGET_PX, Layout, _misfits

pytestmark = pytest.mark.lent  # minutes in a browser; the pages themselves are tested in tests/channels

AGENT = "alix"
OPTIONS = "#trouves [role=option]"
PHONE = {"width": 360, "height": 640}


@pytest.fixture(scope="module")
def desk(tmp_path_factory: pytest.TempPathFactory) -> Iterator[RunningConsole]:
    """Yield a desk that the tests share, with one agent."""
    with run_console(tmp_path_factory.mktemp("desk")) as running:
        running.make_account(AGENT, Role.AGENT)
        yield running


@pytest.fixture
def page(desk: RunningConsole, new_context: NewContext) -> Page:
    """Return a page before the box, an agent signed in."""
    opened = new_context().new_page()
    desk.sign_in(opened, AGENT)
    opened.wait_for_url("**/agent")
    return opened


def seek(page: Page, words: str) -> None:
    """Type in the box and wait for what it finds."""
    with page.expect_response(re.compile("/agent/chercher")):
        page.locator("#recherche").fill(words)
    page.locator(f"{OPTIONS}, #rien:not([hidden])").first.wait_for()


def walk(page: Page, desk: RunningConsole) -> Iterator[str]:
    """Go through every state of the box."""
    page.goto(f"{desk.base_url}/agent")
    yield "empty box"
    seek(page, "carte")
    yield "results"
    seek(page, "saint méen")
    yield "places"
    seek(page, "zzzzqqqq")
    yield "nothing found"
    page.locator("#toutes summary").click()
    yield "all the sheets"
    page.goto(f"{desk.base_url}/agent/fiches/rsa")
    page.get_by_role("button", name="Épingler cette fiche").click()
    page.goto(f"{desk.base_url}/agent")
    page.locator("#epinglees li").wait_for()
    yield "pinned and recent"
    page.goto(f"{desk.base_url}/agent/professionnel")
    yield "passing on"
    page.goto(f"{desk.base_url}/agent/professionnel?q=zzzz")
    yield "unknown commune"
    page.goto(f"{desk.base_url}/agent/nulle-part")
    yield "no such page"


def test_axe_finds_nothing_in_any_state(page: Page, desk: RunningConsole, axe: AxeFindings) -> None:
    found = {}
    count = 0
    for state in walk(page, desk):
        for mode, media in MODES.items():
            page.emulate_media(**media)
            count += 1
            if findings := axe(page):
                found[f"{state}, {mode}"] = findings
        page.emulate_media(color_scheme="light", forced_colors="none")
    assert found == {}
    assert count >= 27


def test_nothing_is_cut_and_targets_are_large(page: Page, desk: RunningConsole) -> None:
    found = {}
    for state in walk(page, desk):
        size = page.viewport_size
        assert size
        for name, layout in LAYOUTS.items():
            if misfits := _misfits(page, layout):
                found[f"{state}, {name}"] = misfits
        _misfits(page, Layout(PHONE["width"], PHONE["height"]))
        if small := page.evaluate(_SMALL_TARGETS, MIN_TARGET_PX):
            found[f"{state}, targets"] = small
        page.set_viewport_size(size)
    assert found == {}


def test_every_page_is_valid_without_script(
    desk: RunningConsole, new_context: NewContext, tmp_path: Path
) -> None:
    page = new_context(java_script_enabled=False).new_page()
    desk.sign_in(page, AGENT)
    sources = Sources(page)
    for path in ("", "?q=carte", "?q=zzzzqqqq", "/professionnel", "/professionnel?q=gael", "/nulle-part"):
        page.goto(f"{desk.base_url}/agent{path}")
        sources.save(tmp_path, f"desk{path}")
    assert _errors([*sorted(tmp_path.glob("*.html")), HERE / "static" / "agent.css"]) == []


def test_one_finds_and_opens_the_right_part_by_keyboard_alone(page: Page) -> None:
    assert Keyboard(page).stop().id == "recherche"  # the box has the focus on load
    page.keyboard.type("renouv cmi")
    expect(page.locator(OPTIONS).first).to_have_attribute("aria-selected", "true")
    page.keyboard.press("Enter")
    page.wait_for_url("**/agent/fiches/carte-mobilite-inclusion?rubrique=changement*")


def test_arrows_go_round_the_results_and_the_box_keeps_the_focus(page: Page) -> None:
    seek(page, "carte")
    box = page.locator("#recherche")
    count = page.locator(OPTIONS).count()
    assert count > 2
    expect(box).to_have_attribute("aria-activedescendant", "r1")
    page.keyboard.press("ArrowDown")
    expect(box).to_have_attribute("aria-activedescendant", "r2")
    expect(page.locator(f"{OPTIONS}[aria-selected=true]")).to_have_id("r2")
    page.keyboard.press("ArrowUp")
    page.keyboard.press("ArrowUp")
    expect(box).to_have_attribute("aria-activedescendant", f"r{count}")
    expect(box).to_be_focused()
    page.keyboard.press("Escape")
    expect(box).to_have_value("")
    expect(box).to_have_attribute("aria-expanded", "false")
    expect(page.locator(OPTIONS)).to_have_count(0)


def test_each_key_has_a_visible_button(page: Page) -> None:
    seek(page, "carte")
    page.get_by_role("button", name=re.compile("^Suivant")).click()
    expect(page.locator("#r2")).to_have_attribute("aria-selected", "true")
    page.get_by_role("button", name=re.compile("^Précédent")).click()
    expect(page.locator("#r1")).to_have_attribute("aria-selected", "true")
    page.get_by_role("button", name=re.compile("Effacer")).click()
    expect(page.locator("#recherche")).to_have_value("")
    seek(page, "rsa")
    page.get_by_role("button", name=re.compile("^Ouvrir")).click()
    page.wait_for_url("**/agent/fiches/rsa")


def test_a_modified_key_comes_back_to_the_box_from_anywhere(page: Page, desk: RunningConsole) -> None:
    for path in ("/agent/fiches/rsa", "/agent/professionnel", "/agent"):
        page.goto(desk.base_url + path)
        page.locator("h1").click()
        page.keyboard.press("Alt+s")
        expect(page.locator("#recherche")).to_be_focused()


def test_a_result_opens_by_a_click(page: Page) -> None:
    seek(page, "pieces reversion")
    page.locator(OPTIONS).first.click()
    page.wait_for_url("**/agent/fiches/reversion?rubrique=pieces*")
    expect(page.locator("#pieces")).to_be_focused()


def test_how_many_were_found_is_told(page: Page) -> None:
    seek(page, "carte vitale")
    expect(page.locator("#etat")).to_contain_text("résultat")
    seek(page, "zzzzqqqq")
    expect(page.locator("#etat")).to_have_text("Aucun résultat")
    expect(page.get_by_text("Rien ne correspond.")).to_be_visible()


def test_the_last_thing_typed_wins_whatever_comes_first(page: Page) -> None:
    held: list[Route] = []
    page.route(re.compile(r"/agent/chercher\?q=rsa$"), lambda route: held.append(route))
    box = page.locator("#recherche")
    with page.expect_request(re.compile(r"q=rsa$")):
        box.fill("rsa")
    seek(page, "passeport")
    for route in held:
        route.continue_()
    expect(page.locator(OPTIONS).first).to_contain_text("Passeport")
    page.keyboard.press("Enter")
    page.wait_for_url("**/agent/fiches/passeport*")


def test_enter_before_the_answer_opens_what_was_typed(page: Page) -> None:
    page.keyboard.insert_text("surendettement")
    page.keyboard.press("Enter")
    page.wait_for_url("**/agent/fiches/surendettement")


def test_a_session_that_ends_while_one_types_loses_nothing(
    page: Page, desk: RunningConsole, new_context: NewContext
) -> None:
    page.context.clear_cookies()
    box = page.locator("#recherche")
    box.fill("carte vitale")
    expect(page.locator("#panne")).to_contain_text("Votre session est finie.")
    expect(box).to_have_value("carte vitale")
    with page.context.expect_page() as opened:
        page.get_by_role("link", name=re.compile("Se reconnecter")).click()
    other = opened.value
    other.wait_for_load_state()
    other.get_by_label("Identifiant").wait_for()
    desk.sign_in(other, AGENT)
    other.wait_for_url("**/agent")
    box.press("Enter")
    page.wait_for_url("**/agent/fiches/carte-vitale")


def test_a_search_that_does_not_answer_says_so(page: Page) -> None:
    page.route(re.compile("/agent/chercher"), lambda route: route.abort())
    page.locator("#recherche").fill("rsa")
    expect(page.locator("#panne")).to_contain_text("La recherche ne répond pas.")
    page.unroute(re.compile("/agent/chercher"))
    page.get_by_role("button", name="Rechercher").click()
    page.wait_for_url("**/agent/fiches/rsa")


def test_only_ids_of_sheets_are_kept_and_signing_out_forgets_the_recent_ones(
    page: Page, desk: RunningConsole
) -> None:
    seek(page, "rsa pour madame Durand")
    page.goto(f"{desk.base_url}/agent/fiches/rsa")
    page.goto(f"{desk.base_url}/agent/fiches/violences-conjugales")
    page.goto(f"{desk.base_url}/agent/fiches/apl")
    page.get_by_role("button", name="Épingler cette fiche").click()
    page.goto(f"{desk.base_url}/agent")
    expect(page.locator("#recentes li")).to_have_count(2)
    expect(page.locator("#epinglees a")).to_have_text(["Aides au logement (APL, ALS, ALF)"])
    kept = page.evaluate("[...Object.values(sessionStorage), ...Object.values(localStorage)].sort()")
    assert kept == ['["apl","rsa"]', '["apl"]']
    page.get_by_role("button", name=re.compile("^Retirer")).click()
    expect(page.locator("#epinglees li")).to_have_count(0)
    page.get_by_role("button", name="Se déconnecter").click()
    page.wait_for_url("**/console/connexion*")
    assert page.evaluate("Object.keys(sessionStorage)") == []


def test_all_that_can_be_reached_is_reached_in_order_and_seen(page: Page, desk: RunningConsole) -> None:
    for path in ("/agent/professionnel", "/agent?q=carte"):
        page.goto(desk.base_url + path)
        page.locator(f"h1, {OPTIONS}").last.wait_for()
        hands = Keyboard(page)
        hands.all_stops()  # from wherever the focus is on load to the end
        places = [stop.place for stop in hands.all_stops()]
        assert len(places) == hands.count_controls(), path
        assert places == sorted(places), path


def test_on_a_telephone_the_way_to_a_professional_stays_in_sight(page: Page, desk: RunningConsole) -> None:
    page.set_viewport_size(PHONE)
    page.goto(f"{desk.base_url}/agent/fiches/rsa")
    link = page.locator(".relais a")
    for place in ("0", "document.body.scrollHeight / 2"):
        page.evaluate(f"scrollTo(0, {place})")
        expect(link).to_be_in_viewport()


def test_the_box_works_without_a_script(desk: RunningConsole, new_context: NewContext) -> None:
    page = new_context(java_script_enabled=False).new_page()
    desk.sign_in(page, AGENT)
    page.get_by_label("Droit, démarche").fill("pièces réversion carsat")
    page.get_by_role("button", name="Rechercher").click()
    page.locator("ul.trouves a").first.click()
    assert page.url.endswith("/agent/fiches/reversion?rubrique=pieces#pieces")
    expect(page.get_by_role("button", name=re.compile("^Suivant"))).to_be_hidden()


def test_nothing_fails_in_the_browser(page: Page, desk: RunningConsole) -> None:
    said: list[str] = []
    page.on("pageerror", lambda error: said.append(str(error)))
    page.on("console", lambda message: said.append(message.text) if "404" not in message.text else None)
    for _ in walk(page, desk):
        pass
    assert said == []
