"""Receive a message: clean it, mask it, store it, and only then return.

What needs no understanding is answered in the same transaction, without Rasa: danger, command words,
choices of the human way, and the form of a request to a person. Where a danger is only perhaps told, its numbers
are given there too, and the answer to the message follows.
"""

from __future__ import annotations

import asyncio
import uuid
from dataclasses import dataclass, replace
from typing import Any

from sqlalchemy.ext.asyncio import AsyncConnection

from bot.answers import choices
from bot.answers.compose import Composer
from bot.intake.danger import DangerDetector
from bot.intake.masking import CONTACTS, NOTHING, PHONE, is_only_masks, mask_identifiers, without_masks
from bot.language.normalise import clean_text
from bot.model.answer import Answer, AnswerType, Choice
from bot.service import metrics
from bot.service.demande_flow import FlowStep, Question
from bot.service.errors import ConversationGone, EmptyText, TextTooLong, UnknownChoice
from bot.service.immediate import Immediate, Outcome
from bot.service.operator_talk import OWN_CHOICES, OperatorTalk
from bot.service.promises import Promises
from bot.service.requests import Requests
from bot.service.sending import Sending, Spoken, Voices
from bot.store import addresses, audit, desk, queues
from bot.store import conversations as store
from bot.store.cipher import Cipher
from bot.store.conversations import ASSISTANT, TALK_OPERATOR, USER, Conversation, Page
from bot.store.database import Database, lock, now
from bot.store.demandes import Urgency

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
class _Read:
    """A message once read: its text without identifiers, or the choice it stands for."""

    text: str | None
    picked: Choice | None
    masked: tuple[str, ...]
    is_only_masks: bool = False

    def body(self) -> dict[str, Any]:
        """Return what is stored (encrypted) of the message."""
        picked = {"choice": self.picked.value} if self.picked else {}
        return {"text": self.text or (self.picked.label if self.picked else ""), **picked}


