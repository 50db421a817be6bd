"""Every page and every state of it, reached one after the other as a person would, with scripts or without."""

from __future__ import annotations

import re
import signal
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager

import psutil
from playwright.sync_api import Page

from channels.web.information import PAGES
from tests.running import RunningBot

QUESTION = "Quelle aide pour payer mon loyer ?"
DANGER = "mon mari me frappe"
TOO_LONG = "Mon loyer est trop cher. " * 100
ANSWERS = "article:not(.user)"
WITH_A_NUMBER = "Mon numéro est le 1 85 05 78 006 084 91. Puis-je avoir le RSA ?"

FOREIGN = {"en": "I need help with my rent please", "ar": "أحتاج إلى مساعدة لدفع الإيجار من فضلك"}


def walk(page: Page, base_url: str) -> Iterator[str]:
    """Bring the page to each state in turn and yield its name. It starts and ends without a conversation."""
    yield from _home(page, base_url)
    yield from _reading(page, base_url)
    yield from _search(page, base_url)
    yield from _conversation(page, base_url)
    yield from _demande(page, base_url)
    yield from _report(page, base_url)
    yield from _erasure(page, base_url)


def _home(page: Page, base_url: str) -> Iterator[str]:
    page.goto(base_url)
    yield "home"
    say(page, "")
    page.get_by_role("alert").wait_for()
    yield "home, message empty"
    page.goto(base_url)
    say(page, TOO_LONG)
    page.get_by_role("alert").wait_for()
    yield "home, text too long"


def _reading(page: Page, base_url: str) -> Iterator[str]:
    for path in (*PAGES, "/mes-donnees", "/fiches", "/fiches/apl", "/nulle-part"):
        response = page.goto(base_url + path)
        assert response is not None
        assert response.status == (404 if path == "/nulle-part" else 200)
        yield path


def _search(page: Page, base_url: str) -> Iterator[str]:
    for state, words, expected in (
        ("subjects found", "loyer", "trouvé"),
        ("no subject found", "zorglub", "Aucun sujet trouvé"),
        ("danger in a search", DANGER, "3919"),
    ):
        page.goto(f"{base_url}/fiches")
        page.locator("#q").fill(words)
        page.get_by_role("button", name="Chercher").click()
        page.locator("main").filter(has_text=expected).wait_for()
        yield state


def _conversation(page: Page, base_url: str) -> Iterator[str]:
    page.goto(base_url)
    ask(page, QUESTION)
    yield "fiche answer with choices"
    page.locator("summary").last.click()
    yield "fiche answer, its sources open"
    ask(page, DANGER, "3919")
    yield "danger"
    ask(page, WITH_A_NUMBER, "J'ai masqué")
    yield "identifier masked"
    choose(page, "Combien ?")
    ask(page, "où est la mairie la plus proche", "Dans quelle commune")
    ask(page, "Montauban-de-Bretagne", "Voici où aller près de")
    yield "places"
    for language, words in FOREIGN.items():
        ask(page, words)
        page.locator(f"{ANSWERS} [lang={language}]").last.wait_for()
    yield "other languages"
    page.get_by_role("button", name="Garder jusqu'à ce soir").click()
    page.get_by_role("button", name="Ne plus garder").wait_for()
    yield "conversation kept until tonight"
    ask(page, "je veux parler à quelqu'un", "Vous pouvez parler à une personne")
    choose(page, "Être rappelé")
    yield "demande asked in the conversation"
    say(page, "")
    page.get_by_role("alert").wait_for()
    yield "conversation, message empty"
    page.goto(base_url)
    yield "home, conversation open"


def _demande(page: Page, base_url: str) -> Iterator[str]:
    page.goto(f"{base_url}/personne")
    yield "demande form"
    fill_demande(page, telephone="06 12", nom="N" * 200, mots=TOO_LONG)
    send_demande(page)
    page.get_by_role("alert").wait_for()
    yield "demande form with errors"
    page.goto(f"{base_url}/personne")
    fill_demande(page, telephone="06 12 34 56 78", nom="Awa", mots=DANGER)
    page.get_by_label("Qu'on m'appelle").check()
    send_demande(page)
    reference, code = read_codes(page)
    yield "demande recorded"
    page.goto(f"{base_url}/demande")
    yield "demande search"
    look_up(page, reference, "AAAA2222")
    page.get_by_role("alert").wait_for()
    yield "demande not found"
    look_up(page, reference, code)
    page.get_by_text(f"Votre demande {reference} attend").wait_for()
    yield "demande found"
    page.get_by_text("Effacer ma demande", exact=True).click()
    yield "demande found, erasing asked"
    page.get_by_role("button", name="Oui, effacer ma demande").click()
    page.get_by_role("heading", name="Demande effacée").wait_for()
    yield "demande erased"


