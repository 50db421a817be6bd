"""Errors where one talks to the assistant: what happened, in plain words, whatever the layout that says it."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import dataclass

from aiohttp import web

from channels.failures import is_store_away, log_failure
from channels.limits import TooMany


@dataclass(frozen=True)
class Words:
    """What an error page says: a title, and what the person can do."""

    title: str
    advice: str


Handler = Callable[[web.Request], Awaitable[web.StreamResponse]]
ErrorPage = Callable[[web.Request, int, Words], web.Response]
_WORDS = {
    400: Words("Votre envoi est illisible", "Revenez à la page d'avant, puis envoyez de nouveau."),
    403: Words(
        "Cet envoi vient d'un autre site",
        "Par sécurité, rien n'a été fait. Revenez à l'accueil, puis recommencez.",
    ),
    404: Words("Cette page n'existe pas", "L'adresse est peut-être mal écrite. Revenez à l'accueil."),
    405: Words("Cette page ne s'ouvre pas ainsi", "Revenez à l'accueil, puis posez votre question."),
    408: Words(
        "Votre envoi est arrivé trop lentement", "Votre connexion est peut-être faible. Envoyez de nouveau."
    ),
    413: Words(
        "Votre texte est beaucoup trop long",
        "Revenez à la page d'avant : votre texte y est encore. Envoyez-le en plusieurs fois.",
    ),
    415: Words("Votre envoi est illisible", "Revenez à l'accueil, puis utilisez le formulaire."),
    500: Words(
        "Une erreur est survenue de notre côté", "Ce n'est pas votre faute. Réessayez dans un instant."
    ),
    503: Words(
        "Le service est en panne en ce moment",
        "Réessayez dans quelques minutes. Si c'est pressé, appelez ou venez.",
    ),
}


async def answer_errors(request: web.Request, handler: Handler, show: ErrorPage) -> web.StreamResponse:
    """Return what the handler does, or the page that `show` makes of what went wrong."""
    try:
        return await handler(request)
    except TooMany as refusal:
        response = show(request, 429, Words("Un peu trop de demandes à la fois", refusal.title))
        response.headers["Retry-After"] = str(refusal.retry_after)
        return response
    except web.HTTPException as error:
        if error.status < 400:
            raise
        response = show(request, error.status, _WORDS.get(error.status, _WORDS[400]))
        if "Allow" in error.headers:
            response.headers["Allow"] = error.headers["Allow"]
        return response
    except ConnectionError:
        raise  # the client left: there is nobody to answer
    except Exception as error:  # noqa: BLE001 - nobody is left before a blank page
        log_failure(request, error)
        status = 503 if is_store_away(error) else 500
        return show(request, status, _WORDS[status])
