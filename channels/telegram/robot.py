"""Our robot at Telegram: how updates reach us, and what it says of itself."""

from __future__ import annotations

import asyncio
import warnings
from collections.abc import AsyncIterator, Coroutine
from contextlib import asynccontextmanager
from typing import Any

import structlog
from telegram import Bot, BotCommand, Update
from telegram.constants import ChatAction
from telegram.error import InvalidToken, TelegramError
from telegram.ext import AIORateLimiter, ExtBot
from telegram.warnings import PTBUserWarning

from bot.knowledge.taxonomy import Taxonomy
from bot.service.assistant import Assistant
from bot.service.correspondence import Reception
from bot.service.logs import failure
from channels.failures import is_store_away
from channels.handing import PAUSE_SECONDS, first_of
from channels.telegram.buttons import values_by_word
from channels.telegram.settings import TelegramSettings
from channels.telegram.updates import ALLOWED_UPDATES, COMMANDS, UpdateReader

POLL_SECONDS = 20
TYPING_SECONDS = 4.5
MAX_TYPING = 4
ANSWER_SECONDS = 5
MAX_TRIES = 4
EMPTY_SECONDS = 0.3
"""A rest after a poll that gave nothing: some servers answer at once instead of waiting."""
DESCRIPTION = (
    "Assistant automatique sur vos droits et vos démarches. Écrivez votre question avec vos mots. "
    "Pour parler à une personne, écrivez PERSONNE."
)
SHORT_DESCRIPTION = "Assistant automatique : vos droits, vos démarches, et le chemin vers une personne."
log = structlog.get_logger()


