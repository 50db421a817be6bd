"""What `bot` does about SMS."""

from __future__ import annotations

import argparse
import asyncio
from collections.abc import Iterator
from typing import TYPE_CHECKING

from bot.exit_codes import CANNOT_START, OK
from bot.settings import Settings
from channels.channel import Command
from channels.sms.settings import SmsSettings

if TYPE_CHECKING:
    from bot.answers.compose import Composer
    from bot.model.answer import Answer


def preview(answer: Answer, composer: Composer) -> Iterator[str]:
    """Yield every page with its length: the first is sent, each other when SUITE is written."""
    from bot.render.gsm import MAX_SEPTETS, count_segments, count_septets
    from bot.render.sms import sms_pages

    for page in sms_pages(answer, composer.sms_wording()):
        yield page.text
        yield f"   [{count_septets(page.text)} caractères sur {MAX_SEPTETS}, {count_segments(page.text)} SMS]"


def _try(settings: Settings, _: argparse.Namespace) -> int:
    from channels.sms.trial import try_sms

    return OK if try_sms(settings) else CANNOT_START


def _print_state(settings: Settings, _: argparse.Namespace) -> int:
    from channels.sms.state import print_sms_state

    asyncio.run(print_sms_state(SmsSettings.of(settings)))
    return OK


COMMANDS = (
    Command("sms-essai", "Essayer l'assistant par SMS dans le terminal, avec un vrai Kannel local.", _try),
    Command("sms-etat", "Dire où en sont les SMS : file d'envoi, accusés, segments du mois.", _print_state),
)
