"""Receive a message: clean it, mask it, recognise danger and commands, store it, and only then return.

What needs no understanding is answered in the same transaction, without Rasa: danger, command words,
choices of the human way, and the form of a request to a person.
"""

from __future__ import annotations

import uuid
from dataclasses import dataclass

from sqlalchemy.ext.asyncio import AsyncConnection

from bot.answers import choices
from bot.answers.compose import Composer
from bot.intake import commands
from bot.intake.danger import find_dangers
from bot.intake.masking import mask_identifiers
from bot.language.normalise import clean_text
from bot.knowledge.loader import Knowledge
from bot.model.answer import Answer, Choice
from bot.service.demande_flow import DemandeFlow, FlowStep
from bot.service.errors import ConversationGone, EmptyText, TextTooLong, UnknownChoice
from bot.settings import Settings
from bot.store import audit, queues
from bot.store import conversations as store
from bot.store.cipher import Cipher
from bot.store.conversations import ASSISTANT, USER, Conversation
from bot.store.database import Database
from bot.store.demandes import create_demande

MAX_TEXT = 2000


@dataclass(frozen=True)
class Incoming:
    """A message as a channel received it: a text or the value of a choice, and the sender's id of it."""

    text: str | None = None
    choice: str | None = None
    client_id: str | None = None


@dataclass(frozen=True)
class Receipt:
    """Proof that a message is stored. `erased` carries the last words when nothing is left to store."""

    seq: int
    needs_answer: bool = False
    duplicate: bool = False
    erased: Answer | None = None


@dataclass(frozen=True)
class _Outcome:
    """What the intake decided: answers given at once, and the form in progress after them."""

    answers: tuple[Answer, ...]
    flow: FlowStep | None = None
    erase: bool = False