class Robot:
    """Takes updates in, and does around them what is not an answer: stop a button turning, show that we write."""

    def __init__(self, bot: Bot, assistant: Assistant, settings: TelegramSettings) -> None:
        self._bot = bot
        self._assistant = assistant
        self._settings = settings
        self._tasks: set[asyncio.Task[None]] = set()
        self._words: tuple[Taxonomy, dict[str, str]] | None = None
        self._reader = UpdateReader(bot.bot, self._values)

    @property
    def username(self) -> str | None:
        """Return the name it is found by."""
        return self._bot.bot.username

    def _values(self) -> dict[str, str]:
        """Return the values of buttons by their words, made again when the knowledge changed."""
        taxonomy = self._assistant.knowledge.taxonomy
        if self._words is None or self._words[0] is not taxonomy:
            self._words = (taxonomy, values_by_word(taxonomy))
        return self._words[1]

    async def take(self, data: dict[str, Any]) -> None:
        """Store an update; it may be acknowledged after this. What cannot be read is left."""
        try:
            read = self._reader.read(Update.de_json(data, self._bot))
        except Exception as error:  # noqa: BLE001 - given again, it would be as unreadable
            log.warning("telegram_update_unreadable", **failure(error))
            return
        if read.inbound is not None:
            reception = await self._assistant.receive_from(read.inbound)
            log.info(
                "telegram_received", result=reception.result.value, conversation=reception.conversation_id
            )
            self._show_typing(read.chat, reception)
        if read.callback is not None:
            self._do(self._bot.answer_callback_query(read.callback), "callback_not_answered")

    def _show_typing(self, chat: int | None, reception: Reception) -> None:
        if chat is not None and reception.receipt and reception.receipt.needs_answer:
            self._do(self._type_until_settled(chat, reception.receipt.seq), "typing_not_shown")

    async def _type_until_settled(self, chat: int, seq: int) -> None:
        """Show that we write until the message is answered: the sign lasts 5 seconds (core.telegram.org/bots/api)."""
        for _ in range(MAX_TYPING):
            await self._bot.send_chat_action(chat, ChatAction.TYPING)
            await asyncio.sleep(TYPING_SECONDS)
            if await self._assistant.is_settled(seq):
                return

    def _do(self, act: Coroutine[Any, Any, Any], event: str) -> None:
        """Do beside the rest what may fail without harm."""
        task = asyncio.create_task(self._try(act, event))
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    async def _try(self, act: Coroutine[Any, Any, Any], event: str) -> None:
        try:
            await act
        except Exception as error:  # noqa: BLE001 - beside the answer: nothing depends on it
            log.info(event, reason=type(error).__name__)

    async def present_itself(self) -> None:
        """Set the commands and descriptions; Telegram being away is no reason not to start."""
        orders = [BotCommand(name, text) for name, text in COMMANDS.items()]
        await self._try(self._bot.set_my_commands(orders), "commands_not_set")
        await self._try(self._bot.set_my_description(DESCRIPTION), "description_not_set")
        await self._try(self._bot.set_my_short_description(SHORT_DESCRIPTION), "description_not_set")

    @asynccontextmanager
    async def receiving(self) -> AsyncIterator[None]:
        """Ask Telegram to call us, or ask it for updates, until the end."""
        stopping = asyncio.Event()
        run = self._set_webhook if self._settings.telegram_mode == "webhook" else self._poll
        task = asyncio.create_task(run(stopping))
        try:
            yield
        finally:
            stopping.set()
            for running in (task, *self._tasks):
                running.cancel()
            await asyncio.gather(task, *self._tasks, return_exceptions=True)

    async def _set_webhook(self, stopping: asyncio.Event) -> None:
        url = f"{self._settings.public_url.rstrip('/') or self._settings.local_url}{WEBHOOK_PATH}"
        attempt = 0
        while not stopping.is_set():
            try:
                await self._bot.set_webhook(
                    url, allowed_updates=ALLOWED_UPDATES, secret_token=self._settings.telegram_secret
                )
            except TelegramError as error:
                log.warning("webhook_not_set", reason=type(error).__name__)
                pause = PAUSE_SECONDS[min(attempt, len(PAUSE_SECONDS) - 1)]
                attempt += 1
                await first_of(stopping.wait(), seconds=pause)
            else:
                log.info("webhook_set")
                return

    async def _ask(self, offset: int) -> list[dict[str, Any]]:
        """Return the next updates as Telegram wrote them: one that cannot be read must not hold back the others."""
        query = {"offset": offset, "timeout": POLL_SECONDS, "allowed_updates": list(ALLOWED_UPDATES)}
        waiting = POLL_SECONDS + ANSWER_SECONDS
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", PTBUserWarning)  # its own method reads the updates, all or none
            found: list[dict[str, Any]] = await self._bot.do_api_request(
                "getUpdates", api_kwargs=query, read_timeout=waiting
            )
        return found

    async def _poll(self, stopping: asyncio.Event) -> None:
        """Take updates in order; the next ones are asked for, which acknowledges these, once they are stored."""
        await self._try(self._bot.delete_webhook(), "webhook_not_deleted")
        offset, failures = 0, 0
        while not stopping.is_set():
            try:
                for data in (updates := await self._ask(offset)):
                    try:
                        await self.take(data)
                    except Exception as error:
                        if is_store_away(error) or failures < MAX_TRIES:
                            raise
                        log.exception("telegram_update_left")  # it must not hold back the others for ever
                    offset, failures = data["update_id"] + 1, 0
                failures = 0
                if not updates:
                    await first_of(stopping.wait(), seconds=EMPTY_SECONDS)
            except Exception as error:  # noqa: BLE001 - Telegram or the store is away: asked again
                log.warning("updates_not_taken", reason=type(error).__name__)
                pause = PAUSE_SECONDS[min(failures, len(PAUSE_SECONDS) - 1)]
                failures += 1
                await first_of(stopping.wait(), seconds=pause)


WEBHOOK_PATH = "/telegram/maj"


@asynccontextmanager
async def open_bot(settings: TelegramSettings) -> AsyncIterator[Bot]:
    """Open the Bot API and learn our own name, trying again while Telegram is away. Raises InvalidToken."""
    base = settings.telegram_api_url.rstrip("/")
    bot: Bot = ExtBot(
        settings.telegram_token,
        base_url=f"{base}/bot",
        base_file_url=f"{base}/file/bot",
        # Not in groups: it would wait within the only sender, and everybody with it. Telegram's own 429 is obeyed.
        rate_limiter=AIORateLimiter(group_max_rate=0, max_retries=0),
    )
    failures = 0
    while True:
        try:
            await bot.initialize()
            break
        except InvalidToken:
            raise
        except TelegramError as error:
            log.warning("telegram_away", reason=type(error).__name__)
            await asyncio.sleep(PAUSE_SECONDS[min(failures, len(PAUSE_SECONDS) - 1)])
            failures += 1
    try:
        yield bot
    finally:
        await bot.shutdown()
