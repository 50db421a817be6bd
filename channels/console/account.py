"""One's own account: the name that people see, e-mail, hours, shortcuts, sessions and trail."""

from __future__ import annotations

from typing import Any

from aiohttp import web

from bot.service.accounts import AccountProblem
from channels.console.hours_form import DAYS, EXAMPLE, HoursProblem, field_of, read_hours, write_hours
from channels.console.keys import ACCOUNT
from channels.console.page import console_page
from channels.console.session import first_of, read_console_form, requires, signed
from channels.console.sign_in import signed_out
from channels.console.trail import trail_by_day
from channels.keys import ASSISTANT

LONGEST_NAME = 40
"""What residents read above each answer, by SMS too."""
OFFICE, OWN = "bureau", "miens"
DONE = {
    "nom": "Votre nom affiché est enregistré.",
    "courriel": "Votre courriel est enregistré.",
    "sans-courriel": "Vous ne recevrez plus d'annonce par courriel.",
    "horaires": "Vos horaires sont enregistrés.",
    "raccourcis": "Votre choix pour les raccourcis est enregistré.",
    "mot-de-passe": "Votre mot de passe est changé. Vos autres sessions sont fermées.",
    "code": "Le code à usage unique est activé. Il sera demandé à votre prochaine connexion.",
    "sans-code": "Le code à usage unique est désactivé.",
}


@requires()
async def show_account(request: web.Request) -> web.Response:
    """`GET /console/compte`."""
    return _account_page(request)


@requires()
async def save_name(request: web.Request) -> web.Response:
    """`POST /console/compte/nom`."""
    name = first_of(await read_console_form(request), "nom")
    if not name or len(name) > LONGEST_NAME:
        return _account_page(request, {"nom": f"Écrivez un nom de 1 à {LONGEST_NAME} caractères."}, nom=name)
    try:
        await request.app[ASSISTANT].accounts.rename(signed(request).account.id, name)
    except AccountProblem:
        problem = "Ce nom contient un signe qui ne s'affiche pas. Écrivez-le avec des lettres et des espaces."
        return _account_page(request, {"nom": problem}, nom=name)
    raise _done("nom")


@requires()
async def save_email(request: web.Request) -> web.Response:
    """`POST /console/compte/courriel`; empty: no e-mail any more."""
    email = first_of(await read_console_form(request), "courriel")
    try:
        await request.app[ASSISTANT].accounts.set_email(signed(request).account.id, email)
    except AccountProblem as problem:
        return _account_page(request, {"courriel": str(problem)}, courriel=email)
    raise _done("courriel" if email else "sans-courriel")


@requires()
async def save_hours(request: web.Request) -> web.Response:
    """`POST /console/compte/horaires`; those of the office are kept as ""."""
    fields = await read_console_form(request)
    choice = first_of(fields, "horaires")
    typed = {day: first_of(fields, field_of(day)) for day in DAYS}
    hours = ""
    try:
        if choice != OFFICE:
            hours = write_hours(typed)
        await request.app[ASSISTANT].accounts.set_hours(signed(request).account.id, hours)
    except HoursProblem as problem:
        return _account_page(request, problem.errors, horaires=OWN, jours=typed)
    except AccountProblem:
        too_long = {field_of("Mo"): "Ces horaires sont trop longs. Écrivez moins de plages par jour."}
        return _account_page(request, too_long, horaires=OWN, jours=typed)
    raise _done("horaires")


@requires()
async def save_shortcuts(request: web.Request) -> web.Response:
    """`POST /console/compte/raccourcis`."""
    wanted = first_of(await read_console_form(request), "raccourcis") == "oui"
    await request.app[ASSISTANT].accounts.set_shortcuts(signed(request).account.id, wanted)
    raise _done("raccourcis")


@requires()
async def sign_out_everywhere(request: web.Request) -> web.Response:
    """`POST /console/compte/sessions`: end every session, this one too."""
    await read_console_form(request)
    await request.app[ASSISTANT].accounts.sign_out_everywhere(signed(request).account.id)
    return signed_out(request, "fin-partout")


@requires()
async def show_trail(request: web.Request) -> web.Response:
    """`GET /console/compte/journal`: the last hundred things."""
    entries = await request.app[ASSISTANT].accounts.trail(signed(request).account.id)
    return console_page(
        request, "journal.html", title="Mon journal", here=ACCOUNT, days=trail_by_day(entries)
    )


def _done(what: str) -> web.HTTPSeeOther:
    return web.HTTPSeeOther(f"{ACCOUNT}?fait={what}")


def _account_page(request: web.Request, errors: dict[str, str] | None = None, **typed: Any) -> web.Response:
    account = signed(request).account
    own = read_hours(account.hours)
    shown = {
        "nom": account.name,
        "courriel": account.email or "",
        "horaires": OWN if account.hours else OFFICE,
        "jours": own or {},
    } | typed
    return console_page(
        request,
        "compte.html",
        status=422 if errors else 200,
        title="Erreur : rien n'est enregistré" if errors else "Mon compte",
        errors=errors or {},
        done=DONE.get(request.query.get("fait", "")),
        shown=shown,
        days=[(day, field_of(day), name.capitalize()) for day, name in DAYS.items()],
        unread_hours=account.hours if own is None else None,
        example=EXAMPLE,
        longest_name=LONGEST_NAME,
    )
