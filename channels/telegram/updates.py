"""Read what Telegram sends: an update becomes a message of the assistant's, or nothing.

Only these three kinds are asked for; anything else is left. https://core.telegram.org/bots/api#update
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from functools import partial

from telegram import CallbackQuery, Message, MessageEntity, Update, User
from telegram.constants import ChatType

from bot.answers import choices, labels
from bot.answers.compose import Composer
from bot.intake import commands
from bot.model.answer import Answer
from bot.service.correspondence import Inbound
from channels.telegram import answers

CHANNEL = "telegram"
ALLOWED_UPDATES = ("message", "edited_message", "callback_query")
COMMANDS = {
    "start": "Commencer, et savoir qui vous parle",
    "aide": "Ce que je sais faire",
    "lieu": "Un lieu près de chez vous",
    "personne": "Parler à une personne",
    "simple": "Dire plus simplement",
    "vie_privee": "Ce qui est gardé, et pour combien de temps",
    "mes_donnees": "Ce que j'ai sur vous",
    "effacer": "Effacer notre conversation",
    "stop": "Ne plus rien recevoir",
}
"""The commands and what they are for, as Telegram shows them."""
_WORDS = {"simple": "SIMPLE", "effacer": "EFFACER", "stop": "STOP", "help": "AIDE", "settings": "AIDE"}
_CHOICES = {"aide": choices.HELP, "personne": choices.PERSON, "mes_donnees": choices.OWN_DATA}
_REPLIES = {
    "lieu": answers.where,
    "vie_privee": answers.privacy,
    "privacy": answers.privacy,  # asked of every robot (telegram.org/tos/bot-developers, 4)
}
_PERSONAL = (commands.PERSON, commands.ERASE, commands.STOP, commands.OWN_DATA)
_PERSONAL_LABELS = (
    labels.PERSON,
    labels.CALL_ME,
    labels.WRITE_HERE,
    labels.TEXT_ME,
    labels.MEETING,
    labels.AT_PLACE,
    labels.AT_HOME,
    labels.THIS_PHONE,
    labels.SEND,
    labels.ERASE,
    labels.OWN_DATA,
)
_NUMBERS = 9
_PERSONAL_CHOICES = re.compile(r"(?:personne|effacer|vie-privee|mes-donnees|transmettre|suivi|droit:)")
_COMMAND = re.compile(r"/([A-Za-z0-9_]{1,32})(?:@(\w+))?(?:\s+(.*))?", re.DOTALL)


@dataclass(frozen=True)
class Read:
    """An update once read. `callback` is what must be answered so that the button stops turning."""

    inbound: Inbound | None
    chat: int | None = None
    callback: str | None = None


class UpdateReader:
    """Reads the updates of one robot."""

    def __init__(self, robot: User, values: Callable[[], Mapping[str, str]]) -> None:
        self._robot = robot
        self._values = values

    def read(self, update: Update) -> Read:
        """Return what an update asks. Edited messages count as new ones: they get the new answer."""
        key = f"update:{self._robot.id}:{update.update_id}"
        if update.callback_query is not None:
            return self._read_tap(update.callback_query, key)
        message = update.message or update.edited_message
        if message is None or (message.from_user and message.from_user.is_bot):
            return Read(None)
        if update.edited_message is not None and message.location is not None:
            return Read(None)  # a position shared live, that moved
        is_group = message.chat.type != ChatType.PRIVATE
        if is_group and not self._is_addressed(message):
            return Read(None)
        inbound = self._read_message(message, key)
        if inbound is not None and is_group and _is_personal(inbound):
            inbound = self._in_private(message.chat.id, key)
        return Read(inbound, message.chat.id)

    def _read_tap(self, tap: CallbackQuery, key: str) -> Read:
        if tap.message is None:
            return Read(None, callback=tap.id)  # a message too old for Telegram to say where it stood
        chat = tap.message.chat
        value = self._values().get(tap.data or "")
        if value is None:
            inbound = Inbound(CHANNEL, str(chat.id), None, key, reply=answers.unknown_order)
        elif chat.type != ChatType.PRIVATE and _PERSONAL_CHOICES.match(value):
            inbound = self._in_private(chat.id, key)
        else:
            inbound = Inbound(CHANNEL, str(chat.id), None, key, choice=value)
        twin = f"{tap.message.message_id}:{tap.data}"
        return Read(replace(inbound, twin=twin), chat.id, tap.id)

    def _read_message(self, message: Message, key: str) -> Inbound | None:
        address = str(message.chat.id)
        if message.location is not None:
            # Used for this answer, and kept nowhere.
            around = partial(
                _around, latitude=message.location.latitude, longitude=message.location.longitude
            )
            return Inbound(CHANNEL, address, None, key, reply=around)
        written = message.text or message.caption  # of a photo, its words are read
        if written is None:
            return Inbound(CHANNEL, address, None, key) if _is_content(message) else None
        text = self._without_mention(written)
        order = _COMMAND.fullmatch(text)
        return self._read_order(order, address, key) if order else Inbound(CHANNEL, address, text, key)

    def _read_order(self, order: re.Match[str], address: str, key: str) -> Inbound | None:
        name, robot, rest = order[1].lower(), order[2], (order[3] or "").strip()
        if robot and robot.lower() != (self._robot.username or "").lower():
            return None  # meant for another robot of the group
        if name == "start":
            return self._start(rest, address, key)
        if name == "lieu" and rest:
            return Inbound(CHANNEL, address, rest, key)
        if name in _CHOICES:
            return Inbound(CHANNEL, address, None, key, choice=_CHOICES[name])
        if name in _WORDS:
            return Inbound(CHANNEL, address, _WORDS[name], key)
        return Inbound(CHANNEL, address, None, key, reply=_REPLIES.get(name, answers.unknown_order))

    def _start(self, payload: str, address: str, key: str) -> Inbound:
        """Return what /start asks: the welcome, or the fiche that a poster's QR code names (`/start apl`)."""
        value = choices.fiche_value(payload)
        if payload and value in self._values().values():
            return Inbound(CHANNEL, address, None, key, choice=value)
        return Inbound(CHANNEL, address, None, key, reply=Composer.welcome)

    def _is_addressed(self, message: Message) -> bool:
        """Tell whether a message of a group is for us: an order, an answer to us, our name."""
        answered = message.reply_to_message
        if answered and answered.from_user and answered.from_user.id == self._robot.id:
            return True
        text = message.text or message.caption or ""
        entities = message.entities or ()
        if any(entity.type == MessageEntity.BOT_COMMAND and entity.offset == 0 for entity in entities):
            return True
        return re.search(rf"@{re.escape(self._robot.username or '')}(?!\w)", text, re.IGNORECASE) is not None

    def _without_mention(self, text: str) -> str:
        if text.startswith("/"):
            return text.strip()
        return re.sub(rf"@{re.escape(self._robot.username or '')}\b", "", text, flags=re.IGNORECASE).strip()

    def _in_private(self, chat: int, key: str) -> Inbound:
        link = f"https://t.me/{self._robot.username}"
        return Inbound(CHANNEL, str(chat), None, key, reply=partial(answers.in_private, link=link))


def _around(composer: Composer, *, latitude: float, longitude: float) -> Answer:
    return composer.places_around(latitude, longitude)


def _is_personal(inbound: Inbound) -> bool:
    """Tell whether a message of a group would start what only its author should read."""
    if inbound.choice is not None:
        return _PERSONAL_CHOICES.match(inbound.choice) is not None
    text = inbound.text or ""
    # A number may pick a personal choice of the last answer: in a group, choices are tapped.
    any_number = (labels.PERSON,) * _NUMBERS
    picked = choices.typed_choice(text, _PERSONAL_LABELS, any_number)
    return picked is not None or commands.find_command(text) in _PERSONAL


def _is_content(message: Message) -> bool:
    """Tell whether somebody sent something: not "X joined the group"."""
    return any(
        (
            message.voice, message.audio, message.photo, message.video, message.video_note, message.document,
            message.sticker, message.animation, message.contact, message.poll, message.dice, message.venue,
        )
    )  # fmt: skip
