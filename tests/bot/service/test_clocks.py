"""Nothing waits in silence: each clock runs out in front of the real store, at the moment the test sets."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta

import pytest
import sqlalchemy as sa
from structlog.testing import capture_logs

from bot.model.answer import Answer
from bot.service import clocks as clocks_module
from bot.service.assistant import Assistant
from bot.store import desk, followups, mails
from bot.store.accounts import Role
from bot.store.database import now
from bot.store.desk_schema import mails as mails_table
from bot.store.schema import demandes
from tests.bot.service.operators import PASSWORD, ask_for_a_person, hire, last_words
from tests.bot.service.person import Person

SetClock = Callable[[datetime], None]
WORKING_DAY = datetime(2026, 12, 1, 9, 0)  # UTC, a Tuesday, 10 h in Paris
SUNDAY = datetime(2026, 12, 6, 10, 0)


@pytest.fixture
def set_clock(monkeypatch: pytest.MonkeyPatch) -> SetClock:
    """Return what makes the clocks look at another moment than now."""

    def set_to(moment: datetime) -> None:
        monkeypatch.setattr(clocks_module, "now", lambda: moment)

    return set_to


async def subjects(assistant: Assistant) -> list[tuple[str, str]]:
    """Return the address and the subject of each mail queued."""
    async with assistant._database.read() as connection:
        rows = (await connection.execute(sa.select(mails_table).order_by(mails_table.c.id))).all()
    opened = [assistant._cipher.open(row.body_enc) for row in rows if row.body_enc]
    return [(mail["to"], mail["subject"]) for mail in opened]


async def with_mail(assistant: Assistant, login: str, role: Role, hours: str = "") -> int:
    account = await assistant.accounts.create(
        login, role, login.title(), f"{login}@example.org", password=PASSWORD
    )
    if hours:
        await assistant.accounts.set_hours(account.id, hours)
    return account.id


@pytest.fixture
async def assistant_with_mail(open_assistants: tuple) -> Assistant:
    """An assistant with a mail server in its settings; nothing is sent in these tests."""
    _, open_one = open_assistants
    return await open_one(smtp_url="smtp://127.0.0.1:9", mail_from="service@example.org")


async def test_a_new_request_is_announced_once_to_who_is_on_duty(
    assistant_with_mail: Assistant, set_clock: SetClock
) -> None:
    assistant = assistant_with_mail
    await with_mail(assistant, "present", Role.OPERATEUR)
    await with_mail(assistant, "absent", Role.OPERATEUR, "Sa 09:00-12:00")
    await with_mail(assistant, "accueil", Role.AGENT)
    ticket = await ask_for_a_person(await Person.arrive(assistant))
    set_clock(WORKING_DAY)
    for _ in range(2):
        await assistant.clocks.look()
    assert await subjects(assistant) == [("present@example.org", f"Une demande attend ({ticket.reference})")]


async def test_outside_their_hours_nobody_is_written_to_and_the_announcement_waits(
    assistant_with_mail: Assistant, set_clock: SetClock
) -> None:
    assistant = assistant_with_mail
    await with_mail(assistant, "present", Role.OPERATEUR)
    await ask_for_a_person(await Person.arrive(assistant))
    set_clock(SUNDAY)
    await assistant.clocks.look()
    assert await subjects(assistant) == []
    set_clock(SUNDAY + timedelta(days=1))
    await assistant.clocks.look()
    assert len(await subjects(assistant)) == 1


async def test_a_request_nobody_took_in_time_comes_back_to_the_person_and_to_the_responsable_once(
    assistant_with_mail: Assistant, set_clock: SetClock
) -> None:
    assistant = assistant_with_mail
    await with_mail(assistant, "chef", Role.RESPONSABLE)
    person = await Person.arrive(assistant)
    ticket = await ask_for_a_person(person)
    async with assistant._database.write() as connection:
        await connection.execute(demandes.update().values(due_at=WORKING_DAY))
    set_clock(WORKING_DAY - timedelta(minutes=1))
    await assistant.clocks.look()
    assert "Personne n'a encore pris" not in await last_words(person)
    set_clock(WORKING_DAY + timedelta(minutes=1))
    for _ in range(2):
        await assistant.clocks.look()
    assert "Personne n'a encore pris votre demande" in await last_words(person)
    told = [
        message
        for message in await assistant.transcript(person.id)
        if message.answer and "Personne n'a encore pris" in message.answer.sms
    ]
    assert len(told) == 1
    assert told[0].answer
    assert [choice.value for choice in told[0].answer.choices] == ["personne:attendre", "lieux"]
    assert told[0].answer.places
    assert ("chef@example.org", f"Demande dépassée ({ticket.reference})") in await subjects(assistant)


async def test_an_operator_gone_silent_gives_the_request_back_and_the_person_knows(
    assistant_with_mail: Assistant, set_clock: SetClock
) -> None:
    assistant = assistant_with_mail
    await with_mail(assistant, "chef", Role.RESPONSABLE)
    hand = await hire(assistant)
    person = await Person.arrive(assistant)
    ticket = await ask_for_a_person(person)
    await assistant.casework.claim(ticket.reference, hand)
    set_clock(now() + timedelta(minutes=1))
    await assistant.clocks.look()
    assert await assistant.state(person.id) == "operator"
    set_clock(now() + timedelta(days=14))
    await assistant.clocks.look()
    assert await assistant.state(person.id) == "waiting"
    assert "attend de nouveau" in await last_words(person)
    assert ("chef@example.org", f"Demande sans réponse ({ticket.reference})") in await subjects(assistant)
    case = await assistant.desk.read(ticket.reference, hand)
    assert desk.SILENT in [event.kind for event in case.events]


@pytest.mark.parametrize("act", ["reply", "note"])
async def test_an_operator_who_answered_or_noted_a_call_is_not_silent(
    assistant: Assistant, person: Person, set_clock: SetClock, act: str
) -> None:
    hand = await hire(assistant)
    ticket = await ask_for_a_person(person)
    await assistant.casework.claim(ticket.reference, hand)
    await getattr(assistant.casework, act)(ticket.reference, hand, "Appelée, rendez-vous pris.")
    set_clock(now() + timedelta(days=14))
    await assistant.clocks.look()
    assert await assistant.state(person.id) == "operator"


async def test_an_operator_silent_after_the_person_wrote_again_gives_it_back(
    assistant: Assistant, person: Person, set_clock: SetClock
) -> None:
    hand = await hire(assistant)
    ticket = await ask_for_a_person(person)
    await assistant.casework.claim(ticket.reference, hand)
    await assistant.casework.reply(ticket.reference, hand, "Bonjour")
    await person.send("merci, et pour le loyer ?")
    set_clock(now() + timedelta(days=14))
    await assistant.clocks.look()
    assert await assistant.state(person.id) == "waiting"


async def test_a_question_for_later_is_asked_once_at_its_time(
    assistant: Assistant, person: Person, set_clock: SetClock
) -> None:
    due = now() + timedelta(days=21)
    async with assistant._database.write() as connection:
        await followups.plan(connection, person.id, followups.RIGHT, "apl", due)
    await assistant.clocks.look()
    before = len(await assistant.transcript(person.id))
    set_clock(due)
    for _ in range(2):
        await assistant.clocks.look()
    said = await assistant.transcript(person.id)
    assert len(said) == before + 1
    assert "reçu" in await last_words(person)


async def test_mails_hold_nothing_of_the_person(assistant_with_mail: Assistant, set_clock: SetClock) -> None:
    assistant = assistant_with_mail
    await with_mail(assistant, "present", Role.RESPONSABLE)
    await ask_for_a_person(
        await Person.arrive(assistant), "rappel", telephone="06 39 98 00 01", nom="Le Goff", mots="coupure"
    )
    set_clock(WORKING_DAY)
    await assistant.clocks.look()
    async with assistant._database.read() as connection:
        rows = (await connection.execute(sa.select(mails_table))).all()
        assert await mails.states(connection)
    words = " ".join(str(assistant._cipher.open(row.body_enc)) for row in rows)
    assert rows
    for private in ("Goff", "98 00", "coupure", "rappel"):
        assert private not in words


async def test_what_a_closed_account_held_waits_again_at_once(assistant: Assistant, person: Person) -> None:
    hand = await hire(assistant)
    ticket = await ask_for_a_person(person)
    await assistant.casework.claim(ticket.reference, hand)
    await assistant.casework.reply(ticket.reference, hand, "Bonjour")
    await assistant.accounts.disable(hand)
    await assistant.clocks.look()
    assert await assistant.state(person.id) == "waiting"
    assert "attend de nouveau" in await last_words(person)


async def test_a_request_that_cannot_be_dealt_with_holds_back_no_other(
    assistant: Assistant, set_clock: SetClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    people = [await Person.arrive(assistant) for _ in range(2)]
    for person in people:
        await ask_for_a_person(person)
    async with assistant._database.write() as connection:
        await connection.execute(demandes.update().values(due_at=WORKING_DAY))
    set_clock(WORKING_DAY + timedelta(minutes=1))
    tell, calls = assistant.composer.nobody_took_it, iter(range(10))

    def first_fails(reference: str) -> Answer:
        if next(calls) == 0:
            raise ValueError
        return tell(reference)

    monkeypatch.setattr(assistant.composer, "nobody_took_it", first_fails)
    await assistant.clocks.look()
    heard = ["Personne n'a encore pris" in await last_words(person) for person in people]
    assert heard == [False, True]
    await assistant.clocks.look()
    assert "Personne n'a encore pris" in await last_words(people[0])


async def test_with_nothing_due_the_clocks_write_nothing(
    assistant: Assistant, person: Person, monkeypatch: pytest.MonkeyPatch
) -> None:
    ticket = await ask_for_a_person(person)
    await assistant.casework.claim(ticket.reference, await hire(assistant))
    await ask_for_a_person(person)
    monkeypatch.setattr(assistant._database, "write", None)  # nobody may take the lock
    with capture_logs() as logs:
        await assistant.clocks.look()
    assert logs == []
