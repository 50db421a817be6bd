"""Mails queued with what they tell of, and sent to a real server: once each, late rather than never, then emptied."""

from __future__ import annotations

import asyncio
import os
import signal
import subprocess
import sys
from collections.abc import AsyncIterator
from datetime import datetime, timedelta
from pathlib import Path

import pytest
import sqlalchemy as sa
from structlog.testing import capture_logs

from bot.model.mail import read_mail_server, read_sender
from bot.service import mail as mail_module
from bot.service.mail import LONGEST_WAIT, PAUSE_SECONDS, TRIED_FOR, Mailer, open_route
from bot.service.smtp import MailRoute
from bot.settings import Settings
from bot.store import mails
from bot.store.cipher import Cipher, load_cipher
from bot.store.database import Database, now
from bot.store.desk_schema import mails as table
from bot.store.mails import GIVEN_UP, HOLD, QUEUED, SENT
from tests.bot.service.smtp_server import SENDER, Mailbox, free_port, smtp_server

START = datetime(2026, 11, 30, 9, 0)
TO = "agent@mairie.example"
SUBJECT = "Une demande attend"
TEXT = "À prendre avant 11 h."
MINUTE = timedelta(minutes=1)


class Clock:
    """The present of the queue, moved by hand."""

    def __init__(self) -> None:
        self.at = START

    def __call__(self) -> datetime:
        return self.at


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> Clock:
    clock = Clock()
    monkeypatch.setattr(mails, "now", clock)
    monkeypatch.setattr(mail_module, "now", clock)
    return clock


@pytest.fixture
def mailbox() -> Mailbox:
    return Mailbox()


@pytest.fixture
async def database(store_url: str) -> AsyncIterator[Database]:
    database = Database(store_url)
    yield database
    await database.close()


@pytest.fixture
def cipher(tmp_path: Path) -> Cipher:
    return load_cipher(tmp_path / "cles")


def mailer(database: Database, cipher: Cipher, port: int) -> Mailer:
    server = read_mail_server(f"smtp://127.0.0.1:{port}")
    return Mailer(database, cipher, MailRoute(server, read_sender(SENDER), timeout_seconds=5))


async def queue(database: Database, one: Mailer, to: str = TO, subject: str = SUBJECT) -> int | None:
    async with database.write() as connection:
        return await one.queue(connection, to, subject, TEXT)


async def states(database: Database) -> dict[str, int]:
    async with database.read() as connection:
        return await mails.states(connection)


async def row(database: Database) -> sa.engine.Row:
    async with database.read() as connection:
        return (await connection.execute(sa.select(table))).one()


async def until(condition: object) -> None:
    """Return when something has become true; fail after ten seconds."""
    async with asyncio.timeout(10):
        while not await condition():
            await asyncio.sleep(0.01)


async def test_a_mail_is_sent_and_emptied(database: Database, cipher: Cipher, mailbox: Mailbox) -> None:
    with smtp_server(mailbox) as port:
        one = mailer(database, cipher, port)
        await queue(database, one, subject="Échéance dépassée : « à rappeler »")
        assert await one.send_next() == 0.0
        assert await one.send_next() is None
    [message] = mailbox.messages
    assert (message["To"], message["Subject"]) == (TO, "Échéance dépassée : « à rappeler »")
    assert message.get_content().strip() == TEXT
    sent = await row(database)
    assert (sent.status, sent.body_enc) == (SENT, None)


async def test_a_mail_of_a_transaction_that_fails_is_not_sent(
    database: Database, cipher: Cipher, mailbox: Mailbox
) -> None:
    with smtp_server(mailbox) as port:
        one = mailer(database, cipher, port)
        with pytest.raises(ZeroDivisionError):
            async with database.write() as connection:
                await one.queue(connection, TO, SUBJECT, TEXT)
                raise ZeroDivisionError
        assert await one.send_next() is None
    assert mailbox.received == []


async def test_without_a_server_nothing_is_queued_and_the_log_says_so_once(
    database: Database, cipher: Cipher
) -> None:
    one = Mailer(database, cipher, None)
    with capture_logs() as logs:
        assert [await queue(database, one) for _ in range(3)] == [None] * 3
        async with one.running():
            pass
    assert [line["event"] for line in logs] == ["mail_not_set"]
    assert await states(database) == {}


