"""axe-core finds nothing, and leaves nothing undecided, on any page, state or colour mode.

The pages are taken as a browser shows them when their script did not come.
"""

from __future__ import annotations

from typing import Any

from playwright.sync_api import Page

from tests.e2e.conftest import AxeFindings, NewContext
from tests.e2e.states import walk, walk_faults
from tests.running import RunningBot

MODES: dict[str, dict[str, Any]] = {
    "light": {"color_scheme": "light", "forced_colors": "none"},
    "dark": {"color_scheme": "dark", "forced_colors": "none"},
    "forced colours": {"color_scheme": "dark", "forced_colors": "active"},
}


def test_axe_finds_nothing_in_any_state(
    running_bot: RunningBot, new_context: NewContext, axe: AxeFindings
) -> None:
    page = _page_without_script(new_context)
    found = {state: _findings_by_mode(page, axe) for state in walk(page, running_bot.base_url)}
    assert {state: findings for state, findings in found.items() if findings} == {}


def test_axe_finds_nothing_when_a_part_is_away(
    running_bot: RunningBot, new_context: NewContext, axe: AxeFindings
) -> None:
    page = _page_without_script(new_context)
    found = {state: _findings_by_mode(page, axe) for state in walk_faults(page, running_bot)}
    assert found == {"answer delayed": {}, "message not taken": {}}


def _page_without_script(new_context: NewContext) -> Page:
    """Return a page whose own script never comes: axe-core needs the browser to run scripts."""
    context = new_context()
    context.route("**/*.js*", lambda route: route.abort())
    return context.new_page()


def _findings_by_mode(page: Page, axe: AxeFindings) -> dict[str, list[str]]:
    found = {}
    for mode, media in MODES.items():
        page.emulate_media(**media)
        found[mode] = axe(page)
    return {mode: findings for mode, findings in found.items() if findings}
