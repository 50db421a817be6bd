"""Twilio: signed form posts in, `Messages.json` out (twilio.com/docs/usage/webhooks/webhooks-security).

A signature has no date, so an old one is known by its MessageSid: it is acknowledged and not read again.
"""

from __future__ import annotations

import hmac
from urllib.parse import parse_qsl, quote, urlsplit

import aiohttp
from twilio.request_validator import RequestValidator, add_port, remove_port

from bot.store.deliveries import BUFFERED, DELIVERED, REJECTED, SENT, UNDELIVERED
from channels.handing import CannotSend
from channels.sms.gateway import (
    BadCall,
    BadSignature,
    Call,
    Dlr,
    Mo,
    Mt,
    SmsGateway,
    check_status,
)
from channels.sms.settings import SmsSettings

API = "https://api.twilio.com"
_REPORTS = {
    "queued": BUFFERED,
    "sending": BUFFERED,
    "sent": SENT,
    "delivered": DELIVERED,
    "undelivered": UNDELIVERED,
    "failed": REJECTED,
}
_SECONDS = 15


class Twilio:
    """One Twilio account. `api` is the address of its API, another one in tests."""

    def __init__(self, settings: SmsSettings, api: str = API) -> None:
        self._account, self._token = settings.sms_user, settings.sms_password
        self._number = settings.sms_number
        self._validator = RequestValidator(self._token)
        self._api = api

    def check(self, call: Call) -> None:
        """Check X-Twilio-Signature over the exact address and the sorted fields, in constant time."""
        given = call.headers.get("X-Twilio-Signature", "").encode("utf-8", "replace")
        address, form = urlsplit(call.url), _form(call)
        # Twilio signs some addresses with the port of https and some without.
        signed = {
            self._validator.compute_signature(write(address), form) for write in (add_port, remove_port)
        }
        is_right = [hmac.compare_digest(signature.encode(), given) for signature in signed]
        if not self._token or not any(is_right):
            raise BadSignature

    def read_message(self, call: Call) -> Mo:
        """Read an incoming message; a picture without words cannot be read."""
        form = _form(call)
        if not form.get("From") or not form.get("MessageSid"):
            raise BadCall("From, MessageSid")
        has_media = form.get("NumMedia", "0") not in ("", "0")
        text = form.get("Body", "")
        return Mo(form["From"], None if has_media and not text else text, form["MessageSid"])

    def read_report(self, call: Call) -> Dlr | None:
        """Read a status callback."""
        form = _form(call)
        if not form.get("MessageSid") or not form.get("MessageStatus"):
            raise BadCall("MessageSid, MessageStatus")
        status = _REPORTS.get(form["MessageStatus"])
        ours = dict(parse_qsl(call.query.decode("ascii", "replace"))).get("id")
        return Dlr(status, ours=ours, theirs=form["MessageSid"]) if status else None

    async def send(self, session: aiohttp.ClientSession, message: Mt) -> str | None:
        """Create a message and return its sid."""
        form = {
            "To": message.number,
            "From": self._number,
            "Body": message.text,
            "StatusCallback": f"{message.report_url}?id={quote(message.id)}",
        }
        url = f"{self._api}/2010-04-01/Accounts/{quote(self._account)}/Messages.json"
        try:
            async with session.post(
                url,
                data=form,
                auth=aiohttp.BasicAuth(self._account, self._token),
                timeout=aiohttp.ClientTimeout(total=_SECONDS),
                allow_redirects=False,  # a number and a text go where the settings say, and nowhere else
            ) as response:
                check_status(response.status, response.headers.get("Retry-After"))
                answer = await response.json(content_type=None)
        except (TimeoutError, aiohttp.ClientError, OSError) as error:
            raise CannotSend(type(error).__name__, retry=True, away=True) from error
        except (ValueError, RecursionError):
            return None  # taken, without an id we can read: reports carry ours
        sid = answer.get("sid") if isinstance(answer, dict) else None
        return sid if isinstance(sid, str) else None


def open_twilio(settings: SmsSettings) -> SmsGateway:
    """Return the gateway of the settings."""
    return Twilio(settings)


def _form(call: Call) -> dict[str, str]:
    pairs = parse_qsl(call.body.decode("utf-8", "replace"), keep_blank_values=True)
    return dict(pairs)