class Intake:
    """The first half of the way of a message (docs/architecture.md)."""

    def __init__(
        self, database: Database, cipher: Cipher, knowledge: Knowledge, composer: Composer, settings: Settings
    ) -> None:
        self._database = database
        self._cipher = cipher
        self._knowledge = knowledge
        self._composer = composer
        self._settings = settings
        self._flow = DemandeFlow(composer)

    async def receive(self, conversation_id: str, incoming: Incoming) -> Receipt:
        """Store a message. Raises a `Refused` for what cannot be taken, and stores nothing then."""
        text, masked = self._read_text(incoming)
        if incoming.choice is not None and not choices.is_known(incoming.choice, self._knowledge.taxonomy):
            raise UnknownChoice
        dedupe_key = f"{conversation_id}:{incoming.client_id or uuid.uuid4().hex}"
        async with self._database.write() as connection:
            already = await queues.find_received(connection, dedupe_key)
            if already is not None:
                return Receipt(already, needs_answer=True, duplicate=True)
            conversation = await store.find_conversation(connection, self._cipher, conversation_id)
            if conversation is None:
                raise ConversationGone
            return await self._store(connection, conversation, text, incoming.choice, masked, dedupe_key)

    def _read_text(self, incoming: Incoming) -> tuple[str | None, tuple[str, ...]]:
        if incoming.text is None:
            return None, ()
        text = clean_text(incoming.text)
        if not text:
            raise EmptyText
        if len(text) > MAX_TEXT:
            raise TextTooLong(len(text), MAX_TEXT)
        masked = mask_identifiers(text)
        return masked.text, masked.kinds

    async def _store(
        self,
        connection: AsyncConnection,
        conversation: Conversation,
        text: str | None,
        choice: str | None,
        masked: tuple[str, ...],
        dedupe_key: str,
    ) -> Receipt:
        picked = self._picked_choice(conversation, text, choice)
        outcome = await self._decide(connection, conversation, text, picked)
        if outcome and outcome.erase:
            await store.erase_conversation(connection, conversation.id)
            await audit.note(connection, audit.CONVERSATION_ERASED)
            return Receipt(0, erased=outcome.answers[0])
        body = {"text": text or (picked.label if picked else choice)}
        if picked:
            body["choice"] = picked.value
        seq = await store.add_message(connection, self._cipher, conversation.id, USER, body)
        await queues.add_to_inbox(connection, seq, conversation.id, dedupe_key, done=outcome is not None)
        notices = [self._composer.masked(masked)] if masked else []
        answers = [*notices, *(outcome.answers if outcome else ())]
        if outcome:
            await self.store_answers(connection, conversation, answers, seq, outcome.flow)
        elif notices:
            await self.store_answers(connection, conversation, notices, None)
        return Receipt(seq, needs_answer=outcome is None)

    def _picked_choice(
        self, conversation: Conversation, text: str | None, choice: str | None
    ) -> Choice | None:
        """Return the choice picked by its value, or typed by its words or number."""
        if choice is not None:
            shown = {item.value: item.label for item in conversation.choices}
            return Choice(shown.get(choice) or self._composer.label_of(choice), choice)
        return choices.typed_choice(text or "", conversation.choices)

    async def _decide(
        self, connection: AsyncConnection, conversation: Conversation, text: str | None, picked: Choice | None
    ) -> _Outcome | None:
        """Return what is answered at once, or None when the message must be understood first."""
        dangers = find_dangers(text) if text else ()
        if dangers:
            return _Outcome((self._composer.urgence(dangers),), FlowStep.read(conversation.flow))
        if picked is None and text:
            command = commands.find_command(text)
            if command:
                return self._command(command)
            if conversation.flow is None and self._composer.is_only_a_place(text):
                return _Outcome((self._composer.places(text),))
        if picked and picked.value in choices.PLAIN_VALUES:
            handled = self._plain_choice(picked.value)
            if handled:
                return handled
        step = FlowStep.read(conversation.flow)
        value = picked.value if picked else None
        if step is None and value not in (choices.PERSON_CALL, choices.PERSON_BACK):
            return None
        return await self._continue_flow(connection, conversation, step, text, value)

    def _command(self, command: str) -> _Outcome:
        answers = {
            commands.STOP: self._composer.stop,
            commands.PERSON: self._composer.person,
            commands.ERASE: self._composer.erase_question,
            commands.HELP: self._composer.help,
            commands.CONTACT: self._composer.publisher,
        }
        return _Outcome((answers[command](),))

    def _plain_choice(self, value: str) -> _Outcome | None:
        if value == choices.ERASE_YES:
            return _Outcome((self._composer.erased(),), erase=True)
        answers = {
            choices.PERSON: self._composer.person,
            choices.ERASE: self._composer.erase_question,
            choices.ERASE_NO: self._composer.erase_cancelled,
            choices.HELP: self._composer.help,
            choices.PRIVACY: self._composer.privacy,
            choices.PLACES: self._composer.places,
            choices.ESTIMATE: self._composer.estimate,
        }
        return _Outcome((answers[value](),)) if value in answers else None

    async def _continue_flow(
        self,
        connection: AsyncConnection,
        conversation: Conversation,
        step: FlowStep | None,
        text: str | None,
        value: str | None,
    ) -> _Outcome | None:
        turn = self._flow.advance(step, text, value)
        if turn is None:
            return None
        if turn.details is None:
            return _Outcome((turn.answer,) if turn.answer else (), turn.step)
        ticket = await create_demande(
            connection,
            self._cipher,
            turn.details,
            conversation_id=conversation.id,
            channel=conversation.channel,
            territoire=self._knowledge.territoire.id,
        )
        return _Outcome((self._composer.demande_recorded(ticket, turn.details),))

    async def store_answers(
        self,
        connection: AsyncConnection,
        conversation: Conversation,
        answers: list[Answer],
        in_reply_to: int | None,
        flow: FlowStep | None = None,
    ) -> None:
        """Store answers for delivery, and the choices and form that go with them, in this transaction."""
        await store_answers(
            connection, self._cipher, conversation.id, conversation.channel, answers, in_reply_to
        )
        await store.keep_context(
            connection,
            self._cipher,
            conversation.id,
            flow=flow.to_json() if flow else None,
            choices=answers[-1].choices if answers else conversation.choices,
        )

    async def erase(self, conversation_id: str) -> None:
        """Erase a conversation in one transaction; only an audit line without content stays."""
        async with self._database.write() as connection:
            await store.erase_conversation(connection, conversation_id)
            await audit.note(connection, audit.CONVERSATION_ERASED)


async def store_answers(
    connection: AsyncConnection,
    cipher: Cipher,
    conversation_id: str,
    channel: str,
    answers: list[Answer],
    in_reply_to: int | None,
) -> None:
    """Add answers to the transcript and to the outbox."""
    for answer in answers:
        seq = await store.add_message(
            connection, cipher, conversation_id, ASSISTANT, {"answer": answer.to_json()}
        )
        await queues.add_to_outbox(connection, seq, conversation_id, channel, in_reply_to)
