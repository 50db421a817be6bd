"""Every page and state is valid HTML, and the style valid CSS, by the checker of the W3C (vnu)."""

from __future__ import annotations

import subprocess
from pathlib import Path

from playwright.sync_api import Page, Response

from channels.routes import PAGE_ROUTES
from channels.web.page import HERE
from tests.e2e.conftest import NewContext
from tests.e2e.states import DANGER, FOREIGN, QUESTION, ask, walk, walk_faults
from tests.running import ROOT, RunningBot

VNU = ROOT / "node_modules" / "vnu-jar" / "build" / "dist" / "vnu.jar"
NOT_PAGES = {
    "/static/{name}", "/quitter", "/garder", "/conversation/suite", "/mes-donnees/copie.json", "/mes-donnees/copie.txt",
}  # fmt: skip
"""Files, ways out and redirections, and the part of a page that the script asks for."""


class Sources:
    """The pages as the server sent them, each kept under the name of its state."""

    def __init__(self, page: Page) -> None:
        self._last: Response | None = None
        self.paths: set[str] = set()
        page.on("response", self._note)

    def _note(self, response: Response) -> None:
        if response.request.is_navigation_request() and not 300 <= response.status < 400:
            self._last = response

    def save(self, folder: Path, state: str) -> None:
        """Write the last page that came to the folder."""
        assert self._last is not None
        self.paths.add(self._last.url.split("?")[0].split("/", 3)[3])
        name = "".join(char if char.isalnum() else "-" for char in state)
        (folder / f"{name}.html").write_bytes(self._last.body())


def test_every_page_is_valid(running_bot: RunningBot, new_context: NewContext, tmp_path: Path) -> None:
    page = new_context(java_script_enabled=False).new_page()
    sources = Sources(page)
    for state in walk(page, running_bot.base_url):
        sources.save(tmp_path, state)
    for fiche in _addresses_of_fiches(page, running_bot.base_url):
        page.goto(running_bot.base_url + fiche)
        sources.save(tmp_path, fiche)
    for state in walk_faults(page, running_bot):
        sources.save(tmp_path, state)
    assert _routes_not_seen(sources.paths) == set()
    assert _errors(sorted(tmp_path.glob("*.html"))) == []


def test_the_page_changed_by_the_script_is_valid(
    running_bot: RunningBot, new_context: NewContext, tmp_path: Path
) -> None:
    page = new_context().new_page()
    page.goto(running_bot.base_url)
    ask(page, QUESTION)
    states = [("fiche", "et c'est combien ?"), ("danger", DANGER), ("other language", FOREIGN["ar"])]
    for state, words in states:
        before = page.locator("#fil > li").count()
        page.locator("#texte").fill(words)
        page.get_by_role("button", name="Envoyer").click()
        page.locator("#fil > li").nth(before + 1).wait_for()
        (tmp_path / f"{state}.html").write_text(page.content(), encoding="utf-8")
    page.context.set_offline(True)
    page.get_by_role("button", name="Envoyer").click()
    page.get_by_role("alert").wait_for()
    (tmp_path / "network cut.html").write_text(page.content(), encoding="utf-8")
    assert _errors(sorted(tmp_path.glob("*.html"))) == []


def test_the_style_is_valid() -> None:
    assert _errors([HERE / "static" / "style.css"]) == []


def _addresses_of_fiches(page: Page, base_url: str) -> list[str]:
    page.goto(f"{base_url}/fiches")
    links = page.locator(".fiches a").all()
    return [address for link in links if (address := link.get_attribute("href"))]


def _routes_not_seen(paths: set[str]) -> set[str]:
    """Return the addresses of the service whose page was not checked."""
    seen = {"/fiches/{id}" if path.startswith("fiches/") else f"/{path}" for path in paths}
    return {route.path for route in PAGE_ROUTES} - NOT_PAGES - seen


def _errors(files: list[Path]) -> list[str]:
    """Return what vnu finds wrong in the files, a line each. Raises AssertionError when it cannot run."""
    options = ["--errors-only", "--also-check-css", "--format", "gnu"]
    command = ["java", "-jar", str(VNU), *options, *map(str, files)]
    done = subprocess.run(command, capture_output=True, text=True, timeout=120, check=False)
    assert done.returncode in (0, 1), done.stderr
    return [line for line in done.stderr.splitlines() if line.strip()]
