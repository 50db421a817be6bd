"""The loop back to the real, whole: question, request, claim, reply, answer, end, back to the assistant, on each channel.

An operator in a real browser, signed in with an account that `bot comptes` made; the person on the page, on a phone behind
a real Kannel, and on a Bot API server. `CAPTURES=folder` keeps a picture of each side.
"""

from __future__ import annotations

import os
import re
import subprocess
import sys
import time
from collections.abc import Callable
from itertools import count
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from tests.e2e.conftest import NewContext
from tests.running import ROOT, RunningBot, RunningSms
from tests.telegram_servers import TestApi, TestUser

PASSWORD, FIRST_PASSWORD = "lampe tiroir vélo nuage", "premier mot de passe donné"
PATIENCE_SECONDS = 30.0
_LOGINS, _PHONES, _CHATS = count(), count(639984000), count(7000)


class Operator:
    """Somebody at the console, in a browser."""

    def __init__(self, bot: RunningBot, page: Page, name: str) -> None:
        self._url = f"{bot.base_url}/console"
        self._bot = bot
        self.page = page
        self.name = name

    def arrive(self) -> None:
        """Get an account, sign in, and change the password that was given."""
        login = f"operatrice{next(_LOGINS)}"
        command = [
            "comptes",
            "creer",
            login,
            "--role",
            "operateur",
            "--nom",
            self.name,
            "--mot-de-passe-stdin",
        ]
        subprocess.run(
            [sys.executable, "-m", "bot", *command],
            cwd=ROOT, env=self._bot.environment, input=FIRST_PASSWORD.encode(), check=True, capture_output=True,
        )  # fmt: skip
        self.page.goto(f"{self._url}/connexion")
        self.page.get_by_label("Identifiant").fill(login)
        self.page.get_by_label("Mot de passe", exact=True).fill(FIRST_PASSWORD)
        self.page.get_by_role("button", name="Se connecter").click()
        self.page.locator("[name=ancien]").fill(FIRST_PASSWORD)
        self.page.locator("[name=nouveau]").fill(PASSWORD)
        with self.page.expect_navigation():  # the session is a new one once this is answered
            self.page.get_by_role("button", name="Changer de mot de passe").click()
        self.page.goto(self._url)
        expect(self.page.get_by_role("heading", level=1)).to_be_visible()

    def take(self, reference: str) -> None:
        """Take a request from its page."""
        self.page.goto(f"{self._url}/demandes/{reference}")
        self.page.locator("form[action$='/prendre'] button").first.click()
        expect(self.page.locator("#reponse")).to_be_visible()

    def reply(self, words: str) -> None:
        """Write to the person."""
        self.page.locator("#reponse").fill(words)
        self.page.get_by_role("button", name="Envoyer", exact=True).click()
        expect(self.page.locator("#fil")).to_contain_text(words)

    def read(self, words: str) -> None:
        """Wait until the person's words stand in the conversation, without reloading."""
        expect(self.page.locator("#fil")).to_contain_text(words, timeout=PATIENCE_SECONDS * 1000)

    def close(self) -> None:
        """End the request: the answer is given, and something blocked."""
        self.page.locator("#issue-repondu").check()
        self.page.locator("form[action$='/clore'] button").last.click()
        confirm = self.page.get_by_role("button", name="Clore")
        if confirm.count():
            confirm.last.click()
        expect(self.page.locator("main")).to_contain_text("Close")


@pytest.fixture
def operator(running_bot: RunningBot, new_context: NewContext) -> Operator:
    """An operator at work."""
    one = Operator(running_bot, new_context().new_page(), f"Opératrice {next(_LOGINS)}")
    one.arrive()
    return one


def keep_picture(page: Page, name: str) -> None:
    """Keep a picture of a page where the environment asks for it."""
    if folder := os.environ.get("CAPTURES"):
        page.screenshot(path=Path(folder) / f"{name}.png", full_page=True)


def wait_for(find: Callable[[], str | None], heard: Callable[[], object] = lambda: "") -> str:
    """Return what is found, as soon as it is."""
    deadline = time.monotonic() + PATIENCE_SECONDS
    while time.monotonic() < deadline:
        if found := find():
            return found
        time.sleep(0.05)
    raise AssertionError(f"it never came: {heard()}")


def reference_in(text: str) -> str:
    """Return the reference that a text tells."""
    found = re.search(r"\b[B-Z]{2}-\d{4}\b", text)
    assert found, text
    return found[0]


