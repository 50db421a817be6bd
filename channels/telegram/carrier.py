"""Hand messages to the Bot API, as slowly as Telegram asks and never to who left."""

from __future__ import annotations

import json
import time

from telegram import Bot, InlineKeyboardButton, InlineKeyboardMarkup, LinkPreviewOptions
from telegram.constants import ParseMode
from telegram.error import (
    BadRequest,
    ChatMigrated,
    Forbidden,
    InvalidToken,
    NetworkError,
    RetryAfter,
    TelegramError,
)

from bot.store.deliveries import Delivery
from channels.handing import CannotSend
from channels.telegram.updates import CHANNEL

CHAT_SECONDS = 1.0
"""Telegram takes about one message a second in a chat (core.telegram.org/bots/faq)."""
_CHATS_REMEMBERED = 5000


class TelegramCarrier:
    """Hands messages to one robot."""

    channel = CHANNEL

    def __init__(self, bot: Bot) -> None:
        self._bot = bot
        self._last: dict[str, float] = {}

    async def hand_over(self, delivery: Delivery) -> str | None:
        """Send a message and return Telegram's id of it. Raises CannotSend."""
        self._keep_the_pace(delivery.address)
        said = json.loads(delivery.text)
        rows = [[InlineKeyboardButton(label, callback_data=word)] for label, word in said["buttons"]]
        try:
            message = await self._bot.send_message(
                int(delivery.address),
                said["html"],
                parse_mode=ParseMode.HTML,
                reply_markup=InlineKeyboardMarkup(rows) if rows else None,
                link_preview_options=LinkPreviewOptions(is_disabled=True),
            )
        except TelegramError as error:
            raise refusal_of(error) from error
        return f"{delivery.address}:{message.message_id}"

    def _keep_the_pace(self, chat: str) -> None:
        moment = time.monotonic()
        rest = self._last.get(chat, -CHAT_SECONDS) + CHAT_SECONDS - moment
        if rest > 0:
            raise CannotSend("pace", retry=True, after=rest, is_fault=False)
        if len(self._last) > _CHATS_REMEMBERED:
            self._last = {key: at for key, at in self._last.items() if moment - at < CHAT_SECONDS}
        self._last[chat] = moment

    def segments(self, _delivery: Delivery) -> int:
        """Return 0: nothing is paid here."""
        return 0

    async def sent(self) -> None:
        """Do nothing more."""


def refusal_of(error: TelegramError) -> CannotSend:
    """Return what an error of the Bot API means for a message."""
    name = type(error).__name__
    if isinstance(error, RetryAfter):
        wait = error.retry_after
        seconds = wait if isinstance(wait, (int, float)) else wait.total_seconds()
        return CannotSend(name, retry=True, away=True, after=float(seconds))
    if isinstance(error, Forbidden):
        return CannotSend(name, retry=False, gone=True)
    if isinstance(error, InvalidToken):
        return CannotSend(name, retry=True, away=True)  # the token can be mended, the message is not at fault
    if isinstance(error, (BadRequest, ChatMigrated)):
        return CannotSend(name, retry=False)
    return CannotSend(name, retry=True, away=isinstance(error, NetworkError))
