"""Every address of the PDFs made for the desk."""

from __future__ import annotations

from aiohttp import web

from channels.agent import pdf

PDF_ROUTES: tuple[web.RouteDef, ...] = (
    web.get("/agent/fiches/{id}/pdf", pdf.show_sheet_pdf),
    web.get("/agent/livret", pdf.show_booklet_form),
    web.post("/agent/livret", pdf.make_booklet),
)
