"""The whole service without any script and without a mouse: keys only, as the page is served."""

from __future__ import annotations

import re
from itertools import pairwise

import pytest
from playwright.sync_api import Page

from bot.store.demandes import HERE, HOME
from channels.talk.templates import SERVICE
from channels.web.demande_form import WAYS
from tests.e2e.conftest import NewContext
from tests.e2e.keyboard import Keyboard, Stop
from tests.e2e.states import ANSWERS, DANGER, QUESTION, TOO_LONG, read_codes, walk
from tests.running import RunningBot

PHONE = "Votre téléphone, si vous voulez un appel, un SMS ou un rendez-vous"
WHAT_BLOCKS = "Qu'est-ce qui vous bloque ? (facultatif)"

ERROR = "Erreur\u00a0: "
PAGES = (
    "/", "/personne", "/demande", "/fiches", "/fiches?q=loyer", "/fiches/apl", "/signaler", "/accessibilite",
    "/effacer", "/conversation", "/nulle-part",
)  # fmt: skip

SUBJECTS_MET = ("apl", "violences-conjugales", "rsa")


@pytest.fixture
def page(new_context: NewContext) -> Page:
    """Return a page in a browser that runs no script."""
    return new_context(java_script_enabled=False).new_page()


@pytest.fixture
def keyboard(page: Page) -> Keyboard:
    return Keyboard(page)


def start_conversation(page: Page, keyboard: Keyboard, base_url: str) -> None:
    page.goto(base_url)
    keyboard.type_in("Votre question", QUESTION)
    keyboard.follow("Envoyer")


def test_a_conversation_from_the_first_question_to_its_erasure(
    page: Page, keyboard: Keyboard, running_bot: RunningBot
) -> None:
    start_conversation(page, keyboard, running_bot.base_url)
    assert page.url.endswith("/conversation#derniere")
    keyboard.follow("Combien ?")
    keyboard.type_in("Votre question", "quels papiers il faut ?")
    keyboard.follow("Envoyer")
    said = page.locator("article.user").all_inner_texts()
    assert [words.split("\n")[-1].replace("\u00a0", " ") for words in said] == [
        QUESTION, "Combien ?", "quels papiers il faut ?"
    ]  # fmt: skip
    assert page.locator(ANSWERS).count() == 4  # the welcome, then one answer each
    reference, code = leave_demande(page, keyboard)
    keyboard.follow("Ma conversation")
    assert "Votre demande à une personne attend" in page.locator("main").inner_text()
    keyboard.follow("Effacer ma conversation")
    keyboard.follow("Oui, tout effacer")
    assert page.locator("h1").inner_text() == "Votre conversation est effacée"
    assert page.context.cookies() == []
    look_up(keyboard, reference, code)
    assert page.title().startswith(ERROR)


def leave_demande(page: Page, keyboard: Keyboard) -> tuple[str, str]:
    """Leave a request to be called, then look it up with what its page gave."""
    keyboard.tab_to(lambda stop: (stop.tag, stop.name) == ("a", "Parler à une personne"))
    keyboard.enter()
    keyboard.tab_to_name(WAYS[HERE])
    page.keyboard.press("ArrowDown")  # the next way: a call
    keyboard.type_in(PHONE, "06 12 34 56 78")
    keyboard.type_in(WHAT_BLOCKS, "Mon dossier attend depuis 3 mois")
    keyboard.follow("Envoyer ma demande")
    reference, code = read_codes(page)
    look_up(keyboard, reference, code)
    assert f"Votre demande {reference} attend" in page.locator("main").inner_text()
    return reference, code


def look_up(keyboard: Keyboard, reference: str, code: str) -> None:
    keyboard.follow("Suivre ma demande")
    keyboard.type_in("Référence", reference)
    keyboard.type_in("Code", code)
    keyboard.follow("Voir ma demande")


