"""Send a message and show the conversation: a form, a redirection, a transcript."""

from __future__ import annotations

from aiohttp import web

from bot.service.errors import ConversationGone, EmptyText, Refused
from bot.service.intake import Incoming
from bot.store.conversations import Conversation
from channels.cookie import drop_cookie, set_cookie
from channels.exchange import exchange
from channels.keys import ASSISTANT, LIMITS, SETTINGS
from channels.limits import TooMany
from channels.web.form import FORM_ID, read_form
from channels.web.home import home_page
from channels.web.page import PAGES, page
from channels.web.question import Question, refused_question
from channels.web.transcript import show_transcript
from channels.web.visitor import Visitor, find_conversation, find_or_start, visitor_address

LATEST = "/conversation#derniere"
GONE = "/?finie"


async def send_message(request: web.Request) -> web.StreamResponse:
    """`POST /message`: store the message, wait for its answer, then show the conversation."""
    form = await read_form(request)
    text, choice = form.get("text", ""), form.get("choice")
    try:
        if choice is None and not text.strip():
            raise EmptyText  # before a conversation is opened for nothing
        return await _take(request, form.get(FORM_ID, ""), text, choice)
    except ConversationGone:
        return _leave(request, GONE)
    except Refused as refusal:
        return await _show_again(request, refused_question(request.app[ASSISTANT].composer, text, refusal.title))
    except TooMany as refusal:
        return _ask_to_wait(request, refusal, text, choice)


async def _take(request: web.Request, form_id: str, text: str, choice: str | None) -> web.StreamResponse:
    action_key = request.app[PAGES].form_ids.action_key(form_id, text, choice or "")
    visitor = await find_or_start(request, action_key, text)
    await request.app[LIMITS].count_message(visitor_address(request), visitor.conversation_id, text)
    words = None if choice is not None else text
    result = await exchange(
        request.app[ASSISTANT], visitor.conversation_id, Incoming(words, choice, client_id=action_key)
    )
    if result.erased:
        return _leave(request, "/efface")
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


def _ask_to_wait(request: web.Request, refusal: TooMany, text: str, choice: str | None) -> web.Response:
    response = page(
        request,
        "attendre.html",
        status=429,
        title="Erreur : un peu trop de messages",
        message=refusal.title,
        question=Question(text),
        choice=choice,
    )
    response.headers["Retry-After"] = str(refusal.retry_after)
    return response


async def show_conversation(request: web.Request) -> web.Response:
    """`GET /conversation`: the transcript, and the form to go on."""
    conversation = await find_conversation(request)
    if conversation is None:
        return _leave(request, GONE if "conversation" in request.cookies else "/")
    return await _conversation_page(request, conversation, Question())


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
        transcript=show_transcript(messages, assistant.composer),
        state=await assistant.state(conversation.id),
        question=question,
    )
