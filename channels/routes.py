"""Every address of the service, in one place."""

from __future__ import annotations

from aiohttp import web

from channels.api import conversations, description, events, export, fiches, health
from channels.web import (
    conversation,
    demande,
    erasure,
    home,
    information,
    keep,
    knowledge,
    leaving,
    own_data,
    report,
    static,
)

CONVERSATION = "/api/v1/conversations/{id}"

API_ROUTES = (
    web.post("/api/v1/conversations", conversations.create_conversation),
    web.delete(CONVERSATION, conversations.delete_conversation),
    web.get(f"{CONVERSATION}/messages", conversations.list_messages),
    web.post(f"{CONVERSATION}/messages", conversations.send_message),
    web.get(f"{CONVERSATION}/export", export.export_conversation),
    web.get(f"{CONVERSATION}/events", events.stream_events, allow_head=False),
    web.get("/api/v1/fiches", fiches.list_fiches),
    web.get("/api/v1/fiches/{id}", fiches.show_fiche),
    web.get("/api/v1/openapi.json", description.show_description),
    web.get("/health", health.show_health),
)

PAGE_ROUTES = (
    web.get("/", home.show_home),
    web.post("/message", conversation.send_message),
    web.get("/conversation", conversation.show_conversation),
    web.get("/conversation/suite", conversation.show_next),
    web.post("/garder", keep.keep_until_tonight),
    web.get("/quitter", leaving.leave_fast),
    web.get("/effacer", erasure.ask_erasure),
    web.post("/effacer", erasure.erase),
    web.get("/efface", erasure.show_erased),
    web.get("/mes-donnees", own_data.show_own_data),
    web.get("/mes-donnees/copie.txt", own_data.give_text),
    web.get("/mes-donnees/copie.json", own_data.give_json),
    web.get("/personne", demande.show_form),
    web.post("/personne", demande.send_form),
    web.get("/demande", demande.show_search),
    web.post("/demande", demande.search),
    web.post("/demande/effacer", demande.erase),
    web.get("/signaler", report.show_report_form),
    web.post("/signaler", report.send_report),
    web.get("/fiches", knowledge.list_fiches),
    web.get("/fiches/{id}", knowledge.show_fiche),
    *(web.get(path, information.show_page) for path in information.PAGES),
    web.get("/static/{name}", static.show_static),
)
