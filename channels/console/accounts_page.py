"""The accounts, for the responsable: who there is, a new one, and what to repair."""

from __future__ import annotations

import re
from dataclasses import dataclass

from aiohttp import web

from bot.service.accounts import AccountProblem, LoginTaken, Right, UnknownAccount
from bot.service.passwords import make_password
from bot.store import journal
from bot.store.accounts import Account, Role
from bot.store.database import now
from channels.console.account import LONGEST_NAME
from channels.console.page import console_page
from channels.console.session import first_of, read_console_form, requires, signed
from channels.console.trail import trail_by_day
from channels.console.words import when_text
from channels.keys import ASSISTANT

ADDRESS = "/console/comptes"
_NUMBER = re.compile(r"[0-9]{1,9}")
DONE = {
    "ferme": "Le compte est fermé. Ses sessions sont finies.",
    "ouvert": "Le compte est rouvert.",
    "sans-code": "Le code à usage unique n'est plus demandé. Les sessions du compte sont finies.",
}
ROLE_HELP = {
    "agent": "Au guichet : consulte l'assistant avec les usagers. Ne voit aucune demande.",
    "operateur": "Voit les demandes et y répond.",
    "responsable": "Fait aussi le rapport, reçoit les alertes et gère les comptes.",
}


@dataclass(frozen=True)
class AccountLine:
    """An account as the list shows it."""

    account: Account
    state: str
    last: str


@requires(Right.ACCOUNTS)
async def list_accounts(request: web.Request) -> web.Response:
    """`GET /console/comptes`."""
    accounts = request.app[ASSISTANT].accounts
    last = await accounts.last_sign_ins()
    moment = now()
    lines = [
        AccountLine(
            account, _state(account), when_text(last[account.id], moment) if account.id in last else "jamais"
        )
        for account in await accounts.list_accounts()
    ]
    return console_page(request, "comptes.html", title="Comptes", lines=lines)


@requires(Right.ACCOUNTS)
async def show_new_account(request: web.Request) -> web.Response:
    """`GET /console/comptes/nouveau`."""
    return _new_page(request, {"role": Role.OPERATEUR.value})


@requires(Right.ACCOUNTS)
async def create_account(request: web.Request) -> web.Response:
    """`POST /console/comptes/nouveau`: the page that follows alone shows the password."""
    fields = await read_console_form(request)
    typed = {name: first_of(fields, name) for name in ("identifiant", "nom", "role", "courriel")}
    errors = {}
    if not typed["nom"] or len(typed["nom"]) > LONGEST_NAME or not typed["nom"].isprintable():
        errors["nom"] = f"Écrivez un nom de 1 à {LONGEST_NAME} caractères, avec des lettres et des espaces."
    if typed["role"] not in set(Role):
        errors["role"] = "Choisissez un rôle."
    if errors:
        return _new_page(request, typed, errors)
    password = make_password()
    try:
        account = await request.app[ASSISTANT].accounts.create(
            typed["identifiant"],
            Role(typed["role"]),
            typed["nom"],
            typed["courriel"],
            password=password,
            by=signed(request).account.id,
        )
    except LoginTaken as problem:
        return _new_page(request, typed, {"identifiant": str(problem)})
    except AccountProblem as problem:
        field = "courriel" if "courriel" in str(problem) else "identifiant"
        return _new_page(request, typed, {field: str(problem)})
    return _password_page(request, account, password, is_new=True)


@requires(Right.ACCOUNTS)
async def show_one(request: web.Request) -> web.Response:
    """`GET /console/comptes/{id}`: one account, what to repair, and its last sign-ins."""
    account = await _account(request)
    trail = await request.app[ASSISTANT].accounts.trail(account.id, 20, journal.OF_ACCOUNTS)
    return console_page(
        request,
        "compte_autre.html",
        title="Un compte",
        here=ADDRESS,
        done=DONE.get(request.query.get("fait", "")),
        other=account,
        state=_state(account),
        is_own=account.id == signed(request).account.id,
        days=trail_by_day(entry for entry in trail if entry.reference is None),
    )


@requires(Right.ACCOUNTS)
async def close_account(request: web.Request) -> web.Response:
    """`POST /console/comptes/{id}/fermer`."""
    account = await _colleague(request)
    await request.app[ASSISTANT].accounts.disable(account.id, by=signed(request).account.id)
    raise web.HTTPSeeOther(f"{ADDRESS}/{account.id}?fait=ferme")


@requires(Right.ACCOUNTS)
async def open_account(request: web.Request) -> web.Response:
    """`POST /console/comptes/{id}/rouvrir`: also lifts the wait after too many tries."""
    account = await _colleague(request)
    await request.app[ASSISTANT].accounts.enable(account.id, by=signed(request).account.id)
    raise web.HTTPSeeOther(f"{ADDRESS}/{account.id}?fait=ouvert")


@requires(Right.ACCOUNTS)
async def give_password(request: web.Request) -> web.Response:
    """`POST /console/comptes/{id}/mot-de-passe`: the page that follows alone shows it."""
    account = await _colleague(request)
    password = make_password()
    accounts = request.app[ASSISTANT].accounts
    await accounts.set_password(account.id, password, by=signed(request).account.id)
    return _password_page(request, account, password, is_new=False)


@requires(Right.ACCOUNTS)
async def drop_code(request: web.Request) -> web.Response:
    """`POST /console/comptes/{id}/sans-code`: for a lost phone."""
    account = await _colleague(request)
    accounts = request.app[ASSISTANT].accounts
    await accounts.drop_totp(account.id, by=signed(request).account.id)
    await accounts.sign_out_everywhere(account.id)
    raise web.HTTPSeeOther(f"{ADDRESS}/{account.id}?fait=sans-code")


async def _account(request: web.Request) -> Account:
    number = request.match_info["id"]
    if not _NUMBER.fullmatch(number):
        raise web.HTTPNotFound
    try:
        return await request.app[ASSISTANT].accounts.get(int(number))
    except UnknownAccount:
        raise web.HTTPNotFound from None


async def _colleague(request: web.Request) -> Account:
    """Return somebody else's account: nobody shuts themselves out, nor gives themselves a password unasked."""
    await read_console_form(request)
    account = await _account(request)
    if account.id == signed(request).account.id:
        raise web.HTTPSeeOther(f"{ADDRESS}/{account.id}")
    return account


def _state(account: Account) -> str:
    if account.disabled:
        return "fermé"
    if account.locked_until is not None and account.locked_until > now():
        return "bloqué quelques minutes, après trop d'essais"
    return "ouvert, mot de passe à changer" if account.must_change else "ouvert"


def _new_page(
    request: web.Request, typed: dict[str, str], errors: dict[str, str] | None = None
) -> web.Response:
    return console_page(
        request,
        "compte_nouveau.html",
        status=422 if errors else 200,
        title="Erreur : le compte n'est pas créé" if errors else "Nouveau compte",
        here=ADDRESS,
        errors=errors or {},
        typed={"identifiant": "", "nom": "", "courriel": "", "role": ""} | typed,
        role_help=ROLE_HELP,
        longest_name=LONGEST_NAME,
    )


def _password_page(request: web.Request, account: Account, password: str, *, is_new: bool) -> web.Response:
    return console_page(
        request,
        "mot_de_passe_donne.html",
        title="Compte créé" if is_new else "Mot de passe temporaire",
        here=ADDRESS,
        other=account,
        password=password,
        is_new=is_new,
    )