def _report(page: Page, base_url: str) -> Iterator[str]:
    page.goto(f"{base_url}/signaler?fiche=apl&rubrique=montant")
    yield "error report form"
    for state, words, expected in (
        ("error report empty", "", "Écrivez en quelques mots"),
        ("error reported", f"Le montant a changé. {DANGER}", "Merci"),
    ):
        page.locator("#mots").fill(words)
        page.locator("#mots").evaluate("field => { field.form.noValidate = true }")
        page.get_by_role("button", name="Signaler").click()
        page.locator("main").filter(has_text=expected).wait_for()
        yield state


def _erasure(page: Page, base_url: str) -> Iterator[str]:
    page.goto(f"{base_url}/mes-donnees")
    yield "own data"
    page.goto(f"{base_url}/effacer")
    yield "erase question"
    page.get_by_role("button", name="Oui, tout effacer").click()
    page.get_by_role("heading", name="Votre conversation est effacée").wait_for()
    yield "erased"
    page.goto(f"{base_url}/effacer")
    yield "nothing to erase"
    page.goto(f"{base_url}/?finie")
    yield "conversation gone"


def say(page: Page, words: str) -> None:
    """Write in the field and send; what comes next is not waited for."""
    page.locator("#texte").fill(words)
    page.get_by_role("button", name="Envoyer", exact=True).click()


def ask(page: Page, words: str, expected: str = "") -> None:
    """Say something and wait for one more answer, and for the words it is known to hold."""
    before = page.locator(ANSWERS).count()
    say(page, words)
    _wait_for_answer(page, before, expected)


def choose(page: Page, label: str, expected: str = "") -> None:
    """Press one of the replies offered and wait for its answer."""
    before = page.locator(ANSWERS).count()
    page.get_by_role("button", name=spaces(label)).click()
    _wait_for_answer(page, before, expected)


def _wait_for_answer(page: Page, before: int, expected: str) -> None:
    page.locator(ANSWERS).nth(before).wait_for()
    page.locator(ANSWERS).filter(has_text=expected).last.wait_for()
    page.wait_for_load_state()


def spaces(words: str) -> re.Pattern[str]:
    """Return what matches the words whichever spaces stand in them: French uses no-break ones."""
    return re.compile(re.escape(words).replace(r"\ ", r"\s"))


def fill_demande(page: Page, **fields: str) -> None:
    """Fill fields of the request to a person by their names."""
    for name, words in fields.items():
        page.locator(f"#{name}").fill(words)


def send_demande(page: Page) -> None:
    """Send the request. The browser's own check is off, as in browsers that have none: the page answers."""
    page.locator("#envoi").evaluate("button => { button.form.noValidate = true }")
    page.locator("#envoi").click()


def read_codes(page: Page) -> tuple[str, str]:
    """Return the reference and the code that the page gives for a demande."""
    reference, code = page.locator(".code").all_inner_texts()
    return reference, code


def look_up(page: Page, reference: str, code: str) -> None:
    """Ask for a demande by its reference and code."""
    page.locator("#reference").fill(reference)
    page.locator("#code").fill(code)
    page.get_by_role("button", name="Voir ma demande").click()


def walk_faults(page: Page, bot: RunningBot) -> Iterator[str]:
    """Bring the page to what people see when a part is away: no answer in time, then nothing can be stored."""
    with _paused(bot.pid_of("rasa")):
        page.goto(bot.base_url)
        ask(page, QUESTION, "Votre message est gardé")
        yield "answer delayed"
    with _store_locked(bot):
        say(page, DANGER)
        page.get_by_text("Votre texte est gardé ici").wait_for()
        yield "message not taken"


@contextmanager
def _paused(pid: int) -> Iterator[None]:
    """Stop a process as a machine too busy would, then let it go on."""
    process = psutil.Process(pid)
    process.send_signal(signal.SIGSTOP)
    try:
        yield
    finally:
        process.send_signal(signal.SIGCONT)


@contextmanager
def _store_locked(bot: RunningBot) -> Iterator[None]:
    """Hold the write lock of the database: reading goes on, nothing can be stored."""
    connection = sqlite3.connect(bot.var / "assistant.db", isolation_level=None)
    connection.execute("BEGIN IMMEDIATE")
    try:
        yield
    finally:
        connection.execute("ROLLBACK")
        connection.close()
