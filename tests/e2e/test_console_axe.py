"""The sign-in and account pages of the console: axe-core, the keyboard alone, a narrow window, no script.

The application runs without Rasa: none of these pages needs a question understood.
"""

from __future__ import annotations

import subprocess
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pyotp
import pytest
from playwright.sync_api import Page, expect

from bot.store.accounts import Role
from channels.console.page import HERE
from tests.e2e.conftest import AxeFindings, NewContext
from tests.e2e.console import PASSWORD, RunningConsole, run_console
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
RESPONSABLE, NEWCOMER, WITH_CODE, OPERATOR = "dominique", "alix", "lou", "camille"
PAGES = (
    "/console/compte",
    "/console/compte/code",
    "/console/compte/journal",
    "/console/mot-de-passe",
    "/console/comptes",
    "/console/comptes/nouveau",
    "/console/comptes/1",
    "/console/comptes/2",
    "/console/registre",
    "/console/registre?reference=x",
    "/console/aide",
    "/console/nulle-part",
)
Check = Callable[[str], None]


def make_accounts(running: RunningConsole) -> None:
    """Make a responsable, somebody new, somebody with a one-time code, and an operator."""
    running.make_account(RESPONSABLE, Role.RESPONSABLE)
    running.make_account(NEWCOMER, must_change=True)
    guarded = running.make_account(WITH_CODE)
    secret = running.do(running.assistant.accounts.start_totp(guarded.id)).secret
    assert running.do(running.assistant.accounts.confirm_totp(guarded.id, pyotp.TOTP(secret).now()))
    running.make_account(OPERATOR)


@pytest.fixture(scope="module")
def console(tmp_path_factory: pytest.TempPathFactory) -> Iterator[RunningConsole]:
    """Yield a console that the tests below share."""
    with run_console(tmp_path_factory.mktemp("console")) as running:
        make_accounts(running)
        yield running


def walk(page: Page, console: RunningConsole, check: Check) -> None:
    """Open every page of signing in and of accounts, in every state, and check each under its name."""
    base = console.base_url
    page.goto(f"{base}/console/connexion")
    check("sign-in")
    console.sign_in(page, OPERATOR, "faux")
    check("sign-in refused")
    page.goto(f"{base}/console/connexion?fait=fin")
    check("signed out")
    console.sign_in(page, WITH_CODE)
    check("code")
    page.get_by_label("Code à 6 chiffres").fill("000000")
    page.get_by_role("button", name="Continuer").click()
    check("code refused")
    console.sign_in(page, NEWCOMER)
    check("password to change")
    page.context.clear_cookies()
    console.sign_in(page, RESPONSABLE)
    for path in PAGES:
        page.goto(base + path)
        check(path)
    page.goto(f"{base}/console/compte?fait=nom")
    check("done")
    _send_wrong(page, f"{base}/console/compte", "Enregistrer les horaires", "#horaires-miens")
    check("hours refused")
    _send_wrong(page, f"{base}/console/comptes/nouveau", "Créer le compte")
    check("account refused")
    page.goto(f"{base}/console/compte/code")
    page.get_by_label("Votre mot de passe").fill(PASSWORD)
    page.get_by_role("button", name="Commencer").click()
    check("drawing of a code")
    page.goto(f"{base}/console/compte")
    page.evaluate("document.querySelectorAll('[name=jeton]').forEach(field => { field.value = 'x' })")
    page.get_by_label("Nom que voient les usagers").fill("Dominique du Point Info")
    page.get_by_role("button", name="Enregistrer le nom").click()
    check("to be sent again")
    page.goto(f"{base}/console/comptes/4")
    page.get_by_role("button", name="Donner un mot de passe temporaire").click()
    check("password given")


def _send_wrong(page: Page, address: str, button: str, tick: str = "") -> None:
    page.goto(address)
    page.evaluate(
        "document.querySelectorAll('[required]').forEach(field => field.removeAttribute('required'))"
    )
    if tick:
        page.locator(tick).check()
    page.get_by_role("button", name=button).click()


@pytest.fixture
def fresh(tmp_path: Path) -> Iterator[RunningConsole]:
    """Yield a console that a walk may change."""
    with run_console(tmp_path / "var") as running:
        make_accounts(running)
        yield running


def test_axe_finds_nothing_and_nothing_is_cut(
    fresh: RunningConsole, new_context: NewContext, axe: AxeFindings
) -> None:
    page = new_context().new_page()
    found: dict[str, Any] = {}

    def check(state: str) -> None:
        for mode, media in MODES.items():
            page.emulate_media(**media)
            found[f"{state}, {mode}"] = axe(page)
        page.emulate_media(color_scheme="light", forced_colors="none")
        size = page.viewport_size
        page.set_viewport_size(NARROW)
        found[f"{state}, narrow"] = page.evaluate(
            "document.documentElement.scrollWidth > document.documentElement.clientWidth"
        )
        assert size
        page.set_viewport_size(size)

    walk(page, fresh, check)
    assert {state: findings for state, findings in found.items() if findings} == {}
    assert len(found) > 80


