"""Requests at the console in a real browser: seen by axe, worked by keyboard alone, live, and without a script."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from bot.answers.choices import HAND_YES
from bot.model.answer import Answer, AnswerType, paragraph
from bot.model.french import today_in_france
from bot.service.intake import Incoming
from bot.store import closures
from bot.store import conversations as store
from bot.store.accounts import Role
from bot.store.closures import Mark
from bot.store.demandes import DemandeDetails
from tests.e2e.conftest import AxeFindings, NewContext
from tests.e2e.console import RunningConsole, run_console
from tests.e2e.keyboard import Keyboard
from tests.e2e.test_axe import MODES
from tests.e2e.test_html_valid import Sources, _errors
from tests.e2e.test_reflow import _SMALL_TARGETS, LAYOUTS, MIN_TARGET_PX, Layout, _misfits

DANGER = "mon mari me frappe"


@dataclass(frozen=True)
class Scene:
    """A console with people who asked."""

    console: RunningConsole

    @property
    def url(self) -> str:
        """Return the address of the console."""
        return f"{self.console.base_url}/console"

    def case(self, reference: str) -> str:
        """Return the address of a request."""
        return f"{self.url}/demandes/{reference}"

    def ask(self, said: str = "ma caf est coupée", **given: str) -> tuple[str, str]:
        """Let somebody talk and ask for a person; return the request and the conversation."""
        return self.console.do(self._ask(said, given))

    async def _ask(self, said: str, given: dict[str, str]) -> tuple[str, str]:
        assistant = self.console.assistant
        conversation, _, _ = await assistant.start_conversation("web")
        await self._write(conversation.id, store.USER, {"text": said})
        answer = Answer(AnswerType.FICHE, (paragraph("Le RSA est versé par la CAF."),), "", fiche="rsa")
        await self._write(conversation.id, store.ASSISTANT, {"answer": answer.to_json()})
        details = DemandeDetails(given.pop("moyen", "retour"), joindre=True, **given)  # type: ignore[arg-type]
        ticket = await assistant.create_demande(details, conversation_id=conversation.id, channel="web")
        return ticket.reference, conversation.id

    def say(self, conversation: str, text: str) -> None:
        """Let the person write, as a conversation held by an operator is written to."""

        async def said() -> None:
            await self._write(conversation, store.USER, {"text": text})
            self.console.assistant._bus.signal(conversation)

        self.console.do(said())

    async def _write(self, conversation: str, sender: str, body: dict[str, object]) -> None:
        assistant = self.console.assistant
        async with assistant._database.write() as connection:
            await store.add_message(connection, assistant._cipher, conversation, sender, body)

    def count_ends(self) -> None:
        """Count some ends, so that the report has tables."""

        async def counted() -> None:
            async with self.console.assistant._database.write() as connection:
                for _ in range(6):
                    await closures.add_closure(
                        connection,
                        day=today_in_france(),
                        territoire="t",
                        channel="web",
                        subject="rsa",
                        outcome="repondu",
                        marks=[Mark("organisme", "CAF"), Mark("non_recours", "non_reception")],
                    )

        self.console.do(counted())

    def heard(self, conversation: str) -> str:
        """Return what the person reads."""
        said = self.console.do(self.console.assistant.transcript(conversation))
        return "\n".join(
            item
            for message in said
            if message.answer
            for block in message.answer.blocks
            for item in block.items
        )


@pytest.fixture
def scene(tmp_path: Path) -> Iterator[Scene]:
    """Yield a console with three accounts."""
    with run_console(tmp_path / "var") as console:
        console.make_account("awa", Role.RESPONSABLE)
        console.make_account("yann")
        yield Scene(console)


def walk(page: Page, scene: Scene) -> Iterator[str]:
    """Go through every page of requests and every state of them."""
    scene.console.sign_in(page, "awa")
    page.wait_for_url(scene.url)
    yield "empty queue"
    reference, _ = scene.ask(nom="Camille", commune="Gaël", mots="Je n'ai plus rien pour manger.\nMerci.")
    danger, _ = scene.ask(DANGER, moyen="rappel", telephone="06 39 98 00 01", quand="le matin", mots=DANGER)
    taken, _ = scene.ask(moyen="texto", telephone="06 39 98 00 02")
    yield from _visit(
        page,
        scene,
        {
            "queue filtered": "?urgence=danger",
            "queue without anything left": "?canal=sms",
            "queue": "",
            "request that waits": f"/demandes/{danger}",
        },
    )
    page.goto(scene.case(reference))
    yield from _work(page, scene, reference)
    yann = scene.console.do(scene.console.assistant.accounts.get_by_login("yann"))
    scene.console.do(scene.console.assistant.casework.claim(taken, yann.id))
    yield from _visit(
        page,
        scene,
        {
            "request of another": f"/demandes/{taken}",
            "request gone": "/demandes/BC-0000",
            "search": "/recherche?q=camille",
            "nothing found": "/recherche?q=rien",
            "empty report": "/rapport?du=2026-01-01&au=2026-01-02",
        },
    )
    scene.count_ends()
    yield from _visit(
        page, scene, {"report": "/rapport", "report refused": "/rapport?du=2026-02-02&au=2026-01-01"}
    )


def _visit(page: Page, scene: Scene, places: dict[str, str]) -> Iterator[str]:
    for state, place in places.items():
        page.goto(f"{scene.url}{place}")
        yield state


def _work(page: Page, scene: Scene, reference: str) -> Iterator[str]:
    """Take the request that is open, answer it, end it."""
    page.get_by_role("button", name="Prendre").click()
    yield "request taken"
    _open_all(page)
    yield "request with everything open"
    page.get_by_label("Votre réponse").fill("Bonjour Camille")
    page.get_by_role("button", name="Envoyer", exact=True).click()
    yield "reply sent"
    page.get_by_role("button", name="Envoyer", exact=True).click()
    yield "reply refused"
    page.goto(scene.case(reference))
    page.get_by_role("button", name="Continuer vers la clôture").click()
    yield "end without a reason"
    page.get_by_label("La réponse est donnée").check()
    _open_all(page)
    page.get_by_label("Droit non reçu").check()
    page.get_by_role("button", name="Continuer vers la clôture").click()
    yield "end to confirm"
    page.get_by_role("button", name="Clore la demande").click()
    yield "request closed"
    page.get_by_role("link", name=re.compile("Revoir cette réponse")).first.click()
    yield "answer to review"
    page.get_by_role("button", name="Garder cette remarque").click()
    yield "remark refused"


def _open_all(page: Page) -> None:
    for _ in range(2):  # some stand within others
        for summary in page.locator("details:not([open]) > summary").all():
            if summary.is_visible():
                summary.click()


def test_axe_finds_nothing_in_any_state(scene: Scene, new_context: NewContext, axe: AxeFindings) -> None:
    page = new_context().new_page()
    found = {}
    for state in walk(page, scene):
        for mode, media in MODES.items():
            page.emulate_media(**media)
            if findings := axe(page):
                found[f"{state}, {mode}"] = findings
    assert found == {}


def test_every_page_is_valid_html(scene: Scene, new_context: NewContext, tmp_path: Path) -> None:
    page = new_context(java_script_enabled=False).new_page()
    sources = Sources(page)
    folder = tmp_path / "pages"
    folder.mkdir()
    for state in walk(page, scene):
        sources.save(folder, state)
    assert _errors(sorted(folder.glob("*.html"))) == []
    assert _errors([Path("channels/console/static/case.css")]) == []


def test_nothing_is_cut_and_whatever_is_touched_is_large_enough(
    scene: Scene, new_context: NewContext
) -> None:
    page = new_context(java_script_enabled=False).new_page()
    found: dict[str, list[str]] = {}
    for state in walk(page, scene):
        for name, layout in LAYOUTS.items():
            found[f"{state}, {name}"] = _misfits(page, layout)
        _misfits(page, Layout(1280, 800))
        for width in (360, 1280):
            page.set_viewport_size({"width": width, "height": 640})
            small: list[str] = page.evaluate(_SMALL_TARGETS, MIN_TARGET_PX)
            # A box to tick and its label are one target, like a radio button.
            found[f"{state}, targets at {width}"] = [one for one in small if "checkbox" not in one]
    assert {state: faults for state, faults in found.items() if faults} == {}


def test_a_whole_request_is_worked_by_keyboard_alone(scene: Scene, new_context: NewContext) -> None:
    reference, conversation = scene.ask()
    page = new_context().new_page()
    scene.console.sign_in(page, "awa")
    page.wait_for_url(scene.url)
    keyboard = Keyboard(page)
    page.keyboard.press("Alt+J")
    stop = keyboard.stop()
    assert stop is not None
    assert stop.name.startswith(reference)
    keyboard.enter()
    with page.expect_navigation():
        page.keyboard.press("Alt+P")
    expect(page.locator("#etat-demande")).to_contain_text("Prise par vous")
    page.keyboard.press("Alt+R")
    page.keyboard.type("Bonjour, je m'en occupe.")
    expect(page.locator("#longueur")).to_have_text("24 caractères sur 1500.")
    keyboard.tab_to_name("Envoyer")
    keyboard.enter()
    assert "Bonjour, je m'en occupe." in scene.heard(conversation)
    page.keyboard.press("Alt+N")
    page.keyboard.type("Rappeler la CAF lundi")
    keyboard.tab_to_name("Garder la note")
    keyboard.enter()
    expect(page.locator("#notes")).to_contain_text("Rappeler la CAF lundi")
    page.keyboard.press("Alt+C")
    keyboard.tab()
    page.keyboard.press("ArrowDown")
    keyboard.tab_to_name("Continuer vers la clôture")
    keyboard.enter()
    expect(page.locator("main")).to_contain_text("La démarche est faite, la réponse est attendue")
    keyboard.tab_to_name("Clore la demande")
    keyboard.enter()
    expect(page.locator("#etat-demande")).to_contain_text("Close")
    with page.expect_navigation():
        page.keyboard.press("Alt+Q")
    expect(page.locator("h1")).to_have_text("File d'attente")


def test_a_whole_request_is_worked_without_a_script(scene: Scene, new_context: NewContext) -> None:
    reference, conversation = scene.ask()
    page = new_context(java_script_enabled=False).new_page()
    scene.console.sign_in(page, "awa")
    page.get_by_role("button", name=f"Prendre la demande {reference}").click()
    page.get_by_text("Ajouter une réponse type ou une fiche").click()
    page.get_by_role("button", name="Dire bonjour et se présenter").click()
    expect(page.get_by_label("Votre réponse")).to_have_value(re.compile("je suis Awa"))
    page.get_by_role("button", name="Envoyer", exact=True).click()
    assert "je suis Awa" in scene.heard(conversation)
    page.get_by_label("Le droit est ouvert").check()
    page.get_by_role("button", name="Continuer vers la clôture").click()
    page.get_by_role("button", name="Clore la demande").click()
    expect(page.locator("#fait")).to_contain_text("La demande est close.")


def test_news_are_told_and_nothing_moves_under_the_reader(scene: Scene, new_context: NewContext) -> None:
    first, _ = scene.ask()
    page = new_context().new_page()
    scene.console.sign_in(page, "awa")
    page.locator(f'a[href$="{first}"]').focus()
    before = page.locator("#file").inner_html()
    scene.ask()
    expect(page.locator("#nouvelles")).to_have_text("1 nouvelle demande.")
    scene.ask()
    expect(page.locator("#nouvelles")).to_have_text("2 nouvelles demandes.")
    expect(page).to_have_title(re.compile(r"^\(3\) File d'attente"))
    assert page.locator("#file").inner_html() == before
    assert page.evaluate("document.activeElement.href").endswith(first)
    page.get_by_role("link", name="Actualiser la liste").click()
    expect(page.locator("#file a.demande")).to_have_count(3)
    expect(page.locator("#nouvelles")).to_have_text("")


def test_a_danger_interrupts_once_on_any_page_of_requests(scene: Scene, new_context: NewContext) -> None:
    reference, _ = scene.ask()
    page = new_context().new_page()
    scene.console.sign_in(page, "awa")
    page.goto(scene.case(reference))
    danger, _ = scene.ask(DANGER, mots=DANGER)
    expect(page.get_by_role("alert")).to_contain_text(
        f"Danger : une personne attend, ouvrir la demande {danger}."
    )
    with page.expect_response(re.compile("evenements")):
        page.reload()
    scene.ask()
    expect(page.locator("#nouvelles")).to_have_text("1 nouvelle demande.")
    expect(page.locator("#alerte")).to_be_empty()


def test_the_sound_is_the_choice_of_each_and_is_remembered(scene: Scene, new_context: NewContext) -> None:
    page = new_context().new_page()
    scene.console.sign_in(page, "awa")
    button = page.get_by_role("button", name="Son des alertes")
    expect(button).to_have_attribute("aria-pressed", "false")
    button.click()
    expect(button).to_have_attribute("aria-pressed", "true")
    page.reload()
    expect(page.get_by_role("button", name="Son des alertes")).to_have_attribute("aria-pressed", "true")


def test_what_the_person_writes_comes_into_the_open_page(scene: Scene, new_context: NewContext) -> None:
    reference, conversation = scene.ask()
    page = new_context().new_page()
    scene.console.sign_in(page, "awa")
    page.goto(scene.case(reference))
    page.get_by_role("button", name="Prendre").click()
    field = page.get_by_label("Votre réponse")
    field.fill("J'écris encore")
    scene.say(conversation, "<b>Je suis là</b>")
    expect(page.locator("#fil > li").last).to_contain_text("<b>Je suis là</b>")
    expect(page.locator("#etat")).to_contain_text("Nouveau message : La personne")
    expect(field).to_have_value("J'écris encore")
    expect(field).to_be_focused()


def test_a_yes_to_another_body_comes_into_the_open_page(scene: Scene, new_context: NewContext) -> None:
    reference, conversation = scene.ask()
    page = new_context().new_page()
    scene.console.sign_in(page, "awa")
    page.goto(scene.case(reference))
    page.get_by_role("button", name="Prendre").click()
    page.get_by_text("Transmettre à un organisme").click()
    page.get_by_label("Organisme", exact=True).fill("CAF")
    with page.expect_response(re.compile("evenements")):
        page.get_by_role("button", name="Demander son accord").click()
    expect(page.locator("#accord")).to_contain_text("sans réponse encore")
    scene.console.do(scene.console.assistant.receive(conversation, Incoming(choice=HAND_YES)))
    expect(page.locator("#accord")).to_contain_text("La personne accepte de transmettre sa demande à : CAF.")


def test_a_lost_connection_is_said(scene: Scene, new_context: NewContext) -> None:
    context = new_context()
    page = context.new_page()
    # A session that ended before its stream began has no stream to tell it.
    with page.expect_response(re.compile("evenements")):
        scene.console.sign_in(page, "awa")
    scene.console.do(scene.console.assistant.accounts.sign_out_everywhere(1))
    scene.ask()
    expect(page.locator("#liaison")).to_contain_text("Votre session est finie.")


def test_nothing_of_residents_stays_in_the_browser(scene: Scene, new_context: NewContext) -> None:
    reference, _ = scene.ask(nom="Camille")
    page = new_context().new_page()
    scene.console.sign_in(page, "awa")
    page.goto(scene.case(reference))
    page.get_by_role("button", name="Prendre").click()
    page.get_by_label("Votre réponse").fill("Bonjour Camille")
    kept = page.evaluate("JSON.stringify([{...localStorage}, {...sessionStorage}])")
    assert kept == "[{},{}]"


def test_shortcuts_can_be_switched_off(scene: Scene, new_context: NewContext) -> None:
    reference, _ = scene.ask()
    awa = scene.console.do(scene.console.assistant.accounts.get_by_login("awa"))
    scene.console.do(scene.console.assistant.accounts.set_shortcuts(awa.id, False))
    page = new_context().new_page()
    scene.console.sign_in(page, "awa")
    page.goto(scene.case(reference))
    page.keyboard.press("Alt+P")
    page.keyboard.press("Alt+N")
    assert page.evaluate("document.activeElement.tagName") == "BODY"
    expect(page.locator("#etat-demande")).to_contain_text("En attente")
