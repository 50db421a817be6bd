"""Every address of the desk."""

from __future__ import annotations

from aiohttp import web

from channels.agent import home, professional, static_files
from channels.agent.pdf_routes import PDF_ROUTES
from channels.agent.sheet_routes import SHEET_ROUTES

ROUTES = (
    web.get("/agent", home.show_home),
    web.get("/agent/chercher", home.show_found),
    web.get("/agent/professionnel", professional.show_places),
    web.get("/agent/static/{name}", static_files.show_static),
    *SHEET_ROUTES,
    *PDF_ROUTES,
)
