"""The conversation of the pages."""

from __future__ import annotations

from typing import Any

from aiohttp import web

from bot.store.conversations import Conversation
from channels.cookie import Credentials
from channels.talk.conversation import ConversationPages
from channels.talk.question import Question
from channels.talk.surface import At, Surface
from channels.web.home import home_page
from channels.web.keep import is_kept_until_tonight
from channels.web.page import page


class WebSurface(Surface):
    """The site of the assistant itself."""

    channel = "web"
    gone = "/?finie"
    erased = "/efface"

    def page(
        self, request: web.Request, template: str, *, status: int = 200, title: str, **context: Any
    ) -> web.Response:
        """Return a page of the site."""
        return page(request, template, status=status, title=title, **context)

    async def home(self, request: web.Request, question: Question, status: int = 200) -> web.Response:
        """Return the first page of the site."""
        return await home_page(request, question, status)

    def at(self, credentials: Credentials | None) -> At:
        """Return the addresses of the site."""
        del credentials
        return At()

    def context(self, request: web.Request) -> dict[str, Any]:
        """Return how long this browser keeps the conversation."""
        return {"until_tonight": is_kept_until_tonight(request)}

    def shows(self, conversation: Conversation) -> bool:
        """Open the conversations of programs too: a site may hand one over to the pages."""
        del conversation
        return True


_PAGES = ConversationPages(WebSurface())
send_message = _PAGES.send_message
show_conversation = _PAGES.show_conversation
show_next = _PAGES.show_next
