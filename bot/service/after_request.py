"""What a person asks of their request once it is sent: where it is, what was answered, to withdraw it.

And what they say to the questions asked later. Nothing here needs to be understood by Rasa.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy.ext.asyncio import AsyncConnection

from bot.answers import choices
from bot.answers.compose import Composer
from bot.answers.request_answers import Reading
from bot.language.normalise import fold
from bot.model.answer import Answer
from bot.service.promises import Promises
from bot.store import audit, desk, followups
from bot.store.cipher import Cipher
from bot.store.conversations import TALK_BOT, Conversation, set_talk
from bot.store.database import now
from bot.store.demandes import CLOSED, WAITING, Demande, erase_demande, list_of_conversation
from bot.store.told import read_told

_END = r"(?: (?:a une personne|d appel|de rappel|de rendez vous|de rdv|svp|stp|s il vous plait|maintenant|merci))*"
_BEGIN = r"(?:(?:bonjour|et|alors|je voudrais savoir|je veux savoir|dites moi|savoir|svp) )*"
_STATE = re.compile(
    rf"{_BEGIN}(?:(?:ou|on) (?:en )?(?:est|es|et|ai) (?:ma|la) demande|(?:ma|la) demande (?:(?:elle )?(?:en )?(?:est|es|et) (?:elle )?(?:en )?)?ou"
    rf"(?: (?:ca )?en est)?|ou ca en est ma demande|(?:(?:avez vous |vous avez |j attends )?(?:des |une )?)?nouvelles? (?:de|pour) ma demande|"
    rf"(?:l )?etat (?:de )?ma demande|suivi (?:de )?ma demande|suivre ma demande|etat|ou en est elle){_END}"
)
_WITHDRAW = re.compile(
    rf"{_BEGIN}(?:(?:je (?:veux|voudrais|souhaite) |pouvez vous )?(?:retirer|annuler|supprimer|effacer|enlever) ma demande|"
    rf"(?:j annule|je retire|annulez|retirez|supprimez) ma demande|retirer|je ne veux plus (?:etre rappelee?|qu on me rappelle|qu on m appelle))"
    rf"{_END}"
)
_REFERENCE = re.compile(
    r"(?:(?:ma |la |mon |le )?(?:ref|reference|numero|demande|dossier) )*([b-df-hj-np-tv-xz]{2}) ?(\d{4})"
)


@dataclass(frozen=True)
class OperatorReply:
    """What an operator answered to a request, kept with it. `at` is UTC, without a timezone."""

    at: datetime
    name: str
    text: str


def asks_for_the_state(text: str) -> bool:
    """Tell whether a message asks where the request is: "où en est ma demande de RSA" is a question about the RSA."""
    return _STATE.fullmatch(fold(text)) is not None


def asks_to_withdraw(text: str) -> bool:
    """Tell whether a message asks for the request to be withdrawn."""
    return _WITHDRAW.fullmatch(fold(text)) is not None


def reference_in(text: str) -> str | None:
    """Return the reference that a message is, written as it is kept (`BC-2345`), or None."""
    match = _REFERENCE.fullmatch(fold(text))
    return f"{match[1]}-{match[2]}".upper() if match else None


class AfterRequest:
    """Answer about the requests of a conversation, and to the questions asked later."""

    def __init__(self, cipher: Cipher, composer: Composer, promises: Promises | None = None) -> None:
        self._cipher = cipher
        self._composer = composer
        self._promises = promises

    async def answer(
        self, connection: AsyncConnection, conversation: Conversation, text: str | None, value: str | None
    ) -> tuple[Answer, ...]:
        """Return what is said of a choice or a text about the request; nothing when it is about something else."""
        if value in choices.AFTER_ANSWER | choices.AFTER_RIGHT:
            return await self._followed(connection, conversation, value or "")
        if value is not None and value not in choices.ABOUT_A_REQUEST:
            return ()
        asked = value or _asked_in_words(text or "")
        if asked is None:
            return ()
        requests = await list_of_conversation(connection, self._cipher, conversation.id)
        request = _meant(requests, None if value else reference_in(text or ""))
        if request is None:
            return (self._composer.no_demande(),) if value else ()
        return (await self._about(connection, conversation, request, asked),)

    async def _about(
        self, connection: AsyncConnection, conversation: Conversation, request: Demande, asked: str
    ) -> Answer:
        if asked == choices.PERSON_WITHDRAW_NO:
            return self._composer.withdraw_cancelled()
        if asked == choices.PERSON_STATE or request.status == CLOSED:
            return await self.state(connection, request)
        if asked == choices.PERSON_WITHDRAW:
            return self._composer.withdraw_question(request.reference)
        await erase_demande(connection, request.reference)
        await audit.note(connection, audit.DEMANDE_ERASED)
        if not await desk.open_of(connection, self._cipher, conversation.id):
            await set_talk(connection, conversation.id, TALK_BOT)
        return self._composer.withdrawn()

    # -- the state ----------------------------------------------------------------------------

    async def state(self, connection: AsyncConnection, request: Demande) -> Answer:
        """Return where a request is, with the name of who has it."""
        names = await desk.account_names(connection, self._cipher)
        moment = now()
        is_late = request.status == WAITING and request.due_at is not None and request.due_at < moment
        return self._composer.demande_state(
            request, names.get(request.account_id or 0), self._reading_of(request, moment), is_late=is_late
        )

    async def promised(self, connection: AsyncConnection, reference: str) -> Reading:
        """Return when a request just made is read."""
        request = await desk.find(connection, self._cipher, reference)
        if self._promises is None or request is None:
            return Reading()
        moment = now()
        return Reading(self._promises.say(moment, request.urgency), self._opening(moment))

    def _reading_of(self, request: Demande, moment: datetime) -> Reading:
        if self._promises is None or request.due_at is None:
            return Reading(opening=self._opening(moment))
        when = self._promises.office.say_when(moment, request.due_at)
        return Reading(f"au plus tard {when}", self._opening(moment))

    def _opening(self, moment: datetime) -> str | None:
        """Return when somebody is there again; None when somebody is there now, or nobody knows."""
        office = self._promises.office if self._promises else None
        if office is None or office.is_open(moment):
            return None
        opening = office.next_opening(moment)
        return office.say_when(moment, opening) if opening else None

    async def replies(self, connection: AsyncConnection, reference: str) -> list[OperatorReply]:
        """Return what operators answered to a request, in order; they are kept with it, not with the conversation."""
        events = await desk.list_events(connection, self._cipher, reference)
        return [
            OperatorReply(event.at, str(event.body.get("nom", "")), str(event.body.get("texte", "")))
            for event in events
            if event.kind == desk.REPLIED
        ]

    # -- the questions asked later -------------------------------------------------------------

    async def _followed(
        self, connection: AsyncConnection, conversation: Conversation, value: str
    ) -> tuple[Answer, ...]:
        told = await read_told(connection, self._cipher, conversation.id)
        kind = followups.ANSWER if value in choices.AFTER_ANSWER else followups.RIGHT
        asked = await followups.find(connection, conversation.id, kind)
        subject = (asked.subject if asked else None) or told.subject
        if value in (choices.ASK_LATER_YES, choices.ASK_LATER_NO):
            agreed = value == choices.ASK_LATER_YES and not told.has_danger
            return (await self._plan(connection, conversation, subject, agreed=agreed),)
        await followups.record_answer(connection, conversation.id, kind, value.split(":")[1])
        if value == choices.ANSWERED_YES:
            days = None if told.has_danger else self._composer.followup_days()
            thanks = self._composer.answered_yes()
            return (thanks, self._composer.ask_to_ask_later(days)) if days else (thanks,)
        if value == choices.RECEIVED_YES:
            return (self._composer.received_yes(),)
        not_yet = value in (choices.ANSWERED_NOT_YET, choices.RECEIVED_NOT_YET)
        help_with = self._composer.answered_no if kind == followups.ANSWER else self._composer.received_no
        return (help_with(subject, not_yet=not_yet),)

    async def _plan(
        self, connection: AsyncConnection, conversation: Conversation, subject: str | None, *, agreed: bool
    ) -> Answer:
        """Keep a yes to one more question, or take back one that was given."""
        days = self._composer.followup_days() if agreed else None
        if days is None:
            await followups.forget(connection, conversation.id)
        else:
            due_at = now() + timedelta(days=days)
            await followups.plan(connection, conversation.id, followups.RIGHT, subject, due_at)
        return self._composer.ask_later_answered(days)


def _asked_in_words(text: str) -> str | None:
    if asks_for_the_state(text) or reference_in(text):
        return choices.PERSON_STATE
    return choices.PERSON_WITHDRAW if asks_to_withdraw(text) else None


def _meant(requests: list[Demande], reference: str | None) -> Demande | None:
    """Return the request of that reference; without one the newest that is open, else the newest."""
    if reference is not None:
        return next((request for request in requests if request.reference == reference), None)
    still_open = [request for request in requests if request.status != CLOSED]
    return next(reversed(still_open or requests), None)
