"""Answer what waits: one message at a time in a conversation, several conversations at once.

A message is answered in one transaction that stores the answers and marks it done; a crash before it
leaves the message waiting, and it is taken again at the next start. When Rasa does not answer, the
person is told once a message, and the message is tried again, less and less often. A message that fails
in some other way again and again is answered by the way to a person: it must not hold back the others.

Several processes may do this on one database (PostgreSQL). A message is in the hands of one of them at a time
(`queues.hold`); what a process held that died, or was stopped, is taken by another as soon as its lease ends.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from datetime import timedelta

import structlog
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.answers.choices import read_fiche_value
from bot.answers.orientation import with_meaning
from bot.dialogue.decide import repeated
from bot.intake.masking import without_masks
from bot.knowledge.lexicon import Nom
from bot.model.answer import Answer, AnswerType
from bot.model.directive import Directive
from bot.rasa_client import RasaClient, RasaUnavailable
from bot.service import metrics
from bot.service.bus import Bus
from bot.service.immediate import Outcome
from bot.service.intake import Intake
from bot.service.leases import Leases
from bot.service.repeating import repeating
from bot.settings import Settings
from bot.store import conversations as store
from bot.store import queues
from bot.store.cipher import Cipher
from bot.store.database import Database, now
from bot.store.queues import InboxItem

FIRST_RETRY_SECONDS = 1.0
LEFT_SECONDS = 2.0
"""How often a process looks for messages that another one left, and how long after they were due."""
MAX_FAILURES = 5
"""Tries of a message that fails otherwise than by Rasa being away, before a person is named instead."""
log = structlog.get_logger()


class _InOtherHands(Exception):
    """Another process answers this message, or has answered it."""


class Dispatcher:
    """The second half of the way of a message (docs/architecture.md)."""

    def __init__(
        self,
        database: Database,
        cipher: Cipher,
        rasa: RasaClient,
        intake: Intake,
        bus: Bus,
        settings: Settings,
        leases: Leases,
    ) -> None:
        self._database = database
        self._cipher = cipher
        self._rasa = rasa
        self._intake = intake
        self._composer = intake.composer
        self._bus = bus
        self._settings = settings
        self._leases = leases
        self._slots = asyncio.Semaphore(settings.workers)
        self._running: dict[str, asyncio.Task[None]] = {}
        self._news: dict[str, asyncio.Event] = {}
        self._is_closing = False
        self._last_left = 0
        """The last message left by an earlier process: Rasa was perhaps asked about those, whatever was counted."""

    @asynccontextmanager
    async def running(self) -> AsyncIterator[None]:
        """Answer what was left waiting by an earlier process, and whatever comes, until the end."""
        async with self._database.read() as connection:
            left = await queues.conversations_waiting(connection)
            self._last_left = await queues.last_waiting(connection)
        for conversation_id in left:
            self.notify(conversation_id)
        try:
            async with AsyncExitStack() as stack:
                if self._database.is_shared:
                    looking = repeating(self._take_left, LEFT_SECONDS, "left_not_looked_for", at_once=False)
                    await stack.enter_async_context(looking)
                yield
        finally:
            self._is_closing = True
            tasks = list(self._running.values())
            for task in tasks:
                task.cancel()
            await asyncio.gather(*tasks, return_exceptions=True)

    async def _take_left(self) -> None:
        """Answer what another process stored and did not answer: it died, or was stopped."""
        async with self._database.read() as connection:
            left = await queues.list_left(connection, now() - timedelta(seconds=LEFT_SECONDS))
        for conversation_id in left:
            if conversation_id not in self._running:
                self.notify(conversation_id)

    def notify(self, conversation_id: str) -> None:
        """Say that a conversation has something to answer."""
        if self._is_closing:
            return  # stored: the next process answers it
        if conversation_id in self._running:
            self._news[conversation_id].set()
            return
        self._news[conversation_id] = asyncio.Event()
        task = asyncio.create_task(self._answer_conversation(conversation_id))
        self._running[conversation_id] = task
        task.add_done_callback(lambda _: self._ended(conversation_id))

    def _ended(self, conversation_id: str) -> None:
        self._running.pop(conversation_id, None)
        if self._news.pop(conversation_id).is_set():
            self.notify(conversation_id)

    async def _answer_conversation(self, conversation_id: str) -> None:
        """Answer every waiting message of one conversation, in the order of storage."""
        while True:
            self._news[conversation_id].clear()
            try:
                item = await self._next(conversation_id)
                if item is None:
                    return
                async with self._slots:
                    wait_seconds = await self._answer(item)
            except asyncio.CancelledError:
                raise
            except _InOtherHands:
                return  # the process that has it goes on with what follows
            except Exception:
                # The store is away: the message stays, and is tried again.
                log.exception("answering_failed", conversation=conversation_id)
                wait_seconds = self._settings.retry_max_seconds
            if wait_seconds:
                await self._rest(conversation_id, wait_seconds)

    async def _rest(self, conversation_id: str, seconds: float) -> None:
        """Wait before the next try; whoever writes meanwhile is told at once that it takes time."""
        news = self._news[conversation_id]
        try:
            async with asyncio.timeout(seconds):
                while True:
                    await news.wait()
                    news.clear()
                    await self._try_to_tell_delays(conversation_id)
        except TimeoutError:
            return

    async def _try_to_tell_delays(self, conversation_id: str) -> None:
        """Tell the delays; a store that is away must not end the wait, after which the message is tried again."""
        try:
            await self._tell_delays(conversation_id)
        except Exception:
            log.exception("delay_not_told", conversation=conversation_id)

    async def _next(self, conversation_id: str) -> InboxItem | None:
        async with self._database.read() as connection:
            return await queues.next_to_answer(connection, self._cipher, conversation_id)

    async def _answer(self, item: InboxItem) -> float:
        """Answer one message. Returns the seconds to wait before the next try, 0 when it is answered."""
        # One that came when nothing waited was looked at as it was stored: it needs understanding.
        if (item.behind or self._database.is_shared) and await self._answer_without_rasa(item):
            return 0.0
        try:
            if item.attempts or item.seq <= self._last_left:
                await self._rasa.rewind(item.conversation_id, item.message_id)
            answers = await self._understand(item)
        except RasaUnavailable as reason:
            metrics.note_rasa_failure()
            return await self._postpone(item, str(reason))
        except Exception:
            log.exception("answer_failed", conversation=item.conversation_id, attempt=item.attempts + 1)
            if item.attempts + 1 < MAX_FAILURES:
                return await self._postpone(item, "answer_failed")
            answers = [self._composer.failed()]
        async with self._database.write(item.conversation_id) as connection:
            await self._store(connection, item, Outcome(tuple(answers)))
        metrics.note_answered(item.stored_at)
        self._bus.signal(item.conversation_id)
        return 0.0

    async def _answer_without_rasa(self, item: InboxItem) -> bool:
        """Take a message in hand; answer it when it only waited its turn, else count the try that follows."""
        async with self._database.write(item.conversation_id) as connection:
            if self._database.is_shared and not await queues.hold(connection, item.seq, self._leases.holder):
                raise _InOtherHands
            conversation = await store.find_conversation(connection, self._cipher, item.conversation_id)
            outcome = (
                await self._intake.decide_waiting(connection, conversation, item.body)
                if conversation
                else None
            )
            if outcome is None:
                await queues.note_attempt(connection, item.seq)
                return False
            await self._store(connection, item, outcome)
        self._bus.signal(item.conversation_id)
        return True

    async def _understand(self, item: InboxItem) -> list[Answer]:
        picked = read_fiche_value(item.body.get("choice") or "", self._composer.knowledge.taxonomy)
        if picked:
            directives = await self._rasa.choose(
                item.conversation_id, picked.fiche, picked.rubrique, item.message_id
            )
        elif name := self._composer.knowledge.lexicon.find(without_masks(item.body["text"])):
            return await self._explain(item, name)
        else:
            return await self._ask(item)
        return self._compose(directives, item.body["text"])

    async def _ask(self, item: InboxItem) -> list[Answer]:
        """Return the answer to a text. An emergency told just before is what "et si..." or "répétez" is about."""
        urgent = await self._urgent_before(item)
        if urgent and urgent.fiche:
            await self._rasa.choose(item.conversation_id, urgent.fiche, None, item.message_id)
        text = without_masks(item.body["text"])
        directives = await self._rasa.ask(item.conversation_id, text, item.message_id)
        if urgent and any(repeated(directive) for directive in directives):
            return [urgent]
        return self._compose(directives, text)

    def _compose(self, directives: list[Directive], text: str) -> list[Answer]:
        return [answer for directive in directives for answer in self._composer.answers(directive, text)]

    async def _urgent_before(self, item: InboxItem) -> Answer | None:
        """Return the answer just before a message when it is one to a danger: Rasa knows nothing of it."""
        async with self._database.read() as connection:
            last = await store.last_answer(connection, self._cipher, item.conversation_id, item.seq)
        return last if last and last.type is AnswerType.URGENCE else None

    async def _explain(self, item: InboxItem, name: Nom) -> list[Answer]:
        """Return what a name means; with one fiche, it becomes the subject in hand and follows."""
        if len(name.fiches) > 1:
            return [self._composer.name_among(name)]
        directives = await self._rasa.choose(item.conversation_id, name.fiches[0], None, item.message_id)
        answers = self._compose(directives, "")
        return [with_meaning(name, answer) for answer in answers]

    async def _store(self, connection: AsyncConnection, item: InboxItem, outcome: Outcome) -> None:
        """Store the answers and mark the message done; of a conversation erased meanwhile, nothing."""
        conversation = await store.find_conversation(connection, self._cipher, item.conversation_id)
        if conversation is None:
            await store.note_rasa_erasure(connection, item.conversation_id)
        elif await queues.mark_answered(connection, item.seq):
            await self._intake.store_outcome(connection, conversation, outcome, item.seq)

    async def _postpone(self, item: InboxItem, reason: str) -> float:
        wait: float = min(FIRST_RETRY_SECONDS * 2**item.attempts, self._settings.retry_max_seconds)
        log.warning("answer_postponed", conversation=item.conversation_id, reason=reason, retry_seconds=wait)
        await self._tell_delays(item.conversation_id)
        async with self._database.write(item.conversation_id) as connection:
            if await store.find_conversation(connection, self._cipher, item.conversation_id) is None:
                # Erased while Rasa was slow: what Rasa still saves of it goes at the next purge.
                await store.note_rasa_erasure(connection, item.conversation_id)
            due_at = now() + timedelta(seconds=wait)
            await queues.postpone(connection, item.seq, due_at, attempts=item.attempts + 1)
        return wait

    async def _tell_delays(self, conversation_id: str) -> None:
        """Tell the delay of every message that waits in the conversation, those behind the first too."""
        async with self._database.read() as connection:
            waiting = await queues.list_waiting(connection, conversation_id)
        for seq in waiting:
            await self.tell_delay(conversation_id, seq)

    async def tell_delay(self, conversation_id: str, seq: int) -> None:
        """Tell the person, once a message, that it is kept and will be answered; say who else can help."""
        async with self._database.write(conversation_id) as connection:
            if await queues.claim_delay_notice(connection, seq):
                conversation = await store.find_conversation(connection, self._cipher, conversation_id)
                if conversation:
                    await self._intake.tell_delay(connection, conversation, seq)
        self._bus.signal(conversation_id)