def test_the_page_opens_on_the_answer_and_the_next_keys_go_on_from_there(
    page: Page, keyboard: Keyboard, running_bot: RunningBot
) -> None:
    start_conversation(page, keyboard, running_bot.base_url)
    opened_on = keyboard.stop()
    assert opened_on is not None
    assert opened_on.id == "derniere"
    following = keyboard.tab()
    assert following is not None
    assert following.place > opened_on.place


def test_the_skip_link_is_first_and_leads_past_the_menu(
    page: Page, keyboard: Keyboard, running_bot: RunningBot
) -> None:
    page.goto(running_bot.base_url)
    first = keyboard.tab()
    assert first is not None
    assert first.name == "Aller au contenu"
    keyboard.enter()
    following = keyboard.tab()
    assert following is not None
    assert following.name == "Votre question"


@pytest.mark.parametrize("path", PAGES)
def test_every_control_is_reached_in_reading_order_and_left_again(
    page: Page, keyboard: Keyboard, running_bot: RunningBot, path: str
) -> None:
    if path == "/conversation":
        start_conversation(page, keyboard, running_bot.base_url)
    page.goto(running_bot.base_url + path)
    stops = keyboard.all_stops()
    assert len(stops) == keyboard.count_controls()
    places = [stop.place for stop in stops]
    assert places == sorted(places)
    page.goto(running_bot.base_url + path)
    # The other way round; of radio buttons none of which is checked, the last is reached instead of the first.
    back = [stop.name for stop in keyboard.all_stops(back=True)]
    assert len(back) == len(stops)
    assert {stop.name for stop in stops} ^ set(back) <= {WAYS[HERE], WAYS[HOME]}


@pytest.mark.parametrize("path", PAGES)
def test_the_focus_goes_down_the_page_as_the_eye_does(
    page: Page, keyboard: Keyboard, running_bot: RunningBot, path: str
) -> None:
    page.goto(running_bot.base_url + path)
    stops = keyboard.all_stops()[1:]  # the skip link lies over the page
    jumps = [(a.name, b.name) for a, b in pairwise(stops) if not follows(a, b)]
    assert jumps == []


UNCOVERED = """() => {
  const held = document.activeElement;
  return [...held.getClientRects()].some(box => [0.1, 0.5, 0.9].some(x => [0.1, 0.5, 0.9].some(y => {
    const seen = document.elementFromPoint(box.left + box.width * x, box.top + box.height * y);
    return seen && (held.contains(seen) || seen.contains(held));
  })));
}"""


@pytest.mark.parametrize("path", ["/", "/conversation", "/personne", "/fiches/apl"])
@pytest.mark.parametrize("back", [False, True], ids=["down", "up"])
def test_what_has_the_focus_is_never_hidden_by_the_way_out(
    page: Page, keyboard: Keyboard, running_bot: RunningBot, path: str, back: bool
) -> None:
    page.set_viewport_size({"width": 360, "height": 640})
    if path == "/conversation":
        start_conversation(page, keyboard, running_bot.base_url)
    page.goto(running_bot.base_url + path)
    assert page.locator("#quitter").evaluate("link => getComputedStyle(link.parentNode).position") == "fixed"
    hidden = []
    for _ in range(keyboard.count_controls()):
        stop = keyboard.tab(back=back)
        if stop and not page.evaluate(UNCOVERED):
            hidden.append(stop.name)
    assert hidden == []


def follows(before: Stop, after: Stop) -> bool:
    """Tell whether `after` stands on a lower line, or further on the same one."""
    is_same_line = abs((before.top + before.height / 2) - (after.top + after.height / 2)) < before.height / 2
    return after.left > before.left if is_same_line else after.top > before.top


@pytest.mark.parametrize("words", ["", TOO_LONG], ids=["empty", "too long"])
@pytest.mark.parametrize("place", ["home", "conversation"])
def test_a_refused_message_stays_in_its_field(
    page: Page, keyboard: Keyboard, running_bot: RunningBot, place: str, words: str
) -> None:
    page.goto(running_bot.base_url)
    if place == "conversation":
        start_conversation(page, keyboard, running_bot.base_url)
    keyboard.tab_to_name("Votre question")
    page.keyboard.insert_text(words)
    keyboard.follow("Envoyer")
    assert page.title().startswith(ERROR)
    assert page.get_by_role("alert").count() == 1
    assert page.locator("#texte").input_value().strip() == words.strip()
    assert page.locator("#texte").get_attribute("aria-invalid") == "true"
    assert_first_link_of_the_alert_leads_to_its_field(page, keyboard)


