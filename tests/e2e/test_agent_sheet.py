"""The sheet of a fiche in a browser: axe-core in three modes, the keyboard alone, a narrow window, no script, paper.

What is ticked with somebody must be nowhere once the page is left: not in the browser, not in the database.
"""

from __future__ import annotations

import sqlite3
import subprocess
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import BrowserContext, Page, Request, expect

from bot.store.accounts import Role
from bot.store.schema import metadata
from channels.agent.page import HERE
from tests.e2e.conftest import AxeFindings, NewContext
from tests.e2e.console import RunningConsole, run_console
from tests.e2e.keyboard import Keyboard
from tests.e2e.test_html_valid import Sources
from tests.running import ROOT

pytestmark = pytest.mark.lent  # minutes in a browser; the pages themselves are tested in tests/channels

VNU = ROOT / "node_modules" / "vnu-jar" / "build" / "dist" / "vnu.jar"
MODES: dict[str, dict[str, Any]] = {
    "light": {"color_scheme": "light", "forced_colors": "none"},
    "dark": {"color_scheme": "dark", "forced_colors": "none"},
    "forced colours": {"color_scheme": "dark", "forced_colors": "active"},
}
NARROW = {"width": 320, "height": 256}
AGENT = "camille"
PUBLIC_URL = "https://droits.exemple.test"
SHEET = "/agent/fiches/aide-numerique"
STORED = "JSON.stringify([{...localStorage}, {...sessionStorage}])"
PAGES = (
    f"{SHEET}?rubrique=pieces",
    f"{SHEET}?bloque=francais",
    f"{SHEET}?fait=signale",
    f"{SHEET}/signaler?rubrique=pieces",
    "/agent/fiches/rsa",
    "/agent/orientation",
    "/agent/orientation?situation=perte-emploi",
)


@pytest.fixture(scope="module")
def desk(tmp_path_factory: pytest.TempPathFactory) -> Iterator[RunningConsole]:
    """Yield a service that can send SMS, with an agent; nothing takes them from the queue."""
    with run_console(tmp_path_factory.mktemp("desk"), public_url=PUBLIC_URL) as running:
        running.make_account(AGENT, Role.AGENT)
        running.assistant.composer.can_text = True
        yield running


@pytest.fixture
def context(desk: RunningConsole, new_context: NewContext) -> BrowserContext:
    """Return a browser profile where the agent signed in."""
    opened = new_context()
    desk.sign_in(opened.new_page(), AGENT)
    return opened


@pytest.fixture
def page(context: BrowserContext) -> Page:
    """Return the page where the agent signed in."""
    return context.pages[0]


def stored(desk: RunningConsole) -> dict[str, list[tuple[Any, ...]]]:
    """Return every row but those of sessions, which each request touches."""
    with closing(sqlite3.connect(desk.assistant.settings.var / "assistant.db")) as connection:
        return {
            name: connection.execute(f"select * from {name}").fetchall()
            for name in metadata.tables
            if name != "sessions"
        }


def test_axe_finds_nothing_and_nothing_is_cut(desk: RunningConsole, page: Page, axe: AxeFindings) -> None:
    found: dict[str, Any] = {}
    for path in PAGES:
        page.goto(desk.base_url + path)
        for details in page.locator("summary >> visible=true").all():
            details.click()
        for mode, media in MODES.items():
            page.emulate_media(**media)
            found[f"{path}, {mode}"] = axe(page)
        size = page.viewport_size
        page.set_viewport_size(NARROW)
        found[f"{path}, narrow"] = page.evaluate(
            "document.documentElement.scrollWidth > document.documentElement.clientWidth"
        )
        assert size
        page.set_viewport_size(size)
    assert {state: findings for state, findings in found.items() if findings} == {}
    assert len(found) == 4 * len(PAGES)


def test_a_sending_refused_is_clean_too(
    desk: RunningConsole, new_context: NewContext, axe: AxeFindings
) -> None:
    page = new_context().new_page()
    desk.sign_in(page, AGENT)
    page.goto(desk.base_url + SHEET)
    page.evaluate(
        "document.querySelector('#sms').replaceWith(document.querySelector('#sms').cloneNode(true))"
    )
    page.locator("#telephone").fill("02 99 00 00 00")
    page.get_by_role("button", name="Envoyer le SMS").click()
    expect(page).to_have_title("Erreur : Se faire aider pour une démarche en ligne – À l'accueil")
    assert axe(page) == []


def test_targets_are_large_enough_for_a_thumb(desk: RunningConsole, page: Page) -> None:
    page.set_viewport_size(NARROW)
    for path in PAGES:
        page.goto(desk.base_url + path)
        small = page.evaluate(
            "[...document.querySelectorAll("
            "'button, .bouton, nav a, .liens a, .seul, summary, .radio label, .coches li, main select, #telephone')]"
            ".filter(e => e.checkVisibility() && e.getBoundingClientRect().height < 43.9).map(e => e.outerHTML)"
        )
        assert small == [], path


