"""One mail handed to a real mail server: what it gets, and what is told when it does not take it."""

from __future__ import annotations

import email
import socket
from datetime import datetime
from email.policy import default
from pathlib import Path
from urllib.parse import quote

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.model.mail import Sender, read_mail_server, read_sender
from bot.service.smtp import SUBJECT_CHARACTERS, MailRoute, NotTaken, Trouble, compose, one_line
from bot.store.mails import Mail
from tests.bot.service.smtp_server import (
    ACCOUNT,
    SENDER,
    Certificate,
    Mailbox,
    free_port,
    silent_server,
    smtp_server,
)

MAIL = Mail(
    id=7,
    created_at=datetime(2026, 11, 30, 9, 5, 1, 42),
    attempts=1,
    to="agent@mairie.example",
    subject="Une demande attend : à prendre avant 11 h",
    text="Bonjour,\n\nUne demande attend.\n.\n..fin\n",
)
LOGIN = f"{ACCOUNT[0]}:{quote(ACCOUNT[1], safe='')}"


@pytest.fixture
def mailbox() -> Mailbox:
    return Mailbox()


@pytest.fixture
def certificate(tmp_path: Path) -> Certificate:
    return Certificate(tmp_path)


def route(
    port: int, scheme: str = "smtp", login: str = "", ca: Certificate | None = None, **seconds: float
) -> MailRoute:
    """Return the way to a server of this machine."""
    url = f"{scheme}://{login}{'@' if login else ''}127.0.0.1:{port}"
    return MailRoute(
        read_mail_server(url), read_sender(SENDER), ca_file=str(ca.path) if ca else "", **seconds
    )


async def refusal(way: MailRoute, mail: Mail = MAIL) -> NotTaken:
    with pytest.raises(NotTaken) as caught:
        await way.hand_over(mail)
    return caught.value


async def test_a_mail_arrives_as_it_was_written(mailbox: Mailbox) -> None:
    with smtp_server(mailbox) as port:
        await route(port).hand_over(MAIL)
    [(recipients, message)] = mailbox.received
    assert recipients == ["agent@mairie.example"]
    assert mailbox.senders == ["droits@mairie.example"]
    assert message["Subject"] == MAIL.subject
    assert message.get_content().replace("\r\n", "\n") == MAIL.text
    assert message.get_content_type() == "text/plain"
    assert message["From"].addresses[0].display_name == "Accès aux droits"
    assert message["To"] == "agent@mairie.example"
    assert message["Date"] == "Mon, 30 Nov 2026 09:05:01 +0000"
    assert message["Auto-Submitted"] == "auto-generated"


async def test_a_mail_sent_twice_is_recognised_by_its_id_and_no_other_has_it(mailbox: Mailbox) -> None:
    other = Mail(8, MAIL.created_at, 1, MAIL.to, MAIL.subject, MAIL.text)
    later = Mail(7, datetime(2027, 1, 1), 1, MAIL.to, MAIL.subject, MAIL.text)
    with smtp_server(mailbox) as port:
        for mail in (MAIL, MAIL, other, later):
            await route(port).hand_over(mail)
    ids = [message["Message-ID"] for message in mailbox.messages]
    assert ids[0] == ids[1] == "<7.20261130090501000042@mairie.example>"
    assert len(set(ids)) == 3


async def test_starttls_encrypts_before_anything_is_said(mailbox: Mailbox, certificate: Certificate) -> None:
    with smtp_server(mailbox, starttls=certificate) as port:
        await route(port, "smtp+starttls", ca=certificate).hand_over(MAIL)
    assert mailbox.were_encrypted == [True]


async def test_a_connection_encrypted_from_its_start(mailbox: Mailbox, certificate: Certificate) -> None:
    with smtp_server(mailbox, tls=certificate) as port:
        await route(port, "smtps", ca=certificate).hand_over(MAIL)
    assert len(mailbox.received) == 1


