"""Kannel 1.4.5: smsbox calls us for each MO and each report, and its sendsms takes our MT.

It signs nothing: the secret in the path and the list of addresses are the guard. It takes 200 and 202 for a success
and nothing else. Numbers stand in headers, on both sides: an address ends in logs.
"""

from __future__ import annotations

from email.message import Message
from urllib.parse import quote, unquote_to_bytes

import aiohttp

from bot.store.deliveries import BUFFERED, DELIVERED, REJECTED, SENT, UNDELIVERED
from channels.handing import CannotSend
from channels.sms.charset import decode
from channels.sms.gateway import BadCall, Call, Dlr, Mo, Mt, SmsGateway, check_status
from channels.sms.settings import SmsSettings

_REPORTS = {"1": DELIVERED, "2": UNDELIVERED, "4": BUFFERED, "8": SENT, "16": REJECTED}
"""`%d` of dlr-url. 8 often comes after 1: the ranks of the states are there for it."""
_ALL_REPORTS = "31"
_BINARY = "1"
_SECONDS = 10


class Kannel:
    """One smsbox."""

    def __init__(self, settings: SmsSettings) -> None:
        self._url = settings.sms_kannel_url
        self._user, self._password = settings.sms_user, settings.sms_password
        self._number = settings.sms_number

    def check(self, call: Call) -> None:
        """Take every call: the path and the address were checked."""

    def read_message(self, call: Call) -> Mo:
        """Read `post-url` (headers X-Kannel-*, the text as body) and `get-url` (everything in the query)."""
        query = _query(call.query)
        if call.method == "POST":
            sender = call.headers.get("X-Kannel-From", "")
            coding, body = call.headers.get("X-Kannel-Coding", "0"), call.body
            charset = _charset_of(call.headers.get("Content-Type", ""))
        else:
            sender = _text(query, "from")
            coding, body = _text(query, "coding"), query.get("text", b"")
            charset = _text(query, "charset")
        if not sender:
            raise BadCall("from")
        text = None if coding == _BINARY else decode(body, charset)
        return Mo(sender, text, _text(query, "id") or None)

    def read_report(self, call: Call) -> Dlr | None:
        """Read `dlr-url`."""
        query = _query(call.query)
        ours, state = _text(query, "id"), _text(query, "etat")
        if not ours or not state:
            raise BadCall("id, etat")
        status = _REPORTS.get(state)
        return Dlr(status, ours=ours) if status else None

    async def send(self, session: aiohttp.ClientSession, message: Mt) -> str | None:
        """Hand over to sendsms, everything but the text in headers. It gives no id: reports carry ours."""
        headers = {
            "X-Kannel-Username": self._user,
            "X-Kannel-Password": self._password,
            "X-Kannel-From": self._number,
            "X-Kannel-To": message.number,
            "X-Kannel-Coding": "0" if message.is_gsm else "2",
            "X-Kannel-DLR-Mask": _ALL_REPORTS,
            "X-Kannel-DLR-Url": f"{message.report_url}?id={quote(message.id)}&etat=%d",
            "Content-Type": "text/plain; charset=UTF-8",
        }
        try:
            async with session.post(
                self._url,
                data=message.text.encode(),
                headers={name: value for name, value in headers.items() if value},
                timeout=aiohttp.ClientTimeout(total=_SECONDS),
                allow_redirects=False,  # a number and a text go where the settings say, and nowhere else
            ) as response:
                await response.read()
                # 202 says taken; Kannel also answers 202 when its SMSC is away, and keeps the message.
                check_status(response.status)
        except (TimeoutError, aiohttp.ClientError, OSError) as error:
            raise CannotSend(type(error).__name__, retry=True, away=True) from error
        return None


def open_kannel(settings: SmsSettings) -> SmsGateway:
    """Return the gateway of the settings."""
    return Kannel(settings)


def _query(raw: bytes) -> dict[str, bytes]:
    """Return the query undecoded: the charset of a value is told by another."""
    pairs = (pair.partition(b"=") for pair in raw.split(b"&") if pair)
    return {
        unquote_to_bytes(name).decode("ascii", "replace"): unquote_to_bytes(value.replace(b"+", b" "))
        for name, _, value in pairs
    }


def _text(query: dict[str, bytes], name: str) -> str:
    return query.get(name, b"").decode("ascii", "replace").strip()


def _charset_of(content_type: str) -> str:
    header = Message()
    header["Content-Type"] = content_type
    return header.get_content_charset("")
