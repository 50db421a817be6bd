"""Where a conversation is shown: its addresses, its cookie, its pages. One class for each, in the folder of its channel."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, ClassVar

from aiohttp import web
from markupsafe import Markup

from bot.store.conversations import Conversation
from channels.address import address_word
from channels.cookie import PAGE_COOKIE, Cookie, Credentials, drop_cookie, read_cookie, set_cookie
from channels.keys import ASSISTANT, LIMITS, SETTINGS
from channels.once import Once
from channels.talk.question import Question

NEW_CONVERSATIONS = web.AppKey("new_conversations", Once[Credentials])
NO_FIELDS: Mapping[str, str] = {}


@dataclass(frozen=True)
class Visitor:
    """A conversation, and what opens it. `is_new` when the cookie is still to be given."""

    conversation_id: str
    credentials: Credentials
    is_new: bool = False


@dataclass(frozen=True)
class At:
    """What the shared templates need of where they are: addresses, and what each form carries.

    `access` stands for a cookie that the browser may refuse; `report` is `page`, `tab` or empty: where errors of an
    answer are reported.
    """

    message: str = "/message"
    conversation: str = "/conversation"
    access: str = ""
    report: str = "page"


class Surface(ABC):
    """A place where people write to the assistant by forms."""

    channel: ClassVar[str]
    base: ClassVar[str] = ""
    """What its addresses begin with."""
    cookie: ClassVar[Cookie] = PAGE_COOKIE
    gone: ClassVar[str]
    """Where one is sent whose conversation no longer exists."""
    erased: ClassVar[str]
    """Where one is sent who erased it by a word."""

    @abstractmethod
    def page(
        self, request: web.Request, template: str, *, status: int = 200, title: str, **context: Any
    ) -> web.Response:
        """Return a page in the layout of this place."""

    @abstractmethod
    async def home(self, request: web.Request, question: Question, status: int = 200) -> web.Response:
        """Return the first page with the form as it stands."""

    @abstractmethod
    def at(self, credentials: Credentials | None) -> At:
        """Return what the shared templates need."""

    def shape(self, html: Markup) -> Markup:
        """Return an answer as it is shown here."""
        return html

    def context(self, request: web.Request) -> dict[str, Any]:
        """Return what else the page of the conversation shows here."""
        del request
        return {}

    def credentials(self, request: web.Request, fields: Mapping[str, str] = NO_FIELDS) -> Credentials | None:
        """Return what the browser gives to open a conversation."""
        del fields
        return read_cookie(request, self.cookie)

    def keeps_cookies(self, request: web.Request, visitor: Visitor) -> bool:
        """Tell whether the browser will come back with the cookie, so that a redirection can find the conversation."""
        del request, visitor
        return True

    async def find(self, request: web.Request, fields: Mapping[str, str] = NO_FIELDS) -> Conversation | None:
        """Return the conversation that the browser opens, if it still exists here."""
        credentials = self.credentials(request, fields)
        if credentials is None:
            return None
        found = await request.app[ASSISTANT].find_conversation(credentials.conversation_id, credentials.token)
        return found if found and self.shows(found) else None

    def shows(self, conversation: Conversation) -> bool:
        """Tell whether a conversation opens here: another place may promise less, or keep more."""
        return conversation.channel == self.channel

    async def find_or_start(
        self, request: web.Request, fields: Mapping[str, str], action_key: str | None, text: str | None
    ) -> Visitor:
        """Return the visitor's conversation, or a new one. Raises TooMany, but never for a danger."""
        credentials = self.credentials(request, fields)
        found = await self.find(request, fields)
        if found is not None and credentials is not None:
            return Visitor(found.id, credentials)
        key = action_key and f"{self.channel}:{action_key}"
        fresh = await request.app[NEW_CONVERSATIONS].run(key, lambda: self._start(request, text))
        return Visitor(fresh.conversation_id, fresh, is_new=True)

    async def _start(self, request: web.Request, text: str | None) -> Credentials:
        await request.app[LIMITS].count_conversation(visitor_address(request), text)
        conversation, token, _ = await request.app[ASSISTANT].start_conversation(self.channel)
        return Credentials(conversation.id, token)

    def remember(self, response: web.StreamResponse, visitor: Visitor, request: web.Request) -> None:
        """Give the conversation to the browser."""
        set_cookie(response, visitor.credentials, request.app[SETTINGS], self.cookie)

    def forget(self, response: web.StreamResponse, request: web.Request) -> None:
        """Take the conversation back from the browser."""
        drop_cookie(response, request.app[SETTINGS], self.cookie)


def visitor_address(request: web.Request) -> str:
    """Return the opaque word for where the visitor comes from."""
    return address_word(request, request.app[SETTINGS].trusted_proxies)
