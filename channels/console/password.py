"""Change one's own password; asked of whoever was given one by somebody else."""

from __future__ import annotations

from aiohttp import web

from bot.service.passwords import SHORTEST, PasswordRefused
from bot.service.sign_in import SignInState
from channels.console.keys import ACCOUNT, SIGN_IN
from channels.console.page import console_page
from channels.console.session import (
    home_of,
    read_console_form,
    requires,
    session_token,
    set_session,
    signed,
)
from channels.keys import ASSISTANT


@requires(even_must_change=True)
async def show_password(request: web.Request) -> web.Response:
    """`GET /console/mot-de-passe`."""
    return _password_page(request)


@requires(even_must_change=True)
async def change_password(request: web.Request) -> web.Response:
    """`POST /console/mot-de-passe`; the session goes on under another token, the others end."""
    fields = await read_console_form(request)
    old, new = fields.get("ancien", [""])[0], fields.get("nouveau", [""])[0]
    errors = {}
    if not old:
        errors["ancien"] = "Écrivez votre mot de passe actuel."
    if not new:
        errors["nouveau"] = "Écrivez votre nouveau mot de passe."
    if errors:
        return _password_page(request, errors)
    try:
        result = await request.app[ASSISTANT].accounts.change_password(session_token(request), old, new)
    except PasswordRefused as refused:
        return _password_page(request, {"nouveau": str(refused)})
    match result.state:
        case SignInState.OK if result.token:
            had_to = signed(request).account.must_change
            renewed = await request.app[ASSISTANT].accounts.find(result.token)
            home = home_of(renewed) if renewed and had_to else f"{ACCOUNT}?fait=mot-de-passe"
            response = web.Response(status=303, headers={"Location": home})
            set_session(request, response, result.token)
            return response
        case SignInState.GONE:
            raise web.HTTPSeeOther(SIGN_IN)
        case SignInState.LOCKED:
            response = _password_page(request, {"ancien": result.sentence}, status=429)
            response.headers["Retry-After"] = str(result.seconds)
            return response
        case _:
            return _password_page(
                request, {"ancien": "Ce n'est pas votre mot de passe actuel. Vérifiez-le, puis réessayez."}
            )


def _password_page(
    request: web.Request, errors: dict[str, str] | None = None, status: int = 422
) -> web.Response:
    return console_page(
        request,
        "mot_de_passe.html",
        status=status if errors else 200,
        title="Erreur : le mot de passe n'est pas changé" if errors else "Changer de mot de passe",
        here=ACCOUNT,
        errors=errors or {},
        shortest=SHORTEST,
    )