def assert_first_link_of_the_alert_leads_to_its_field(page: Page, keyboard: Keyboard) -> None:
    link = page.get_by_role("alert").locator("a").first
    keyboard.follow(" ".join(link.inner_text().split()))
    reached = keyboard.stop()
    assert reached is not None
    assert f"#{reached.id}" == link.get_attribute("href")


def test_a_refused_demande_keeps_every_field_and_says_what_to_correct(
    page: Page, keyboard: Keyboard, running_bot: RunningBot
) -> None:
    page.goto(f"{running_bot.base_url}/personne")
    keyboard.tab_to_name(WAYS[HERE])
    page.keyboard.press("ArrowDown")  # the next way: a call
    keyboard.type_in(PHONE, "06 12")
    keyboard.type_in("Votre nom (facultatif)", "Awa")
    keyboard.type_in(WHAT_BLOCKS, "Mon dossier attend")
    keyboard.follow("Envoyer ma demande")
    assert page.title().startswith(ERROR)
    assert page.get_by_label("Qu'on m'appelle").is_checked()
    values = {name: page.locator(f"#{name}").input_value() for name in ("telephone", "nom", "mots")}
    assert values == {"telephone": "06 12", "nom": "Awa", "mots": "Mon dossier attend"}
    invalid = page.locator("[aria-invalid=true]").evaluate_all("fields => fields.map(field => field.id)")
    assert invalid == ["telephone"]
    assert_first_link_of_the_alert_leads_to_its_field(page, keyboard)


def test_a_demande_not_found_keeps_its_reference(
    page: Page, keyboard: Keyboard, running_bot: RunningBot
) -> None:
    page.goto(f"{running_bot.base_url}/demande")
    keyboard.type_in("Référence", "BC-2345")
    keyboard.type_in("Code", "AAAA2222")
    keyboard.follow("Voir ma demande")
    assert page.title().startswith(ERROR)
    assert page.locator("#reference").input_value() == "BC-2345"
    assert page.get_by_role("alert").count() == 1


def test_a_reference_and_a_code_can_be_pasted(page: Page, running_bot: RunningBot) -> None:
    for field, words in (("#reference", "BC-2345"), ("#code", "ABCD2345")):
        page.goto(running_bot.base_url)
        page.locator("#texte").fill(words)
        page.keyboard.press("Control+A")
        page.keyboard.press("Control+C")
        page.goto(f"{running_bot.base_url}/demande")
        page.locator(field).focus()
        page.keyboard.press("Control+V")
        assert page.locator(field).input_value() == words


def test_titles_tell_an_error_first_and_never_the_subject(page: Page, running_bot: RunningBot) -> None:
    titles: dict[str, str] = {}
    for state in walk(page, running_bot.base_url):
        titles[state] = page.title()
        has_error = page.locator("[aria-invalid=true]").count() > 0 or state == "/nulle-part"
        assert titles[state].startswith(ERROR) == has_error, (state, titles[state])
    page.goto(f"{running_bot.base_url}/fiches")
    met = [page.locator(f".fiches a[href='/fiches/{fiche}']").inner_text() for fiche in SUBJECTS_MET]
    subjects = words_of(QUESTION, DANGER, "loyer zorglub", *met)
    own = {state: title for state, title in titles.items() if not state.startswith("/")}  # no public page
    assert len(own) > len(titles) / 2
    told = {title: words_of(title.replace(SERVICE, "")) & subjects for title in own.values()}
    assert {title: words for title, words in told.items() if words} == {}


def words_of(*texts: str) -> set[str]:
    """Return the words that can tell a subject: five letters at least."""
    return set(re.findall(r"[^\W\d_]{5,}", " ".join(texts).lower()))
