"""Telegram against Bot API servers nobody here wrote: what people send, what they get, and what goes wrong. Rasa is stopped."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass
from itertools import count
from pathlib import Path
from typing import Any, TypeVar

import aiohttp
import pytest
from aiohttp.test_utils import TestServer

from channels.registry import settings_class
from channels.server import create_app
from tests.channels.talking import NOBODY_LISTENS, knowledge
from tests.running import free_port
from tests.telegram_servers import Heard, TestApi, TestUser, run_telemelya, run_test_api
from tests.witness import Witness, until, witness_of

SECRET = "t" * 32
pytestmark = pytest.mark.usefixtures("known")
_CHATS = count(1000)
Value = TypeVar("Value")


@pytest.fixture
def known(monkeypatch: pytest.MonkeyPatch) -> None:
    """Read data/ once for all these tests."""
    monkeypatch.setattr("bot.service.assistant.load_knowledge", lambda _data, _territoire: knowledge())


@pytest.fixture(scope="module")
def api() -> Iterator[TestApi]:
    with run_test_api() as api:
        yield api


@asynccontextmanager
async def application(var: Path, api_url: str, token: str, **settings: Any) -> AsyncIterator[Witness]:
    """Run the pages and channels on a port of their own, reached by the Bot API server."""
    port = settings.pop("public_port", None) or free_port()
    values = {
        "var": var,
        "rasa_port": NOBODY_LISTENS,
        "public_port": port,
        "telegram_token": token,
        "telegram_secret": SECRET,
        "telegram_api_url": api_url,
        **settings,
    }
    server = TestServer(create_app(settings_class().parse_obj(values)), port=port)
    await server.start_server()
    try:
        async with witness_of(var, "telegram") as witness:
            yield witness
    finally:
        await server.close()


@dataclass
class Person:
    """Somebody with Telegram, in tests where our robot runs in the same loop."""

    user: TestUser

    async def do(self, act: Callable[..., Value], *arguments: Any) -> Value:
        return await asyncio.to_thread(act, *arguments)

    async def hear(self, messages: int = 1) -> list[Heard]:
        return await asyncio.to_thread(self.user.hear, messages, 15.0)

    async def ask(self, text: str) -> Heard:
        """Write a text or a command, and return the one message that answers it."""
        await self.do(self.user.command if text.startswith("/") else self.user.say, text)
        return (await self.hear())[0]

    async def tap(self, message: Heard, label: str) -> Heard:
        await self.do(self.user.tap, message.buttons[label], message.message_id)
        return (await self.hear())[0]


@pytest.fixture(params=["polling", "webhook"])
async def person(request: pytest.FixtureRequest, tmp_path: Path, api: TestApi) -> AsyncIterator[Person]:
    """Somebody who writes to a robot that takes updates in one way, then in the other."""
    api.reset()
    async with application(tmp_path / "var", api.base_url, api.token, telegram_mode=request.param):
        if request.param == "webhook":
            await asyncio.to_thread(api.wait_calls, "setWebhook")
        yield Person(api.user(next(_CHATS)))


async def test_start_says_who_speaks_and_its_buttons_lead_on(person: Person) -> None:
    welcome = await person.ask("/start")
    assert "assistant automatique" in welcome.text
    assert "30 jours" in welcome.text
    helped = await person.tap(welcome, "Que savez-vous faire ?")
    assert "Posez votre question" in helped.text
    assert "assistant automatique" in helped.text  # what it is, said again where help is asked


async def test_a_poster_opens_its_fiche(person: Person) -> None:
    await person.do(person.user.command, "/start apl")
    # Rasa is stopped: the message is kept, and said so, once the welcome is.
    assert "est gardé" in (await person.hear())[0].text


@pytest.mark.parametrize(
    ("command", "said"),
    [
        ("/aide", "Posez votre question"),
        ("/lieu", "partager votre position"),
        ("/lieu 35290", "02 99 09 44 56"),
        ("/personne", "laisser une demande"),
        ("/simple", "rien à dire plus simplement"),
        ("/vie_privee", "Telegram est une société étrangère"),
        ("/privacy", "Vos messages sont chiffrés"),
        ("/effacer", "Voici ce qui disparaît"),
        ("/stop", "Je ne vous envoie rien"),
        ("/nimporte", "ne connais pas cette commande"),
    ],
)
async def test_each_command_is_answered(person: Person, command: str, said: str) -> None:
    assert said in (await person.ask(command)).text


async def test_the_numbers_of_a_danger_come_at_once_and_first(person: Person) -> None:
    answer = await person.ask("mon mari me frappe")
    assert "17" in answer.text.partition("machine")[0]
    assert "assistant automatique, pas une personne" not in answer.text


async def test_an_edited_message_gets_the_new_answer(person: Person) -> None:
    number = await person.do(person.user.say, "AIDE")
    assert "Posez votre question" in (await person.hear())[0].text
    await person.do(person.user.edit, "CONTACT", number)
    assert "édité par" in (await person.hear())[0].text


async def test_a_shared_position_gives_the_nearest_places(person: Person) -> None:
    await person.do(person.user.location, 48.19, -2.19)
    (answer,) = await person.hear()
    assert "Saint-Méen" in answer.text
    assert "km" in answer.text


@pytest.mark.parametrize("kind", ["voice", "photo", "sticker", "document"])
async def test_what_is_not_text_is_not_opened_and_a_person_is_offered(person: Person, kind: str) -> None:
    await person.do(getattr(person.user, kind))
    (answer,) = await person.hear()
    assert "Je lis seulement du texte" in answer.text
    assert "micro de votre clavier" in answer.text
    assert "Parler à une personne" in answer.buttons


async def test_the_words_under_a_photo_are_read(person: Person) -> None:
    await person.do(person.user.photo, "mon mari me frappe")
    assert "Vous n'y êtes pour rien" in (await person.hear())[0].text


async def test_a_text_too_long_is_said_kindly(person: Person) -> None:
    assert "trop long" in (await person.ask("e" * 2500)).text


async def test_a_request_to_a_person_is_made_with_buttons_and_words(person: Person) -> None:
    places = await person.ask("/personne")
    asked = await person.tap(places, "Être rappelé")
    assert "À quel numéro" in asked.text
    assert "numéro de ce téléphone" not in asked.text
    when = await person.ask("06 39 98 00 01")
    name = await person.tap(when, "Peu importe")
    words = await person.tap(name, "Passer")
    summary = await person.tap(words, "Passer")
    assert "06 39 98 00 01" in summary.text
    assert "Votre référence" in (await person.tap(summary, "Envoyer ma demande")).text


async def test_everything_is_erased_after_a_yes(person: Person) -> None:
    await person.ask("AIDE")
    question = await person.ask("/effacer")
    assert "C'est effacé" in (await person.tap(question, "Oui, tout effacer")).text


async def test_a_button_tapped_twice_is_tapped_once_and_stops_turning(person: Person, api: TestApi) -> None:
    welcome = await person.ask("/start")
    data = welcome.buttons["Que savez-vous faire ?"]
    for _ in range(2):
        await person.do(person.user.tap, data, welcome.message_id)
    assert "Posez" in (await person.hear())[0].text
    await person.do(api.wait_calls, "answerCallbackQuery", 2)
    assert "édité par" in (await person.ask("CONTACT")).text  # the next thing heard: nothing came twice


async def test_in_a_group_only_what_is_addressed_is_answered_and_nothing_personal(
    person: Person, api: TestApi
) -> None:
    group, name = -next(_CHATS), api.bot["username"]
    await person.do(lambda: person.user.group_say("on mange quoi ?", group_id=group))
    await person.do(lambda: person.user.group_say("PERSONNE", mention=True, group_id=group))
    heard = await person.do(lambda: person.user.hear(1, 15.0, group))
    assert f"https://t.me/{name}" in heard[0].text
    assert len(api.heard(group)) == len(heard)


async def test_commands_and_descriptions_are_set_at_the_start(person: Person, api: TestApi) -> None:
    await person.ask("/start")
    for method in ("setMyCommands", "setMyDescription", "setMyShortDescription"):
        await person.do(api.wait_calls, method)


# -- what goes wrong -------------------------------------------------------------------------------


@pytest.mark.parametrize(("status", "wait"), [(429, 2), (500, None), (502, None)])
async def test_what_telegram_puts_off_is_sent_later_and_once(
    person: Person, api: TestApi, status: int, wait: int | None
) -> None:
    api.fail("sendMessage", status, times=2, retry_after=wait)
    assert "Posez votre question" in (await person.ask("AIDE")).text
    assert "édité par" in (await person.ask("CONTACT")).text


async def test_who_blocked_the_robot_is_left_alone_until_they_write_again(
    tmp_path: Path, api: TestApi
) -> None:
    api.reset()
    async with application(tmp_path / "var", api.base_url, api.token, telegram_mode="polling") as witness:
        person = Person(api.user(next(_CHATS)))
        api.fail("sendMessage", 403)
        await person.do(person.user.say, "AIDE")
        chat = str(person.user.user_id)
        await until(lambda: witness.delivery_states(chat), lambda states: states == ["failed"])
        assert "édité par" in (await person.ask("CONTACT")).text


async def test_a_message_telegram_refuses_does_not_hold_back_the_next(person: Person, api: TestApi) -> None:
    api.fail("sendMessage", 400)
    await person.do(person.user.say, "AIDE")
    assert "édité par" in (await person.ask("CONTACT")).text


async def test_a_call_without_the_secret_is_refused(tmp_path: Path, api: TestApi) -> None:
    async with AsyncExitStack() as stack:
        port = free_port()
        await stack.enter_async_context(
            application(tmp_path / "var", api.base_url, api.token, telegram_mode="webhook", public_port=port)
        )
        session = await stack.enter_async_context(aiohttp.ClientSession())
        for headers in ({}, {"X-Telegram-Bot-Api-Secret-Token": "x" * 32}):
            url = f"http://127.0.0.1:{port}/telegram/maj"
            async with session.post(url, json={"update_id": 1}, headers=headers) as response:
                assert response.status == 403


async def test_the_same_goes_with_another_server(tmp_path: Path) -> None:
    port = free_port()
    with run_telemelya(port, SECRET) as telemelya:
        async with application(
            tmp_path / "var",
            telemelya.base_url,
            telemelya.token,
            telegram_mode="webhook",
            public_port=port,
            public_url=telemelya.hook_url,
        ):
            person = Person(telemelya.user(next(_CHATS)))  # type: ignore[arg-type]
            await asyncio.sleep(2)  # telemelya does not tell when the webhook is set
            welcome = await person.ask("/start")
            assert "assistant automatique" in welcome.text
            assert "Posez votre question" in (await person.tap(welcome, "Que savez-vous faire ?")).text
            assert "17" in (await person.ask("mon mari me frappe")).text
            await person.do(person.user.photo)
            assert "Je lis seulement du texte" in (await person.hear())[0].text
