"""What a person says while an operator holds their request: who hears it, and the way back to the assistant.

Dangers and command words were dealt with before. The assistant is never muted: a choice picked in a list, or the word
ASSISTANT, is always its own to answer.
"""

from __future__ import annotations

from sqlalchemy.ext.asyncio import AsyncConnection

from bot.answers import choices
from bot.answers.compose import Composer
from bot.language.normalise import fold
from bot.model.answer import Choice
from bot.service.after_request import asks_for_the_state, asks_to_withdraw
from bot.service.demande_flow import FlowStep
from bot.service.immediate import Outcome
from bot.service.promises import Promises
from bot.store import desk
from bot.store.cipher import Cipher
from bot.store.conversations import TALK_BOT, TALK_OPERATOR, Conversation, set_talk
from bot.store.database import now
from bot.store.demandes import TAKEN, WAITING, Demande

_BACK = frozenset(
    ("assistant", "robot", "bot", "l assistant", "retour", "retour assistant", "revenir a l assistant")
)
OWN_CHOICES = frozenset(
    (
        choices.TALK_OPERATOR,
        choices.TALK_ASSISTANT,
        choices.PERSON_WAIT,
        choices.HAND_YES,
        choices.HAND_NO,
    )
)


class OperatorTalk:
    """Decide who a message is for."""

    def __init__(self, cipher: Cipher, composer: Composer, promises: Promises) -> None:
        self._cipher = cipher
        self._composer = composer
        self._promises = promises

    async def is_heard(self, connection: AsyncConnection, conversation: Conversation) -> bool:
        """Tell whether what the person writes now is read by an operator: one holds their request and talks with them."""
        if conversation.talk != TALK_OPERATOR or conversation.flow is not None:
            return False
        requests = await desk.open_of(connection, self._cipher, conversation.id)
        return any(request.status == TAKEN for request in requests)

    async def take(
        self,
        connection: AsyncConnection,
        conversation: Conversation,
        text: str | None,
        picked: Choice | None,
    ) -> Outcome | None:
        """Return what is said of a message about or for an operator, or None when it is the assistant's to answer.

        The operator reads it in the transcript: nothing else is to be done with it.
        """
        value = picked.value if picked else None
        if conversation.talk != TALK_OPERATOR and value not in OWN_CHOICES:
            return None
        requests = await desk.open_of(connection, self._cipher, conversation.id)
        if value == choices.PERSON_WAIT:
            return await self._wait(connection, requests)
        if value in (choices.HAND_YES, choices.HAND_NO):
            return await self._hand_on(connection, requests, agreed=value == choices.HAND_YES)
        held = next((request for request in requests if request.status == TAKEN), None)
        if held is None:
            await set_talk(connection, conversation.id, TALK_BOT)
            return Outcome((self._composer.no_operator(),)) if value in OWN_CHOICES else None
        return await self._between(connection, conversation, held, text or "", value)

    async def _between(
        self,
        connection: AsyncConnection,
        conversation: Conversation,
        held: Demande,
        text: str,
        value: str | None,
    ) -> Outcome | None:
        """Return what is said of a message while a request is held: a change of hearer, or words for the operator."""
        name = await self._name(connection, held)
        step = FlowStep.read(conversation.flow)
        if value == choices.TALK_OPERATOR:
            await set_talk(connection, conversation.id, TALK_OPERATOR)
            return Outcome((self._composer.back_to_operator(name),))
        if value == choices.TALK_ASSISTANT or (value is None and fold(text) in _BACK):
            await set_talk(connection, conversation.id, TALK_BOT)
            return Outcome((self._composer.back_to_assistant(name),), step)
        about_request = asks_for_the_state(text) or asks_to_withdraw(text)
        if value is not None or step is not None or about_request:
            return None
        is_first = held.person_at is None or (held.replied_at and held.person_at < held.replied_at)
        await desk.mark_heard(connection, conversation.id)
        return Outcome((self._composer.operator_heard(name),) if is_first else ())

    async def _wait(self, connection: AsyncConnection, requests: list[Demande]) -> Outcome:
        waiting = next((request for request in requests if request.status == WAITING), None)
        if waiting is None:
            return Outcome((self._composer.no_operator(),))
        await desk.wait_until(connection, waiting.reference, self._promises.deadline(now(), waiting.urgency))
        await desk.add_event(connection, waiting.reference, desk.WAITS)
        when = self._promises.say(now(), waiting.urgency)
        return Outcome((self._composer.goes_on_waiting(waiting.reference, when),))

    async def _hand_on(
        self, connection: AsyncConnection, requests: list[Demande], *, agreed: bool
    ) -> Outcome:
        """Keep the person's yes or no to another body, for the request it was asked about last."""
        for request in reversed(requests):
            events = await desk.list_events(connection, self._cipher, request.reference)
            asked = [event for event in events if event.kind in (desk.ASKED, desk.AGREED, desk.REFUSED)]
            if not asked or asked[-1].kind != desk.ASKED:
                continue
            body = str(asked[-1].body.get("organisme", ""))
            kind = desk.AGREED if agreed else desk.REFUSED
            sealed = self._cipher.seal({"organisme": body})
            await desk.add_event(connection, request.reference, kind, None, sealed)
            name = await self._name(connection, request)
            answer = self._composer.hand_on_answered(name, request.reference, body, agreed=agreed)
            return Outcome((answer,))
        return Outcome((self._composer.no_operator(),))

    async def _name(self, connection: AsyncConnection, request: Demande) -> str:
        names = await desk.account_names(connection, self._cipher)
        return names.get(request.account_id or 0) or "Une personne du service"
