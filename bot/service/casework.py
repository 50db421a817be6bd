"""What operators do with requests: one transaction each, in which the person is told what they should know."""

from __future__ import annotations

from collections.abc import Iterable

from sqlalchemy.ext.asyncio import AsyncConnection

from bot.intake.masking import mask_identifiers
from bot.language.normalise import clean_text
from bot.model.answer import Answer
from bot.model.french import today_in_france
from bot.service.bus import ANY, Bus
from bot.service.desk import conversation_of, find_demande
from bot.service.errors import EmptyText, TextTooLong
from bot.service.intake import Intake
from bot.service.promises import Promises
from bot.store import closures, desk, journal, received
from bot.store import conversations as store
from bot.store.accounts import Role, list_accounts
from bot.store.cipher import Cipher
from bot.store.closures import Mark
from bot.store.conversations import OPERATOR, TALK_BOT, TALK_OPERATOR, Conversation, set_talk
from bot.store.database import Database, now
from bot.store.demandes import CLOSED, HERE, TAKEN, TEXT, Demande, Urgency

MAX_REPLY = 1500
"""Characters of a reply: at most ten SMS, and one message where messages are long."""
MAX_NOTE = 2000
OUTCOMES = (
    "droit_ouvert",
    "demarche_faite",
    "rendez_vous",
    "oriente",
    "repondu",
    "injoignable",
    "sans_suite",
)
NON_RECOURS = ("non_connaissance", "non_demande", "non_reception", "non_proposition")
"""Not known, not asked, not received: those of Odenore (Philippe Warin, "Le non-recours", June 2010); and not proposed."""


ANSWERING = (Role.OPERATEUR, Role.RESPONSABLE)


class NotYours(Exception):
    """The request is not in this operator's hands; `owner` says whose it is, None when nobody's."""

    def __init__(self, owner: str | None) -> None:
        super().__init__("not yours")
        self.owner = owner


