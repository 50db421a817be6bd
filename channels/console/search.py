"""Find a request again."""

from __future__ import annotations

from aiohttp import web

from bot.service.accounts import Right
from bot.service.desk import MAX_FOUND
from bot.store.database import now
from channels.console import words
from channels.console.case import title_of
from channels.console.page import console_page
from channels.console.queue_view import show_item
from channels.console.session import requires, signed
from channels.keys import ASSISTANT

MAX_QUERY = 100


@requires(Right.ANSWER)
async def show(request: web.Request) -> web.StreamResponse:
    """`GET /console/recherche?q=…`. Searching is noted, the words are not."""
    query = words.shown(request.query.get("q", ""))[:MAX_QUERY]
    account_id = signed(request).account.id
    found = await request.app[ASSISTANT].desk.search(query, account_id) if query else []
    moment, title = now(), title_of(request)
    items = [show_item(item, account_id=account_id, at=moment, title=title) for item in found[:MAX_FOUND]]
    return console_page(
        request,
        "search.html",
        # The title stays in the history of the browser: it tells how many, never what was sought.
        title=f"{words.plural(len(found), 'demande trouvée', 'demandes trouvées')}" if query else "Recherche",
        query=query,
        items=items,
        count=len(found),
    )
