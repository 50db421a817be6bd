"""Reach a person: places and phones, a request to leave, and the state of a request."""

from __future__ import annotations

from dataclasses import replace

from aiohttp import web

from bot.store.demandes import CLOSED, TAKEN, WAITING, Ticket
from channels.form import FORM_ID, read_form
from channels.form_id import FORM_IDS
from channels.keys import ASSISTANT, LIMITS, SETTINGS
from channels.limits import TooMany
from channels.web.danger import danger_answer
from channels.web.demande_form import DemandeForm, details_of, read_demande_form
from channels.web.page import PAGES, UNDER_TITLE, answer_html, page
from channels.web.visitor import find_conversation, visitor_address

_NOT_FOUND = "Aucune demande n'a cette référence et ce code. Vérifiez les deux, puis recommencez."
_STATES = {
    WAITING: "Votre demande attend. Personne ne l'a encore prise.",
    TAKEN: "Une personne a pris votre demande.",
    CLOSED: "Votre demande est terminée.",
}


async def show_form(request: web.Request) -> web.Response:
    """`GET /personne`. It needs no conversation."""
    return _form_page(request, DemandeForm())


async def send_form(request: web.Request) -> web.Response:
    """`POST /personne`: keep the request, and show its reference and code.

    The page answers the POST itself: a code in an address would stay in the history of the browser.
    """
    fields = await read_form(request)
    form = read_demande_form(fields)
    if form.errors:
        return _form_page(request, form, status=422)
    details = details_of(form)
    pages = request.app[PAGES]
    key = request.app[FORM_IDS].action_key(
        fields.get(FORM_ID, ""), form.moyen, form.telephone, form.nom, form.mots
    )
    try:
        ticket = await pages.new_demandes.run(key, lambda: _create(request, form))
    except TooMany as refusal:
        response = _form_page(request, replace(form, errors={"envoi": refusal.title}), status=429)
        response.headers["Retry-After"] = str(refusal.retry_after)
        return response
    answer = request.app[ASSISTANT].composer.demande_recorded(ticket, details)
    return page(
        request,
        "demande_notee.html",
        title="Demande envoyée",
        words=answer_html(answer),
        ticket=ticket,
        danger=danger_answer(request.app[ASSISTANT], form.mots),
        has_conversation=await find_conversation(request) is not None,
    )


async def _create(request: web.Request, form: DemandeForm) -> Ticket:
    await request.app[LIMITS].count_conversation(visitor_address(request), form.mots)
    conversation = await find_conversation(request)
    return await request.app[ASSISTANT].create_demande(
        details_of(form), conversation_id=conversation.id if conversation else None, channel="web"
    )


def _form_page(request: web.Request, form: DemandeForm, status: int = 200) -> web.Response:
    return page(
        request,
        "personne.html",
        status=status,
        title="Erreur : la demande n'est pas envoyée" if form.errors else "Parler à une personne",
        words=answer_html(request.app[ASSISTANT].composer.person(), UNDER_TITLE),
        form=form,
        danger=danger_answer(request.app[ASSISTANT], form.mots),
        days=request.app[SETTINGS].retention_days,
    )


async def show_search(request: web.Request) -> web.Response:
    """`GET /demande`."""
    return _search_page(request)


async def search(request: web.Request) -> web.Response:
    """`POST /demande`: the state of a request. A wrong code and an unknown reference read the same."""
    fields = await read_form(request)
    reference, code = fields.get("reference", "").strip(), fields.get("code", "").strip()
    await request.app[LIMITS].count_message(visitor_address(request), None, None)
    found = await request.app[ASSISTANT].find_demande(reference, code)
    if found is None:
        return _search_page(request, reference, code, error=_NOT_FOUND)
    return page(
        request,
        "demande_etat.html",
        title="Votre demande",
        reference=found.reference,
        state=_STATES[found.status],
        wants_call=found.details.moyen == "rappel",
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
