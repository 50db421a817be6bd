"""Read the JSON bodies of the API strictly: what the contract does not name is refused."""

from __future__ import annotations

import json
from collections.abc import Collection
from typing import Any

from aiohttp import web

from bot.service.errors import EmptyText, TextTooLong
from bot.service.intake import MAX_TEXT, Incoming
from channels.api.problems import Problem
from channels.body import read_body

MAX_BODY = 16 * 1024
MAX_CLIENT_ID = 100
CHANNELS = ("api", "web", "widget")
"""Channels whose client comes to fetch its answers. An answer for any other would be handed to a gateway."""


async def read_channel(request: web.Request) -> str:
    """Return the channel that a new conversation asks for. No body at all means `api`."""
    if not request.can_read_body and not request.content_length:
        return "api"
    channel = (await _read_object(request, ("channel",))).get("channel", "api")
    if channel not in CHANNELS:
        raise Problem(422, f"Le champ « channel » vaut : {', '.join(CHANNELS)}.")
    return str(channel)


async def read_message(request: web.Request) -> Incoming:
    """Return the message of the body. Raises Problem or Refused, saying what to change."""
    data = await _read_object(request, ("text", "choice", "client_id"))
    if ("text" in data) == ("choice" in data):
        raise Problem(422, "Donnez soit « text », soit « choice », et un seul des deux.")
    text, choice, client_id = (_string(data, name) for name in ("text", "choice", "client_id"))
    if text == "":
        raise EmptyText
    if text and len(text) > MAX_TEXT:
        raise TextTooLong(len(text), MAX_TEXT)
    if client_id is not None and not 1 <= len(client_id) <= MAX_CLIENT_ID:
        raise Problem(422, f"Le champ « client_id » a de 1 à {MAX_CLIENT_ID} caractères.")
    return Incoming(
        text=_without_lone_surrogates(text) if text else None,
        choice=choice,
        client_id=_storable(client_id) if client_id else None,
    )


async def _read_object(request: web.Request, known: Collection[str]) -> dict[str, Any]:
    if request.content_type != "application/json":
        raise Problem(415)
    body = await read_body(request, MAX_BODY)
    try:
        data = json.loads(body.decode("utf-8"))
    except (ValueError, RecursionError):  # not UTF-8, not JSON, a number of 5,000 digits, too deep
        raise Problem(400, "Le corps n'est pas du JSON en UTF-8. Relisez-le, puis renvoyez-le.") from None
    if not isinstance(data, dict):
        raise Problem(422, "Le corps doit être un objet JSON.")
    if not set(data) <= set(known):
        raise Problem(422, f"Le corps contient un champ inconnu. Champs possibles : {', '.join(known)}.")
    return data


def _string(data: dict[str, Any], name: str) -> str | None:
    if name not in data:
        return None
    if not isinstance(data[name], str):
        raise Problem(422, f"Le champ « {name} » doit être un texte.")
    return str(data[name])


def _without_lone_surrogates(text: str) -> str:
    """Return text that UTF-8 can write: JSON may hold half a character, a person's words are kept anyway."""
    return text.encode("utf-16-le", "surrogatepass").decode("utf-16-le", "replace")


def _storable(client_id: str) -> str:
    """Return the id with what a database refuses written out, and different ids still different."""
    return client_id.encode("utf-8", "backslashreplace").decode("utf-8").replace("\x00", "\\x00")
