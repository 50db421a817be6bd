"""The conversation made live by its script, in a real browser, under the page's own security policy."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import pytest
from playwright.sync_api import BrowserContext, Page, Route, expect

from tests.e2e.conftest import AxeFindings, NewContext
from tests.running import RunningBot

QUIT_URL = "https://meteofrance.com/"
WATCH_LOG = """() => {
  window.told = [];
  new MutationObserver(changes => changes.forEach(change => change.addedNodes.forEach(
    node => window.told.push([node.nodeName, node.childElementCount, node.textContent])
  ))).observe(document.getElementById('annonce'), {childList: true});
}"""
FRENCH_VOICE = """
window.spoken = [];
window.tongues = [];
Object.defineProperty(window, 'speechSynthesis', {value: {
  getVoices: () => [{lang: 'fr-FR', localService: true, name: 'voix'}], cancel() {},
  speak: words => { window.spoken.push(words.text); window.tongues.push(words.lang); }}});
window.SpeechSynthesisUtterance = function (text) { this.text = text; };
window.print = () => { window.printed = document.querySelectorAll('.imprimee').length; };
"""

Start = Callable[..., Page]


@pytest.fixture
def start(running_bot: RunningBot, new_context: NewContext) -> Iterator[Start]:
    """Return what opens a conversation by a first question; nothing may break the policy or fail aloud."""
    complaints: list[str] = []

    def begin(question: str = "c'est quoi le RSA ?", script: str = "", **options: Any) -> Page:
        context = new_context(**options)
        if script:
            context.add_init_script(script)
        page = context.new_page()
        page.on("console", lambda said: complaints.append(said.text) if said.type == "error" else None)
        page.on("pageerror", lambda error: complaints.append(str(error)))
        page.goto(running_bot.base_url)
        page.locator("#texte").fill(question)
        page.get_by_role("button", name="Envoyer").click()
        page.locator("#derniere").wait_for()
        page.evaluate("window.sameDocument = true")
        return page

    yield begin
    # A refusal or a cut network is told by the browser too; a broken policy or script has other words.
    assert [words for words in complaints if not words.startswith("Failed to load resource")] == []


def answers(page: Page) -> int:
    return page.locator("#fil > li[data-dit]").count()


def ask(page: Page, words: str) -> None:
    """Type a message and send it by keyboard; wait for one more answer."""
    before = answers(page)
    page.locator("#texte").focus()
    page.keyboard.type(words)
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    expect(page.locator("#fil > li[data-dit]")).to_have_count(before + 1, timeout=15_000)


def test_an_answer_comes_without_a_reload_and_the_field_is_ready_again(start: Start) -> None:
    page = start()
    ask(page, "et c'est combien ?")
    ask(page, "et sans internet ?")
    assert page.evaluate("window.sameDocument") is True
    assert page.locator("#texte").input_value() == ""
    assert page.locator("#derniere").count() == 1
    assert page.get_by_text("€ par mois").count() >= 1


def test_the_focus_never_leaves_where_the_person_put_it(start: Start) -> None:
    page = start()
    page.locator("#texte").focus()
    page.keyboard.type("et c'est combien ?")
    page.locator("#texte").evaluate("field => field.form.requestSubmit()")
    expect(page.locator("#fil > li[data-dit]")).to_have_count(3)
    assert page.evaluate("document.activeElement.id") == "texte"


def test_a_choice_taken_gives_the_focus_to_the_field(start: Start) -> None:
    page = start()
    page.locator("#suite").get_by_role("button", name="Combien ?").press("Enter")
    expect(page.locator("#fil > li[data-dit]")).to_have_count(3)
    assert page.evaluate("document.activeElement.id") == "texte"
    assert page.evaluate("window.sameDocument") is True


def test_each_answer_is_told_once_whole_and_in_order(start: Start) -> None:
    page = start()
    page.evaluate(WATCH_LOG)
    ask(page, "et c'est combien ?")
    ask(page, "et sans internet ?")
    expect(page.locator("#annonce > p")).to_have_count(0, timeout=8_000)
    told = page.evaluate("window.told")
    shown = page.locator("#fil > li[data-dit]").evaluate_all(
        "lines => lines.slice(-2).map(line => line.getAttribute('data-dit'))"
    )
    assert told == [["P", 0, words] for words in shown]
    assert all(words.startswith("Assistant : ") and "Réponses proposées : " in words for words in shown)


def test_a_message_sent_from_another_tab_comes_by_itself(start: Start) -> None:
    page = start()
    other = page.context.new_page()
    other.goto(page.url)
    other.locator("#texte").fill("quels papiers il faut ?")
    other.get_by_role("button", name="Envoyer").click()
    expect(page.locator("#fil > li[data-dit]")).to_have_count(3, timeout=15_000)
    assert page.evaluate("window.sameDocument") is True


def test_a_request_to_a_person_shows_at_once(start: Start, running_bot: RunningBot) -> None:
    page = start()
    other = page.context.new_page()
    other.goto(f"{running_bot.base_url}/personne")
    other.get_by_label("Je reviendrai ici").check()
    other.get_by_role("button", name="Envoyer").click()
    expect(page.locator("#avis")).to_contain_text("attend", timeout=15_000)


def test_a_cut_network_loses_nothing_and_sends_nothing_twice(start: Start) -> None:
    page = start()
    page.context.set_offline(True)
    page.locator("#texte").fill("et c'est combien ?")
    page.get_by_role("button", name="Envoyer").click()
    expect(page.get_by_role("alert")).to_contain_text("n'est pas parti")
    assert page.locator("#texte").input_value() == "et c'est combien ?"
    page.context.set_offline(False)
    page.get_by_role("button", name="Envoyer").click()
    expect(page.locator("#fil > li[data-dit]")).to_have_count(3, timeout=15_000)
    expect(page.get_by_role("alert")).to_have_count(0)
    page.reload()
    assert page.get_by_text("et c'est combien ?", exact=True).count() == 1


def test_an_answer_lost_on_its_way_is_not_asked_twice(start: Start) -> None:
    page = start()
    page.route("**/message", lambda route: (route.fetch(), route.abort())[1])  # stored, reply lost
    page.locator("#texte").fill("et c'est combien ?")
    page.get_by_role("button", name="Envoyer").click()
    expect(page.get_by_role("alert")).to_contain_text("n'est pas parti")
    page.unroute("**/message")
    page.get_by_role("button", name="Envoyer").click()
    expect(page.locator("#texte")).to_have_value("")
    page.reload()
    assert page.get_by_text("et c'est combien ?", exact=True).count() == 1


def test_what_is_being_written_outlives_a_reload_of_the_tab(start: Start) -> None:
    page = start()
    page.locator("#texte").press_sequentially("je commence une phrase")
    page.goto(page.url.split("#")[0])
    assert page.locator("#texte").input_value() == "je commence une phrase"


def test_a_text_too_long_is_refused_on_a_page_that_keeps_it(start: Start) -> None:
    page = start()
    page.locator("#texte").fill("a" * 2001)
    page.get_by_role("button", name="Envoyer").click()
    page.get_by_role("alert").wait_for()
    assert page.title().startswith("Erreur")
    assert len(page.locator("#texte").input_value()) == 2001


def test_erasing_by_a_choice_ends_on_the_page_that_says_so(start: Start) -> None:
    page = start()
    ask(page, "effacer")
    page.locator("#suite").get_by_role("button", name="Oui, tout effacer").click()
    page.wait_for_url("**/efface")
    assert page.context.cookies() == []


@pytest.mark.parametrize("way", ["key", "link"])
def test_leaving_fast_empties_the_screen_and_the_history(
    start: Start, running_bot: RunningBot, way: str
) -> None:
    page = start("mon mari me frappe")
    context: BrowserContext = page.context
    sent_to: list[str] = []

    def stop_there(route: Route) -> None:
        """Give the real answer of the service, without leaving this machine."""
        answer = route.fetch(max_redirects=0)
        sent_to.append(answer.headers["location"])
        route.fulfill(status=200, headers={"set-cookie": answer.headers["set-cookie"]}, body="Le temps")

    page.route("**/quitter", stop_there)
    page.keyboard.press("Escape") if way == "key" else page.get_by_role("link", name="Quitter vite").click()
    page.get_by_text("Le temps").wait_for()
    assert sent_to == [QUIT_URL]
    assert context.cookies() == []
    page.go_back()
    assert "frappe" not in page.content()
    page.goto(f"{running_bot.base_url}/conversation")
    assert "frappe" not in page.content()


def test_an_answer_is_read_aloud_by_a_voice_of_the_device(start: Start) -> None:
    page = start(script=FRENCH_VOICE)
    button = page.locator("#derniere").get_by_role("button", name="Écouter")
    button.click()
    words = page.locator("#fil > li[data-dit]").last.get_attribute("data-dit")
    assert page.evaluate("window.spoken") == [words]
    expect(page.get_by_role("button", name="Arrêter la lecture")).to_have_count(1)


def test_an_answer_in_another_language_is_told_and_read_in_it(start: Start) -> None:
    page = start(script=FRENCH_VOICE)
    page.evaluate("""() => { window.told = []; new MutationObserver(changes => changes.forEach(change =>
      change.addedNodes.forEach(node => window.told.push([node.lang, node.childElementCount, node.textContent]))
    )).observe(document.getElementById('annonce'), {childList: true}); }""")
    ask(page, "I need help with my rent please")
    parts = page.locator("#fil > li[data-dit]").last.get_attribute("data-langues")
    assert parts
    # One part after the other: a screen reader mixes up those that come together.
    page.wait_for_function("count => window.told.length === count", arg=len(parts.split()))
    told = page.evaluate("window.told")
    assert {lang for lang, _children, _words in told} == {"fr", "en"}
    assert {children for _lang, children, _words in told} == {0}
    shown = page.locator("#derniere [lang=en]").all_inner_texts()
    english = " ".join(words for lang, _children, words in told if lang == "en")
    assert shown
    assert all(" ".join(words.split()) in english for words in shown)
    page.locator("#derniere").get_by_role("button", name="Écouter").click()
    assert page.evaluate("window.spoken") == [words for _lang, _children, words in told]
    assert page.evaluate("window.tongues") == [lang for lang, _children, _words in told]


def test_without_a_french_voice_nothing_promises_to_read_aloud(start: Start) -> None:
    page = start(script=FRENCH_VOICE.replace("fr-FR", "en-GB"))
    assert page.get_by_role("button", name="Écouter").count() == 0


def test_one_answer_is_printed_alone(start: Start) -> None:
    page = start(script=FRENCH_VOICE)
    page.locator("#derniere").get_by_role("button", name="Imprimer").click()
    assert page.evaluate("window.printed") == 1


@pytest.mark.parametrize(
    "mode", [{}, {"color_scheme": "dark"}, {"color_scheme": "dark", "forced_colors": "active"}], ids=str
)
def test_axe_finds_nothing_on_the_live_page(start: Start, axe: AxeFindings, mode: dict[str, str]) -> None:
    page = start(script=FRENCH_VOICE, **mode)
    ask(page, "et c'est combien ?")
    assert axe(page) == []


def test_a_key_does_nothing_on_a_page_that_does_not_say_so(
    running_bot: RunningBot, new_context: NewContext
) -> None:
    page = new_context().new_page()
    page.goto(running_bot.base_url)
    page.locator("#texte").press_sequentially("bonjour")
    page.keyboard.press("Escape")
    page.keyboard.press("Tab")
    assert page.locator("#texte").input_value() == "bonjour"
    assert page.url.rstrip("/") == running_bot.base_url
