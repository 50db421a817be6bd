"""Every address of the console."""

from __future__ import annotations

from aiohttp import web

from channels.console import account, accounts_page, one_time_code, password, register, sign_in, static_files
from channels.console.case_routes import CASE_ROUTES
from channels.console.help import show_help

ROUTES = (
    web.get("/console/connexion", sign_in.show_sign_in),
    web.post("/console/connexion", sign_in.sign_in),
    web.get("/console/code", sign_in.show_code),
    web.post("/console/code", sign_in.give_code),
    web.post("/console/deconnexion", sign_in.sign_out),
    web.get("/console/mot-de-passe", password.show_password),
    web.post("/console/mot-de-passe", password.change_password),
    web.get("/console/compte", account.show_account),
    web.post("/console/compte/nom", account.save_name),
    web.post("/console/compte/courriel", account.save_email),
    web.post("/console/compte/horaires", account.save_hours),
    web.post("/console/compte/raccourcis", account.save_shortcuts),
    web.post("/console/compte/sessions", account.sign_out_everywhere),
    web.get("/console/compte/journal", account.show_trail),
    web.get("/console/compte/code", one_time_code.show_code_settings),
    web.post("/console/compte/code/commencer", one_time_code.start_code),
    web.post("/console/compte/code/confirmer", one_time_code.confirm_code),
    web.post("/console/compte/code/desactiver", one_time_code.drop_code),
    web.get("/console/comptes", accounts_page.list_accounts),
    web.get("/console/comptes/nouveau", accounts_page.show_new_account),
    web.post("/console/comptes/nouveau", accounts_page.create_account),
    web.get("/console/comptes/{id}", accounts_page.show_one),
    web.post("/console/comptes/{id}/fermer", accounts_page.close_account),
    web.post("/console/comptes/{id}/rouvrir", accounts_page.open_account),
    web.post("/console/comptes/{id}/mot-de-passe", accounts_page.give_password),
    web.post("/console/comptes/{id}/sans-code", accounts_page.drop_code),
    web.get(register.ADDRESS, register.show),
    web.get("/console/aide", show_help),
    web.get("/console/static/{name}", static_files.show_static),
    *CASE_ROUTES,
)
