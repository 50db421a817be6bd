"""Where somebody at a desk, or a volunteer in a waiting room, sends a person on: places, phones, a request."""

from __future__ import annotations

from aiohttp import web

from bot.answers.place_words import PlaceRequest
from bot.answers.places import own_places, places_near
from bot.knowledge.voisinage import Endroit, locate
from bot.language.normalise import clean_text
from bot.service.accounts import Right
from bot.store.database import now
from channels.agent.page import agent_page
from channels.console.session import requires
from channels.keys import ASSISTANT

_LONGEST = 100


@requires(Right.DESK)
async def show_places(request: web.Request) -> web.StreamResponse:
    """`GET /agent/professionnel?q=…` (a commune as typed) or `?commune=…` (its Insee code)."""
    knowledge = request.app[ASSISTANT].knowledge
    asked = clean_text(request.query.get("q", ""))[:_LONGEST]
    commune = knowledge.communes.with_code(request.query.get("commune", ""))
    endroit = Endroit(commune.nom, (commune,), commune.centre) if commune else None
    if endroit is None and asked:
        endroit = locate(asked, knowledge.communes, knowledge.territoire, knowledge.lieux)
    if endroit is None:
        places = own_places(knowledge, now())
    else:
        places = places_near(knowledge, PlaceRequest(endroit), now()).places
    return agent_page(
        request,
        "professional.html",
        title="Passer à un professionnel",
        asked=asked or (endroit.nom if endroit else ""),
        is_unknown=bool(asked) and endroit is None,
        endroit=endroit,
        places=places,
        contacts=knowledge.territoire.shown_contacts(),
    )
