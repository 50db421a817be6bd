"""Where a request comes from, as an opaque word: the address itself is never kept nor logged."""

from __future__ import annotations

import hashlib
import hmac
import ipaddress

from aiohttp import web

ADDRESS_KEY = web.AppKey("address_key", bytes)
"""Made at random and gone with the process, unless several processes must have the same words."""
_IPV6_HOME_PREFIX = 64
"""A home has a whole /64: counting each address apart would be no limit at all."""


def address_word(request: web.Request, trusted_proxies: int) -> str:
    """Return the word that stands for the address of a request: nobody finds the address again without the key."""
    address = client_address(
        request.remote or "", request.headers.getall("X-Forwarded-For", []), trusted_proxies
    )
    word = hmac.new(request.app[ADDRESS_KEY], address.encode("utf-8", "replace"), hashlib.sha256)
    return word.hexdigest()[:32]


def exact_address(peer: str, forwarded: list[str], trusted_proxies: int) -> str:
    """Return the address as the connection, or the last trusted proxy, gives it."""
    entries = [entry.strip() for header in forwarded for entry in header.split(",") if entry.strip()]
    return entries[-trusted_proxies] if trusted_proxies and len(entries) >= trusted_proxies else peer


def client_address(peer: str, forwarded: list[str], trusted_proxies: int) -> str:
    """Return the address a limit counts.

    Each trusted proxy adds one entry at the end of X-Forwarded-For. What stands before those was written
    by the client and proves nothing, so it is never read.
    """
    peer = exact_address(peer, forwarded, trusted_proxies)
    try:
        parsed = ipaddress.ip_address(peer)
    except ValueError:
        return peer
    if isinstance(parsed, ipaddress.IPv6Address):
        if parsed.ipv4_mapped:
            return str(parsed.ipv4_mapped)
        return str(ipaddress.ip_network((parsed, _IPV6_HOME_PREFIX), strict=False))
    return str(parsed)