async def test_an_account_signs_in_whatever_is_in_its_password(
    mailbox: Mailbox, certificate: Certificate
) -> None:
    with smtp_server(mailbox, starttls=certificate, needs_account=True) as port:
        await route(port, "smtp+starttls", LOGIN, certificate).hand_over(MAIL)
    assert len(mailbox.received) == 1


@pytest.mark.parametrize("scheme", ["smtps", "smtp+starttls"])
async def test_a_certificate_that_nobody_vouches_for_is_refused(
    mailbox: Mailbox, certificate: Certificate, scheme: str
) -> None:
    kind = {"tls": certificate} if scheme == "smtps" else {"starttls": certificate}
    with smtp_server(mailbox, **kind) as port:
        told = await refusal(route(port, scheme))
    assert (told.trouble, told.away, mailbox.received) == (Trouble.CERTIFICATE, True, [])


@pytest.mark.parametrize("scheme", ["smtps", "smtp+starttls"])
async def test_a_certificate_of_another_server_is_refused(
    mailbox: Mailbox, tmp_path: Path, scheme: str
) -> None:
    other = Certificate(tmp_path, "192.0.2.1")
    kind = {"tls": other} if scheme == "smtps" else {"starttls": other}
    with smtp_server(mailbox, **kind) as port:
        told = await refusal(route(port, scheme, ca=other))
    assert (told.trouble, mailbox.received) == (Trouble.CERTIFICATE, [])


@pytest.mark.parametrize("scheme", ["smtps", "smtp+starttls"])
async def test_nothing_is_sent_in_clear_to_a_server_that_does_not_encrypt(
    mailbox: Mailbox, scheme: str
) -> None:
    with smtp_server(mailbox) as port:
        told = await refusal(route(port, scheme))
    assert (told.trouble, told.away, mailbox.received) == (Trouble.NO_TLS, True, [])


async def test_a_wrong_password_stops_all(mailbox: Mailbox, certificate: Certificate) -> None:
    with smtp_server(mailbox, starttls=certificate, needs_account=True) as port:
        told = await refusal(route(port, "smtp+starttls", "compte:faux", certificate))
    assert (told.trouble, told.code, told.away, told.retry) == (Trouble.LOGIN, 535, True, True)


async def test_a_server_without_accounts_cannot_be_signed_in_to(
    mailbox: Mailbox, certificate: Certificate
) -> None:
    with smtp_server(mailbox, starttls=certificate) as port:
        told = await refusal(route(port, "smtp+starttls", LOGIN, certificate))
    assert (told.trouble, mailbox.received) == (Trouble.LOGIN, [])


async def test_nobody_listens() -> None:
    told = await refusal(route(free_port()))
    assert (told.trouble, told.away, told.retry) == (Trouble.UNREACHABLE, True, True)


async def test_a_name_that_no_server_has(monkeypatch: pytest.MonkeyPatch) -> None:
    def nobody(*_: object, **__: object) -> None:
        raise socket.gaierror(-2, "Name or service not known")

    monkeypatch.setattr(socket, "getaddrinfo", nobody)
    told = await refusal(MailRoute(read_mail_server("smtp://relais.invalid"), read_sender(SENDER)))
    assert (told.trouble, told.away) == (Trouble.UNKNOWN_HOST, True)


async def test_a_server_that_says_nothing_is_left() -> None:
    with silent_server() as port:
        told = await refusal(route(port, timeout_seconds=0.2))
    assert (told.trouble, told.away) == (Trouble.SLOW, True)


async def test_a_server_slow_at_the_last_word_is_left(mailbox: Mailbox) -> None:
    mailbox.hangs = True
    with smtp_server(mailbox) as port:
        told = await refusal(route(port, timeout_seconds=0.2))
    assert (told.trouble, told.retry) == (Trouble.SLOW, True)


