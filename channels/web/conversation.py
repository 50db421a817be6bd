"""Send a message and show the conversation: a form, a redirection, a transcript."""

from __future__ import annotations

from dataclasses import dataclass, replace

from aiohttp import web
from sqlalchemy.exc import SQLAlchemyError

from bot.language.normalise import clean_text
from bot.service.errors import ConversationGone, EmptyText, Refused, TextTooLong
from bot.service.intake import MAX_TEXT, Incoming
from bot.store.conversations import Conversation
from channels.cookie import drop_cookie, set_cookie
from channels.exchange import exchange
from channels.failures import is_store_away, log_failure
from channels.form import FORM_ID, read_form
from channels.form_id import FORM_IDS
from channels.keys import ASSISTANT, LIMITS, SETTINGS
from channels.limits import TooMany
from channels.web.home import home_page
from channels.web.keep import is_kept_until_tonight
from channels.web.page import page
from channels.web.question import Question, refused_question
from channels.web.transcript import show_transcript
from channels.web.visitor import Visitor, find_conversation, find_or_start, visitor_address

LATEST = "/conversation#derniere"
GONE = "/?finie"
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


async def send_message(request: web.Request) -> web.StreamResponse:
    """`POST /message`: store the message, wait for its answer, then show the conversation."""
    form = await read_form(request)
    text, choice = form.get("text", ""), form.get("choice")
    try:
        if choice is None:
            _check(text)  # before a conversation is opened for nothing
        return await _take(request, form.get(FORM_ID, ""), text, choice)
    except ConversationGone:
        return _leave(request, GONE)
    except Refused as refusal:
        return await _show_again(request, refused_question(request.app[ASSISTANT], text, refusal.title))
    except TooMany as refusal:
        response = _ask_to_wait(
            request, 429, Trouble("Un peu trop de messages à la fois", refusal.title), form
        )
        response.headers["Retry-After"] = str(refusal.retry_after)
        return response
    except (SQLAlchemyError, OSError) as error:
        if not is_store_away(error):
            raise
        log_failure(request, error)
        return _ask_to_wait(request, 503, _AWAY, form)


def _check(text: str) -> None:
    cleaned = clean_text(text)
    if not cleaned:
        raise EmptyText
    if len(cleaned) > MAX_TEXT:
        raise TextTooLong(len(cleaned), MAX_TEXT)


async def _take(request: web.Request, form_id: str, text: str, choice: str | None) -> web.StreamResponse:
    action_key = request.app[FORM_IDS].action_key(form_id, text, choice or "")
    visitor = await find_or_start(request, action_key, text)
    await request.app[LIMITS].count_message(visitor_address(request), visitor.conversation_id, text)
    words = None if choice is not None else text
    result = await exchange(
        request.app[ASSISTANT], visitor.conversation_id, Incoming(words, choice, client_id=action_key)
    )
    if result.erased:
        return _leave(request, "/efface")
    if LAST_SEEN in request.headers:
        return await _next_part(request, visitor.conversation_id)
    return _go_on(request, visitor)


def _go_on(request: web.Request, visitor: Visitor) -> web.Response:
    response = web.Response(status=303, headers={"Location": LATEST})
    if visitor.is_new:
        set_cookie(response, visitor.credentials, request.app[SETTINGS])
    return response


def _leave(request: web.Request, address: str) -> web.Response:
    response = web.Response(status=303, headers={"Location": address})
    drop_cookie(response, request.app[SETTINGS])
    return response


async def _show_again(request: web.Request, question: Question) -> web.Response:
    """Show the page the message came from, with the error and the text still in the field."""
    conversation = await find_conversation(request)
    if conversation is None:
        return await home_page(request, question, status=422)
    return await _conversation_page(request, conversation, question, status=422)


def _ask_to_wait(request: web.Request, status: int, trouble: Trouble, form: dict[str, str]) -> web.Response:
    """Say that the message was not taken, with the message ready to be sent again."""
    return page(
        request,
        "attendre.html",
        status=status,
        title=f"Erreur : {trouble.heading}",
        heading=trouble.heading,
        message=trouble.advice,
        question=replace(refused_question(request.app[ASSISTANT], form.get("text", ""), ""), error=None),
        choice=form.get("choice"),
    )


async def show_conversation(request: web.Request) -> web.Response:
    """`GET /conversation`: the transcript, and the form to go on."""
    conversation = await find_conversation(request)
    if conversation is None:
        return _leave(request, GONE if "conversation" in request.cookies else "/")
    return await _conversation_page(request, conversation, Question())


async def show_next(request: web.Request) -> web.Response:
    """`GET /conversation/suite`: what the script does not have yet of the conversation."""
    conversation = await find_conversation(request)
    if conversation is None:
        return _leave(request, GONE)
    return await _next_part(request, conversation.id)


async def _next_part(request: web.Request, conversation_id: str) -> web.Response:
    assistant = request.app[ASSISTANT]
    transcript = show_transcript(await assistant.transcript(conversation_id), assistant.composer)
    response = page(
        request,
        "suite.html",
        title="",
        transcript=transcript.after(request.headers.get(LAST_SEEN, "")),
        count=len(transcript.lines),
        state=await assistant.state(conversation_id),
    )
    response.headers[PART] = "1"
    return response


async def _conversation_page(
    request: web.Request, conversation: Conversation, question: Question, status: int = 200
) -> web.Response:
    assistant = request.app[ASSISTANT]
    messages = await assistant.transcript(conversation.id)
    return page(
        request,
        "conversation.html",
        status=status,
        title=question.title,
        conversation_id=conversation.id,
        until_tonight=is_kept_until_tonight(request),
        transcript=show_transcript(messages, assistant.composer),
        state=await assistant.state(conversation.id),
        question=question,
    )