@pytest.mark.parametrize("mode", list(MODES))
def test_all_that_can_be_reached_is_reached_in_order_and_seen(
    desk: RunningConsole, new_context: NewContext, mode: str
) -> None:
    page = new_context(**MODES[mode]).new_page()
    desk.sign_in(page, AGENT)
    for path in (f"{SHEET}?bloque=francais", "/agent/orientation?situation=perte-emploi"):
        page.goto(desk.base_url + path)
        hands = Keyboard(page)
        stops = hands.all_stops()
        assert len(stops) == hands.count_controls(), path
        assert [stop.place for stop in stops] == sorted(stop.place for stop in stops), path


def test_the_rubrique_asked_for_is_where_one_stands(desk: RunningConsole, page: Page) -> None:
    page.goto(f"{desk.base_url}{SHEET}?rubrique=pieces")
    expect(page.locator("h2#pieces")).to_be_focused()
    expect(page.locator("h2#pieces")).to_be_in_viewport()


def test_one_ticks_and_finds_what_blocks_by_keyboard_alone(desk: RunningConsole, page: Page) -> None:
    page.goto(f"{desk.base_url}{SHEET}?rubrique=pieces")
    hands = Keyboard(page)
    asked: list[str] = []
    page.context.on("request", lambda request: asked.append(request.url))
    hands.tab_to(lambda stop: stop.id == "coche-p0")
    page.keyboard.press("Space")
    page.keyboard.press("Enter")
    expect(page.locator("#coche-p0")).to_be_checked()
    hands.tab_to(lambda stop: stop.id == "bloque-equipement")
    page.keyboard.press("ArrowDown")
    expect(page.locator("#aide-bloque-reseau")).to_be_visible()
    expect(page.locator(".aide-bloque:visible")).to_have_count(1)
    expect(page.locator("#bloque-dit")).to_contain_text("affichée")
    expect(page.locator("#coche-p0")).to_be_checked()
    assert asked == []


def test_the_list_of_rights_forgets_its_ticks_too(desk: RunningConsole, page: Page) -> None:
    page.goto(f"{desk.base_url}/agent/orientation?situation=perte-emploi")
    asked: list[str] = []
    page.context.on("request", lambda request: asked.append(request.url))
    page.locator("summary").first.click()
    page.locator("#coche-d0-0").focus()
    page.keyboard.press("Space")
    page.keyboard.press("Enter")
    expect(page.locator("#coche-d0-0")).to_be_checked()
    page.get_by_role("button", name="Tout décocher").click()
    expect(page.locator("#coche-d0-0")).not_to_be_checked()
    page.locator("#coche-d0-0").check()
    assert asked == []
    page.reload()
    assert page.locator(".coches input:checked").count() == 0


def test_ticks_are_in_no_request_no_storage_and_no_row_and_gone_with_the_page(
    desk: RunningConsole, context: BrowserContext, page: Page
) -> None:
    page.goto(desk.base_url + SHEET)
    before = stored(desk)
    cookies = {cookie["name"]: cookie["value"] for cookie in context.cookies()}
    kept = page.evaluate(STORED)
    sent: list[Request] = []
    page.on("request", lambda request: sent.append(request))
    page.locator("#coche-p0").check()
    page.locator("#coche-c0").check()
    page.locator("#bloque-lecture").check()
    expect(page.locator("#aide-bloque-lecture")).to_be_visible()
    assert sent == []
    assert page.evaluate(STORED) == kept
    assert page.evaluate("indexedDB.databases().then(found => found.length)") == 0
    assert {cookie["name"]: cookie["value"] for cookie in context.cookies()} == cookies
    page.goto(f"{desk.base_url}/agent/orientation")
    page.go_back()
    assert page.locator(".coches input:checked").count() == 0
    page.locator("#coche-p0").check()
    page.reload()
    assert page.locator(".coches input:checked").count() == 0
    assert page.locator("[name=bloque]:checked").count() == 0
    assert stored(desk) == before


def test_a_pdf_is_asked_for_with_the_ticks_and_nothing_else(desk: RunningConsole, page: Page) -> None:
    page.goto(desk.base_url + SHEET)
    page.locator("#coche-p0").check()
    page.locator("#coche-c1").check()
    page.locator("#telephone").fill("06 39 98 00 04")
    asked = page.evaluate("[...new FormData(document.getElementById('pdf')).entries()]")
    assert sorted(asked) == [["coche", "c1"], ["coche", "p0"]]
    for size in ("a4", "a5"):
        expect(page.locator(f"#pdf button[name=format][value={size}]")).to_be_enabled()


def test_every_page_is_valid(desk: RunningConsole, page: Page, tmp_path: Path) -> None:
    sources = Sources(page)
    for rank, path in enumerate(PAGES):
        page.goto(desk.base_url + path)
        page.wait_for_load_state()
        sources.save(tmp_path, str(rank))
    files = [*sorted(tmp_path.glob("*.html")), HERE / "static" / "sheet.css"]
    assert len(files) == len(PAGES) + 1
    options = ["--errors-only", "--also-check-css", "--format", "gnu"]
    command = ["java", "-jar", str(VNU), *options, *map(str, files)]
    done = subprocess.run(command, capture_output=True, text=True, timeout=120, check=False)
    assert done.returncode in (0, 1), done.stderr
    assert done.stderr.splitlines() == []


