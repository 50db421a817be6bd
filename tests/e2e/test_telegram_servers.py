"""The two Telegram servers of the tests do what Telegram does, whatever bot stands before them."""

from __future__ import annotations

import asyncio
import hmac
import time
from collections.abc import AsyncIterator, Callable, Iterator
from dataclasses import dataclass, field
from itertools import count
from typing import Any

import aiohttp
import pytest
from aiohttp import web
from aiohttp.test_utils import TestServer

from tests.running import free_port
from tests.telegram_servers import (
    GROUP_ID,
    TOKEN,
    Person,
    Telemelya,
    TestApi,
    TestUser,
    poll,
    run_telemelya,
    run_test_api,
)

SECRET = "secret-Az09_"
PATIENCE_SECONDS = 10
KEYBOARD = {"inline_keyboard": [[{"text": "Oui", "callback_data": "oui"}]]}
NUMBERS = count(7001)


@dataclass
class Bot:
    """The smallest bot: it calls methods, and takes updates at a webhook which checks the secret."""

    session: aiohttp.ClientSession
    base_url: str
    updates: asyncio.Queue[dict[str, Any]] = field(default_factory=asyncio.Queue)
    refusals: list[int] = field(default_factory=list)

    async def ask(self, method: str, **params: Any) -> tuple[int, dict[str, Any]]:
        async with self.session.post(f"{self.base_url}/bot{TOKEN}/{method}", json=params) as answer:
            return answer.status, await answer.json()

    async def call(self, method: str, **params: Any) -> Any:
        status, body = await self.ask(method, **params)
        assert (status, body["ok"]) == (200, True), body
        return body["result"]

    async def fetch(self) -> dict[str, Any]:
        """Take one update by polling, and confirm it."""
        [update] = await self.call("getUpdates", timeout=PATIENCE_SECONDS, limit=1)
        await self.call("getUpdates", offset=update["update_id"] + 1)
        return update

    async def next_update(self) -> dict[str, Any]:
        """Take one update from the webhook."""
        return await asyncio.wait_for(self.updates.get(), PATIENCE_SECONDS)

    async def receive(self, request: web.Request) -> web.Response:
        if not hmac.compare_digest(request.headers.get("X-Telegram-Bot-Api-Secret-Token", ""), SECRET):
            return web.Response(status=403)
        if self.refusals:
            return web.Response(status=self.refusals.pop())
        await self.updates.put(await request.json())
        return web.Response()


@pytest.fixture(scope="module")
def api() -> Iterator[TestApi]:
    with run_test_api() as api:
        yield api


@pytest.fixture(scope="module")
def webhook_port() -> int:
    return free_port()


@pytest.fixture(scope="module")
def telemelya(webhook_port: int) -> Iterator[Telemelya]:
    with run_telemelya(webhook_port, SECRET) as telemelya:
        yield telemelya


@pytest.fixture
async def session() -> AsyncIterator[aiohttp.ClientSession]:
    async with aiohttp.ClientSession() as session:
        yield session


@pytest.fixture
async def bot(api: TestApi, session: aiohttp.ClientSession) -> Bot:
    """Return a bot that nothing of an earlier test reaches."""
    bot = Bot(session, api.base_url)
    await bot.call("deleteWebhook", drop_pending_updates=True)
    await bot.call("getUpdates", allowed_updates=[])
    await asyncio.to_thread(api.reset)
    return bot


@pytest.fixture
def awa(api: TestApi) -> TestUser:
    return api.user(next(NUMBERS))


async def hook(bot: Bot, address: str, port: int = 0) -> TestServer:
    """Serve the bot's webhook and tell the server of it."""
    app = web.Application()
    app.router.add_post("/hook", bot.receive)
    server = TestServer(app, port=port)
    await server.start_server()
    url = f"{address}/hook" if address else str(server.make_url("/hook"))
    await bot.call("setWebhook", url=url, secret_token=SECRET)
    return server


@pytest.fixture
async def hooked_bot(bot: Bot) -> AsyncIterator[Bot]:
    server = await hook(bot, "")
    yield bot
    await server.close()


@pytest.fixture
async def telemelya_bot(
    telemelya: Telemelya, session: aiohttp.ClientSession, webhook_port: int
) -> AsyncIterator[Bot]:
    bot = Bot(session, telemelya.base_url)
    server = await hook(bot, telemelya.hook_url, webhook_port)
    yield bot
    await server.close()


