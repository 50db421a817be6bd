"""What `bot` does about Telegram."""

from __future__ import annotations

import argparse
from collections.abc import Iterable
from typing import TYPE_CHECKING

from bot.exit_codes import CANNOT_START, OK
from bot.settings import Settings
from channels.channel import Command

if TYPE_CHECKING:
    from bot.answers.compose import Composer
    from bot.model.answer import Answer


def preview(answer: Answer, _: Composer) -> Iterable[str]:
    """Return the messages, with the marks that Telegram reads."""
    from channels.telegram.render import render_telegram

    return render_telegram(answer)


def _try(settings: Settings, _: argparse.Namespace) -> int:
    from channels.telegram.trial import try_telegram

    return OK if try_telegram(settings) else CANNOT_START


COMMANDS = (
    Command(
        "telegram-essai",
        "Essayer l'assistant sur Telegram dans le terminal, avec un serveur local.",
        _try,
    ),
)
