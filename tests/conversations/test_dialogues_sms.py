"""The same dialogues held from a phone, through a real Kannel: same answers, in SMS of two segments at most."""

from __future__ import annotations

from collections.abc import AsyncIterator
from itertools import count
from pathlib import Path
from typing import Any

import pytest

from bot.store.conversations import StoredMessage
from channels.api.message_json import message_json
from channels.sms.local_kannel import Received
from tests.conversations.conversation_test_language import Dialogue, check, load_dialogues
from tests.running import RunningSms
from tests.witness import Witness, until, witness_of

# What an SMS says to answer, for the choices that a page shows as buttons.
WORDS = {
    "Être rappelé": "RAPPEL",
    "Ici, par écrit": "ICI",
    "Un rendez-vous": "RDV",
    "Sur place, avec une personne": "LIEU",
    "Chez moi, sans me déplacer": "DOMICILE",
    "Oui, elle peut lire": "OUI",
    "Non, elle ne peut pas lire": "NON",
    "Le matin": "MATIN",
    "L'après-midi": "APRES-MIDI",
    "Peu importe": "PASSER",
    "Où en est ma demande ?": "ETAT",
    "Retirer ma demande": "RETIRER",
    "Oui, retirer ma demande": "OUI",
    "Non, garder ma demande": "NON",
    "Passer": "PASSER",
    "Envoyer ma demande": "ENVOYER",
    "Oui, tout effacer": "OUI",
    "Non, garder": "NON",
    "Parler à une personne": "PERSONNE",
}
_PHONES = count(639981000)


class Phone:
    """A phone without buttons, and what is heard on it."""

    def __init__(self, running: RunningSms, witness: Witness) -> None:
        self.number = f"+33{next(_PHONES)}"
        self._running = running
        self._witness = witness
        self._written = 0
        self.heard = 0

    @property
    def inbox(self) -> list[Received]:
        """Return what came to this phone."""
        return [message for message in self._running.kannel.messages if message.phone == self.number]

    async def type_choice(self, label: str) -> str:
        """Return what a person types for a choice: its number in the last menu, else the word the SMS says."""
        conversation = await self._witness.conversation(self.number)
        menu = [choice.label for choice in conversation.menu] if conversation else []
        return str(menu.index(label) + 1) if label in menu else WORDS.get(label, label)

    async def say(self, text: str) -> list[StoredMessage]:
        """Send a text and return the answers as stored, once their SMS have come."""
        self._running.kannel.write(self.number, text)
        self._written += 1
        said = await until(lambda: self._witness.said(self.number), lambda s: len(s) >= self._written)
        replies = await until(lambda: self._witness.replies(self.number, said[-1].seq), bool)
        await self.wait_for(len(replies))
        return replies

    async def say_last(self, text: str) -> Received:
        """Send what erases everything, and return the last SMS."""
        self._running.kannel.write(self.number, text)
        await self.wait_for(1)
        self._written = 0
        return self.inbox[-1]

    async def wait_for(self, more: int) -> None:
        """Wait until so many more SMS have come."""

        async def come() -> int:
            return len(self.inbox)

        self.heard += more
        await until(come, lambda n: n >= self.heard)


@pytest.fixture
async def phone(running_sms: RunningSms) -> AsyncIterator[Phone]:
    async with witness_of(running_sms.bot.var) as witness:
        yield Phone(running_sms, witness)


@pytest.mark.parametrize("dialogue", load_dialogues(Path(__file__).parent), ids=str)
async def test_the_dialogue_goes_as_written_by_sms_too(dialogue: Dialogue, phone: Phone) -> None:
    await phone.say("bonjour")  # past the first SMS, in which who speaks leaves no room for a menu
    for turn in dialogue.turns:
        text = str(turn["dit"]) if "dit" in turn else await phone.type_choice(turn["choisit"])
        if turn.get("choisit") == "Oui, tout effacer":
            last = await phone.say_last(text)
            assert all(word in last.text for word in turn["entend"]["texte"])
            continue
        replies = await phone.say(text)
        check_turn(turn, replies, await phone._witness.state(phone.number))
    assert len(phone.inbox) == phone.heard
    assert all(message.segments <= 2 for message in phone.inbox)


def check_turn(turn: dict[str, Any], replies: list[StoredMessage], state: str) -> None:
    messages = [message_json(reply) for reply in replies]
    check(turn.get("entend", {}), {"messages": messages, "state": state}, messages[-1])


async def test_the_first_sms_says_who_speaks_and_the_second_does_not(phone: Phone) -> None:
    await phone.say("bonjour")
    await phone.say("bonjour encore")
    first, second = phone.inbox
    assert "Assistant automatique" in first.text
    assert "PERSONNE" in first.text
    assert "30 jours" in first.text
    assert "Assistant automatique" not in second.text


async def test_the_numbers_of_a_danger_come_first_and_alone(phone: Phone) -> None:
    await phone.say("mon mari me frappe")
    (only,) = phone.inbox
    assert only.text.startswith("Danger : appelez le 17")
    assert "Assistant automatique" not in only.text


async def test_places_are_found_by_postal_code(phone: Phone) -> None:
    await phone.say("35290")
    assert "02 99 09 44 56" in phone.inbox[-1].text


async def test_a_call_is_asked_for_at_the_number_one_writes_from(phone: Phone) -> None:
    await phone.say("PERSONNE")
    await phone.say("RAPPEL")
    assert "numéro de ce téléphone" in phone.inbox[-1].text
    for word in ("OUI", "PASSER", "PASSER", "PASSER", "ENVOYER"):
        await phone.say(word)
    assert "Référence" in phone.inbox[-1].text
    shown = f"0{phone.number[3:]}"
    assert " ".join(shown[i : i + 2] for i in range(0, 10, 2)) in phone.inbox[-2].text