def test_all_ticks_go_at_once(desk: RunningConsole, page: Page) -> None:
    page.goto(desk.base_url + SHEET)
    page.locator("#coche-p0").check()
    page.locator("#coche-c1").check()
    page.get_by_role("button", name="Tout décocher").first.click()
    assert page.locator(".coches input:checked").count() == 0
    expect(page.locator("#etat")).to_have_text("Toutes les coches sont effacées.")


def test_an_sms_leaves_and_the_ticks_stay(desk: RunningConsole, page: Page) -> None:
    page.goto(desk.base_url + SHEET)
    page.locator("#coche-p0").check()
    page.locator("#telephone").fill("06 39 98 00 02")
    page.get_by_role("button", name="Envoyer le SMS").click()
    expect(page.locator("#sms-dit")).to_contain_text("Le SMS part.")
    expect(page.locator("#telephone")).to_have_value("")
    expect(page.locator("#coche-p0")).to_be_checked()
    page.locator("#telephone").fill("02 99 00 00 00")
    page.get_by_role("button", name="Envoyer le SMS").click()
    expect(page.locator("#sms-dit")).to_contain_text("commence par 06 ou 07")
    expect(page.locator("#telephone")).to_be_focused()


def test_the_text_is_copied(desk: RunningConsole, context: BrowserContext, page: Page) -> None:
    context.grant_permissions(["clipboard-read", "clipboard-write"])
    page.goto(desk.base_url + SHEET)
    page.get_by_role("button", name="Copier le texte").click()
    expect(page.locator("#copie-dit")).to_have_text("Le texte est copié.")
    copied = page.evaluate("navigator.clipboard.readText()")
    assert copied.startswith("Se faire aider pour une démarche en ligne")
    assert copied.rstrip().endswith(f"{PUBLIC_URL}/fiches/aide-numerique")


def test_the_page_works_without_script(desk: RunningConsole, new_context: NewContext) -> None:
    page = new_context(java_script_enabled=False).new_page()
    desk.sign_in(page, AGENT)
    page.goto(f"{desk.base_url}{SHEET}?rubrique=pieces")
    for name in ("Tout décocher", "Imprimer cette page", "Copier le texte"):
        expect(page.get_by_role("button", name=name)).to_have_count(0)
    page.get_by_label("La peur de se tromper").check()
    page.get_by_role("button", name="Voir l'aide qui convient").click()
    expect(page.locator("#aide-bloque-peur")).to_be_visible()
    expect(page.locator("h2#pieces")).to_have_attribute("tabindex", "-1")
    page.get_by_label("Numéro de portable de la personne").fill("06 39 98 00 03")
    page.get_by_role("button", name="Envoyer le SMS").click()
    expect(page.locator("#fait")).to_contain_text("Le SMS part.")
    page.get_by_role("link", name="Signaler une erreur dans cette fiche").click()
    page.get_by_label("Qu'est-ce qui est faux").fill("Le lieu a déménagé.")
    page.get_by_role("button", name="Envoyer le signalement").click()
    expect(page.locator("#fait")).to_contain_text("Votre signalement est enregistré.")
    page.goto(f"{desk.base_url}/agent/orientation")
    page.get_by_label("Ce que la personne raconte").select_option("perte-emploi")
    page.get_by_role("button", name="Voir les droits à vérifier").click()
    expect(page.get_by_role("heading", name="Les questions qui décident")).to_be_visible()


def test_paper_shows_the_ticks_the_place_and_the_code_and_nothing_of_the_screen(
    desk: RunningConsole, page: Page
) -> None:
    page.goto(desk.base_url + SHEET)
    page.locator("#coche-p0").check()
    page.emulate_media(media="print")
    for shown in ("#coche-p0", ".qr", "text=02 99 09 44 56"):
        expect(page.locator(f"{shown} >> visible=true").first).to_be_visible()
    marks = page.evaluate(
        "['coche-p0', 'coche-p1'].map(id => getComputedStyle(document.getElementById(id), '::before').content)"
    )
    assert marks == ['"✕"', "none"]
    for hidden in ("header", "nav", "form", "footer", "#bloque", "#professionnels", "textarea", "button"):
        assert page.locator(f"{hidden} >> visible=true").count() == 0, hidden
    size = page.evaluate("parseFloat(getComputedStyle(document.querySelector('.coches label')).fontSize)")
    assert size >= 14 * 4 / 3 - 0.1
    for paper in ("A4", "A5"):
        assert page.pdf(format=paper).startswith(b"%PDF")


def test_nothing_fails_in_the_browser(desk: RunningConsole, page: Page) -> None:
    said: list[str] = []
    page.on("pageerror", lambda error: said.append(str(error)))
    page.on("console", lambda message: said.append(message.text))
    for path in PAGES:
        page.goto(desk.base_url + path)
    assert said == []