def test_every_page_is_valid(fresh: RunningConsole, new_context: NewContext, tmp_path: Path) -> None:
    page = new_context().new_page()
    sources = Sources(page)

    def check(state: str) -> None:
        page.wait_for_load_state()
        sources.save(tmp_path, state)

    walk(page, fresh, check)
    files = [*sorted(tmp_path.glob("*.html")), HERE / "static" / "console.css"]
    options = ["--errors-only", "--also-check-css", "--format", "gnu"]
    command = ["java", "-jar", str(VNU), *options, *map(str, files)]
    done = subprocess.run(command, capture_output=True, text=True, timeout=120, check=False)
    assert done.returncode in (0, 1), done.stderr
    assert done.stderr.splitlines() == []


def test_one_signs_in_and_changes_a_name_by_keyboard_alone(
    console: RunningConsole, new_context: NewContext
) -> None:
    page = new_context().new_page()
    hands = Keyboard(page)
    page.goto(f"{console.base_url}/console/connexion")
    assert hands.tab_to_name("Aller au contenu").place < hands.tab_to_name("Console").place
    hands.type_in("Identifiant", OPERATOR)
    hands.type_in("Mot de passe", PASSWORD)
    hands.tab_to_name("Afficher le mot de passe")
    page.keyboard.press("Space")
    expect(page.locator("#mot_de_passe")).to_have_attribute("type", "text")
    hands.follow("Se connecter")
    hands.follow("Mon compte")
    hands.type_in("Nom que voient les usagers", "Camille du Point Info")
    hands.enter()
    expect(page.locator("#fait")).to_contain_text("Votre nom affiché est enregistré.")
    expect(page.locator(".qui")).to_contain_text("Camille du Point Info")
    hands.follow("Se déconnecter")
    expect(page.locator("#fait")).to_contain_text("Vous êtes déconnecté.")


@pytest.mark.parametrize("mode", list(MODES))
def test_all_that_can_be_reached_is_reached_in_order_and_seen(
    console: RunningConsole, new_context: NewContext, mode: str
) -> None:
    page = new_context(**MODES[mode]).new_page()
    console.sign_in(page, RESPONSABLE)
    for path in PAGES:
        page.goto(console.base_url + path)
        hands = Keyboard(page)
        stops = hands.all_stops()
        assert len(stops) == hands.count_controls(), path
        assert [stop.place for stop in stops] == sorted(stop.place for stop in stops), path


def test_targets_are_large_enough_for_a_thumb(console: RunningConsole, new_context: NewContext) -> None:
    page = new_context(viewport=NARROW).new_page()
    console.sign_in(page, RESPONSABLE)
    for path in PAGES:
        page.goto(console.base_url + path)
        small = page.evaluate(
            "[...document.querySelectorAll('button, .bouton, nav a, .liens a, .seul, .radio label, main input')]"
            ".filter(e => e.getClientRects().length && !['radio', 'checkbox', 'hidden'].includes(e.type))"
            ".filter(e => e.getBoundingClientRect().height < 43.9).map(e => e.outerHTML)"
        )
        assert small == [], path


def test_the_pages_work_without_script(console: RunningConsole, new_context: NewContext) -> None:
    page = new_context(java_script_enabled=False).new_page()
    page.goto(f"{console.base_url}/console/connexion")
    expect(page.get_by_label("Afficher le mot de passe")).to_be_hidden()
    console.sign_in(page, OPERATOR)
    page.goto(f"{console.base_url}/console/compte")
    page.get_by_label("Courriel").fill("camille@exemple.fr")
    page.get_by_role("button", name="Enregistrer le courriel").click()
    expect(page.locator("#fait")).to_contain_text("Votre courriel est enregistré.")
    page.get_by_role("button", name="Se déconnecter").click()
    expect(page.locator("#fait")).to_contain_text("Vous êtes déconnecté.")


def test_shortcuts_open_pages_until_they_are_switched_off(
    console: RunningConsole, new_context: NewContext
) -> None:
    page = new_context().new_page()
    console.sign_in(page, OPERATOR)
    page.goto(f"{console.base_url}/console/compte")
    page.keyboard.press("Alt+a")
    page.wait_for_url("**/console/aide")
    page.goto(f"{console.base_url}/console/compte")
    page.get_by_label("Non", exact=True).check()
    page.get_by_role("button", name="Enregistrer ce choix").click()
    page.keyboard.press("Alt+a")
    page.goto(f"{console.base_url}/console/compte")
    assert page.locator("[aria-keyshortcuts]").count() == 0


def test_nothing_fails_in_the_browser(console: RunningConsole, new_context: NewContext) -> None:
    page = new_context().new_page()
    said: list[str] = []
    page.on("pageerror", lambda error: said.append(str(error)))
    page.on("console", lambda message: said.append(message.text) if "404" not in message.text else None)
    console.sign_in(page, RESPONSABLE)
    for path in PAGES:
        page.goto(console.base_url + path)
    assert said == []
