"""Sign in and out: a password, then a one-time code for who turned it on."""

from __future__ import annotations

from aiohttp import web

from bot.service.sign_in import Signed, SignIn, SignInState
from channels.address import address_word
from channels.console.form_token import issue_token
from channels.console.keys import CODE, FORM, SIGN_IN
from channels.console.page import console_page
from channels.console.session import (
    drop_session,
    find_signed,
    first_of,
    home_of,
    keep_page,
    read_console_form,
    requires,
    safe_next,
    session_token,
    set_session,
    sign_in_address,
    take_form,
)
from channels.form import read_form
from channels.keys import ASSISTANT, SETTINGS

_LONGEST_LOGIN_SHOWN = 65
_OUTSIDE = "cross-site"
DONE = {
    "fin": "Vous êtes déconnecté.",
    "fin-partout": "Vous êtes déconnecté de tous vos appareils.",
    "trop-tard": "Le temps pour donner le code est passé. Recommencez.",
}


async def show_sign_in(request: web.Request) -> web.StreamResponse:
    """`GET /console/connexion`; who is signed in goes on."""
    following = safe_next(request.query.get("suite", ""))
    found = await find_signed(request)
    if found is not None:
        raise web.HTTPSeeOther(following or home_of(found))
    again = None
    # From a link in an e-mail read in a browser, the cookie (SameSite=Strict) does not come along: our own page
    # asks once more, and it comes.
    if request.headers.get("Sec-Fetch-Site") == _OUTSIDE and "ici" not in request.query:
        again = f"{sign_in_address(following)}{'&' if following else '?'}ici=1"
    return _sign_in_page(request, following, again=again, done=DONE.get(request.query.get("fait", "")))


async def sign_in(request: web.Request) -> web.StreamResponse:
    """`POST /console/connexion`. Another site cannot send it: its browser says where it comes from."""
    fields = await read_form(request)
    login, password = fields.get("identifiant", "").strip(), fields.get("mot_de_passe", "")
    following = safe_next(fields.get("suite", ""))
    errors = {}
    if not login:
        errors["identifiant"] = "Écrivez votre identifiant."
    if not password:
        errors["mot_de_passe"] = "Écrivez votre mot de passe."
    if errors:
        return _sign_in_page(request, following, login, errors, status=422)
    accounts = request.app[ASSISTANT].accounts
    word = address_word(request, request.app[SETTINGS].trusted_proxies)
    result = await accounts.sign_in(login, password, word)
    if result.token is None:
        response = _sign_in_page(request, following, login, {"identifiant": result.sentence}, status=422)
        return _say_wait(response, result)
    await accounts.sign_out(session_token(request))
    if result.state is SignInState.NEEDS_CODE:
        return _go_on(request, result.token, f"{CODE}{sign_in_address(following).removeprefix(SIGN_IN)}")
    return await _welcome(request, result.token, following)


async def show_code(request: web.Request) -> web.StreamResponse:
    """`GET /console/code`: for who gave a password and owes a code."""
    owner = await _find_unfinished(request)
    if owner is None:
        raise web.HTTPSeeOther(SIGN_IN)
    return _code_page(request, owner, safe_next(request.query.get("suite", "")))


async def give_code(request: web.Request) -> web.StreamResponse:
    """`POST /console/code`; the session that follows has another token."""
    owner = await _find_unfinished(request)
    if owner is None:
        raise web.HTTPSeeOther(f"{SIGN_IN}?fait=trop-tard")
    if not await take_form(request, owner):
        return keep_page(request)
    fields = request[FORM]
    following, code = safe_next(first_of(fields, "suite")), first_of(fields, "code")
    if not code:
        return _code_page(request, owner, following, "Écrivez le code à 6 chiffres.", status=422)
    result = await request.app[ASSISTANT].accounts.give_code(session_token(request), code)
    if result.state is SignInState.GONE:
        raise web.HTTPSeeOther(f"{SIGN_IN}?fait=trop-tard")
    if result.token is None:
        return _say_wait(_code_page(request, owner, following, result.sentence, status=422), result)
    return await _welcome(request, result.token, following)


@requires(even_must_change=True)
async def sign_out(request: web.Request) -> web.StreamResponse:
    """`POST /console/deconnexion`."""
    await read_console_form(request)
    await request.app[ASSISTANT].accounts.sign_out(session_token(request))
    return signed_out(request, "fin")


def signed_out(request: web.Request, done: str) -> web.Response:
    """Return the way back to the sign-in page, without a session."""
    response = web.Response(status=303, headers={"Location": f"{SIGN_IN}?fait={done}"})
    drop_session(request, response)
    return response


async def _find_unfinished(request: web.Request) -> Signed | None:
    token = session_token(request)
    return await request.app[ASSISTANT].accounts.find_unfinished(token) if token else None


async def _welcome(request: web.Request, token: str, following: str) -> web.Response:
    owner = await request.app[ASSISTANT].accounts.find(token)
    return _go_on(request, token, following or (home_of(owner) if owner else SIGN_IN))


def _go_on(request: web.Request, token: str, address: str) -> web.Response:
    response = web.Response(status=303, headers={"Location": address})
    set_session(request, response, token)
    return response


def _say_wait(response: web.Response, result: SignIn) -> web.Response:
    if result.state is SignInState.LOCKED:
        response.set_status(429)
        response.headers["Retry-After"] = str(result.seconds)
    return response


def _sign_in_page(
    request: web.Request,
    following: str,
    login: str = "",
    errors: dict[str, str] | None = None,
    *,
    status: int = 200,
    again: str | None = None,
    done: str | None = None,
) -> web.Response:
    return console_page(
        request,
        "connexion.html",
        status=status,
        title="Erreur : vous n'êtes pas connecté" if errors else "Se connecter",
        following=following,
        login=login[:_LONGEST_LOGIN_SHOWN],
        errors=errors or {},
        again=again,
        done=done,
    )


def _code_page(
    request: web.Request, owner: Signed, following: str, error: str | None = None, *, status: int = 200
) -> web.Response:
    return console_page(
        request,
        "code.html",
        status=status,
        title="Erreur : le code n'est pas accepté" if error else "Code à usage unique",
        jeton=issue_token(owner),
        following=following,
        errors={"code": error} if error else {},
    )
