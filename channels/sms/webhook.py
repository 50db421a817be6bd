"""What a gateway calls: a message from a phone, a delivery report. Stored first, acknowledged after.

Nothing here is logged but what kind of thing happened: neither number, nor text, nor the secret of the path.
"""

from __future__ import annotations

import hmac
import ipaddress
import time
from collections.abc import Awaitable, Callable

import structlog
from aiohttp import web
from aiohttp.web_exceptions import HTTPException

from bot.service.correspondence import Inbound
from bot.service.logs import failure
from channels.address import exact_address
from channels.body import read_body
from channels.failures import is_store_away
from channels.keys import ASSISTANT, SETTINGS
from channels.sms.gateway import CHANNEL, BadCall, BadSignature, Call, Mo, SmsGateway
from channels.sms.keys import GATEWAY
from channels.sms.numbers import read_sender
from channels.sms.settings import SmsSettings

Act = Callable[[web.Request, SmsGateway, Call], Awaitable[None]]
MAX_BODY = 16 * 1024
log = structlog.get_logger()


async def take_message(request: web.Request) -> web.Response:
    """`GET` or `POST /sms/{secret}/message`."""
    return await _answer_call(request, _take)


async def take_report(request: web.Request) -> web.Response:
    """`GET` or `POST /sms/{secret}/accuse`."""
    return await _answer_call(request, _report)


async def _answer_call(request: web.Request, act: Act) -> web.Response:
    """Check a call, act on it, and answer 200 with nothing: what all gateways take for an acknowledgement."""
    gateway = request.app.get(GATEWAY)
    if gateway is None:
        raise web.HTTPNotFound
    try:
        call = await _checked_call(request, gateway)
        await act(request, gateway, call)
    except BadSignature:
        return await _refuse(request, 403, "sms_refused")
    except BadCall as error:
        log.warning("sms_call_unreadable", lacks=str(error))
        return await _refuse(request, 400, "sms_unreadable_call")
    except HTTPException as error:
        return web.Response(status=error.status)
    except Exception as error:
        # 503: every gateway gives the message again. What is stored already is known the next time.
        log.exception("sms_call_failed", **failure(error))
        return web.Response(status=503 if is_store_away(error) else 500)
    return web.Response(status=200)


async def _checked_call(request: web.Request, gateway: SmsGateway) -> Call:
    """Return the call once the secret, the address and the signature are right. Raises BadSignature."""
    settings = SmsSettings.of(request.app[SETTINGS])
    given = request.match_info["secret"].encode("utf-8", "surrogateescape")
    if not hmac.compare_digest(given, settings.sms_secret.encode()):
        raise BadSignature
    if not _comes_from_the_gateway(request):
        raise BadSignature
    path_and_query = request.raw_path if request.raw_path.startswith("/") else request.path_qs
    call = Call(
        method=request.method,
        url=f"{settings.gateway_calls}{path_and_query}",
        query=path_and_query.partition("?")[2].encode("utf-8", "surrogateescape"),
        headers=request.headers,
        body=await read_body(request, MAX_BODY),
        now=time.time(),
    )
    gateway.check(call)
    return call


def _comes_from_the_gateway(request: web.Request) -> bool:
    settings = SmsSettings.of(request.app[SETTINGS])
    peer = exact_address(
        request.remote or "", request.headers.getall("X-Forwarded-For", []), settings.trusted_proxies
    )
    networks = [part.strip() for part in settings.sms_allowed.split(",") if part.strip()]
    try:
        address = ipaddress.ip_address(peer)
    except ValueError:
        return False
    if isinstance(address, ipaddress.IPv6Address) and address.ipv4_mapped:
        address = address.ipv4_mapped
    return any(address in ipaddress.ip_network(network, strict=False) for network in networks)


async def _refuse(request: web.Request, status: int, name: str) -> web.Response:
    await request.app[ASSISTANT].deliveries.count(name)
    return web.Response(status=status)


async def _take(request: web.Request, gateway: SmsGateway, call: Call) -> None:
    message = gateway.read_message(call)
    sender = read_sender(message.sender)
    assistant = request.app[ASSISTANT]
    if sender is None:
        # A service that writes to us, a premium number: an answer would reach nobody, or cost somebody.
        log.info("sms_sender_not_a_person")
        await assistant.deliveries.count("sms_unknown_sender")
        return
    reception = await assistant.receive_from(_inbound(message, sender))
    log.info("sms_received", result=reception.result.value, conversation=reception.conversation_id)


def _inbound(message: Mo, sender: str) -> Inbound:
    return Inbound(CHANNEL, sender, message.text, message.id, message.part)


async def _report(request: web.Request, gateway: SmsGateway, call: Call) -> None:
    report = gateway.read_report(call)
    if report is None:
        return
    is_known = await request.app[ASSISTANT].deliveries.report(
        CHANNEL, report.status, public_id=report.ours, gateway_id=report.theirs
    )
    log.info("sms_report", state=report.status, known=is_known)