async def talk(bot: Bot, person: Person, take: Callable[[], Any]) -> None:
    """Hold one exchange: a text, an answer with a button, a tap, and what the tap changes."""
    number = await asyncio.to_thread(person.say, "J’ai perdu ma carte vitale, ça marche ? 🙂")
    message = (await take())["message"]
    assert (message["text"], message["message_id"]) == ("J’ai perdu ma carte vitale, ça marche ? 🙂", number)
    assert message["chat"] == {**message["chat"], "id": person.user_id, "type": "private"}
    assert abs(message["date"] - time.time()) < 60
    sent = await bot.call(
        "sendMessage", chat_id=person.user_id, text="Êtes-vous en France ?", reply_markup=KEYBOARD
    )
    [heard] = await asyncio.to_thread(person.hear)
    assert (heard.text, heard.buttons) == ("Êtes-vous en France ?", {"Oui": "oui"})
    assert heard.message_id == sent["message_id"]
    assert abs(sent["date"] - time.time()) < 60
    await asyncio.to_thread(person.tap, "oui", heard.message_id)
    query = (await take())["callback_query"]
    assert (query["data"], query["message"]["message_id"]) == ("oui", heard.message_id)
    assert query["chat_instance"]
    assert await bot.call("answerCallbackQuery", callback_query_id=query["id"]) is True
    await bot.call("editMessageText", chat_id=person.user_id, message_id=heard.message_id, text="Noté.")
    assert [message.text for message in await asyncio.to_thread(person.heard)] == ["Noté."]


async def test_getme_says_that_it_is_a_bot(bot: Bot, api: TestApi) -> None:
    me = await bot.call("getMe")
    assert (me["is_bot"], me) == (True, api.bot)


async def test_a_conversation_goes_on_by_polling(bot: Bot, awa: TestUser) -> None:
    await talk(bot, awa, bot.fetch)


async def test_a_conversation_goes_on_by_webhook_with_its_secret(hooked_bot: Bot, awa: TestUser) -> None:
    await talk(hooked_bot, awa, hooked_bot.next_update)


async def test_an_update_comes_again_until_a_later_one_is_asked_for(bot: Bot, awa: TestUser) -> None:
    await asyncio.to_thread(awa.say, "Bonjour")
    [first] = await bot.call("getUpdates")
    [again] = await bot.call("getUpdates")
    assert first == again
    assert await bot.call("getUpdates", offset=first["update_id"] + 1) == []


async def test_an_update_that_the_webhook_refused_comes_again_before_the_next(
    hooked_bot: Bot, awa: TestUser, api: TestApi
) -> None:
    hooked_bot.refusals = [500, 503]
    for text in ("un", "deux"):
        await asyncio.to_thread(awa.say, text)
    assert [(await hooked_bot.next_update())["message"]["text"] for _ in range(2)] == ["un", "deux"]
    deliveries = await asyncio.to_thread(
        poll, api.deliveries, lambda tries: len(tries) == 4, PATIENCE_SECONDS
    )
    assert [delivery["status"] for delivery in deliveries] == [503, 500, 200, 200]


async def test_a_webhook_with_another_secret_is_given_nothing(bot: Bot, awa: TestUser, api: TestApi) -> None:
    server = await hook(bot, "")
    await bot.call("setWebhook", url=str(server.make_url("/hook")), secret_token="other")
    await asyncio.to_thread(awa.say, "Bonjour")
    [first, *_] = await asyncio.to_thread(poll, api.deliveries, bool, PATIENCE_SECONDS)
    assert first["status"] == 403
    assert (await bot.call("getWebhookInfo"))["pending_update_count"] == 1
    assert bot.updates.empty()
    await server.close()


async def test_polling_is_refused_while_a_webhook_is_set(hooked_bot: Bot) -> None:
    status, body = await hooked_bot.ask("getUpdates")
    assert (status, body["error_code"]) == (409, 409)


async def test_only_the_kinds_asked_for_arrive(bot: Bot, awa: TestUser) -> None:
    await bot.call("getUpdates", allowed_updates=["callback_query"])
    await asyncio.to_thread(awa.say, "Bonjour")
    await asyncio.to_thread(awa.tap, "oui", 1)
    assert "callback_query" in await bot.fetch()