async def test_a_session_ends_even_when_each_answer_comes_in_time(mailbox: Mailbox) -> None:
    mailbox.hangs = True
    with smtp_server(mailbox) as port:
        told = await refusal(route(port, timeout_seconds=20, session_seconds=0.3))
    assert told.trouble is Trouble.SLOW


@pytest.mark.parametrize(
    ("step", "answer", "trouble", "away", "retry"),
    [
        ("on_mail", "451 later", Trouble.SENDER, False, True),
        ("on_mail", "553 not yours", Trouble.SENDER, True, True),
        ("on_recipient", "450 greylisted", Trouble.RECIPIENT, False, True),
        ("on_recipient", "550 no such user", Trouble.RECIPIENT, False, False),
        ("on_recipient", "421 closing", Trouble.RECIPIENT, True, True),
        ("on_words", "452 full", Trouble.CONTENT, False, True),
        ("on_words", "554 spam", Trouble.CONTENT, False, False),
    ],
)
async def test_a_refusal_tells_whether_a_later_try_can_help(
    mailbox: Mailbox, step: str, answer: str, trouble: Trouble, away: bool, retry: bool
) -> None:
    getattr(mailbox, step).append(answer)
    with smtp_server(mailbox) as port:
        told = await refusal(route(port))
        assert (told.trouble, told.code, told.away, told.retry) == (trouble, int(answer[:3]), away, retry)
        assert told.words == answer[4:]
        await route(port).hand_over(MAIL)
    assert len(mailbox.received) == 1


async def test_a_refusal_says_nothing_of_the_mail_in_its_own_words(mailbox: Mailbox) -> None:
    mailbox.on_recipient.append(f"550 {MAIL.to} unknown")
    with smtp_server(mailbox) as port:
        told = await refusal(route(port))
    assert str(told) == "recipient"


@pytest.mark.parametrize(
    "line", ["\r\n", "\n", "\r", "\x0b", "\x0c", "\x1d", "\x85", "\u2028", "\u2029", "\x00"]
)
async def test_a_subject_cannot_add_a_header_nor_a_recipient(mailbox: Mailbox, line: str) -> None:
    subject = f"Bonjour{line}Bcc: autre@mairie.example{line}{line}Un autre texte"
    with smtp_server(mailbox) as port:
        await route(port).hand_over(Mail(1, MAIL.created_at, 1, MAIL.to, subject, "Le texte"))
    [(recipients, message)] = mailbox.received
    assert recipients == [MAIL.to]
    assert message["Bcc"] is None
    assert message["Subject"] == "Bonjour Bcc: autre@mairie.example Un autre texte"
    assert message.get_content().strip() == "Le texte"


async def test_a_text_cannot_end_the_mail_nor_speak_to_the_server(mailbox: Mailbox) -> None:
    text = "Un\r\n.\r\nRCPT TO:<autre@mairie.example>\r\nDATA\r\n"
    with smtp_server(mailbox) as port:
        await route(port).hand_over(Mail(1, MAIL.created_at, 1, MAIL.to, "Essai", text))
    assert len(mailbox.received) == 1
    assert mailbox.messages[0].get_content() == text


@given(
    st.text(max_size=400),
    st.text(max_size=400),
    st.text(alphabet=st.characters(exclude_characters="<>"), max_size=60),
)
def test_whatever_is_written_stays_in_its_place(subject: str, text: str, name: str) -> None:
    sender = Sender(one_line(name), "droits@mairie.example")
    message = compose(Mail(1, MAIL.created_at, 1, MAIL.to, subject, text), sender)
    read = email.message_from_bytes(message.as_bytes(), policy=default)
    assert sorted(read.keys()) == sorted(message.keys())
    assert len(read.keys()) == 9
    assert read["To"].addresses[0].addr_spec == MAIL.to
    assert [address.addr_spec for address in read["From"].addresses] == [sender.address]
    assert len(one_line(subject)) <= SUBJECT_CHARACTERS
    assert all(len(line) < 998 for line in message.as_bytes().splitlines())
