"""What Orca says, run for real: each answer once, whole and in order, by keyboard alone."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from playwright.sync_api import Page, sync_playwright

from tests.e2e.orca import ScreenReader, Utterance, run_orca
from tests.running import RunningBot

pytestmark = pytest.mark.lent

CHOICES = "Réponses proposées"
MAX_TABS = 30
ROLES = ("lien", "lien visité", "bouton", "article", "en-tête niveau 2", "en-tête niveau 3")
"""What Orca adds of its own between the words of a page, each as an utterance by itself."""


@pytest.fixture(scope="module")
def reader(running_bot: RunningBot) -> Iterator[ScreenReader]:
    with run_orca(running_bot.base_url) as reader:
        yield reader


@pytest.fixture(scope="module")
def page(reader: ScreenReader) -> Iterator[Page]:
    """Yield the page Orca reads, only to look at it: everything is done by the keyboard of the screen."""
    with sync_playwright() as playwright:
        browser = playwright.chromium.connect_over_cdp(reader.debugging_url)
        yield browser.contexts[0].pages[0]


def squash(words: str) -> str:
    """Return the letters and figures alone: an utterance may end in the middle of a sentence."""
    return "".join(char for char in words.casefold() if char.isalnum())


def told(utterances: list[Utterance]) -> str:
    """Return everything heard to its end, squashed, without what Orca adds."""
    words = (" ".join(heard.words.split()).rstrip(".") for heard in utterances if heard.whole)
    return squash(" ".join(part for part in words if part not in ROLES))


def last_answer(page: Page) -> str:
    """Return the last answer as one run of sentences, with its author."""
    words = page.locator("#fil > li[data-dit]").last.get_attribute("data-dit")
    assert words
    return words


def tab_to(page: Page, reader: ScreenReader, element: str, key: str = "Tab") -> None:
    for _ in range(MAX_TABS):
        if page.evaluate("document.activeElement.id || document.activeElement.textContent") == element:
            return
        reader.press(key)
    raise AssertionError(f"{element} is not reached by {MAX_TABS} times {key}")


def say(page: Page, reader: ScreenReader, words: str) -> list[Utterance]:
    """Type in the field, press Envoyer; return what is heard from there on."""
    reader.type(words)
    tab_to(page, reader, "Envoyer")
    before = len(reader.wait_until_silent())
    reader.press("Return")
    page.wait_for_timeout(1000)
    return reader.wait_until_silent()[before:]


def test_the_page_of_the_first_answer_is_read_from_the_answer_on(page: Page, reader: ScreenReader) -> None:
    tab_to(page, reader, "texte")
    heard = told(say(page, reader, "c'est quoi le RSA ?"))
    answer = last_answer(page).removeprefix("Assistant : ").split(CHOICES)[0]
    assert heard.count(squash(answer)) == 1, heard
    assert heard.index(squash(answer)) < heard.index(squash(CHOICES))


@pytest.mark.parametrize(
    "words",
    ["et c'est combien ?", "sans internet", "j'ai perdu ma carte d'identité", "mon mari me frappe", "merci"],
)
def test_each_next_answer_is_said_once_whole_and_in_order(
    page: Page, reader: ScreenReader, words: str
) -> None:
    tab_to(
        page,
        reader,
        "texte",
        "shift+Tab" if page.evaluate("document.activeElement.textContent") == "Envoyer" else "Tab",
    )
    heard = told(say(page, reader, words))
    assert heard.count(squash(last_answer(page))) == 1, heard
    assert page.evaluate("document.activeElement.textContent") == "Envoyer"


def test_an_answer_in_another_language_is_said_once_and_in_order(page: Page, reader: ScreenReader) -> None:
    tab_to(page, reader, "texte", "shift+Tab")
    heard = told(say(page, reader, "I need help with my rent please"))
    assert heard.count(squash(last_answer(page))) == 1, heard


def test_a_cut_network_is_said_at_once(page: Page, reader: ScreenReader) -> None:
    tab_to(page, reader, "texte", "shift+Tab")
    page.context.set_offline(True)
    heard = told(say(page, reader, "bonjour"))
    page.context.set_offline(False)
    assert heard.count(squash("Votre message n'est pas parti")) == 1, heard