@pytest.mark.parametrize(
    "to", ["", "agent", f"{TO}\r\nBcc: autre@mairie.example", f"{TO}, autre@mairie.example", f"Agent <{TO}>"]
)
async def test_what_is_no_address_is_not_written_to_and_fails_nothing(
    database: Database, cipher: Cipher, to: str
) -> None:
    one = mailer(database, cipher, free_port())
    with capture_logs() as logs:
        assert await queue(database, one, to=to) is None
    assert logs == [{"event": "mail_address_refused", "log_level": "error"}]
    assert await states(database) == {}


async def test_a_refusal_for_now_is_tried_again_later_and_the_others_pass(
    database: Database, cipher: Cipher, mailbox: Mailbox, clock: Clock
) -> None:
    mailbox.on_recipient.append("451 4.7.1 greylisted")
    with smtp_server(mailbox) as port:
        one = mailer(database, cipher, port)
        await queue(database, one, subject="un")
        await queue(database, one, subject="deux")
        assert [await one.send_next() for _ in range(3)] == [0.0, 0.0, None]
        assert [message["Subject"] for message in mailbox.messages] == ["deux"]
        clock.at += MINUTE
        await one.send_next()
    assert [message["Subject"] for message in mailbox.messages] == ["deux", "un"]


async def test_waits_grow_until_a_day_has_passed_then_the_mail_is_given_up(
    database: Database, cipher: Cipher, mailbox: Mailbox, clock: Clock
) -> None:
    mailbox.on_words.extend(["452 4.2.2 full"] * 100)
    waits = []
    with smtp_server(mailbox) as port, capture_logs() as logs:
        one = mailer(database, cipher, port)
        await queue(database, one)
        while await one.send_next() is not None:
            mail = await row(database)
            if mail.status == QUEUED:
                waits.append(mail.next_attempt_at - clock.at)
                clock.at = mail.next_attempt_at
    assert waits == sorted(waits)
    assert (waits[0], waits[-1]) == (MINUTE, LONGEST_WAIT)
    assert TRIED_FOR <= clock.at - START <= TRIED_FOR + LONGEST_WAIT
    assert (mail.status, mail.body_enc) == (GIVEN_UP, None)
    assert (logs[-1]["event"], logs[-1]["log_level"]) == ("mail_given_up", "error")


@pytest.mark.parametrize("step", ["on_recipient", "on_words"])
async def test_a_refusal_for_good_is_not_tried_again(
    database: Database, cipher: Cipher, mailbox: Mailbox, clock: Clock, step: str
) -> None:
    getattr(mailbox, step).append(f"550 5.1.1 {TO} unknown")
    with smtp_server(mailbox) as port, capture_logs() as logs:
        one = mailer(database, cipher, port)
        await queue(database, one)
        assert await one.send_next() == 0.0
        clock.at += timedelta(days=2)
        assert await one.send_next() is None
    assert mailbox.received == []
    assert (await row(database)).body_enc is None
    assert [line["event"] for line in logs] == ["mail_not_taken", "mail_given_up"]


async def test_a_server_that_is_away_pauses_all_longer_and_longer(
    database: Database, cipher: Cipher, clock: Clock
) -> None:
    one = mailer(database, cipher, free_port())
    for _ in range(6):
        await queue(database, one)
    pauses = [await one.send_next() for _ in range(6)]
    assert pauses == [*PAUSE_SECONDS, PAUSE_SECONDS[-1], PAUSE_SECONDS[-1]]
    assert await states(database) == {QUEUED: 6}


