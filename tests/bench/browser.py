"""What a page weighs, and how long until one can type on a slow telephone and network: `python -m tests.bench.browser`."""

from __future__ import annotations

import os
import platform
import statistics
import time
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

from playwright.sync_api import Browser, Page, ViewportSize, sync_playwright

from tests.e2e.conftest import ARGUMENTS, CHROMIUM
from tests.e2e.states import QUESTION, ask
from tests.e2e.test_weight import Traffic
from tests.running import run_bot

TRIES = 5
BOUND_SECONDS = 4.0
PROCESSOR_SLOWER = 4
# "Slow 3G": 50 kB/s each way and 2 s of latency.
NETWORK = {"offline": False, "latency": 2000, "downloadThroughput": 50_000, "uploadThroughput": 50_000}
_PAINTED = """() => new Promise(done => new PerformanceObserver(
  paints => paints.getEntriesByName('first-contentful-paint').length && done(true)
).observe({type: 'paint', buffered: true}))"""
TELEPHONE = ViewportSize(width=360, height=640)
REPLIES = ("et c'est combien ?", "quels papiers il faut ?", "sans internet", "merci")
FIELDS = {"/": "#texte", "/conversation": "#texte", "/personne": "#telephone", "/demande": "#reference"}


def ready_to_type_seconds(browser: Browser, base_url: str, path: str) -> float:
    """Return the time from the address to a field that is painted and takes a letter, with nothing in the cache."""
    context = browser.new_context(locale="fr-FR", viewport=TELEPHONE)
    page = context.new_page()
    if path == "/conversation":
        page.goto(base_url)
        ask(page, QUESTION)
    _slow_down(page)
    started = time.monotonic()
    page.goto(base_url + path, wait_until="commit")
    # A field takes letters before its page is painted, so the later of the two counts.
    page.evaluate(_PAINTED)
    field = page.locator(FIELDS[path])
    field.focus()
    page.keyboard.type("a")
    seconds = time.monotonic() - started
    assert field.input_value() == "a"
    context.close()
    return seconds


def weights(browser: Browser, base_url: str) -> Iterator[str]:
    """Yield the bytes that travel, compressed: each page without its font, the font, and the answers that follow."""
    for path in FIELDS:
        page = browser.new_context(locale="fr-FR").new_page()
        if path == "/conversation":
            page.goto(base_url)
            ask(page, QUESTION)
        traffic = Traffic(page)
        page.goto(base_url + path, wait_until="load")
        page.evaluate("document.fonts.ready.then(() => true)")
        kinds = ("Document", "Stylesheet", "Script")
        parts = {kind: sum(traffic.sizes.get(kind, [])) for kind in kinds}
        shown = ", ".join(f"{kind.lower()} {size}" for kind, size in parts.items() if size)
        yield f"{path:<15} {sum(parts.values())} bytes ({shown}), font {sum(traffic.sizes.get('Font', []))}"
        page.context.close()
    yield f"answers brought in by the script, in bytes: {', '.join(map(str, _reply_sizes(browser, base_url)))}"


def _reply_sizes(browser: Browser, base_url: str) -> list[int]:
    page = browser.new_context(locale="fr-FR").new_page()
    page.goto(base_url)
    ask(page, QUESTION)
    traffic = Traffic(page)
    for words in REPLIES:
        ask(page, words)
    sizes = traffic.sizes.get("XHR", [])
    page.context.close()
    return sizes


def _slow_down(page: Page) -> None:
    session = page.context.new_cdp_session(page)
    session.send("Network.enable")
    session.send("Network.clearBrowserCache")
    session.send("Network.setCacheDisabled", {"cacheDisabled": True})
    session.send("Network.emulateNetworkConditions", NETWORK)
    session.send("Emulation.setCPUThrottlingRate", {"rate": PROCESSOR_SLOWER})


def _machine() -> str:
    lines = Path("/proc/cpuinfo").read_text(encoding="utf-8").splitlines()
    names = [line.split(":", 1)[1].strip() for line in lines if line.startswith("model name")]
    load = os.getloadavg()[0]
    return f"{names[0] if names else platform.machine()}, {os.cpu_count()} cores, load {load:.1f}"


def main() -> None:
    """Print the figures of each page that has a field."""
    with run_bot() as bot, sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=ARGUMENTS)
        print(f"{datetime.now(UTC):%Y-%m-%d}, {_machine()}, Chromium {browser.version}")
        print(f"Ready to type, slow 3G, processor {PROCESSOR_SLOWER} times slower, bound {BOUND_SECONDS:g} s")
        for path in FIELDS:
            times = [ready_to_type_seconds(browser, bot.base_url, path) for _ in range(TRIES)]
            median = statistics.median(times)
            verdict = "within" if median <= BOUND_SECONDS else "OVER"
            spread = f"{min(times):.2f} to {max(times):.2f}"
            print(f"{path:<15} median {median:.2f} s of {TRIES} ({spread}), {verdict}")
        for line in weights(browser, bot.base_url):
            print(line)
        browser.close()


if __name__ == "__main__":
    main()
