"""The assistant as channels use it: the one door to conversations, answers and requests to a person."""

from __future__ import annotations

import asyncio
import secrets
from collections.abc import AsyncIterator, Iterator
from contextlib import AsyncExitStack, asynccontextmanager, contextmanager, suppress
from datetime import timedelta
from functools import cached_property

import structlog

from bot.answers.compose import Composer
from bot.intake.danger import DangerDetector
from bot.intake.danger_model import load_danger_model
from bot.intake.masking import mask_identifiers
from bot.knowledge.fiche import Fiche
from bot.knowledge.loader import Knowledge, load_knowledge
from bot.knowledge.search import SubjectSearch
from bot.language.normalise import clean_text
from bot.model.answer import Answer
from bot.rasa_client import RasaClient
from bot.service import metrics
from bot.service.accounts import Accounts
from bot.service.after_request import AfterRequest
from bot.service.bus import ANY, Bus
from bot.service.casework import Casework
from bot.service.clocks import Clocks
from bot.service.correspondence import Correspondence, Inbound, Reception
from bot.service.delivery_queue import DeliveryQueue
from bot.service.desk import Desk
from bot.service.dispatcher import Dispatcher
from bot.service.health import OK, Health, check_database, check_health
from bot.service.immediate import Outcome
from bot.service.intake import Incoming, Intake, Receipt
from bot.service.leases import Leases
from bot.service.live_knowledge import LiveKnowledge
from bot.service.logs import configure_logs
from bot.service.mail import Mailer, open_route
from bot.service.office import Office
from bot.service.own_data import OwnData
from bot.service.own_requests import OwnRequests
from bot.service.promises import Promises
from bot.service.purge import Purge
from bot.service.register import Register
from bot.service.sending import Voices
from bot.service.served import Served
from bot.service.shared import SharedMemory
from bot.settings import Settings
from bot.store import audit, journal, queues
from bot.store import conversations as store
from bot.store import demandes as demandes_store
from bot.store import signalements as signalements_store
from bot.store.cipher import Cipher, load_cipher
from bot.store.conversations import Conversation, StoredMessage
from bot.store.database import Database, migrate, now
from bot.store.demandes import Demande, DemandeDetails, Ticket
from bot.store.measures import Waiting, count_waiting
from bot.store.signalements import Signalement

TOKEN_BYTES = 24
log = structlog.get_logger()