def test_on_the_page(running_bot: RunningBot, new_context: NewContext, operator: Operator) -> None:
    page = new_context().new_page()
    page.goto(running_bot.base_url)
    page.locator("#texte").fill("c'est quoi le rsa")
    page.get_by_role("button", name="Envoyer").click()
    page.locator("#derniere").wait_for()
    for said in (
        "Parler à une personne", "Ici, par écrit", "Oui, elle peut lire", "Passer", "Passer", "Envoyer ma demande",
    ):  # fmt: skip
        lines = page.locator("#fil > li").count()
        page.get_by_role("button", name=said, exact=True).last.click()
        expect(page.locator("#fil > li")).not_to_have_count(lines)
        page.wait_for_function("n => document.querySelectorAll('#fil > li').length >= n", arg=lines + 2)
    reference = reference_in(page.locator("#fil > li").last.inner_text())
    keep_picture(page, "page-1-demande")
    operator.take(reference)
    expect(operator.page.locator("#fil")).to_contain_text("c'est quoi le rsa")
    expect(page.locator("#fil")).to_contain_text(f"{operator.name} a pris votre demande")
    operator.reply("Bonjour, avez-vous déjà fait une demande ?")
    expect(page.locator("#fil")).to_contain_text("avez-vous déjà fait une demande")
    keep_picture(operator.page, "page-2-console")
    page.locator("#texte").fill("non jamais")
    page.get_by_role("button", name="Envoyer").click()
    operator.read("non jamais")
    expect(page.locator("#fil")).to_contain_text(f"{operator.name} a reçu votre message")
    keep_picture(page, "page-3-echange")
    operator.close()
    expect(page.locator("#fil")).to_contain_text("a terminé votre demande")
    page.locator("#texte").fill("et c'est combien ?")
    page.get_by_role("button", name="Envoyer").click()
    expect(page.locator("#fil > li").last).to_contain_text("RSA", timeout=PATIENCE_SECONDS * 1000)
    keep_picture(page, "page-4-assistant")
    keep_picture(operator.page, "page-5-console-close")


def test_by_sms(running_sms: RunningSms, operator: Operator) -> None:
    number, kannel = f"+33{next(_PHONES)}", running_sms.kannel

    def heard() -> list[str]:
        return [message.text for message in kannel.messages if message.phone == number]

    def write(text: str, *, holds: str) -> str:
        before = len(heard())
        kannel.write(number, text)
        return wait_for(lambda: next((said for said in heard()[before:] if holds in said), None), heard)

    write("c'est quoi le rsa", holds="RSA")
    write("PERSONNE", holds="RAPPEL")
    write("ICI", holds="lire")
    write("OUI", holds="nom")
    write("PASSER", holds="bloque")
    write("PASSER", holds="ENVOYER")
    reference = reference_in(write("ENVOYER", holds="Référence"))
    operator.take(reference)
    wait_for(lambda: next((said for said in heard() if "a pris votre demande" in said), None))
    operator.reply("Bonjour, avez-vous déjà fait une demande ?")
    wait_for(lambda: next((said for said in heard() if "déjà fait une demande" in said), None))
    operator.page.reload()
    expect(operator.page.locator("#fil")).to_contain_text("Reçu par le téléphone")
    keep_picture(operator.page, "sms-1-console")
    write("non jamais", holds="a recu votre message")
    operator.read("non jamais")
    operator.close()
    wait_for(lambda: next((said for said in heard() if "a terminé votre demande" in said), None))
    assert "RSA" in write("et c'est combien le rsa ?", holds="RSA")
    keep_picture(operator.page, "sms-2-console-close")
    if folder := os.environ.get("CAPTURES"):
        (Path(folder) / "sms-telephone.txt").write_text("\n\n".join(heard()), encoding="utf-8")


def test_on_telegram(running_bot: RunningBot, telegram_api: TestApi, operator: Operator) -> None:
    user: TestUser = telegram_api.user(next(_CHATS))

    def hear(holds: str, after: int = 0) -> str:
        return wait_for(
            lambda: next((said.text for said in user.heard()[after:] if holds in said.text), None)
        )

    def say(text: str, *, holds: str) -> str:
        before = len(user.heard())
        user.say(text)
        return hear(holds, before)

    def tap(label: str, *, holds: str) -> str:
        before = len(user.heard())
        last = next(said for said in reversed(user.heard()) if label in said.buttons)
        user.tap(last.buttons[label], last.message_id)
        return hear(holds, before)

    say("c'est quoi le rsa", holds="RSA")
    tap("Parler à une personne", holds="demande")
    tap("Ici, par écrit", holds="lire notre conversation")
    tap("Oui, elle peut lire", holds="nom")
    tap("Passer", holds="bloque")
    tap("Passer", holds="envoie")
    reference = reference_in(tap("Envoyer ma demande", holds="référence"))
    operator.take(reference)
    hear("a pris votre demande")
    operator.reply("Bonjour, avez-vous déjà fait une demande ?")
    hear("déjà fait une demande")
    say("non jamais", holds="a reçu votre message")
    operator.read("non jamais")
    keep_picture(operator.page, "telegram-1-console")
    operator.close()
    hear("a terminé votre demande")
    assert "RSA" in say("et c'est combien le rsa ?", holds="RSA")
    keep_picture(operator.page, "telegram-2-console-close")
    if folder := os.environ.get("CAPTURES"):
        said = "\n\n".join(f"{one.text}\n[{' | '.join(one.buttons)}]" for one in user.heard())
        (Path(folder) / "telegram-conversation.txt").write_text(said, encoding="utf-8")
