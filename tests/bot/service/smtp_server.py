"""A real mail server on this machine, in a thread of its own, that answers what a test tells it to."""

from __future__ import annotations

import asyncio
import datetime as dt
import email
import ipaddress
import socket
import ssl
from collections import deque
from collections.abc import Iterator
from contextlib import contextmanager
from email.message import EmailMessage
from email.policy import default
from pathlib import Path
from typing import Any

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import AuthResult
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec

SENDER = "Accès aux droits <droits@mairie.example>"
ACCOUNT = ("compte", "mot de passe/é")


class Mailbox:
    """What the server received, and what it is to answer next: "" takes, anything else is said as it is."""

    def __init__(self) -> None:
        self.received: list[tuple[list[str], EmailMessage]] = []
        self.senders: list[str] = []
        self.were_encrypted: list[bool] = []
        self.on_mail: deque[str] = deque()
        self.on_recipient: deque[str] = deque()
        self.on_words: deque[str] = deque()
        self.hangs = False

    @property
    def messages(self) -> list[EmailMessage]:
        return [message for _, message in self.received]

    async def handle_MAIL(self, _server: Any, _session: Any, envelope: Any, address: str, _: Any) -> str:  # noqa: N802
        if answer := self._next(self.on_mail):
            return answer
        envelope.mail_from = address
        return "250 OK"

    async def handle_RCPT(self, _server: Any, _session: Any, envelope: Any, address: str, _: Any) -> str:  # noqa: N802
        if answer := self._next(self.on_recipient):
            return answer
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, _server: Any, session: Any, envelope: Any) -> str:  # noqa: N802
        if answer := self._next(self.on_words):
            return answer
        message = email.message_from_bytes(envelope.original_content, policy=default)
        assert isinstance(message, EmailMessage)
        self.received.append((list(envelope.rcpt_tos), message))
        self.senders.append(envelope.mail_from)
        self.were_encrypted.append(session.ssl is not None)
        if self.hangs:
            await asyncio.Event().wait()
        return "250 OK"

    @staticmethod
    def _next(answers: deque[str]) -> str:
        return answers.popleft() if answers else ""


class Certificate:
    """A self-signed certificate of 127.0.0.1, made for a test."""

    def __init__(self, folder: Path, name: str = "127.0.0.1") -> None:
        key = ec.generate_private_key(ec.SECP256R1())
        subject = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "essai")])
        day = dt.timedelta(days=1)
        moment = dt.datetime.now(dt.UTC)
        certificate = (
            x509.CertificateBuilder()
            .subject_name(subject)
            .issuer_name(subject)
            .public_key(key.public_key())
            .serial_number(x509.random_serial_number())
            .not_valid_before(moment - day)
            .not_valid_after(moment + day)
            .add_extension(
                x509.SubjectAlternativeName([x509.IPAddress(ipaddress.ip_address(name))]), critical=False
            )
            .add_extension(x509.BasicConstraints(ca=True, path_length=0), critical=True)
            .sign(key, hashes.SHA256())
        )
        self.path = folder / "certificat.pem"
        self.path.write_bytes(certificate.public_bytes(serialization.Encoding.PEM))
        key_path = folder / "cle.pem"
        key_path.write_bytes(
            key.private_bytes(
                serialization.Encoding.PEM,
                serialization.PrivateFormat.PKCS8,
                serialization.NoEncryption(),
            )
        )
        self.context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        self.context.load_cert_chain(self.path, key_path)


def free_port() -> int:
    """Return a port that nobody listens on."""
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        return int(listener.getsockname()[1])


def sign_in(_server: Any, _session: Any, _envelope: Any, _mechanism: str, data: Any) -> AuthResult:
    given = (data.login.decode(), data.password.decode())
    return AuthResult(success=given == ACCOUNT, handled=False)


@contextmanager
def smtp_server(
    mailbox: Mailbox,
    *,
    port: int | None = None,
    tls: Certificate | None = None,
    starttls: Certificate | None = None,
    needs_account: bool = False,
) -> Iterator[int]:
    """Run a server; yield its port."""
    controller = Controller(
        mailbox,
        hostname="127.0.0.1",
        port=port or free_port(),
        ssl_context=tls.context if tls else None,
        tls_context=starttls.context if starttls else None,
        require_starttls=starttls is not None,
        authenticator=sign_in if needs_account else None,
        auth_required=needs_account,
        auth_require_tls=starttls is not None,
    )
    controller.start()
    try:
        yield controller.port
    finally:
        controller.stop()


@contextmanager
def silent_server() -> Iterator[int]:
    """Listen on a port and never say a word; yield the port."""
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        listener.listen()
        yield int(listener.getsockname()[1])