@pytest.mark.parametrize(
    ("status", "retry_after", "description"),
    [
        (429, 7, "Too Many Requests: retry after 7"),
        (403, None, "Forbidden: bot was blocked by the user"),
        (400, None, "Bad Request: chat not found"),
        (500, None, "Internal Server Error"),
    ],
)
async def test_a_fault_comes_as_often_as_asked_and_then_no_more(
    bot: Bot, awa: TestUser, api: TestApi, status: int, retry_after: int | None, description: str
) -> None:
    await asyncio.to_thread(api.fail, "sendMessage", status, 2, retry_after)
    wanted = {"ok": False, "error_code": status, "description": description}
    if retry_after:
        wanted["parameters"] = {"retry_after": retry_after}
    for _ in range(2):
        assert await bot.ask("sendMessage", chat_id=awa.user_id, text="a") == (status, wanted)
    await bot.call("sendMessage", chat_id=awa.user_id, text="b")
    assert [message.text for message in await asyncio.to_thread(awa.hear)] == ["b"]
    calls = await asyncio.to_thread(api.calls, "sendMessage")
    assert [call["status"] for call in calls] == [status, status, 200]


async def test_a_fault_of_one_chat_spares_the_others(bot: Bot, awa: TestUser, api: TestApi) -> None:
    await asyncio.to_thread(api.fail, "sendMessage", 403, 1, None, awa.user_id)
    await bot.call("sendMessage", chat_id=awa.user_id + 1000, text="a")
    assert (await bot.ask("sendMessage", chat_id=awa.user_id, text="a"))[0] == 403


@pytest.mark.parametrize(
    ("text", "status"),
    [
        ("é" * 4096, 200),
        ("é" * 4097, 400),
        ("🙂" * 2048, 200),
        ("🙂" * 2048 + "é", 400),
        ("<b>" + "&amp;" * 4096 + "</b>", 200),
        ("<b> </b>", 400),
    ],
)
async def test_a_text_is_refused_when_what_is_seen_is_empty_or_too_long(
    bot: Bot, awa: TestUser, text: str, status: int
) -> None:
    answered, body = await bot.ask("sendMessage", chat_id=awa.user_id, text=text, parse_mode="HTML")
    assert (answered, body["ok"]) == (status, status == 200)


async def test_a_message_cannot_be_edited_into_itself_nor_when_unknown(bot: Bot, awa: TestUser) -> None:
    sent = await bot.call("sendMessage", chat_id=awa.user_id, text="a", reply_markup=KEYBOARD)
    place = {"chat_id": awa.user_id, "message_id": sent["message_id"]}
    same = await bot.ask("editMessageText", **place, text="a", reply_markup=KEYBOARD)
    assert "message is not modified" in same[1]["description"]
    bare = await bot.call("editMessageReplyMarkup", **place)
    assert ("reply_markup" in sent, "reply_markup" in bare) == (True, False)
    unknown = await bot.ask("editMessageText", **{**place, "message_id": 999_999}, text="b")
    assert unknown[1]["description"] == "Bad Request: message to edit not found"


async def test_each_message_of_the_bot_is_heard_once_and_in_order(bot: Bot, awa: TestUser) -> None:
    for text in ("un", "deux", "trois"):
        await bot.call("sendMessage", chat_id=awa.user_id, text=text)
    assert [message.text for message in await asyncio.to_thread(awa.hear, 2)] == ["un", "deux"]
    assert [message.text for message in await asyncio.to_thread(awa.hear)] == ["trois"]
    with pytest.raises(AssertionError):
        await asyncio.to_thread(awa.hear, 1, 0)


async def test_an_unknown_tap_and_an_unknown_method_are_refused(bot: Bot) -> None:
    assert (await bot.ask("answerCallbackQuery", callback_query_id="999999"))[0] == 400
    assert await bot.ask("sendPigeon") == (404, {"ok": False, "error_code": 404, "description": "Not Found"})


async def test_a_command_carries_its_entity_and_its_payload(bot: Bot, awa: TestUser) -> None:
    await asyncio.to_thread(awa.command, "/start guichet-12")
    message = (await bot.fetch())["message"]
    assert message["text"] == "/start guichet-12"
    assert message["entities"] == [{"type": "bot_command", "offset": 0, "length": 6}]


async def test_a_corrected_message_arrives_as_edited_with_its_number(bot: Bot, awa: TestUser) -> None:
    number = await asyncio.to_thread(awa.say, "alp")
    await bot.fetch()
    await asyncio.to_thread(awa.edit, "apl", number)
    message = (await bot.fetch())["edited_message"]
    assert (message["text"], message["message_id"]) == ("apl", number)


