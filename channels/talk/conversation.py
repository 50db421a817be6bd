"""Send a message and show the conversation: a form, a redirection, a transcript."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace

from aiohttp import web
from sqlalchemy.exc import SQLAlchemyError

from bot.language.normalise import clean_text
from bot.service.errors import ConversationGone, EmptyText, Refused, TextTooLong
from bot.service.intake import MAX_TEXT, Incoming
from bot.store.conversations import Conversation
from channels.cookie import Credentials, given_cookie
from channels.exchange import exchange
from channels.failures import is_store_away, log_failure
from channels.form import FORM_ID, read_form
from channels.form_id import FORM_IDS
from channels.keys import ASSISTANT, LIMITS
from channels.limits import TooMany
from channels.talk.question import Question, refused_question
from channels.talk.surface import NO_FIELDS, Surface, Visitor, visitor_address
from channels.talk.transcript import show_transcript

LATEST = "#derniere"
LAST_SEEN = "X-Depuis"
"""Sent by the script only: the id of the last message it shows. The reply is then the part it lacks."""
PART = "X-Suite"
"""Marks such a part: whatever else comes back is a page to go to."""


@dataclass(frozen=True)
class Trouble:
    """Why a message cannot be taken now, and when to try again."""

    heading: str
    advice: str


_AWAY = Trouble(
    "Le service est en panne en ce moment", "Votre message n'est pas parti. Réessayez dans un instant."
)


class ConversationPages:
    """The handlers of a conversation at one surface."""

    def __init__(self, surface: Surface) -> None:
        self._surface = surface

    async def send_message(self, request: web.Request) -> web.StreamResponse:
        """`POST /message`: store the message, wait for its answer, then show the conversation."""
        form = await read_form(request)
        text, choice = form.get("text", ""), form.get("choice")
        try:
            if choice is None:
                _check(text)  # before a conversation is opened for nothing
            return await self._take(request, form, text, choice)
        except ConversationGone:
            return self.leave(request, self._surface.gone)
        except Refused as refusal:
            question = refused_question(request.app[ASSISTANT], text, refusal.title)
            return await self._show_again(request, question, form)
        except TooMany as refusal:
            trouble = Trouble("Un peu trop de messages à la fois", refusal.title)
            response = self._ask_to_wait(request, 429, trouble, form)
            response.headers["Retry-After"] = str(refusal.retry_after)
            return response
        except (SQLAlchemyError, OSError) as error:
            if not is_store_away(error):
                raise
            log_failure(request, error)
            return self._ask_to_wait(request, 503, _AWAY, form)

    async def show_conversation(self, request: web.Request) -> web.StreamResponse:
        """`GET /conversation`: the transcript, and the form to go on. A POST carries what a refused cookie would."""
        fields = await read_form(request) if request.method == "POST" else NO_FIELDS
        conversation = await self._surface.find(request, fields)
        if conversation is None:
            gave_one = bool(given_cookie(request, self._surface.cookie)) or bool(fields)
            return self.leave(request, self._surface.gone if gave_one else self._surface.base or "/")
        credentials = self._surface.credentials(request, fields)
        return await self._page(request, conversation, credentials, Question())

    async def show_next(self, request: web.Request) -> web.StreamResponse:
        """`GET /conversation/suite`: what the script does not have yet of the conversation."""
        conversation = await self._surface.find(request)
        if conversation is None:
            return self.leave(request, self._surface.gone)
        return await self._next_part(request, conversation.id, self._surface.credentials(request))

    def leave(self, request: web.Request, address: str) -> web.Response:
        """Take the conversation back from the browser, and lead to another page."""
        response = web.Response(status=303, headers={"Location": address})
        self._surface.forget(response, request)
        return response

    async def _take(
        self, request: web.Request, form: Mapping[str, str], text: str, choice: str | None
    ) -> web.StreamResponse:
        action_key = request.app[FORM_IDS].action_key(form.get(FORM_ID, ""), text, choice or "")
        visitor = await self._surface.find_or_start(request, form, action_key, text)
        await request.app[LIMITS].count_message(visitor_address(request), visitor.conversation_id, text)
        words = None if choice is not None else text
        result = await exchange(
            request.app[ASSISTANT], visitor.conversation_id, Incoming(words, choice, client_id=action_key)
        )
        if result.erased:
            return self.leave(request, self._surface.erased)
        if LAST_SEEN in request.headers:
            if visitor.is_new:
                # The script showed one that is gone. Sent again as a plain form, the same message opens the new one.
                return web.Response(status=409)
            return await self._next_part(request, visitor.conversation_id, visitor.credentials)
        return await self._go_on(request, visitor)

    async def _go_on(self, request: web.Request, visitor: Visitor) -> web.Response:
        if self._surface.keeps_cookies(request, visitor):
            address = f"{self._surface.base}/conversation{LATEST}"
            response = web.Response(status=303, headers={"Location": address})
        else:
            conversation = await request.app[ASSISTANT].find_conversation(
                visitor.conversation_id, visitor.credentials.token
            )
            if conversation is None:
                raise ConversationGone
            response = await self._page(request, conversation, visitor.credentials, Question())
        if visitor.is_new:
            self._surface.remember(response, visitor, request)
        return response

    async def _show_again(
        self, request: web.Request, question: Question, form: Mapping[str, str]
    ) -> web.Response:
        """Show the page the message came from, with the error and the text still in the field."""
        conversation = await self._surface.find(request, form)
        if conversation is None:
            return await self._surface.home(request, question, status=422)
        credentials = self._surface.credentials(request, form)
        return await self._page(request, conversation, credentials, question, status=422)

    def _ask_to_wait(
        self, request: web.Request, status: int, trouble: Trouble, form: Mapping[str, str]
    ) -> web.Response:
        """Say that the message was not taken, with the message ready to be sent again."""
        return self._surface.page(
            request,
            "attendre.html",
            status=status,
            title=f"Erreur : {trouble.heading}",
            heading=trouble.heading,
            message=trouble.advice,
            question=replace(refused_question(request.app[ASSISTANT], form.get("text", ""), ""), error=None),
            choice=form.get("choice"),
            at=self._surface.at(self._surface.credentials(request, form)),
        )

    async def _next_part(
        self, request: web.Request, conversation_id: str, credentials: Credentials | None
    ) -> web.Response:
        assistant = request.app[ASSISTANT]
        messages = await assistant.transcript(conversation_id)
        transcript = show_transcript(messages, assistant.composer, self._surface.shape)
        response = self._surface.page(
            request,
            "suite.html",
            title="",
            transcript=transcript.after(request.headers.get(LAST_SEEN, "")),
            count=len(transcript.lines),
            state=await assistant.state(conversation_id),
            at=self._surface.at(credentials),
        )
        response.headers[PART] = "1"
        return response

    async def _page(
        self,
        request: web.Request,
        conversation: Conversation,
        credentials: Credentials | None,
        question: Question,
        status: int = 200,
    ) -> web.Response:
        assistant = request.app[ASSISTANT]
        messages = await assistant.transcript(conversation.id)
        return self._surface.page(
            request,
            "conversation.html",
            status=status,
            title=question.title,
            conversation_id=conversation.id,
            transcript=show_transcript(messages, assistant.composer, self._surface.shape),
            state=await assistant.state(conversation.id),
            question=question,
            at=self._surface.at(credentials),
            **self._surface.context(request),
        )


def _check(text: str) -> None:
    cleaned = clean_text(text)
    if not cleaned:
        raise EmptyText
    if len(cleaned) > MAX_TEXT:
        raise TextTooLong(len(cleaned), MAX_TEXT)
