"""Handing messages to the Bot API: what each refusal means, the pace of a chat, the request as it leaves."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator
from datetime import timedelta
from typing import Any

import pytest
from telegram import Bot, error
from telegram.request import HTTPXRequest

from bot.answers.compose import Composer
from bot.settings import load_settings
from bot.store.deliveries import Delivery, Lane
from channels.handing import CannotSend
from channels.telegram import carrier as module
from channels.telegram.carrier import CHAT_SECONDS, TelegramCarrier, refusal_of
from channels.telegram.robot import open_bot
from channels.telegram.settings import TelegramSettings
from channels.telegram.voice import speak_on_telegram
from tests.channels.talking import knowledge
from tests.telegram_servers import TOKEN, TestApi

CHAT = "5001"


class Clock:
    """Seconds that pass when told to."""

    def __init__(self) -> None:
        self.at = 1000.0

    def monotonic(self) -> float:
        return self.at


def delivery(chat: str = CHAT, html: str = "Bonjour.", buttons: Any = ()) -> Delivery:
    said = json.dumps({"html": html, "buttons": list(buttons)}, ensure_ascii=False)
    return Delivery(1, "public", "conversation", 1, chat, said, Lane.REPLY, 1)


def settings_for(api: TestApi) -> TelegramSettings:
    changes = {"telegram_mode": "polling", "telegram_token": TOKEN, "telegram_api_url": api.base_url}
    return TelegramSettings().copy(update=changes)


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> Clock:
    clock = Clock()
    monkeypatch.setattr(module, "time", clock)
    return clock


@pytest.fixture
async def bot(api: TestApi) -> AsyncIterator[Bot]:
    async with open_bot(settings_for(api)) as bot:
        yield bot


@pytest.fixture
def carrier(bot: Bot, clock: Clock) -> TelegramCarrier:
    return TelegramCarrier(bot)


async def calls(api: TestApi) -> list[dict[str, Any]]:
    return [call["params"] for call in await asyncio.to_thread(api.calls, "sendMessage")]


async def refused(carrier: TelegramCarrier, what: Delivery) -> CannotSend:
    with pytest.raises(CannotSend) as caught:
        await carrier.hand_over(what)
    return caught.value


# -- what a refusal means


@pytest.mark.parametrize(
    ("given", "retry", "away", "gone", "after"),
    [
        (error.RetryAfter(7), True, True, False, 7.0),
        (error.RetryAfter(timedelta(seconds=7)), True, True, False, 7.0),
        (error.RetryAfter(timedelta(minutes=2, milliseconds=500)), True, True, False, None),
        (error.Forbidden("Forbidden: bot was blocked by the user"), False, False, True, None),
        (error.Forbidden("Forbidden: bot was kicked from the supergroup chat"), False, False, True, None),
        (error.BadRequest("Bad Request: can't parse entities"), False, False, False, None),
        (error.BadRequest("Bad Request: chat not found"), False, False, False, None),
        (error.ChatMigrated(-1009876543210), False, False, False, None),
        (error.TimedOut(), True, True, False, None),
        (error.NetworkError("httpx.ConnectError"), True, True, False, None),
        (error.InvalidToken(), True, True, False, None),
        (error.TelegramError("Internal Server Error"), True, False, False, None),
    ],
    ids=lambda value: type(value).__name__ if isinstance(value, Exception) else None,
)
def test_each_refusal_has_its_meaning(
    given: error.TelegramError, retry: bool, away: bool, gone: bool, after: float | None
) -> None:
    refusal = refusal_of(given)
    assert (refusal.retry, refusal.away, refusal.gone, refusal.is_fault) == (retry, away, gone, True)
    if after is not None:
        assert refusal.after == after


@pytest.mark.parametrize("as_timedelta", ["", "true"])
@pytest.mark.parametrize("wait", [1, 35, timedelta(seconds=35), timedelta(seconds=90, milliseconds=400)])
def test_the_seconds_asked_for_are_waited_whichever_way_the_library_gives_them(
    monkeypatch: pytest.MonkeyPatch, wait: int | timedelta, as_timedelta: str
) -> None:
    monkeypatch.setenv("PTB_TIMEDELTA", as_timedelta)
    seconds = wait.total_seconds() if isinstance(wait, timedelta) else wait
    after = refusal_of(error.RetryAfter(wait)).after
    assert isinstance(after, float)
    assert int(seconds) <= after <= seconds


def test_the_reason_names_the_kind_of_refusal_and_quotes_nothing() -> None:
    given = error.BadRequest("Bad Request: un logement discret 5001")
    assert refusal_of(given).reason == str(refusal_of(given)) == "BadRequest"


# -- the pace


async def test_a_chat_is_given_one_message_a_second(
    carrier: TelegramCarrier, clock: Clock, api: TestApi
) -> None:
    await carrier.hand_over(delivery())
    clock.at += 0.4
    refusal = await refused(carrier, delivery())
    assert (refusal.retry, refusal.away, refusal.gone, refusal.is_fault) == (True, False, False, False)
    assert refusal.after == pytest.approx(CHAT_SECONDS - 0.4)
    assert len(await calls(api)) == 1
    clock.at += refusal.after or 0
    await carrier.hand_over(delivery())
    assert len(await calls(api)) == 2


async def test_the_pace_of_a_chat_does_not_hold_the_others(carrier: TelegramCarrier, api: TestApi) -> None:
    for chat in ("5001", "5002", "5003", "-1001234567890"):
        await carrier.hand_over(delivery(chat))
    assert [call["chat_id"] for call in await calls(api)] == [5001, 5002, 5003, -1001234567890]


async def test_the_first_message_of_a_process_does_not_wait(carrier: TelegramCarrier, clock: Clock) -> None:
    clock.at = 0.0
    assert await carrier.hand_over(delivery())


async def test_a_message_held_by_the_pace_does_not_push_the_next_further(
    carrier: TelegramCarrier, clock: Clock
) -> None:
    await carrier.hand_over(delivery())
    for _ in range(4):
        clock.at += 0.2
        await refused(carrier, delivery())
    clock.at += 0.2
    assert await carrier.hand_over(delivery())


async def test_chats_of_long_ago_are_forgotten(
    carrier: TelegramCarrier, clock: Clock, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "_CHATS_REMEMBERED", 3)
    for rank in range(20):
        clock.at += 2 * CHAT_SECONDS
        carrier._keep_the_pace(str(rank))
        assert len(carrier._last) <= 5
    with pytest.raises(CannotSend):
        carrier._keep_the_pace("19")


# -- the request


async def test_the_message_reaches_the_chat_as_html_without_a_preview(
    carrier: TelegramCarrier, api: TestApi
) -> None:
    carrier_id = await carrier.hand_over(delivery(html="<b>RSA</b> : 5 &lt; 6 😀"))
    (sent,) = await calls(api)
    assert (sent["chat_id"], sent["text"], sent["parse_mode"]) == (5001, "<b>RSA</b> : 5 &lt; 6 😀", "HTML")
    assert json.loads(sent["link_preview_options"])["is_disabled"] is True
    assert not sent.get("reply_markup")
    (heard,) = await asyncio.to_thread(api.heard, 5001)
    assert carrier_id == f"{CHAT}:{heard.message_id}"


async def test_the_messages_of_two_chats_never_have_the_same_id(carrier: TelegramCarrier) -> None:
    ids = [await carrier.hand_over(delivery(chat)) for chat in ("5001", "5002")]
    assert len(set(ids)) == 2


async def test_each_button_stands_on_its_line_with_its_word(carrier: TelegramCarrier, api: TestApi) -> None:
    buttons = [["Parler à une personne", "A" * 16], ["En bref", "B" * 16]]
    await carrier.hand_over(delivery(buttons=buttons))
    (heard,) = await asyncio.to_thread(api.heard, 5001)
    rows = heard.reply_markup["inline_keyboard"]
    assert [[(b["text"], b["callback_data"]) for b in row] for row in rows] == [
        [tuple(button)] for button in buttons
    ]


async def test_an_answer_as_it_is_said_is_taken_whole(
    carrier: TelegramCarrier, api: TestApi, clock: Clock
) -> None:
    composer = Composer(knowledge(), load_settings({}))
    spoken = speak_on_telegram(composer.fiche("rsa", "apercu"), composer, True)
    for rank, text in enumerate(spoken.now):
        clock.at += CHAT_SECONDS
        await carrier.hand_over(Delivery(rank, "p", "c", 1, CHAT, text, Lane.REPLY, 1))
    heard = await asyncio.to_thread(api.heard, 5001)
    assert [message.text for message in heard] == [json.loads(text)["html"] for text in spoken.now]
    assert heard[-1].buttons


@pytest.mark.parametrize(
    ("status", "retry", "away", "gone", "after"),
    [
        (429, True, True, False, 9.0),
        (403, False, False, True, None),
        (400, False, False, False, None),
        (401, True, True, False, None),
        (500, True, True, False, None),
        (502, True, True, False, None),
    ],
)
async def test_a_refusal_of_the_server_is_read(
    carrier: TelegramCarrier,
    api: TestApi,
    status: int,
    retry: bool,
    away: bool,
    gone: bool,
    after: float | None,
) -> None:
    await asyncio.to_thread(api.fail, "sendMessage", status, 1, 9 if status == 429 else None)
    refusal = await refused(carrier, delivery())
    assert (refusal.retry, refusal.away, refusal.gone, refusal.after) == (retry, away, gone, after)


async def test_html_that_telegram_refuses_is_never_tried_again(carrier: TelegramCarrier) -> None:
    refusal = await refused(carrier, delivery(html="é" * 4097))
    assert (refusal.reason, refusal.retry, refusal.away) == ("BadRequest", False, False)


async def test_a_server_that_is_not_there_is_away(clock: Clock) -> None:
    bot = Bot(TOKEN, base_url="http://127.0.0.1:9/bot", request=HTTPXRequest(connect_timeout=2.0))
    await bot._request[1].initialize()
    refusal = await refused(TelegramCarrier(bot), delivery())
    await bot._request[1].shutdown()
    assert (refusal.retry, refusal.away, refusal.gone) == (True, True, False)


def test_nothing_is_paid(carrier: TelegramCarrier) -> None:
    assert carrier.segments(delivery()) == 0
