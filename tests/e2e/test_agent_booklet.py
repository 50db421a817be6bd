"""The booklet at the desk in a browser: axe-core, the keyboard alone, a narrow window, and the PDF that comes."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from bot.store.accounts import Role
from tests.bot.print.pdf_reading import pages_of
from tests.e2e.conftest import AxeFindings, NewContext
from tests.e2e.console import RunningConsole, run_console

pytestmark = pytest.mark.lent  # minutes in a browser; the pages themselves are tested in tests/channels

MODES: dict[str, dict[str, Any]] = {
    "light": {"color_scheme": "light", "forced_colors": "none"},
    "dark": {"color_scheme": "dark", "forced_colors": "none"},
    "forced colours": {"color_scheme": "dark", "forced_colors": "active"},
}
NARROW = {"width": 320, "height": 256}


@pytest.fixture(scope="module")
def desk(tmp_path_factory: pytest.TempPathFactory) -> Iterator[RunningConsole]:
    """Yield a desk where an agent has an account."""
    with run_console(tmp_path_factory.mktemp("desk")) as running:
        running.make_account("alix", Role.AGENT)
        yield running


@pytest.fixture
def page(desk: RunningConsole, new_context: NewContext) -> Page:
    """Return the page of the booklet, signed in."""
    opened = new_context(accept_downloads=True).new_page()
    desk.sign_in(opened, "alix")
    opened.goto(f"{desk.base_url}/agent/livret")
    return opened


@pytest.mark.parametrize("state", ["empty", "refused"])
def test_axe_finds_nothing_and_nothing_is_cut(page: Page, axe: AxeFindings, state: str) -> None:
    if state == "refused":
        page.get_by_role("button", name="Faire le livret").click()
        expect(page.get_by_role("alert")).to_contain_text("Choisissez au moins une fiche.")
    found = {}
    for mode, media in MODES.items():
        page.emulate_media(**media)
        found[mode] = axe(page)
    page.set_viewport_size(NARROW)
    found["narrow"] = page.evaluate(
        "document.documentElement.scrollWidth > document.documentElement.clientWidth"
    )
    assert {mode: what for mode, what in found.items() if what} == {}


def test_an_error_leads_to_the_first_box_and_ticks_make_a_pdf_by_keyboard(page: Page) -> None:
    page.get_by_role("button", name="Faire le livret").press("Enter")
    page.get_by_role("alert").get_by_role("link").press("Enter")
    assert page.evaluate("document.activeElement.name") == "fiche"
    page.keyboard.press("Space")
    with page.expect_response("**/agent/livret") as answered:
        page.get_by_role("button", name="Faire le livret").press("Enter")
    assert answered.value.headers["content-type"] == "application/pdf"


def test_a_sheet_opens_from_its_address(desk: RunningConsole, page: Page) -> None:
    response = page.request.get(f"{desk.base_url}/agent/fiches/apl/pdf?format=a5&coche=p0")
    assert response.ok
    assert len(pages_of(response.body())) > 3
