"""The edition for machines without a network, opened from its folder in a Chromium that is offline."""

from __future__ import annotations

import subprocess
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from bot.answers.compose import Composer
from bot.knowledge.loader import load_knowledge
from bot.model.french import PARIS
from bot.print.offline import write_edition
from bot.settings import load_settings
from tests.e2e.conftest import AxeFindings, NewContext
from tests.e2e.keyboard import Keyboard
from tests.running import ROOT

VNU = ROOT / "node_modules" / "vnu-jar" / "build" / "dist" / "vnu.jar"
MODES: dict[str, dict[str, Any]] = {
    "light": {"color_scheme": "light", "forced_colors": "none"},
    "dark": {"color_scheme": "dark", "forced_colors": "none"},
    "forced colours": {"color_scheme": "dark", "forced_colors": "active"},
}
NARROW = {"width": 320, "height": 256}
PAGES = ("index.html", "fiches/apl.html", "situations/accident.html")
FOUND = "#trouve a"


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Write the edition in a folder whose name has what addresses must escape."""
    settings = load_settings({})
    knowledge = load_knowledge(ROOT / "data", settings.territoire)
    path = tmp_path_factory.mktemp("clé usb") / "droits & démarches #1"
    write_edition(Composer(knowledge, settings), settings, path, datetime.now(PARIS).replace(tzinfo=None))
    return path


@pytest.fixture
def page(new_context: NewContext) -> Page:
    """Return a page of a browser that is offline."""
    context = new_context(viewport={"width": 1000, "height": 800})
    context.set_offline(True)
    return context.new_page()


def opened(page: Page, folder: Path, name: str = "index.html") -> list[str]:
    """Open a file of the edition; return the list where whatever it asks for comes."""
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    page.on("console", lambda message: asked.append(f"console: {message.text}"))
    page.on("pageerror", lambda error: asked.append(f"error: {error}"))
    page.goto((folder / name).as_uri())
    return asked


def search(page: Page, words: str) -> list[str]:
    page.get_by_label("Chercher une aide").fill(words)
    return page.locator(FOUND).all_inner_texts()


def test_pages_ask_for_nothing_but_their_own_files(page: Page, folder: Path) -> None:
    for name in PAGES:
        asked = opened(page, folder, name)
        if name == "index.html":
            search(page, "loyer")
        page.wait_for_load_state()
        strangers = [url for url in asked if not url.startswith((folder.as_uri(), "data:"))]
        assert strangers == []
        assert page.evaluate(
            "document.fonts.ready.then(() => document.fonts.check('1rem \"Atkinson Hyperlegible Next\"'))"
        )
        assert len(asked) >= 2


@pytest.mark.parametrize(
    ("words", "first"),
    [
        ("rsa", "Revenu de solidarité active (RSA)"),
        ("R.S.A", "Revenu de solidarité active (RSA)"),
        ("payer mon loyer", "Vous n'arrivez plus à payer le loyer"),
        ("aide au logement", "Aides au logement (APL, ALS, ALF)"),
        ("carte d'identite", "Carte nationale d'identité"),
        ("CARTE IDENTITÉ", "Carte nationale d'identité"),
        ("cmu", "Complémentaire santé solidaire (CSS, ex-CMU-C)"),
    ],
)
def test_a_fiche_is_found_by_what_people_type(page: Page, folder: Path, words: str, first: str) -> None:
    opened(page, folder)
    assert first in search(page, words)[:3]


def test_a_letter_wrong_still_finds(page: Page, folder: Path) -> None:
    opened(page, folder)
    assert "Carte nationale d'identité" in search(page, "carte idantité")[:3]


def test_a_result_leads_to_its_fiche_by_keyboard_alone(page: Page, folder: Path) -> None:
    opened(page, folder)
    hands = Keyboard(page)
    hands.type_in("Chercher une aide, un papier, une démarche", "rsa")
    page.keyboard.press("Enter")
    expect(page.locator("#combien")).to_contain_text("ci-dessous.")
    hands.follow("Revenu de solidarité active (RSA)")
    expect(page.locator("h1")).to_have_text("Revenu de solidarité active (RSA)")
    hands.follow("Toutes les fiches")
    assert page.url.endswith("index.html#fiches")


def test_what_is_nowhere_is_said_and_what_is_erased_too(page: Page, folder: Path) -> None:
    opened(page, folder)
    assert search(page, "xyzzyxyzzy") == []
    expect(page.locator("#combien")).to_contain_text("Rien ne correspond.")
    assert search(page, "") == []
    expect(page.locator("#combien")).to_have_text("")


@pytest.mark.parametrize(
    "words", ["<img src=x onerror=alert(1)>", "__proto__ constructor", "le la les", "((("]
)
def test_whatever_is_typed_is_only_words(page: Page, folder: Path, words: str) -> None:
    asked = opened(page, folder)
    search(page, words)
    assert page.locator("#trouve img").count() == 0
    assert [line for line in asked if line.startswith(("error", "console"))] == []


def test_without_a_script_the_list_leads_everywhere(new_context: NewContext, folder: Path) -> None:
    context = new_context(java_script_enabled=False)
    context.set_offline(True)
    page = context.new_page()
    page.goto((folder / "index.html").as_uri())
    assert not page.get_by_label("Chercher une aide").is_visible()
    page.get_by_role("link", name="Aides au logement (APL, ALS, ALF)").click()
    assert "32 30" in page.locator("main").inner_text().replace("\u00a0", " ")


@pytest.mark.parametrize("name", PAGES)
def test_axe_finds_nothing_and_nothing_is_cut(page: Page, folder: Path, axe: AxeFindings, name: str) -> None:
    opened(page, folder, name)
    if name == "index.html":
        search(page, "loyer")
    found = {}
    for mode, media in MODES.items():
        page.emulate_media(**media)
        found[mode] = axe(page)
    page.set_viewport_size(NARROW)
    found["narrow"] = page.evaluate(
        "document.documentElement.scrollWidth > document.documentElement.clientWidth"
    )
    assert {mode: what for mode, what in found.items() if what} == {}


@pytest.mark.parametrize("name", PAGES)
def test_all_that_can_be_reached_is_seen_and_large_enough(page: Page, folder: Path, name: str) -> None:
    opened(page, folder, name)
    small = page.evaluate(
        "[...document.querySelectorAll('a, input')].filter(e => e.checkVisibility() && !e.matches('.evitement'))"
        ".filter(e => e.getBoundingClientRect().height < 43.9).map(e => e.outerHTML)"
    )
    assert small == []
    if name != "index.html":  # its list is longer than the keyboard's patience
        hands = Keyboard(page)
        assert len(hands.all_stops()) == hands.count_controls()


def test_every_page_is_valid(folder: Path) -> None:
    files = [*sorted(folder.rglob("*.html")), folder / "commun" / "style.css"]
    options = ["--errors-only", "--also-check-css", "--format", "gnu"]
    command = ["java", "-jar", str(VNU), *options, *map(str, files)]
    done = subprocess.run(command, capture_output=True, text=True, timeout=300, check=False)
    assert done.returncode in (0, 1), done.stderr
    assert done.stderr.splitlines() == []
