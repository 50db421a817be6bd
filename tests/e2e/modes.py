"""The colour modes in which axe-core reads a page."""

from __future__ import annotations

from typing import Any

from playwright.sync_api import Page

from tests.e2e.conftest import AxeFindings

MODES: dict[str, dict[str, Any]] = {
    "light": {"color_scheme": "light", "forced_colors": "none"},
    "dark": {"color_scheme": "dark", "forced_colors": "none"},
    "forced colours": {"color_scheme": "dark", "forced_colors": "active"},
}


def findings_by_mode(page: Page, axe: AxeFindings) -> dict[str, list[str]]:
    """Return what axe-core finds on a page in each mode, when it finds something."""
    found = {}
    for mode, media in MODES.items():
        page.emulate_media(**media)
        found[mode] = axe(page)
    return {mode: findings for mode, findings in found.items() if findings}