@pytest.mark.parametrize("kind", ["location", "voice", "photo", "sticker", "document"])
async def test_what_is_not_a_text_arrives_as_what_it_is(bot: Bot, awa: TestUser, kind: str) -> None:
    position = (48.8566, 2.3522) if kind == "location" else ()
    await asyncio.to_thread(getattr(awa, kind), *position)
    message = (await bot.fetch())["message"]
    assert (message["from"]["id"], kind in message, "text" in message) == (awa.user_id, True, False)


async def test_a_group_is_a_supergroup_where_the_bot_is_named_or_answered(bot: Bot, awa: TestUser) -> None:
    await asyncio.to_thread(awa.group_say, "c’est quoi l’APL ?", mention=True)
    message = (await bot.fetch())["message"]
    assert (message["chat"]["id"], message["chat"]["type"]) == (GROUP_ID, "supergroup")
    [mention] = message["entities"]
    assert message["text"][: mention["length"]] == "@assistant_essai_bot"
    sent = await bot.call("sendMessage", chat_id=GROUP_ID, text="Une aide au logement.")
    await asyncio.to_thread(awa.group_say, "et combien ?", reply_to=sent["message_id"])
    answered = (await bot.fetch())["message"]["reply_to_message"]
    assert (answered["message_id"], answered["from"]["is_bot"]) == (sent["message_id"], True)
    assert [heard.text for heard in await asyncio.to_thread(awa.hear, 1, 10.0, GROUP_ID)] == [
        "Une aide au logement."
    ]
    assert await asyncio.to_thread(awa.heard) == []


async def test_what_the_bot_says_of_itself_is_kept_and_every_call_written_down(
    bot: Bot, api: TestApi
) -> None:
    await asyncio.to_thread(api.reset)
    commands = [{"command": "aide", "description": "Aide"}]
    for method, params in (
        ("setMyCommands", {"commands": commands}),
        ("setMyDescription", {"description": "Vos droits"}),
        ("setMyShortDescription", {"short_description": "Droits"}),
        ("sendChatAction", {"chat_id": 1, "action": "typing"}),
    ):
        assert await bot.call(method, **params) is True
    assert await bot.call("getMyCommands") == commands
    calls = await asyncio.to_thread(api.wait_calls, "sendChatAction")
    assert [(call["method"], call["params"]["action"], call["status"]) for call in calls] == [
        ("sendChatAction", "typing", 200)
    ]


async def test_parameters_come_in_a_form_or_in_the_address_too(bot: Bot, awa: TestUser, api: TestApi) -> None:
    await asyncio.to_thread(awa.say, "Bonjour")
    async with bot.session.get(f"{api.base_url}/bot{TOKEN}/getUpdates?offset=1&limit=1") as answer:
        assert [update["message"]["text"] for update in (await answer.json())["result"]] == ["Bonjour"]
    form = {"chat_id": str(awa.user_id), "text": "a", "reply_markup": '{"inline_keyboard": []}'}
    async with bot.session.post(f"{api.base_url}/bot{TOKEN}/sendMessage", data=form) as answer:
        assert answer.status == 200
    [asked, call] = await asyncio.to_thread(api.calls)
    assert asked["params"] == {"offset": 1, "limit": 1}
    assert call["params"] == {"chat_id": awa.user_id, "text": "a", "reply_markup": {"inline_keyboard": []}}


async def test_telemelya_holds_the_same_conversation_with_the_secret(
    telemelya_bot: Bot, telemelya: Telemelya
) -> None:
    awa = telemelya.user(next(NUMBERS))
    await talk(telemelya_bot, awa, telemelya_bot.next_update)
    assert awa.statuses == [200, 200]
    assert len(awa.calls("answerCallbackQuery")) == 1


async def test_telemelya_brings_commands_and_photos(telemelya_bot: Bot, telemelya: Telemelya) -> None:
    awa = telemelya.user(next(NUMBERS))
    await asyncio.to_thread(awa.command, "/start guichet-12")
    message = (await telemelya_bot.next_update())["message"]
    assert (message["text"], message["entities"][0]["length"]) == ("/start guichet-12", 6)
    await asyncio.to_thread(awa.photo, "mon avis")
    message = (await telemelya_bot.next_update())["message"]
    assert (message["caption"], len(message["photo"])) == ("mon avis", 1)


async def test_telemelya_and_nginx_let_the_bot_start(telemelya_bot: Bot) -> None:
    assert (await telemelya_bot.call("getMe"))["is_bot"] is True
    for method in ("setMyCommands", "setMyDescription", "setMyShortDescription", "sendChatAction"):
        assert await telemelya_bot.call(method, chat_id=1) is True