class Casework:
    """The acts of who signed in; `account_id` is whose hand it is."""

    def __init__(
        self, database: Database, cipher: Cipher, intake: Intake, bus: Bus, promises: Promises
    ) -> None:
        self._database = database
        self._cipher = cipher
        self._intake = intake
        self._composer = intake.composer
        self._bus = bus
        self._promises = promises

    # -- taking -------------------------------------------------------------------------------

    async def claim(self, reference: str, account_id: int) -> str | None:
        """Take a request. Returns None, or the name of who has it already ("" when it is closed). Raises Gone."""
        async with self._database.write() as connection:
            if await desk.claim(connection, reference, account_id):
                demande = await self._find(connection, reference)
                await journal.note(connection, journal.CLAIMED, account_id, reference)
                await self._greet(connection, demande)
                owner = None
            else:
                demande = await self._find(connection, reference)
                if demande.status == TAKEN and demande.account_id == account_id:
                    return None  # a second click of the same hand
                names = await desk.account_names(connection, self._cipher)
                return names.get(demande.account_id or 0, "")
        self._signal(demande)
        return owner

    async def _greet(self, connection: AsyncConnection, demande: Demande) -> None:
        conversation = await self._conversation(connection, demande)
        if conversation is None:
            return
        is_here = demande.details.moyen == HERE
        if is_here:
            await set_talk(connection, conversation.id, TALK_OPERATOR)
        name = await self._name(connection, demande.account_id)
        await self._tell(
            connection,
            conversation,
            self._composer.operator_took(name, demande.reference, is_here=is_here),
        )

    async def release(self, reference: str, account_id: int, *, of_anyone: bool = False) -> None:
        """Put one's request back in the queue, and tell the person; `of_anyone` for a responsable. Raises NotYours, Gone."""
        async with self._database.write() as connection:
            if of_anyone:
                demande = await self._find(connection, reference)
            else:
                demande = await self._own(connection, reference, account_id)
            await self.put_back(connection, demande, desk.RELEASED, account_id)
            await journal.note(connection, journal.RELEASED, account_id, reference)
        self._signal(demande)

    async def put_back(
        self, connection: AsyncConnection, demande: Demande, kind: str, account_id: int | None
    ) -> None:
        """Put a request back in the queue in this transaction, and tell the person when it is read next."""
        due_at = self._promises.deadline(now(), demande.urgency)
        if not await desk.release(connection, demande.reference, due_at):
            return
        await desk.add_event(connection, demande.reference, kind, account_id)
        conversation = await self._conversation(connection, demande)
        if conversation:
            await set_talk(connection, conversation.id, TALK_BOT)
            when = self._promises.say(now(), demande.urgency)
            await self._tell(connection, conversation, self._composer.back_in_queue(demande.reference, when))

    # -- answering ----------------------------------------------------------------------------

    async def reply(self, reference: str, account_id: int, text: str, key: str | None = None) -> None:
        """Write to the person, where they chose to be answered; the same `key` twice writes once.

        Raises EmptyText, TextTooLong, NotYours, Gone; nothing is stored then.
        """
        words = _checked(text, MAX_REPLY)
        async with self._database.write() as connection:
            demande = await self._own(connection, reference, account_id)
            if key and not await received.is_new(connection, self._cipher.digest(f"reply:{key}")):
                return
            name = await self._name(connection, account_id)
            sealed = self._cipher.seal({"texte": words, "nom": name})
            await desk.add_event(connection, reference, desk.REPLIED, account_id, sealed)
            await desk.mark_replied(connection, reference)
            await journal.note(connection, journal.REPLIED, account_id, reference)
            conversation, seq = await self._conversation(connection, demande), None
            if conversation:
                talking = conversation.talk == TALK_OPERATOR
                answer = self._composer.operator_words(words, name, reference, is_talking=talking)
                seq = await self._tell(connection, conversation, answer, sender=OPERATOR)
            if demande.details.moyen == TEXT and demande.details.telephone:
                await self._intake.text_to(
                    connection, demande.details.telephone, f"{name} : {words}", demande.conversation_id, seq
                )
        self._signal(demande)

    async def note(self, reference: str, account_id: int, text: str) -> None:
        """Keep a note that operators alone read. Raises EmptyText, TextTooLong, Gone."""
        words = _checked(text, MAX_NOTE)
        async with self._database.write() as connection:
            demande = await self._find(connection, reference)
            sealed = self._cipher.seal({"texte": words})
            await desk.add_event(connection, reference, desk.NOTED, account_id, sealed)
            await journal.note(connection, journal.NOTED, account_id, reference)
        self._signal(demande)

    async def hand(self, reference: str, account_id: int, taker: int) -> None:
        """Give one's request to a colleague. Raises NotYours, Gone."""
        async with self._database.write() as connection:
            demande = await self._own(connection, reference, account_id)
            names = {
                account.id: account.name
                for account in await list_accounts(connection, self._cipher)
                if account.role in ANSWERING and not account.disabled
            }
            if taker not in names:
                raise NotYours(None)  # an account that was disabled, or answers nobody
            await desk.hand(connection, reference, account_id, taker)
            sealed = self._cipher.seal({"a": names[taker]})
            await desk.add_event(connection, reference, desk.HANDED, account_id, sealed)
            await journal.note(connection, journal.HANDED, account_id, reference)
            if conversation := await self._conversation(connection, demande):
                answer = self._composer.handed_to_colleague(names[taker], reference)
                await self._tell(connection, conversation, answer)
        self._signal(demande)

    async def ask_to_hand_on(self, reference: str, account_id: int, body: str) -> bool:
        """Ask the person whether their request may go to another body. Returns False when they cannot be asked here.

        Raises EmptyText, TextTooLong, NotYours, Gone.
        """
        name_of_body = _checked(body, 80)
        async with self._database.write() as connection:
            demande = await self._own(connection, reference, account_id)
            conversation = await self._conversation(connection, demande)
            if conversation is None:
                return False
            sealed = self._cipher.seal({"organisme": name_of_body})
            await desk.add_event(connection, reference, desk.ASKED, account_id, sealed)
            await journal.note(connection, journal.HANDED, account_id, reference)
            name = await self._name(connection, account_id)
            answer = self._composer.ask_to_hand_on(name, reference, name_of_body)
            await self._tell(connection, conversation, answer)
        self._signal(demande)
        return True

    # -- ending -------------------------------------------------------------------------------

    async def close(self, reference: str, account_id: int, outcome: str, marks: Iterable[Mark] = ()) -> None:
        """End one's request, count how it ended, and tell the person. Raises NotYours, Gone, ValueError."""
        if outcome not in OUTCOMES:
            raise ValueError(outcome)
        async with self._database.write() as connection:
            demande = await self._own(connection, reference, account_id)
            await desk.close(connection, reference, account_id, outcome)
            sealed = self._cipher.seal({"issue": outcome})
            await desk.add_event(connection, reference, desk.CLOSED_EVENT, account_id, sealed)
            await journal.note(connection, journal.CLOSED, account_id, reference)
            await closures.add_closure(
                connection,
                day=today_in_france(),
                territoire=demande.territoire,
                channel=demande.channel,
                subject=demande.subject,
                outcome=outcome,
                marks=marks,
            )
            if conversation := await self._conversation(connection, demande):
                await set_talk(connection, conversation.id, TALK_BOT)
                name = await self._name(connection, account_id)
                await self._tell(connection, conversation, self._composer.operator_closed(name, reference))
                await self._ask_after(connection, conversation, demande)
        self._signal(demande)

    async def _ask_after(
        self, connection: AsyncConnection, conversation: Conversation, demande: Demande
    ) -> None:
        """Ask once whether the person has their answer; never where a danger was told."""
        if demande.urgency is not Urgency.DANGER:
            await self._tell(connection, conversation, self._composer.ask_answered(demande.subject))

    async def reopen(self, reference: str, account_id: int) -> bool:
        """Take up a closed request again. Returns False when it is not closed. Raises Gone."""
        async with self._database.write() as connection:
            if not await desk.reopen(connection, reference, account_id):
                await self._find(connection, reference)
                return False
            demande = await self._find(connection, reference)
            await desk.add_event(connection, reference, desk.REOPENED, account_id)
            await journal.note(connection, journal.REOPENED, account_id, reference)
            if conversation := await self._conversation(connection, demande):
                if demande.details.moyen == HERE:
                    await set_talk(connection, conversation.id, TALK_OPERATOR)
                name = await self._name(connection, account_id)
                await self._tell(connection, conversation, self._composer.operator_reopened(name, reference))
        self._signal(demande)
        return True

    async def keep_miss(
        self, account_id: int, kind: str, words: str, *, answered: str | None, expected: str | None
    ) -> None:
        """Keep what the assistant should have understood, in the words the operator left of it. Raises EmptyText, TextTooLong."""
        public = self._composer.knowledge.public_contacts
        kept = mask_identifiers(_checked(words, MAX_NOTE), public=public).text
        async with self._database.write() as connection:
            await closures.add_miss(
                connection, self._cipher, kind=kind, answered=answered, expected=expected, words=kept
            )
            await journal.note(connection, journal.MISS_KEPT, account_id)

    # -- parts --------------------------------------------------------------------------------

    async def _find(self, connection: AsyncConnection, reference: str) -> Demande:
        return await find_demande(connection, self._cipher, reference)

    async def _own(self, connection: AsyncConnection, reference: str, account_id: int) -> Demande:
        demande = await self._find(connection, reference)
        if demande.status != TAKEN or demande.account_id != account_id:
            held = demande.account_id if demande.status in (TAKEN, CLOSED) else None
            raise NotYours(await self._name(connection, held) if held else None)
        return demande

    async def _name(self, connection: AsyncConnection, account_id: int | None) -> str:
        names = await desk.account_names(connection, self._cipher)
        return names.get(account_id or 0) or "Une personne du service"

    async def _conversation(self, connection: AsyncConnection, demande: Demande) -> Conversation | None:
        return await conversation_of(connection, self._cipher, demande)

    async def _tell(
        self,
        connection: AsyncConnection,
        conversation: Conversation,
        answer: Answer,
        *,
        sender: str = store.ASSISTANT,
    ) -> int:
        return await self._intake.tell(
            connection, conversation, answer, is_push=True, sender=sender, offers=True
        )

    def _signal(self, demande: Demande) -> None:
        self._bus.signal(demande.conversation_id or ANY)


def _checked(text: str, longest: int) -> str:
    words = clean_text(text)
    if not words:
        raise EmptyText
    if len(words) > longest:
        raise TextTooLong(len(words), longest)
    return words