class Intake:
    """The first half of the way of a message (docs/architecture.md)."""

    def __init__(
        self,
        database: Database,
        cipher: Cipher,
        composer: Composer,
        danger: DangerDetector,
        voices: Voices,
        promises: Promises,
    ) -> None:
        self._database = database
        self._cipher = cipher
        self.composer = composer
        self.danger = danger
        self._promises = promises
        self.requests = Requests(cipher, composer, danger, promises)
        self._immediate = Immediate(cipher, composer, danger, self.requests)
        self._operators = OperatorTalk(cipher, composer, promises)
        self._sending = Sending(cipher, composer, voices)

    async def receive(self, conversation_id: str, incoming: Incoming) -> Receipt:
        """Store a message. Raises a `Refused` for what cannot be taken, and stores nothing then."""
        self.check(incoming)
        await self.look_for_danger(incoming.text)
        dedupe_key = f"{conversation_id}:{incoming.client_id or uuid.uuid4().hex}"
        async with self._database.write(conversation_id) as connection:
            already = await queues.find_received(connection, dedupe_key)
            if already is not None:
                return Receipt(already, needs_answer=True, duplicate=True)
            conversation = await store.find_conversation(connection, self._cipher, conversation_id)
            if conversation is None:
                raise ConversationGone
            return await self.take(connection, conversation, incoming, dedupe_key)

    async def look_for_danger(self, text: str | None) -> None:
        """Weigh a text in a thread, before the transaction that needs to know: the others are answered meanwhile."""
        if text and (cleaned := clean_text(text)):
            await asyncio.to_thread(self.danger.find, cleaned[:MAX_TEXT])

    def check(self, incoming: Incoming) -> None:
        """Raise the `Refused` that says why a message cannot be taken."""
        _read_text(incoming)
        if incoming.choice is not None and not choices.is_known(
            incoming.choice, self.composer.knowledge.taxonomy
        ):
            raise UnknownChoice

    async def take(
        self, connection: AsyncConnection, conversation: Conversation, incoming: Incoming, dedupe_key: str
    ) -> Receipt:
        """Store a message that was checked, and what is answered at once, in this transaction."""
        text = _read_text(incoming)
        picked = self._picked_choice(conversation, text, incoming.choice)
        if text is None:
            return await self._store(connection, conversation, _Read(None, picked, ()), dedupe_key)
        asked = await self._asked_for(connection, conversation) if picked is None else NOTHING
        masked = mask_identifiers(text, public=self.composer.knowledge.public_contacts, asked=asked)
        is_alone = not asked and conversation.flow is None and is_only_masks(masked.text)
        read = _Read(masked.text, picked, masked.kinds, is_alone)
        return await self._store(connection, conversation, read, dedupe_key)

    async def _asked_for(self, connection: AsyncConnection, conversation: Conversation) -> frozenset[str]:
        """Return the contact details the person was asked for: the number by the form, or any by an operator.

        Behind a message that waits the form may be left before its turn, and what was kept for it would go to Rasa.
        """
        step = FlowStep.read(conversation.flow)
        if step and step.question is Question.PHONE:
            is_late = await queues.has_waiting(connection, conversation.id)
            return NOTHING if is_late else frozenset((PHONE,))
        return CONTACTS if await self._operators.is_heard(connection, conversation) else NOTHING

    def _picked_choice(
        self, conversation: Conversation, text: str | None, choice: str | None
    ) -> Choice | None:
        """Return the choice picked by its value, or typed by its words or number."""
        if choice is not None:
            shown = {item.value: item.label for item in conversation.choices}
            return Choice(shown.get(choice) or self.composer.label_of(choice), choice)
        typed = choices.typed_choice(text or "", conversation.choices, conversation.menu)
        if typed and conversation.talk == TALK_OPERATOR and typed.value not in OWN_CHOICES:
            return None  # "1" or "oui" said to an operator is not a pick in the menu of before
        return typed

    async def _store(
        self, connection: AsyncConnection, conversation: Conversation, read: _Read, dedupe_key: str
    ) -> Receipt:
        is_behind = await queues.has_waiting(connection, conversation.id)
        outcome = await self._outcome(connection, conversation, read, is_behind=is_behind)
        is_told = outcome is not None and (read.is_only_masks or _tells_danger(outcome))
        if outcome and outcome.erase:
            await self._erase_all(connection, conversation, outcome.answers[0])
            return Receipt(0, erased=outcome.answers[0])
        body = read.body()
        if conversation.talk == TALK_OPERATOR:
            body["to"] = TALK_OPERATOR  # what an operator may read without a yes to the whole conversation
        seq = await store.add_message(connection, self._cipher, conversation.id, USER, body)
        await queues.add_to_inbox(
            connection, seq, conversation.id, dedupe_key, done=outcome is not None, behind=is_behind
        )
        metrics.note_received(conversation.channel)
        if danger := self._perhaps_danger(read, outcome):
            await self._add_answers(connection, conversation, (self.composer.perhaps_danger(danger),), seq)
        if read.masked and not is_told:
            notice = self.composer.masked(read.masked, in_form=conversation.flow is not None)
            await self._add_answers(connection, conversation, (notice,), seq)
        if outcome:
            await self.store_outcome(connection, conversation, outcome, seq)
        if danger or (outcome and _tells_danger(outcome)):
            due_at = self._promises.deadline(now(), Urgency.DANGER)
            await desk.raise_urgency(connection, conversation.id, due_at)
        return Receipt(seq, needs_answer=outcome is None)

    def _perhaps_danger(self, read: _Read, outcome: Outcome | None) -> str | None:
        """Return the danger that a message perhaps tells: its numbers are given at once, whatever answers it."""
        is_told = outcome and _tells_danger(outcome)
        if not read.text or read.picked or is_told:
            return None
        return self.danger.suspect(without_masks(read.text))

    async def _outcome(
        self, connection: AsyncConnection, conversation: Conversation, read: _Read, *, is_behind: bool
    ) -> Outcome | None:
        """Return what is answered at once. Behind a message that still waits, only what is above all is."""
        above = await self._immediate.above_all(connection, conversation, read.text, read.picked)
        if above and read.masked and _tells_danger(above):
            told, *others = above.answers  # the numbers first, then the kind word
            return replace(above, answers=(self.composer.with_masked(told, read.masked), *others))
        above = above or await self._operators.take(connection, conversation, read.text, read.picked)
        if above is None and read.is_only_masks:
            return Outcome((self.composer.only_masked(read.masked),))
        if above or is_behind:
            return above
        return await self._immediate.decide(connection, conversation, read.text, read.picked)

    async def decide_waiting(
        self, connection: AsyncConnection, conversation: Conversation, body: dict[str, Any]
    ) -> Outcome | None:
        """Return what needs no understanding of a message that waited its turn, or None."""
        picked = Choice(body["text"], body["choice"]) if "choice" in body else None
        return await self._immediate.decide(connection, conversation, body["text"], picked)

    async def store_outcome(
        self,
        connection: AsyncConnection,
        conversation: Conversation,
        outcome: Outcome,
        in_reply_to: int | None,
    ) -> None:
        """Store answers, and the choices and form that go with them, in this transaction."""
        answers = (self.composer.for_channel(answer, conversation.channel) for answer in outcome.answers)
        outcome = replace(outcome, answers=tuple(answers))
        spoken = await self._add_answers(
            connection, conversation, outcome.answers, in_reply_to, made=outcome.pages
        )
        shown = outcome.answers[-1].choices if outcome.answers else conversation.choices
        await store.keep_context(
            connection,
            self._cipher,
            conversation.id,
            flow=outcome.flow.to_json() if outcome.flow else None,
            choices=shown,
            menu=_menu(conversation, outcome, spoken),
            pages=spoken.later if spoken else (),
        )

    async def _add_answers(
        self,
        connection: AsyncConnection,
        conversation: Conversation,
        answers: tuple[Answer, ...],
        in_reply_to: int | None,
        *,
        made: tuple[Page, ...] = (),
        is_notice: bool = False,
        is_push: bool = False,
        sender: str = ASSISTANT,
    ) -> Spoken | None:
        """Store and queue answers; return how the last is said. `made` are pages that SUITE gives one by one."""
        spoken = Spoken((made[0].text,), made[1:], made[0].menu) if made else None
        for answer in answers:
            body = {"answer": answer.to_json()}
            seq = await store.add_message(connection, self._cipher, conversation.id, sender, body)
            await queues.add_to_outbox(connection, seq, conversation.id, conversation.channel, in_reply_to)
            if sender == ASSISTANT:
                metrics.note_answer(answer.type)
            if made:
                await self._sending.send_page(connection, conversation, made[0], seq)
            else:
                spoken = await self._sending.speak(
                    connection, conversation, answer, seq, is_notice=is_notice, is_push=is_push
                )
        return spoken

    async def tell_delay(self, connection: AsyncConnection, conversation: Conversation, seq: int) -> None:
        """Store the notice that a message will be answered later; the choices shown stay as they are."""
        await self._add_answers(connection, conversation, (self.composer.delayed(),), seq, is_notice=True)

    async def tell(
        self,
        connection: AsyncConnection,
        conversation: Conversation,
        answer: Answer,
        *,
        is_push: bool = False,
        sender: str = ASSISTANT,
        offers: bool = False,
    ) -> int:
        """Store and queue words that answer no message; return their `seq`.

        The choices shown before stay as they are; with `offers`, those of these words take their place. A form in
        progress goes on either way.
        """
        spoken = await self._add_answers(
            connection, conversation, (answer,), None, is_push=is_push, sender=sender
        )
        if offers:
            outcome = Outcome((answer,), FlowStep.read(conversation.flow))
            await store.keep_context(
                connection,
                self._cipher,
                conversation.id,
                flow=conversation.flow,
                choices=answer.choices,
                menu=_menu(conversation, outcome, spoken),
                pages=spoken.later if spoken else (),
            )
        return await store.last_seq(connection, conversation.id)

    async def text_to(
        self,
        connection: AsyncConnection,
        phone: str,
        text: str,
        conversation_id: str | None,
        seq: int | None = None,
        *,
        is_asked: bool = False,
    ) -> bool:
        """Queue an SMS for a number that was given to be answered at, `seq` being the message it says.

        Returns False after a STOP: nothing is sent. `is_asked` as for `Sending.text_to`.
        """
        return await self._sending.text_to(connection, phone, text, conversation_id, seq, is_asked=is_asked)

    async def erase(self, conversation_id: str, *, keep_requests: bool = False) -> None:
        """Erase a conversation in one transaction; only an audit line without content stays.

        `keep_requests` leaves the requests made in it, which are then tied to no conversation.
        """
        async with self._database.write(conversation_id) as connection:
            if keep_requests:
                await store.release_requests(connection, conversation_id)
            await self._erase(connection, conversation_id)

    async def _erase_all(
        self, connection: AsyncConnection, conversation: Conversation, last_words: Answer
    ) -> None:
        """Erase a conversation; on a channel with addresses, all that came from its address, and say so there."""
        address = conversation.address
        if address is None:
            await self._erase(connection, conversation.id)
            return
        for conversation_id in await addresses.conversations_of(connection, address.hash):
            await lock(connection, conversation_id)
            await self._erase(connection, conversation_id)
        await addresses.erase_address(connection, address.hash)
        await self._sending.say_goodbye(connection, conversation.channel, address, last_words)

    async def _erase(self, connection: AsyncConnection, conversation_id: str) -> None:
        await store.erase_conversation(connection, conversation_id)
        await audit.note(connection, audit.CONVERSATION_ERASED)


def _menu(conversation: Conversation, outcome: Outcome, spoken: Spoken | None) -> tuple[Choice, ...] | None:
    """Return the choices that a number picks where choices are not buttons (None: all): those of the last menu sent.

    Later answers without a menu change nothing; in a form, a number is an answer to its question.
    """
    if conversation.address is None or (spoken and spoken.menu is None):
        return None
    if outcome.flow is not None:
        return ()
    return (spoken.menu if spoken else None) or conversation.menu


def _tells_danger(outcome: Outcome) -> bool:
    return any(answer.type is AnswerType.URGENCE for answer in outcome.answers)


def _read_text(incoming: Incoming) -> str | None:
    """Return the text cleaned, None for a choice alone. Raises a `Refused`."""
    if incoming.text is None:
        if incoming.choice is None:
            raise EmptyText
        return None
    text = clean_text(incoming.text)
    if not text:
        raise EmptyText
    if len(text) > MAX_TEXT:
        raise TextTooLong(len(text), MAX_TEXT)
    return text
