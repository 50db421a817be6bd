"""The addresses of the frame, and of the script that puts it in a page."""

from __future__ import annotations

from aiohttp import web

from channels.form import read_form
from channels.keys import ASSISTANT, SETTINGS
from channels.static_files import file_response
from channels.talk.conversation import ConversationPages
from channels.talk.errors import Handler, Words, answer_errors
from channels.talk.question import Question
from channels.widget.page import BASE, FRAME, embedders, frame_page
from channels.widget.surface import WidgetSurface

SCRIPT = "integrer.js"
_A_FEW_MINUTES = "public, max-age=600"
"""Other sites ask for it under an address that never changes: a correction must reach them the same day."""
_SURFACE = WidgetSurface()
_PAGES = ConversationPages(_SURFACE)


async def show_frame(request: web.Request) -> web.StreamResponse:
    """`GET /integrer`: the conversation in progress, or the first page. No cookie is given before a question."""
    if not embedders(request):
        return frame_page(request, "ferme.html", title="Assistant non intégrable")
    if await _SURFACE.find(request) is not None:
        # Without a place in the page: it would take the focus, and scroll the site around.
        return web.Response(status=303, headers={"Location": f"{BASE}/conversation"})
    return await _SURFACE.home(request, Question())


async def leave_fast(request: web.Request) -> web.StreamResponse:
    """`POST /integrer/quitter`: no browser opens the conversation again, and another site shows at once.

    A form and not a link: it leads the whole window away, where the cookie of the frame does not go, and cannot be
    dropped. The script sends it apart (`discret`), as it has already left.
    """
    fields = await read_form(request)
    conversation = await _SURFACE.find(request, fields)
    if conversation is not None:
        await request.app[ASSISTANT].lock(conversation.id)
    address = str(request.app[SETTINGS].quit_url)
    response = (
        web.Response(status=204)
        if "discret" in fields
        else web.Response(status=303, headers={"Location": address})
    )
    _SURFACE.forget(response, request)
    return response


async def show_static(request: web.Request) -> web.Response:
    """`GET /integrer/static/{name}`."""
    return file_response(request, request.app[FRAME].static)


async def show_script(request: web.Request) -> web.Response:
    """`GET /integrer.js`: asked for by the pages of other sites."""
    return web.Response(
        body=request.app[FRAME].static[SCRIPT],
        content_type="text/javascript",
        charset="utf-8",
        headers={"Cache-Control": _A_FEW_MINUTES, "Cross-Origin-Resource-Policy": "cross-origin"},
    )


@web.middleware
async def answer_with_frames(request: web.Request, handler: Handler) -> web.StreamResponse:
    """Turn whatever goes wrong in the frame into a page that the frame may show."""
    if request.path != BASE and not request.path.startswith(f"{BASE}/"):
        return await handler(request)
    return await answer_errors(request, handler, _error_page)


def _error_page(request: web.Request, status: int, words: Words) -> web.Response:
    return frame_page(
        request,
        "erreur.html",
        status=status,
        title=f"Erreur : {words.title}",
        heading=words.title,
        advice=words.advice,
    )


ROUTES = (
    web.get(BASE, show_frame),
    web.post(f"{BASE}/message", _PAGES.send_message),
    web.get(f"{BASE}/conversation", _PAGES.show_conversation),
    web.post(f"{BASE}/conversation", _PAGES.show_conversation),
    web.get(f"{BASE}/conversation/suite", _PAGES.show_next),
    web.post(f"{BASE}/quitter", leave_fast),
    web.get(f"{BASE}/static/{{name}}", show_static),
    web.get(f"/{SCRIPT}", show_script),
)
