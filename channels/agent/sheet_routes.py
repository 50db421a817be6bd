"""Every address of the sheet of a fiche and of the orientation in person."""

from __future__ import annotations

from aiohttp import web

from channels.agent import orientation, sheet

SHEET_ROUTES: tuple[web.RouteDef, ...] = (
    web.get("/agent/orientation", orientation.show_orientation),
    web.get("/agent/fiches/{id}", sheet.show_sheet),
    web.post("/agent/fiches/{id}/sms", sheet.send_by_sms),
    web.get("/agent/fiches/{id}/signaler", sheet.show_report),
    web.post("/agent/fiches/{id}/signaler", sheet.send_report),
)
