"""What every SMS gateway is to us, whoever runs it: how its calls are checked and read, and how a message is handed to it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Protocol

import aiohttp

from bot.service.correspondence import Part
from channels.handing import CannotSend
from channels.sms.settings import SmsSettings

CHANNEL = "sms"
_MAX_DIGITS = 12


@dataclass(frozen=True)
class Call:
    """An HTTP call of a gateway. `url` is the address as the gateway wrote it, query included."""

    method: str
    url: str
    query: bytes
    headers: Mapping[str, str]
    body: bytes
    now: float
    """Seconds since the epoch, for signatures that grow old."""


@dataclass(frozen=True)
class Mo:
    """A message from a phone (mobile originated), as the gateway gave it. `text` is None when it cannot be read."""

    sender: str
    text: str | None
    id: str | None = None
    part: Part | None = None


@dataclass(frozen=True)
class Dlr:
    """A delivery report: about our id of a message or the gateway's, and one of the states of `bot.store.deliveries`."""

    status: str
    ours: str | None = None
    theirs: str | None = None


@dataclass(frozen=True)
class Mt:
    """A message to a phone (mobile terminated). `number` is E.164; `report_url` is where reports about it go."""

    id: str
    number: str
    text: str
    is_gsm: bool
    report_url: str


class BadSignature(Exception):
    """The call was not signed by the gateway, or too long ago."""


class BadCall(Exception):
    """The call lacks what the gateway's documentation promises."""


class SmsGateway(Protocol):
    """One gateway. Only what differs between them stands here."""

    def check(self, call: Call) -> None:
        """Raise BadSignature unless the gateway signed this call."""

    def read_message(self, call: Call) -> Mo:
        """Return the message of a call. Raises BadCall."""

    def read_report(self, call: Call) -> Dlr | None:
        """Return the report of a call, None for a state that says nothing. Raises BadCall."""

    async def send(self, session: aiohttp.ClientSession, message: Mt) -> str | None:
        """Hand over a message and return the gateway's id of it, if it gives one. Raises CannotSend."""


OpenGateway = Callable[[SmsSettings], SmsGateway]


def is_number(text: str) -> bool:
    """Tell whether a text of somebody else's is a whole number that can be reckoned with."""
    return text.isascii() and text.isdigit() and len(text) <= _MAX_DIGITS


def check_status(status: int, retry_after: str | None = None) -> None:
    """Raise CannotSend for an HTTP status that is not a success: some can be tried again, others never."""
    if 200 <= status < 300:
        return
    if status in (401, 403):
        # The account is wrong, not the message: it can be sent once the settings are mended.
        raise CannotSend(f"http_{status}", retry=True, away=True)
    if status in (408, 425, 429) or status >= 500:
        after = float(retry_after) if retry_after and is_number(retry_after) else None
        raise CannotSend(f"http_{status}", retry=True, away=status != 408, after=after)
    raise CannotSend(f"http_{status}", retry=False)