class Assistant:
    """Everything a channel may ask. Built by `open_assistant`, closed with its context."""

    def __init__(
        self,
        settings: Settings,
        knowledge: Knowledge,
        database: Database,
        cipher: Cipher,
        rasa: RasaClient,
        danger: DangerDetector,
        voices: Voices | None = None,
    ) -> None:
        self.settings = settings
        self.knowledge = knowledge
        self._database = database
        self._cipher = cipher
        self._rasa = rasa
        self.leases = Leases(database)
        self.served = Served(database)
        self.shared = SharedMemory(settings.redis_url, cipher) if settings.redis_url else None
        self._bus = Bus(self.shared, has_others=settings.is_shared)
        self.composer = Composer(knowledge, settings)
        self.danger = danger
        promises = Promises(Office(settings.office_hours), settings)
        self._intake = Intake(database, cipher, self.composer, danger, voices or {}, promises)
        self._after = AfterRequest(cipher, self.composer, promises)
        self.own_requests = OwnRequests(database, cipher, self.composer, self._after)
        self.own_data = OwnData(database, cipher, self.composer, settings)
        self.dispatcher = Dispatcher(database, cipher, rasa, self._intake, self._bus, settings, self.leases)
        self._correspondence = Correspondence(database, cipher, self._intake, settings)
        self.deliveries = DeliveryQueue(database, cipher, self.leases)
        self.purge = Purge(database, rasa, settings)
        self.accounts = Accounts(database, cipher, shared=self.shared)
        self.desk = Desk(database, cipher, self.composer, self._bus)
        self.register = Register(database, cipher)
        self.casework = Casework(database, cipher, self._intake, self._bus, promises)
        self.mailer = Mailer(database, cipher, open_route(settings))
        self.clocks = Clocks(
            database, cipher, self._intake, self.casework, self.mailer, self._bus, promises, settings
        )
        self._health: tuple[float, Health] | None = None

    @asynccontextmanager
    async def signalling(self) -> AsyncIterator[None]:
        """Hear what other processes store, and tell them, until the end of the block."""
        try:
            async with self._bus.running():
                yield
        finally:
            if self.shared is not None:
                await self.shared.close()

    async def start_conversation(self, channel: str) -> tuple[Conversation, str, list[StoredMessage]]:
        """Open a conversation and return it with its token (shown once) and the welcome."""
        token = secrets.token_urlsafe(TOKEN_BYTES)
        async with self._database.write(token) as connection:
            conversation = await store.create_conversation(connection, self._cipher, channel, token)
            await self._intake.store_outcome(
                connection, conversation, Outcome((self.composer.welcome(channel),)), None
            )
        return conversation, token, await self.transcript(conversation.id)

    async def find_conversation(self, conversation_id: str, token: str) -> Conversation | None:
        """Return the conversation that this token opens, else None."""
        async with self._database.read() as connection:
            return await store.find_conversation(connection, self._cipher, conversation_id, token)

    async def receive(self, conversation_id: str, incoming: Incoming) -> Receipt:
        """Store a message and return its receipt: it is acknowledged only after this.

        Raises a `Refused` (empty, too long, unknown choice, conversation gone) and stores nothing then.
        """
        receipt = await self._intake.receive(conversation_id, incoming)
        self._bus.signal(conversation_id)
        if receipt.needs_answer:
            self.dispatcher.notify(conversation_id)
        if receipt.erased:
            await self.purge.forget_in_rasa()
        return receipt

    async def receive_from(self, inbound: Inbound) -> Reception:
        """Store a message from an address (a phone number): it is acknowledged only after this."""
        reception = await self._correspondence.receive(inbound)
        await self._follow(reception)
        return reception

    async def join_stale_parts(self) -> None:
        """Answer long messages whose last part never came."""
        for reception in await self._correspondence.join_stale_parts():
            await self._follow(reception)

    async def _follow(self, reception: Reception) -> None:
        self._bus.signal(reception.conversation_id or ANY)
        if reception.receipt is None:
            return
        if reception.receipt.needs_answer and reception.conversation_id:
            self.dispatcher.notify(reception.conversation_id)
        if reception.receipt.erased:
            await self.purge.forget_in_rasa()

    async def push(self, conversation_id: str, answer: Answer) -> bool:
        """Store words nobody asked for just now, and queue them where the person is written to.

        They wait for the hours when people may be written to, and are not sent after a STOP. Returns False when the
        conversation is gone.
        """
        async with self._database.write(conversation_id) as connection:
            conversation = await store.find_conversation(connection, self._cipher, conversation_id)
            if conversation is None:
                return False
            await self._intake.tell(connection, conversation, answer, is_push=True)
        self._bus.signal(conversation_id)
        return True

    @contextmanager
    def listen_to_all(self) -> Iterator[asyncio.Event]:
        """Yield an event set whenever something is stored for any conversation."""
        with self._bus.listen(ANY) as event:
            yield event

    async def wait_for_replies(
        self, conversation_id: str, seq: int, timeout_seconds: float
    ) -> list[StoredMessage]:
        """Return the replies to a message once it is answered, or what was said when the time is over."""
        with self._bus.listen(conversation_id) as signal:
            deadline = asyncio.get_running_loop().time() + timeout_seconds
            while True:
                signal.clear()
                remaining = deadline - asyncio.get_running_loop().time()
                if remaining <= 0 or await self.is_settled(seq):
                    return await self._replies(conversation_id, seq)
                with suppress(TimeoutError):
                    await asyncio.wait_for(signal.wait(), remaining)

    async def is_settled(self, seq: int) -> bool:
        """Tell whether nothing more is to come soon: the message is answered, or its delay was told."""
        async with self._database.read() as connection:
            return await queues.is_settled(connection, seq)

    async def tell_delay(self, conversation_id: str, seq: int) -> list[StoredMessage]:
        """Say that the answer will come later, once a message, and return what was said."""
        await self.dispatcher.tell_delay(conversation_id, seq)
        return await self._replies(conversation_id, seq)

    async def _replies(self, conversation_id: str, seq: int) -> list[StoredMessage]:
        async with self._database.read() as connection:
            found = await store.list_messages(connection, self._cipher, conversation_id, in_reply_to=seq)
        self._note_served(found)
        return found

    async def transcript(self, conversation_id: str, after: str | None = None) -> list[StoredMessage]:
        """Return the messages in order, after the one whose id is given. An unknown id gives them all."""
        async with self._database.read() as connection:
            after_seq = await store.find_seq(connection, conversation_id, after) if after else None
            found = await store.list_messages(
                connection, self._cipher, conversation_id, after_seq=after_seq or 0
            )
        self._note_served(found)
        return found

    def _note_served(self, found: list[StoredMessage]) -> None:
        self.served.note([message.seq for message in found if message.answer is not None])

    async def state(self, conversation_id: str) -> str:
        """Return `bot`, `waiting` or `operator`."""
        async with self._database.read() as connection:
            return await demandes_store.conversation_state(connection, conversation_id)

    @contextmanager
    def listen(self, conversation_id: str) -> Iterator[asyncio.Event]:
        """Yield an event set whenever something is stored for the conversation."""
        with self._bus.listen(conversation_id) as event:
            yield event

    async def erase(self, conversation_id: str, *, keep_requests: bool = False) -> None:
        """Erase everything of a conversation, here and in Rasa; an audit line without content stays.

        `keep_requests` leaves the requests made in it to those who answer them.
        """
        await self._intake.erase(conversation_id, keep_requests=keep_requests)
        self._bus.signal(conversation_id)
        await self.purge.forget_in_rasa()

    async def lock(self, conversation_id: str) -> None:
        """Let no browser open a conversation again; it stays until the end of its retention."""
        async with self._database.write(conversation_id) as connection:
            await store.lock_conversation(connection, self._cipher, conversation_id)

    async def create_demande(
        self, details: DemandeDetails, *, conversation_id: str | None, channel: str
    ) -> Ticket:
        """Store a request to a person and return its reference and code."""
        async with self._database.write(conversation_id or "demande") as connection:
            ticket = await self._intake.requests.record(
                connection, details, conversation_id=conversation_id, channel=channel
            )
            if conversation_id:
                conversation = await store.find_conversation(connection, self._cipher, conversation_id)
                if conversation:
                    reading = await self._after.promised(connection, ticket.reference)
                    answer = self.composer.demande_recorded(ticket, details, reading)
                    await self._intake.store_outcome(connection, conversation, Outcome((answer,)), None)
        self._bus.signal(conversation_id or ANY)
        return ticket

    async def find_demande(self, reference: str, code: str) -> Demande | None:
        """Return the request that this reference and code open together, else None."""
        async with self._database.read() as connection:
            return await demandes_store.find_demande(connection, self._cipher, reference, code)

    async def erase_demande(self, reference: str, code: str) -> bool:
        """Erase the request that this reference and code open together. Returns False when there is none."""
        async with self._database.write() as connection:
            found = await demandes_store.find_demande(connection, self._cipher, reference, code)
            if found is None:
                return False
            await demandes_store.erase_demande(connection, found.reference)
            await audit.note(connection, audit.DEMANDE_ERASED)
        await self._database.empty_log()
        if found.conversation_id:
            self._bus.signal(found.conversation_id)
        return True

    async def list_demandes(self, *, all_states: bool = False) -> list[Demande]:
        """Return the requests that wait, oldest first, or every one."""
        async with self._database.read() as connection:
            return await demandes_store.list_demandes(connection, self._cipher, all_states=all_states)

    async def report_error(self, words: str, *, fiche: str | None, rubrique: str | None) -> int:
        """Store what someone says is wrong, identifiers masked, and return its id. Nothing tells who wrote."""
        async with self._database.write("signalement") as connection:
            return await signalements_store.add_signalement(
                connection,
                self._cipher,
                mask_identifiers(clean_text(words), public=self.knowledge.public_contacts).text,
                fiche=fiche,
                rubrique=rubrique,
            )

    async def list_reports(self) -> list[Signalement]:
        """Return the errors reported, oldest first."""
        async with self._database.read() as connection:
            return await signalements_store.list_signalements(connection, self._cipher)

    async def send_fiche_by_sms(self, fiche: Fiche, rubrique: str, phone: str, account_id: int) -> bool:
        """Queue the short text of a rubrique for a number told at a desk (`06 12 34 56 78`), and note that it was done.

        The number stands in the queue only, and is emptied there once handed over. Returns False after a STOP.
        """
        async with self._database.write() as connection:
            is_queued = await self._intake.text_to(
                connection, phone, self.composer.fiche_sms(fiche, rubrique), None, is_asked=True
            )
            if is_queued:
                await journal.note(connection, journal.FICHE_TEXTED, account_id)
        return is_queued

    @cached_property
    def subject_search(self) -> SubjectSearch:
        """Return what finds subjects by words; made at the first search, since reading every fiche takes time."""
        return SubjectSearch(self.knowledge)

    def use_knowledge(self, knowledge: Knowledge) -> None:
        """Answer from this version of the knowledge from now on."""
        self.knowledge = self.composer.knowledge = knowledge
        self.__dict__.pop("subject_search", None)  # made again at the next search

    def derive_key(self, purpose: str) -> bytes:
        """Return a key for one purpose, the same at each start, from which the others cannot be found."""
        return self._cipher.digest(f"key:{purpose}").encode()

    async def is_ready(self) -> bool:
        """Tell whether a message sent now would be stored; it may be understood later."""
        return await check_database(self._database) == OK

    async def count_waiting(self) -> Waiting:
        """Return how much waits, in whatever process it came."""
        async with self._database.read() as connection:
            return await count_waiting(connection)

    async def health(self, max_age: timedelta = timedelta(seconds=5)) -> Health:
        """Return what works, asked end to end at most every `max_age`."""
        moment = asyncio.get_running_loop().time()
        if self._health is None or moment - self._health[0] > max_age.total_seconds():
            self._health = (moment, await check_health(self._database, self._rasa, self.knowledge))
        return self._health[1]


