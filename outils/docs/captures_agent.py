"""Make the pictures of docs/guide-agent.md again, from a desk of its own where nobody is.

    python -m outils.docs.captures_agent

Nothing of `var/` is read and nothing goes out: the desk runs on a store in a temporary folder, without Rasa. It needs
Chromium (/usr/bin/chromium), as the tests in a browser do. Pictures are docs/images/agent-*.png, 1,100 pixels wide, in
64 colours.
"""

from __future__ import annotations

import re
import tempfile
from pathlib import Path

from playwright.sync_api import Page

from bot.store.accounts import Role
from outils.docs.captures_console import IMAGES, Camera, open_camera
from tests.e2e.console import RunningConsole, run_console

AGENT = "accueil1"
PUBLIC_URL = "https://droits.exemple.test"
SHEET = "/agent/fiches/aide-numerique"
OPENED = ("rsa", "apl", "css")
"""Fiches opened before the picture of the first page; the first is pinned."""


def sign_in(desk: RunningConsole, page: Page) -> None:
    """Sign in, as an agent does when the day begins."""
    desk.make_account(AGENT, Role.AGENT)
    desk.do(desk.assistant.accounts.rename(1, "Accueil 1"))
    desk.sign_in(page, AGENT)
    page.wait_for_url("**/agent")


def take_search(desk: RunningConsole, camera: Camera) -> None:
    """Type in the box, then show what the browser keeps."""
    page = camera.page
    with page.expect_response(re.compile("/agent/chercher")):
        page.locator("#recherche").fill("pièces réversion carsat")
    page.locator("#trouves [role=option]").first.wait_for()
    camera.take("recherche", last=page.locator("#trouves [role=option]").last)
    for fiche in OPENED:
        page.goto(f"{desk.base_url}/agent/fiches/{fiche}")
        if fiche == OPENED[0]:
            page.get_by_role("button", name="Épingler cette fiche").click()
    page.goto(f"{desk.base_url}/agent")
    page.locator("#recentes li").first.wait_for()
    camera.take("reperes", page.locator("#titre-epinglees"), page.locator("#toutes"))


def take_sheet(desk: RunningConsole, camera: Camera) -> None:
    """Read a fiche with somebody, tick, say what blocks, hand over."""
    page = camera.page
    page.goto(desk.base_url + SHEET)
    camera.take("fiche", page.locator("h1"), page.locator("nav.sommaire"))
    pieces = page.locator("section[aria-labelledby=pieces]")
    pieces.get_by_role("checkbox").first.check()
    camera.take("coches", pieces, pieces)
    page.get_by_label("Le compte ou l'e-mail").check()
    blocking = page.locator("section[aria-labelledby=bloque]")
    camera.take("bloque", blocking, page.locator("#aide-bloque-compte ul").first)
    handing = page.locator("section[aria-labelledby=remettre]")
    camera.take("remettre", handing, page.locator("#sms"))


def take_rest(desk: RunningConsole, camera: Camera) -> None:
    """Think of rights, pass on, report an error."""
    page = camera.page
    page.goto(f"{desk.base_url}/agent/orientation?situation=perte-emploi")
    camera.take("orientation", page.locator("h1"), page.locator("ol.droits > li").nth(1))
    page.goto(f"{desk.base_url}/agent/professionnel?q=Gaël")
    camera.take("professionnel", page.locator("h1"), page.locator("main ul.trouves > li").first)
    page.goto(f"{desk.base_url}{SHEET}/signaler?rubrique=pieces")
    camera.take("signaler", page.locator("h1"))


def main() -> None:
    """Take every picture."""
    IMAGES.mkdir(parents=True, exist_ok=True)
    with (
        tempfile.TemporaryDirectory() as var,
        run_console(Path(var), public_url=PUBLIC_URL, sms_gateway="") as desk,
        open_camera("agent") as camera,
    ):
        desk.assistant.composer.can_text = True  # the form is shown; nothing takes texts from the queue
        sign_in(desk, camera.page)
        take_search(desk, camera)
        take_sheet(desk, camera)
        take_rest(desk, camera)


if __name__ == "__main__":
    main()
