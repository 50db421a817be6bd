"""The addresses of the queue, of requests and of what is counted."""

from __future__ import annotations

from aiohttp import web

from channels.console import case, case_acts, closing, live, misses, queue, report, search
from channels.console.case import CASE

CASE_ROUTES = (
    web.get("/console", queue.show),
    web.get("/console/recherche", search.show),
    web.get("/console/rapport", report.show),
    web.get("/console/rapport.csv", report.download),
    web.get("/console/evenements", live.stream, allow_head=False),
    web.get(CASE, case.show),
    web.get(f"{CASE}/suite", case.show_fragment),
    web.post(f"{CASE}/prendre", case_acts.claim),
    web.post(f"{CASE}/rendre", case_acts.release),
    web.post(f"{CASE}/repondre", case_acts.reply),
    web.post(f"{CASE}/note", case_acts.note),
    web.post(f"{CASE}/confier", case_acts.hand),
    web.post(f"{CASE}/transmettre", case_acts.ask_to_hand_on),
    web.post(f"{CASE}/clore", closing.close),
    web.post(f"{CASE}/rouvrir", case_acts.reopen),
    web.get(f"{CASE}/assistant/{{message}}", misses.show),
    web.post(f"{CASE}/assistant/{{message}}", misses.keep),
)
