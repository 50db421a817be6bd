"""A real Chromium, which can reach nothing but this machine, and axe-core."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, sync_playwright

from tests.running import ROOT

CHROMIUM = "/usr/bin/chromium"
ARGUMENTS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1",
]
AXE = ROOT / "node_modules" / "axe-core"
AXE_TAGS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]

NewContext = Callable[..., BrowserContext]
AxeFindings = Callable[[Page], list[str]]


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    """Yield Chromium as Debian ships it. Closed after each file: asynchronous tests cannot run beside it."""
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=ARGUMENTS)
        yield browser
        browser.close()


@pytest.fixture
def new_context(browser: Browser) -> Iterator[NewContext]:
    """Return what opens a browser profile of its own, in French, under the page's own CSP."""
    opened: list[BrowserContext] = []

    def new(**options: Any) -> BrowserContext:
        opened.append(browser.new_context(**{"locale": "fr-FR", **options}))
        return opened[-1]

    yield new
    for context in opened:
        context.close()


@pytest.fixture(scope="session")
def axe() -> AxeFindings:
    """Return what lists every violation and every incomplete rule of axe-core on a page, in French."""
    script = (AXE / "axe.min.js").read_text(encoding="utf-8")
    french = json.loads((AXE / "locales" / "fr.json").read_text(encoding="utf-8"))

    def findings(page: Page) -> list[str]:
        # Run through the debugging protocol, which the page's CSP does not bind.
        if not page.evaluate("'axe' in window"):
            page.evaluate(script)
            page.evaluate("locale => axe.configure({locale})", french)
        result = page.evaluate(
            "tags => axe.run(document, {runOnly: {type: 'tag', values: tags},"
            " resultTypes: ['violations', 'incomplete']})"
            ".then(({violations, incomplete}) => ({violations, incomplete}))",  # the rest is long to carry
            AXE_TAGS,
        )
        return [
            f"{kind} {rule['id']}: {rule['help']} {[node['target'] for node in rule['nodes']][:3]}"
            for kind in ("violations", "incomplete")
            for rule in result[kind]
        ]

    return findings
