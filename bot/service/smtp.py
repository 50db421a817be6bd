"""Hand one mail to a mail server (SMTP, RFC 5321), and tell what went wrong in a word that says what to do next."""

from __future__ import annotations

import asyncio
import re
import socket
import ssl
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from datetime import UTC
from email.headerregistry import Address
from email.message import EmailMessage
from email.policy import SMTP as SMTP_POLICY
from email.utils import format_datetime
from enum import Enum

import aiosmtplib

from bot.model.mail import MailServer, Security, Sender
from bot.store.mails import Mail

TIMEOUT_SECONDS = 20.0
"""For each answer of the server."""
SESSION_SECONDS = 60.0
"""For a whole mail: a server that answers each word at the last second must not outlast the hold of a mail."""
QUIT_SECONDS = 2.0
SUBJECT_CHARACTERS = 200
_UNPRINTABLE = re.compile(r"[\x00-\x1f\x7f-\x9f\u2028\u2029\ud800-\udfff]")


class Trouble(Enum):
    """What kept a mail from being taken."""

    UNKNOWN_HOST = "unknown_host"
    UNREACHABLE = "unreachable"
    SLOW = "slow"
    CUT = "cut"
    CERTIFICATE = "certificate"
    NO_TLS = "no_tls"
    LOGIN = "login"
    GREETING = "greeting"
    SENDER = "sender"
    RECIPIENT = "recipient"
    CONTENT = "content"
    UNFORESEEN = "unforeseen"


_OF_ONE_MAIL = frozenset({Trouble.SENDER, Trouble.RECIPIENT, Trouble.CONTENT, Trouble.UNFORESEEN})
NEEDS_SOMEBODY = frozenset({Trouble.CERTIFICATE, Trouble.NO_TLS, Trouble.LOGIN, Trouble.SENDER})
"""What no wait mends: a setting or an account is wrong."""
_OF_A_CONNECTION = (
    (socket.gaierror, Trouble.UNKNOWN_HOST),
    (ssl.SSLCertVerificationError, Trouble.CERTIFICATE),
    (ssl.SSLError, Trouble.NO_TLS),
)
_OF_AN_ANSWER: tuple[tuple[type[BaseException], Trouble], ...] = (
    (aiosmtplib.SMTPAuthenticationError, Trouble.LOGIN),
    (aiosmtplib.SMTPSenderRefused, Trouble.SENDER),
    (aiosmtplib.SMTPRecipientRefused, Trouble.RECIPIENT),
    (aiosmtplib.SMTPDataError, Trouble.CONTENT),
    (TimeoutError, Trouble.SLOW),
    (aiosmtplib.SMTPConnectError, Trouble.UNREACHABLE),
    (ConnectionError, Trouble.CUT),
    (OSError, Trouble.UNREACHABLE),
    (aiosmtplib.SMTPException, Trouble.GREETING),
)


class NotTaken(Exception):
    """A mail was not taken. `code` is the server's, if it gave one; `words` are its words, never for a log.

    `away` tells that no other mail would be taken either, `retry` that a later try can help.
    """

    def __init__(self, trouble: Trouble, code: int | None = None, words: str = "") -> None:
        super().__init__(trouble.value)
        self.trouble = trouble
        self.code = code
        self.words = words
        is_final = code is not None and code >= 500
        self.away = (
            trouble not in _OF_ONE_MAIL or code == 421 or (trouble is Trouble.SENDER and is_final)
        )  # 421: the server closes (RFC 5321, 3.8)
        self.retry = self.away or not is_final


class MailRoute:
    """The way to a mail server. Certificates are verified, by those of `ca_file` alone when it is given."""

    def __init__(
        self,
        server: MailServer,
        sender: Sender,
        *,
        ca_file: str = "",
        timeout_seconds: float = TIMEOUT_SECONDS,
        session_seconds: float = SESSION_SECONDS,
    ) -> None:
        self._server = server
        self._sender = sender
        self._timeout = timeout_seconds
        self._session = session_seconds
        self._tls = ssl.create_default_context(cafile=ca_file or None)

    async def hand_over(self, mail: Mail) -> None:
        """Hand over a mail. Raises NotTaken."""
        client = aiosmtplib.SMTP(
            hostname=self._server.host,
            port=self._server.port,
            use_tls=self._server.security is Security.TLS,
            start_tls=False,  # never by chance: below, or not at all
            tls_context=self._tls,
            timeout=self._timeout,
        )
        try:
            async with asyncio.timeout(self._session):
                await client.connect()
                if self._server.security is Security.STARTTLS:
                    with _told_as(Trouble.NO_TLS):
                        await client.starttls()
                if self._server.user:
                    with _told_as(Trouble.LOGIN):
                        await client.login(self._server.user, self._server.password)
                words = compose(mail, self._sender).as_bytes()
                await client.sendmail(self._sender.address, [mail.to], words)
            with suppress(Exception):  # it is taken: how the server says goodbye changes nothing
                await client.quit(timeout=QUIT_SECONDS)
        except Exception as error:
            raise _not_taken(error) from error
        finally:
            client.close()


@contextmanager
def _told_as(trouble: Trouble) -> Iterator[None]:
    """Give its name to what a server does not offer: for that the library has no error of its own."""
    try:
        yield
    except (ConnectionError, TimeoutError, aiosmtplib.SMTPResponseException):
        raise
    except (aiosmtplib.SMTPException, UnicodeError) as error:
        raise NotTaken(trouble) from error


def compose(mail: Mail, sender: Sender) -> EmailMessage:
    """Return a mail as it is sent: plain text, one line a header whatever the words are.

    Date and Message-ID are those of its queuing: sent twice, a mail is recognised as one.
    """
    message = EmailMessage(policy=SMTP_POLICY)
    message["From"] = Address(display_name=sender.name, addr_spec=sender.address)
    message["To"] = Address(addr_spec=mail.to)
    message["Subject"] = one_line(mail.subject)
    message["Date"] = format_datetime(mail.created_at.replace(tzinfo=UTC))
    message["Message-ID"] = f"<{mail.id}.{mail.created_at:%Y%m%d%H%M%S%f}@{sender.domain}>"
    message["Auto-Submitted"] = "auto-generated"  # RFC 3834: an absence message must not answer it
    text = mail.text.encode("utf-8", "replace").decode()
    message.set_content(text, charset="utf-8", cte="quoted-printable")
    return message


def one_line(text: str) -> str:
    """Return a text in one line, of a length for a header: what breaks a line or does not print is a space."""
    return " ".join(_UNPRINTABLE.sub(" ", text).split())[:SUBJECT_CHARACTERS]


def _not_taken(error: Exception) -> NotTaken:
    if isinstance(error, NotTaken):
        return error
    if isinstance(error, aiosmtplib.SMTPRecipientsRefused):
        error = error.recipients[0]  # there is one
    causes = (error, error.__cause__)
    for kind, trouble in _OF_A_CONNECTION:
        if any(isinstance(cause, kind) for cause in causes):
            return NotTaken(trouble)
    trouble = next((word for kind, word in _OF_AN_ANSWER if isinstance(error, kind)), Trouble.UNFORESEEN)
    if isinstance(error, aiosmtplib.SMTPResponseException):
        return NotTaken(trouble, error.code, error.message)
    return NotTaken(trouble)