async def test_a_server_that_comes_back_gets_what_waited(
    database: Database, cipher: Cipher, mailbox: Mailbox, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(mail_module, "PAUSE_SECONDS", (0.02,))
    monkeypatch.setattr(mail_module, "IDLE_SECONDS", 0.02)
    port = free_port()
    one = mailer(database, cipher, port)
    await queue(database, one)
    await queue(database, one)

    async def was_refused() -> bool:
        async with database.read() as connection:
            return bool((await connection.execute(sa.select(sa.func.max(table.c.attempts)))).scalar_one())

    async def is_all_sent() -> bool:
        return await states(database) == {SENT: 2}

    async with one.running():
        await until(was_refused)
        with smtp_server(mailbox, port=port):
            await until(is_all_sent)
    assert len(mailbox.received) == 2


async def test_a_store_that_is_away_does_not_send_a_mail_twice(
    database: Database, cipher: Cipher, mailbox: Mailbox, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(mail_module, "PAUSE_SECONDS", (0.0,))
    write, failures = mails.mark_sent, [OSError, OSError]

    async def fail_twice(*arguments: object) -> None:
        if failures:
            raise failures.pop()
        await write(*arguments)

    monkeypatch.setattr(mails, "mark_sent", fail_twice)
    with smtp_server(mailbox) as port:
        one = mailer(database, cipher, port)
        await queue(database, one)
        assert [await one.send_next(), await one.send_next()] == [0.0, None]
    assert len(mailbox.received) == 1
    assert await states(database) == {SENT: 1}


async def test_two_senders_on_one_store_never_send_the_same_mail(
    database: Database, cipher: Cipher, mailbox: Mailbox, store_url: str
) -> None:
    second_database = Database(store_url)
    with smtp_server(mailbox) as port:
        senders = [mailer(database, cipher, port), mailer(second_database, cipher, port)]
        for number in range(30):
            await queue(database, senders[0], subject=f"Demande {number}")

        async def send_all(sender: Mailer) -> int:
            count = 0
            while await sender.send_next() is not None:
                count += 1
            return count

        counts = await asyncio.gather(*map(send_all, senders))
    await second_database.close()
    subjects = [message["Subject"] for message in mailbox.messages]
    assert sorted(subjects) == sorted({f"Demande {number}" for number in range(30)})
    assert all(counts)


async def test_a_process_killed_repeats_at_most_the_mail_it_was_sending(
    database: Database, cipher: Cipher, mailbox: Mailbox, tmp_path: Path, store_url: str, clock: Clock
) -> None:
    mailbox.hangs = True
    clock.at = datetime(2026, 1, 1)  # before the real present, which is that of the other process
    with smtp_server(mailbox) as port:
        one = mailer(database, cipher, port)
        await queue(database, one, subject="un")
        await queue(database, one, subject="deux")
        process = subprocess.Popen([sys.executable, "-c", SEND, str(tmp_path), str(port), store_url])

        async def is_received() -> bool:
            assert process.poll() is None
            return bool(mailbox.received)

        async with asyncio.timeout(30):
            while not await is_received():
                await asyncio.sleep(0.02)
        os.kill(process.pid, signal.SIGKILL)
        process.wait()
        mailbox.hangs = False
        clock.at = now() + HOLD
        while await one.send_next() is not None:
            pass
    ids = [message["Message-ID"] for message in mailbox.messages]
    assert [message["Subject"] for message in mailbox.messages].count("deux") == 1
    assert len(ids) == 3
    assert len(set(ids)) == 2
    assert await states(database) == {SENT: 2}


SEND = """
import asyncio, sys
from pathlib import Path
from bot.store.cipher import load_cipher
from bot.store.database import Database
from tests.bot.service.test_mail import mailer
folder = Path(sys.argv[1])
async def send():
    one = mailer(Database(sys.argv[3]), load_cipher(folder / "cles"), int(sys.argv[2]))
    async with one.running():
        await asyncio.sleep(60)
asyncio.run(send())
"""


async def test_the_mail_being_sent_is_ended_before_the_process_stops(
    database: Database, cipher: Cipher, mailbox: Mailbox, monkeypatch: pytest.MonkeyPatch
) -> None:
    begun, released = asyncio.Event(), asyncio.Event()
    with smtp_server(mailbox) as port:
        one = mailer(database, cipher, port)
        hand_over = MailRoute.hand_over

        async def wait_then_send(route: MailRoute, mail: mails.Mail) -> None:
            begun.set()
            await released.wait()
            await hand_over(route, mail)

        monkeypatch.setattr(MailRoute, "hand_over", wait_then_send)
        await queue(database, one)
        async with one.running():
            await begun.wait()
            asyncio.get_running_loop().call_later(0.05, released.set)
    assert await states(database) == {SENT: 1}


async def test_logs_hold_nothing_of_a_mail(
    database: Database, cipher: Cipher, mailbox: Mailbox, clock: Clock
) -> None:
    mailbox.on_recipient.extend([f"451 {TO} later", f"550 {TO} unknown"])
    with smtp_server(mailbox) as port, capture_logs() as logs:
        one = mailer(database, cipher, port)
        await queue(database, one)
        await one.send_next()
        clock.at += MINUTE
        await one.send_next()
        await queue(database, one, to=f"{TO}\n")
    assert len(logs) == 4
    assert not any(word in str(logs) for word in (TO, "agent", SUBJECT, TEXT, "unknown"))


def test_the_way_to_the_server_is_that_of_the_settings() -> None:
    assert open_route(Settings()) is None
    assert open_route(Settings(smtp_url="smtps://relais.example", mail_from=SENDER))
