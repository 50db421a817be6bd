"""What a mail needs before it is written: an address, a sender, a server read from its URL."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from enum import Enum
from urllib.parse import unquote, urlsplit

_ATOM = r"[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+"
_LABEL = r"[A-Za-z0-9](?:[A-Za-z0-9-]{0,61}[A-Za-z0-9])?"
_ADDRESS = re.compile(rf"(?=.{{3,254}}\Z)(?=[^@]{{1,64}}@){_ATOM}(?:\.{_ATOM})*@{_LABEL}(?:\.{_LABEL})*")
_HOST = re.compile(rf"{_LABEL}(?:\.{_LABEL})*|[0-9a-f:.]+")
_NAMED = re.compile(r"(?P<name>[^<>]*)<(?P<address>[^<>]*)>")
_HERE = frozenset({"localhost", "127.0.0.1", "::1"})


class Security(Enum):
    """How a connection to a mail server is protected; the value is the scheme of its URL."""

    NONE = "smtp"
    STARTTLS = "smtp+starttls"
    TLS = "smtps"


_PORTS = {Security.NONE: 25, Security.STARTTLS: 587, Security.TLS: 465}


@dataclass(frozen=True)
class MailServer:
    """Whom mails are handed to."""

    host: str
    port: int
    security: Security
    user: str = ""
    password: str = field(default="", repr=False)


@dataclass(frozen=True)
class Sender:
    """Who mails come from, as a mailbox shows it."""

    name: str
    address: str

    @property
    def domain(self) -> str:
        """Return what follows the @."""
        return self.address.rpartition("@")[2]


def is_mail_address(text: str) -> bool:
    """Tell whether a text is one plain address (RFC 5322 dot-atom, ASCII): no name, no space, no line."""
    return _ADDRESS.fullmatch(text) is not None


def read_sender(text: str) -> Sender:
    """Read `adresse` or `Nom <adresse>`. Raises ValueError."""
    named = _NAMED.fullmatch(text.strip())
    name, address = (named["name"].strip(' "'), named["address"]) if named else ("", text.strip())
    if not is_mail_address(address) or not name.isprintable():
        raise ValueError("écrivez une adresse, ou Nom <adresse>")
    return Sender(name, address)


def read_mail_server(url: str) -> MailServer:
    """Read smtp://, smtp+starttls:// or smtps://[user:password@]host[:port]. Raises ValueError, without the URL."""
    scheme, _, rest = url.partition("://")
    if scheme not in {security.value for security in Security}:
        raise ValueError("l'adresse commence par smtp://, smtp+starttls:// ou smtps://")
    if not url.isprintable() or re.search(r"[/?#\s]", rest.rstrip("/")):
        raise ValueError(
            "rien ne suit le port ; dans un mot de passe, / s'écrit %2F, ? s'écrit %3F, # s'écrit %23"
        )
    try:
        parts = urlsplit(url)
        security, host, port = Security(scheme), parts.hostname or "", parts.port
    except ValueError:
        raise ValueError("le port est un nombre : smtps://serveur:465") from None
    if not _HOST.fullmatch(host):
        raise ValueError("il manque le nom du serveur : smtps://serveur:465")
    user, password = unquote(parts.username or ""), unquote(parts.password or "")
    if bool(user) != bool(password):
        raise ValueError("il faut un compte et un mot de passe, ou aucun des deux")
    if user and security is Security.NONE and host not in _HERE:
        raise ValueError("un mot de passe ne part pas en clair : prenez smtp+starttls:// ou smtps://")
    return MailServer(host, port or _PORTS[security], security, user, password)
