"""Errors in the frame of the console: what happened, and what to do."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import dataclass

from aiohttp import web

from channels.console.keys import SIGNED, is_console_path
from channels.console.page import console_page
from channels.console.session import NotAllowed, find_signed
from channels.failures import is_store_away, log_failure


@dataclass(frozen=True)
class Words:
    """What an error page says: a title, and what to do."""

    title: str
    advice: str


Handler = Callable[[web.Request], Awaitable[web.StreamResponse]]
ErrorPage = Callable[[web.Request, int, Words], web.Response]
_NOT_ALLOWED = Words(
    "Votre compte n'ouvre pas cette page",
    "Elle est réservée à un autre rôle. Si vous en avez besoin, demandez-la à votre responsable.",
)
_AGAIN = "Revenez à la page d'avant, puis envoyez de nouveau."
_WORDS = {
    400: Words("Votre envoi est illisible", _AGAIN),
    403: Words(
        "Cet envoi vient d'un autre site", "Par sécurité, rien n'a été fait. Ouvrez la page dans la console."
    ),
    404: Words(
        "Cette page n'existe pas",
        "L'adresse est mal écrite, ou la demande a été effacée.",
    ),
    405: Words("Cette page ne s'ouvre pas ainsi", "Passez par un lien ou un bouton de la console."),
    408: Words("Votre envoi est arrivé trop lentement", _AGAIN),
    413: Words(
        "Votre texte est beaucoup trop long", f"{_AGAIN} Votre texte y est encore : raccourcissez-le."
    ),
    415: Words("Votre envoi est illisible", "Utilisez le formulaire de la console."),
    500: Words(
        "Une erreur est survenue de notre côté", "Ce n'est pas votre faute. Réessayez dans un instant."
    ),
    503: Words("La base de données ne répond pas", f"Rien n'a été enregistré. {_AGAIN}"),
}


@web.middleware
async def answer_with_console_pages(
    request: web.Request, handler: Callable[[web.Request], Awaitable[web.StreamResponse]]
) -> web.StreamResponse:
    """Turn whatever goes wrong under the console's addresses into a page of it."""
    if not is_console_path(request.path):
        return await handler(request)
    return await answer_errors(request, handler, _error_page)


async def answer_errors(request: web.Request, handler: Handler, show: ErrorPage) -> web.StreamResponse:
    """Return what the handler does, or the page that `show` makes of what went wrong."""
    try:
        return await handler(request)
    except web.HTTPException as error:
        if error.status < 400:
            raise
        return await _refusal(request, error, show)
    except ConnectionError:
        raise  # the client left: there is nobody to answer
    except Exception as error:  # noqa: BLE001 - nobody is left before a blank page
        log_failure(request, error)
        status = 503 if is_store_away(error) else 500
        return show(request, status, _WORDS[status])


async def _refusal(request: web.Request, error: web.HTTPException, show: ErrorPage) -> web.Response:
    if SIGNED not in request:
        try:
            await find_signed(request)  # for an unknown address: the page keeps its menu
        except Exception as failure:  # noqa: BLE001 - the refusal is said without a menu
            log_failure(request, failure)
    words = _NOT_ALLOWED if isinstance(error, NotAllowed) else _WORDS.get(error.status, _WORDS[400])
    response = show(request, error.status, words)
    if "Allow" in error.headers:
        response.headers["Allow"] = error.headers["Allow"]
    return response


def _error_page(request: web.Request, status: int, words: Words) -> web.Response:
    return console_page(
        request,
        "erreur.html",
        status=status,
        title=f"Erreur : {words.title}",
        heading=words.title,
        advice=words.advice,
    )
