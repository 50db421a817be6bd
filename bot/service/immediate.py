"""What is answered without understanding: danger, command words, the human way and its form."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy.ext.asyncio import AsyncConnection

from bot.answers import choices
from bot.answers.compose import Composer
from bot.intake import commands
from bot.intake.danger import DangerDetector
from bot.intake.danger_foreign import language_of_danger
from bot.intake.masking import without_masks
from bot.language.foreign import find_language
from bot.model.answer import Answer, Choice
from bot.model.french import french_phone
from bot.service.after_request import AfterRequest
from bot.service.demande_flow import Around, DemandeFlow, FlowStep
from bot.service.requests import Requests
from bot.store import followups
from bot.store.cipher import Cipher
from bot.store.conversations import KIOSK, Conversation, Page, last_answer
from bot.store.own_data import read_held
from bot.store.told import read_told

SMS = "sms"
"""The channel of phones without buttons: it has words of its own, and knows the number one writes from."""
_ABOUT_THE_LAST = (commands.MORE, commands.SIMPLE, commands.LINK)


@dataclass(frozen=True)
class Outcome:
    """Answers to give, and the form in progress after them (None: no form, or the form is left)."""

    answers: tuple[Answer, ...]
    flow: FlowStep | None = None
    erase: bool = False
    pages: tuple[Page, ...] = ()
    """Pages already made, the first being what this answer sends (SUITE)."""


class Immediate:
    """Decide without Rasa."""

    def __init__(
        self, cipher: Cipher, composer: Composer, danger: DangerDetector, requests: Requests
    ) -> None:
        self._cipher = cipher
        self._composer = composer
        self._danger = danger
        self._requests = requests
        self._flow = DemandeFlow(composer)
        self._after = AfterRequest(cipher, composer, requests.promises)

    async def above_all(
        self,
        connection: AsyncConnection,
        conversation: Conversation,
        text: str | None,
        picked: Choice | None,
    ) -> Outcome | None:
        """Return what stands above any form and any message that waits: danger, commands, an erasure."""
        text = without_masks(text) if text else text
        dangers = self._danger.find(text) if text else ()
        if text and dangers:
            urgence = self._composer.urgence(dangers, language_of_danger(text))
            return Outcome((urgence,), FlowStep.read(conversation.flow))
        if picked and picked.value == choices.ERASE_YES:
            return Outcome((self._composer.erased(),), erase=True)
        if picked and picked.value == choices.OWN_DATA:
            return await self._own_data(connection, conversation)
        if not text or picked is not None:
            return None
        command = commands.find_command(text, by_address=conversation.address is not None)
        return await self._command(connection, conversation, command) if command else None

    async def decide(
        self,
        connection: AsyncConnection,
        conversation: Conversation,
        text: str | None,
        picked: Choice | None,
    ) -> Outcome | None:
        """Return what is answered without understanding, or None when Rasa must be asked."""
        above = await self.above_all(connection, conversation, text, picked)
        if above:
            return above
        if picked and (plain := self._plain_choice(picked.value)):
            return plain
        value = picked.value if picked else None
        step = FlowStep.read(conversation.flow)
        if said := await self._beside_the_form(connection, conversation, text, value):
            return Outcome(said)
        if step is None and value not in choices.STARTS_A_REQUEST:
            return None
        return await self._continue_flow(connection, conversation, step, text, value)

    async def _beside_the_form(
        self, connection: AsyncConnection, conversation: Conversation, text: str | None, value: str | None
    ) -> tuple[Answer, ...]:
        """Return what is said of a request already sent, of a place, in another language; in a form a text is its own."""
        is_free = FlowStep.read(conversation.flow) is None
        if value is None and not (is_free and text):
            return ()
        if said := await self._after.answer(connection, conversation, text, value):
            return said
        if is_free and value in choices.WITHIN_FORM:
            return (self._composer.no_form(),)
        answer = self._plain_text(without_masks(text)) if text and value is None else None
        return (answer,) if answer else ()

    async def _command(
        self, connection: AsyncConnection, conversation: Conversation, command: str
    ) -> Outcome | None:
        if command in _ABOUT_THE_LAST:
            before = await last_answer(connection, self._cipher, conversation.id)
            return self._about_the_last(conversation, command, before)
        if command == commands.OWN_DATA:
            return await self._own_data(connection, conversation)
        if command == commands.STOP:
            await followups.forget(connection, conversation.id)
        answers = {
            commands.STOP: self._composer.stop,
            commands.PERSON: self._composer.person,
            commands.ERASE: self._composer.erase_question,
            commands.HELP: self._composer.help,
            commands.CONTACT: self._composer.publisher,
            commands.NEW: self._composer.fresh_start,
        }
        return Outcome((answers[command](),))

    def _about_the_last(self, conversation: Conversation, command: str, before: Answer | None) -> Outcome:
        """Return what a word asks of the answer just given; a form in progress stays where it is."""
        step = FlowStep.read(conversation.flow)
        if command == commands.SIMPLE:
            return Outcome((self._composer.simpler(before),), step)
        if command == commands.LINK:
            return Outcome((self._composer.link(before),), step)
        if not conversation.pages:
            return Outcome((self._composer.no_more_pages(),), step)
        page = self._composer.page(conversation.pages[0].text, before)
        return Outcome((page,), step, pages=conversation.pages)

    async def _own_data(self, connection: AsyncConnection, conversation: Conversation) -> Outcome | None:
        """Return what is held about the person; a form in progress stays where it is."""
        held = await read_held(connection, self._cipher, conversation.id)
        step = FlowStep.read(conversation.flow)
        return Outcome((self._composer.own_data(held),), step) if held else None

    def _plain_choice(self, value: str) -> Outcome | None:
        answers = {
            choices.PERSON: self._composer.person,
            choices.ERASE: self._composer.erase_question,
            choices.ERASE_NO: self._composer.erase_cancelled,
            choices.HELP: self._composer.help,
            choices.PRIVACY: self._composer.privacy,
            choices.PLACES: self._composer.places,
            choices.ESTIMATE: self._composer.estimate,
        }
        return Outcome((answers[value](),)) if value in answers else None

    def _plain_text(self, text: str) -> Answer | None:
        """Return the answer to the name of a place alone, or to a message in another language than French."""
        if self._composer.is_only_a_place(text):
            return self._composer.places(text)
        language = find_language(text)
        return self._composer.foreign(language) if language else None

    async def _continue_flow(
        self,
        connection: AsyncConnection,
        conversation: Conversation,
        step: FlowStep | None,
        text: str | None,
        value: str | None,
    ) -> Outcome | None:
        turn = self._flow.advance(step, text, value, await self._around(connection, conversation))
        if turn is None:
            return None
        if turn.details is None:
            return Outcome((turn.answer,) if turn.answer else (), turn.step)
        ticket = await self._requests.record(
            connection, turn.details, conversation_id=conversation.id, channel=conversation.channel
        )
        reading = await self._after.promised(connection, ticket.reference)
        return Outcome((self._composer.demande_recorded(ticket, turn.details, reading),))

    async def _around(self, connection: AsyncConnection, conversation: Conversation) -> Around:
        """Return what the form may offer: the number one writes from, the conversation to read."""
        told = await read_told(connection, self._cipher, conversation.id)
        address = conversation.address if conversation.channel == SMS else None
        own_phone = french_phone(address.value) if address else None
        is_kept = conversation.channel != KIOSK  # else there is nothing to let an operator read
        return Around(own_phone, has_words=told.has_words and is_kept, subject=told.subject)