@asynccontextmanager
async def open_assistant(settings: Settings, voices: Voices | None = None) -> AsyncIterator[Assistant]:
    """Open the store and the knowledge, start answering what waits, and stop cleanly at the end.

    `voices` say answers on the channels that write to people.
    """
    configure_logs(settings.log_format)
    metrics.know_channels(voices or {})
    async with AsyncExitStack() as stack:
        settings.var.mkdir(parents=True, exist_ok=True, mode=0o700)
        await asyncio.to_thread(migrate, settings.database)
        cipher = load_cipher(settings.keys_folder)
        knowledge = await asyncio.to_thread(load_knowledge, settings.data, settings.territoire)
        for problem in knowledge.problems:
            log.error("knowledge_file_left_out", file=problem.path, line=problem.line, mend=problem.message)
        database = Database(settings.database)
        stack.push_async_callback(database.close)
        rasa = await stack.enter_async_context(RasaClient.open(settings))
        model = await asyncio.to_thread(load_danger_model, settings.models)
        if model is None:
            log.error("danger_model_missing", mend="bot train")
        assistant = Assistant(settings, knowledge, database, cipher, rasa, DangerDetector(model), voices)
        await stack.enter_async_context(assistant.signalling())
        leases = assistant.leases
        await stack.enter_async_context(leases.living())
        stack.push_async_callback(assistant.served.flush)
        await stack.enter_async_context(assistant.served.running())
        await stack.enter_async_context(assistant.dispatcher.running())
        await stack.enter_async_context(leases.alone("purge", assistant.purge.running))
        await stack.enter_async_context(leases.alone("mailer", assistant.mailer.running))
        await stack.enter_async_context(leases.alone("clocks", assistant.clocks.running))
        live = LiveKnowledge(settings, knowledge, assistant.use_knowledge)
        await stack.enter_async_context(live.running())
        log.info("assistant_open", fiches=len(knowledge.fiches), at=now().isoformat(timespec="seconds"))
        yield assistant
