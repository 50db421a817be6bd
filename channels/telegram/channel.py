"""Open and close Telegram with the application: nothing at all when no mode is set."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import AbstractAsyncContextManager

import structlog
from aiohttp import web
from telegram.error import InvalidToken

from bot.service.assistant import Assistant
from bot.settings import Settings
from channels.channel import Channel
from channels.handing import send_alone
from channels.keys import ASSISTANT, SETTINGS
from channels.telegram import webhook
from channels.telegram.carrier import TelegramCarrier
from channels.telegram.keys import ROBOT, RobotPlace
from channels.telegram.robot import WEBHOOK_PATH, Robot, open_bot
from channels.telegram.settings import TelegramSettings
from channels.telegram.updates import CHANNEL as NAME
from channels.telegram.voice import speak_on_telegram

ROUTES = (web.post(WEBHOOK_PATH, webhook.take_update),)
log = structlog.get_logger()


def is_set_up(settings: Settings) -> bool:
    """Tell whether a robot is set."""
    return bool(TelegramSettings.of(settings).telegram_mode)


async def open_telegram(app: web.Application) -> AsyncIterator[None]:
    """Take updates in and send answers until the application stops; the pages do not wait for Telegram."""
    if not is_set_up(app[SETTINGS]):
        yield
        return
    app[ROBOT] = RobotPlace()
    task = asyncio.create_task(_run(app, app[ROBOT]))
    try:
        yield
    finally:
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)


async def _run(app: web.Application, place: RobotPlace) -> None:
    settings, assistant = TelegramSettings.of(app[SETTINGS]), app[ASSISTANT]
    try:
        async with open_bot(settings) as bot:
            robot = Robot(bot, assistant, settings)
            place.robot = robot
            await robot.present_itself()
            async with send_alone(assistant, TelegramCarrier(bot)), _receive(assistant, robot, settings):
                await asyncio.Event().wait()
    except InvalidToken:
        log.exception("telegram_token_refused", mend="BOT_TELEGRAM_TOKEN")
    except Exception:
        log.exception("telegram_stopped")  # the other channels go on


def _receive(
    assistant: Assistant, robot: Robot, settings: TelegramSettings
) -> AbstractAsyncContextManager[None]:
    """Take updates in: one process alone asks Telegram for them; each is called when Telegram calls."""
    if settings.telegram_mode == "webhook":
        return robot.receiving()
    return assistant.leases.alone(f"receiver:{NAME}", robot.receiving)


def deep_link(app: web.Application, fiche: str) -> str | None:
    """Return the address that opens the robot at a fiche, once Telegram told its name."""
    place = app.get(ROBOT)
    if place is None or place.robot is None or place.robot.username is None:
        return None
    return f"https://t.me/{place.robot.username}?start={fiche}"


CHANNEL = Channel(
    name=NAME,
    label="Telegram",
    network="à Telegram",
    is_set_up=is_set_up,
    routes=ROUTES,
    open=open_telegram,
    voice=speak_on_telegram,
    deep_link=deep_link,
)
