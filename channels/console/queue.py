"""The queue of requests: what waits, what is late, who has what."""

from __future__ import annotations

from aiohttp import web

from bot.service.accounts import Right
from bot.store.database import now
from bot.store.demandes import WAITING, Urgency
from channels.console.case import title_of
from channels.console.keys import CONSOLE
from channels.console.page import console_page
from channels.console.queue_view import MINE, read_filters, show_queue
from channels.console.session import requires, signed
from channels.keys import ASSISTANT


@requires(Right.ANSWER)
async def show(request: web.Request) -> web.StreamResponse:
    """`GET /console`: the requests, grouped by urgency, oldest first; filters stand in the address."""
    assistant = request.app[ASSISTANT]
    owner = signed(request)
    found = await assistant.desk.queue()
    territoire = assistant.knowledge.territoire
    queue = show_queue(
        found,
        read_filters(request.query),
        account_id=owner.account.id,
        at=now(),
        title=title_of(request),
        territories={territoire.id: territoire.nom},
    )
    waiting = [item.demande for item in found if item.demande.status == WAITING]
    # They are read at the top of this page: no alert repeats them.
    request.app[CONSOLE].told.add(
        owner.form_key, [one.reference for one in waiting if one.urgency is Urgency.DANGER]
    )
    mine = queue.filters.qui == MINE
    title = "Mes demandes" if mine else "File d'attente"
    return console_page(
        request,
        "queue.html",
        title=f"({queue.waiting}) {title}" if queue.waiting else title,
        heading=title,
        here="/console?qui=moi" if mine else request.path,
        queue=queue,
        known=" ".join(one.reference for one in waiting),
    )
