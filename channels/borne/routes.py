"""The addresses of the kiosk."""

from __future__ import annotations

from aiohttp import web

from channels.borne.page import BASE, KIOSK, kiosk_page
from channels.borne.surface import KioskSurface
from channels.form import read_form
from channels.keys import ASSISTANT, SETTINGS
from channels.origin import comes_from_elsewhere
from channels.static_files import file_response
from channels.talk.conversation import ConversationPages
from channels.talk.errors import Handler, Words, answer_errors
from channels.talk.question import Question

_SURFACE = KioskSurface()
_PAGES = ConversationPages(_SURFACE)


async def show_home(request: web.Request) -> web.StreamResponse:
    """`GET /borne`. A conversation still open is shown, so that « J'ai fini » is in reach of whoever finds it."""
    if await _SURFACE.find(request) is not None:
        return web.Response(status=303, headers={"Location": f"{BASE}/conversation#derniere"})
    return await _SURFACE.home(request, Question())


async def finish(request: web.Request) -> web.StreamResponse:
    """`POST /borne/fini`: erase the conversation and take the cookie back. Sent twice, it does the same."""
    await read_form(request)
    return await _wipe(request)


async def ask_to_go_on(request: web.Request) -> web.StreamResponse:
    """`GET /borne/encore`: where the page goes by itself without script; then to `/borne/fin`, but for a touch."""
    if await _SURFACE.find(request) is None:
        return web.Response(status=303, headers={"Location": BASE})
    return kiosk_page(request, "encore.html", title="Êtes-vous encore là ?")


async def time_out(request: web.Request) -> web.StreamResponse:
    """`GET /borne/fin`: the same as « J'ai fini », where no form can be sent by itself."""
    if comes_from_elsewhere(request, request.app[SETTINGS].public_url):
        raise web.HTTPForbidden
    return await _wipe(request)


async def _wipe(request: web.Request) -> web.Response:
    conversation = await _SURFACE.find(request)
    if conversation is not None:
        await request.app[ASSISTANT].erase(conversation.id, keep_requests=True)
    return _PAGES.leave(request, _SURFACE.erased)


async def show_static(request: web.Request) -> web.Response:
    """`GET /borne/static/{name}`."""
    return file_response(request, request.app[KIOSK].static)


@web.middleware
async def answer_with_kiosk_pages(request: web.Request, handler: Handler) -> web.StreamResponse:
    """Turn whatever goes wrong at the kiosk into a page of it, from which one cannot leave it."""
    if request.path != BASE and not request.path.startswith(f"{BASE}/"):
        return await handler(request)
    return await answer_errors(request, handler, _error_page)


def _error_page(request: web.Request, status: int, words: Words) -> web.Response:
    return kiosk_page(
        request,
        "erreur.html",
        status=status,
        title=f"Erreur : {words.title}",
        heading=words.title,
        advice=words.advice,
    )


ROUTES = (
    web.get(BASE, show_home),
    web.post(f"{BASE}/message", _PAGES.send_message),
    web.get(f"{BASE}/conversation", _PAGES.show_conversation),
    web.post(f"{BASE}/fini", finish),
    web.get(f"{BASE}/encore", ask_to_go_on),
    web.get(f"{BASE}/fin", time_out),
    web.get(f"{BASE}/static/{{name}}", show_static),
)
