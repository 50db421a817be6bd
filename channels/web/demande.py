"""Reach a person: places and phones, a request to leave, and the state of a request."""

from __future__ import annotations

from dataclasses import replace

from aiohttp import web

from bot.service.own_requests import Followed
from bot.store.demandes import CLOSED, DemandeDetails, Ticket
from bot.store.told import Told
from channels.form import FORM_ID, read_form
from channels.form_id import FORM_IDS
from channels.keys import ASSISTANT, LIMITS, SETTINGS
from channels.limits import TooMany
from channels.talk.danger import danger_answer
from channels.talk.html import UNDER_TITLE, answer_html
from channels.talk.surface import visitor_address
from channels.talk.transcript import own_words, time_text
from channels.web.demande_form import (
    WHEN,
    DemandeForm,
    details_of,
    masked_in,
    read_demande_form,
    ways_of,
)
from channels.web.page import PAGES, page
from channels.web.visitor import find_conversation

_NOT_FOUND = "Aucune demande n'a cette référence et ce code. Vérifiez les deux, puis recommencez."
_MAX_REFERENCE = 12


async def show_form(request: web.Request) -> web.Response:
    """`GET /personne`. It needs no conversation."""
    return await _form_page(request, DemandeForm())


async def send_form(request: web.Request) -> web.Response:
    """`POST /personne`: keep the request, and show its reference and code.

    The page answers the POST itself: a code in an address would stay in the history of the browser.
    """
    fields = await read_form(request)
    assistant = request.app[ASSISTANT]
    form = read_demande_form(fields, assistant.composer)
    if form.errors:
        return await _form_page(request, form, status=422)
    conversation = await find_conversation(request)
    conversation_id = conversation.id if conversation else None
    told = await assistant.own_requests.told(conversation_id)
    details = details_of(form, assistant.composer, may_join=told.has_words)
    key = request.app[FORM_IDS].action_key(fields.get(FORM_ID, ""), *form.typed)
    try:
        ticket = await request.app[PAGES].new_demandes.run(
            key, lambda: _create(request, details, conversation_id)
        )
    except TooMany as refusal:
        response = await _form_page(request, replace(form, errors={"envoi": refusal.title}), status=429)
        response.headers["Retry-After"] = str(refusal.retry_after)
        return response
    kinds = masked_in(form, assistant.composer)
    return page(
        request,
        "demande_notee.html",
        title="Demande envoyée",
        words=answer_html(await assistant.own_requests.recorded(ticket, details)),
        ticket=ticket,
        danger=danger_answer(assistant, form.mots),
        masked=answer_html(assistant.composer.masked(kinds, in_form=True)) if kinds else None,
        has_conversation=conversation is not None,
    )


async def _create(request: web.Request, details: DemandeDetails, conversation_id: str | None) -> Ticket:
    await request.app[LIMITS].count_conversation(visitor_address(request), details.mots or "")
    return await request.app[ASSISTANT].create_demande(
        details, conversation_id=conversation_id, channel="web"
    )


async def _form_page(request: web.Request, form: DemandeForm, status: int = 200) -> web.Response:
    assistant = request.app[ASSISTANT]
    conversation = await find_conversation(request)
    told = await assistant.own_requests.told(conversation.id) if conversation else Told()
    ways = ways_of(assistant.composer)
    return page(
        request,
        "personne.html",
        status=status,
        title="Erreur : la demande n'est pas envoyée" if form.errors else "Parler à une personne",
        words=answer_html(assistant.composer.person(), UNDER_TITLE),
        form=form,
        ways=ways,
        when=WHEN,
        may_join=told.has_words,
        subject=assistant.composer.subject_title(told.subject) if told.subject else None,
        danger=danger_answer(assistant, form.mots),
        days=request.app[SETTINGS].retention_days,
    )


async def show_search(request: web.Request) -> web.Response:
    """`GET /demande`, with the reference already written when the address holds one. A code never stands there."""
    return _search_page(request, request.query.get("reference", "").strip()[:_MAX_REFERENCE])


async def search(request: web.Request) -> web.Response:
    """`POST /demande`: the state of a request. A wrong code and an unknown reference read the same."""
    fields = await read_form(request)
    reference, code = fields.get("reference", "").strip(), fields.get("code", "").strip()
    await request.app[LIMITS].count_message(visitor_address(request), None, None)
    found = await request.app[ASSISTANT].own_requests.follow(reference, code)
    if found is None:
        return _search_page(request, reference, code, error=_NOT_FOUND)
    return _state_page(request, found, code)


def _state_page(request: web.Request, found: Followed, code: str) -> web.Response:
    demande = found.demande
    return page(
        request,
        "demande_etat.html",
        title="Votre demande",
        reference=demande.reference,
        state=answer_html(found.state, UNDER_TITLE),
        replies=[(reply.name, time_text(reply.at), own_words(reply.text)) for reply in found.replies],
        is_closed=demande.status == CLOSED,
        moyen=demande.details.moyen,
        code=code,
    )


async def erase(request: web.Request) -> web.Response:
    """`POST /demande/effacer`: erase the request that the reference and code open, asked once on its page."""
    fields = await read_form(request)
    await request.app[LIMITS].count_message(visitor_address(request), None, None)
    erased = await request.app[ASSISTANT].erase_demande(fields.get("reference", ""), fields.get("code", ""))
    if not erased:
        return _search_page(request, fields.get("reference", ""), fields.get("code", ""), error=_NOT_FOUND)
    return page(request, "demande_effacee.html", title="Demande effacée")


def _search_page(
    request: web.Request, reference: str = "", code: str = "", error: str | None = None
) -> web.Response:
    """Return the form with what was typed: nobody has to remember a code, or to type it twice."""
    return page(
        request,
        "demande.html",
        status=422 if error else 200,
        title="Erreur : demande introuvable" if error else "Suivre ma demande",
        reference=reference,
        code=code,
        error=error,
    )
