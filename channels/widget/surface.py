"""The conversation within a page of another site.

Its cookie is one that frames are given, apart for each site that shows the frame. Where browsers refuse it, the forms
carry what it holds. What a form asks is done for the conversation that the form names, never for that of the cookie:
another site could make a browser send the cookie, and cannot write the form.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from aiohttp import web
from markupsafe import Markup

from channels.cookie import Cookie, Credentials, read_cookie, read_credentials, write_credentials
from channels.keys import ASSISTANT
from channels.talk.html import UNDER_TITLE, answer_html
from channels.talk.links import in_a_new_tab
from channels.talk.question import Question
from channels.talk.surface import NO_FIELDS, At, Surface, Visitor
from channels.widget.page import BASE, frame_page

ACCESS = "acces"
ACCESS_HEADER = "X-Acces"
"""Sent by our script only, where a form cannot be: no other site can add a header to its requests to us."""
ERASED = "efface"
GONE = "finie"


class WidgetSurface(Surface):
    """The frame."""

    channel = "widget"
    base = BASE
    cookie = Cookie("integre", BASE, in_frames=True)
    gone = f"{BASE}?{GONE}"
    erased = f"{BASE}?{ERASED}"

    def page(
        self, request: web.Request, template: str, *, status: int = 200, title: str, **context: Any
    ) -> web.Response:
        """Return a page of the frame."""
        return frame_page(request, template, status=status, title=title, **context)

    async def home(self, request: web.Request, question: Question, status: int = 200) -> web.Response:
        """Return the first page: who answers, what is kept, and the form."""
        return self.page(
            request,
            "accueil.html",
            status=status,
            title=question.title if question.error else "Poser une question",
            welcome=answer_html(request.app[ASSISTANT].composer.welcome(), UNDER_TITLE),
            question=question,
            notice=next((word for word in (ERASED, GONE) if word in request.query), ""),
        )

    def at(self, credentials: Credentials | None) -> At:
        """Return the addresses of the frame, and what its forms carry."""
        access = write_credentials(credentials) if credentials else ""
        return At(f"{BASE}/message#derniere", f"{BASE}/conversation", access, report="tab")

    def shape(self, html: Markup) -> Markup:
        """Return an answer whose links lead out of the frame."""
        return in_a_new_tab(html)

    def credentials(self, request: web.Request, fields: Mapping[str, str] = NO_FIELDS) -> Credentials | None:
        """Return what the form carries; when a page is only read, what the cookie or our script gives."""
        if request.method == "POST":
            return read_credentials(fields.get(ACCESS, ""))
        return read_cookie(request, self.cookie) or read_credentials(request.headers.get(ACCESS_HEADER, ""))

    def keeps_cookies(self, request: web.Request, visitor: Visitor) -> bool:
        """Tell whether the cookie came back. It never has with a first message: the page then answers the form itself."""
        return read_cookie(request, self.cookie) == visitor.credentials
