"""Errors of the API: `application/problem+json` (RFC 9457) with a French title a person can read."""

from __future__ import annotations

import json
from collections.abc import Awaitable, Callable, Mapping
from typing import Any

from aiohttp import web

from bot.service.errors import ConversationGone, Refused
from channels.api_paths import is_api_path
from channels.failures import is_store_away, log_failure
from channels.limits import TooMany

CONTENT_TYPE = "application/problem+json"
NOT_FOUND_CONVERSATION = "Cette conversation n'existe pas, ou le jeton n'est pas le sien."
_TITLES = {
    400: "La requête est mal formée. Relisez-la, puis renvoyez-la.",
    404: "Cette adresse n'existe pas. Les adresses sont décrites dans /api/v1/openapi.json.",
    405: "Cette méthode n'est pas acceptée ici. L'en-tête Allow donne celles qui le sont.",
    408: "La requête est arrivée trop lentement. Renvoyez-la.",
    413: "La requête est trop grosse : 16 Kio au plus. Envoyez le message en plusieurs fois.",
    415: "Envoyez du JSON en UTF-8, avec l'en-tête Content-Type: application/json.",
    500: "Une erreur est survenue de notre côté. Réessayez dans un instant.",
    503: "Le service ne peut pas répondre en ce moment. Réessayez dans un instant.",
}


class Problem(Exception):
    """An error to answer with; `title` says in French what to do."""

    def __init__(
        self, status: int, title: str | None = None, headers: Mapping[str, str] | None = None
    ) -> None:
        super().__init__(status)
        self.status = status
        self.title = title or _TITLES[status]
        self.headers = dict(headers or {})


def problem_response(
    status: int, title: str | None = None, headers: Mapping[str, str] | None = None, **more: Any
) -> web.Response:
    """Return a problem; `more` are members of its own (RFC 9457, 3.2)."""
    body = {
        "type": "about:blank",
        "title": title or _TITLES.get(status, _TITLES[400]),
        "status": status,
        **more,
    }
    return web.Response(
        status=status,
        body=json.dumps(body, ensure_ascii=False).encode(),
        content_type=CONTENT_TYPE,
        headers=headers,
    )


@web.middleware
async def answer_problems(
    request: web.Request, handler: Callable[[web.Request], Awaitable[web.StreamResponse]]
) -> web.StreamResponse:
    """Turn whatever goes wrong under the API's addresses into a problem."""
    if not is_api_path(request.path):
        return await handler(request)
    try:
        return await handler(request)
    except (Problem, TooMany, Refused) as error:
        return _refusal(error)
    except web.HTTPException as error:
        allow = {"Allow": error.headers["Allow"]} if "Allow" in error.headers else None
        return problem_response(error.status, headers=allow)
    except ConnectionError:
        raise  # the client left: there is nobody to answer
    except Exception as error:  # noqa: BLE001 - a program always gets a problem it can read
        log_failure(request, error)
        return problem_response(503 if is_store_away(error) else 500)


def _refusal(error: Problem | TooMany | Refused) -> web.Response:
    if isinstance(error, Problem):
        return problem_response(error.status, error.title, error.headers)
    if isinstance(error, TooMany):
        return problem_response(429, error.title, {"Retry-After": str(error.retry_after)})
    return problem_response(404 if isinstance(error, ConversationGone) else 422, error.title)
