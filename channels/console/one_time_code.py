"""Turn the one-time code on and off; the password is asked for both, so a desk left open gives neither away."""

from __future__ import annotations

import segno
from aiohttp import web
from markupsafe import Markup

from bot.service.accounts import TotpStart
from bot.service.sign_in import SignInState
from channels.console.keys import ACCOUNT
from channels.console.page import console_page
from channels.console.session import first_of, read_console_form, requires, signed
from channels.keys import ASSISTANT

ADDRESS = f"{ACCOUNT}/code"


@requires()
async def show_code_settings(request: web.Request) -> web.Response:
    """`GET /console/compte/code`: on, off, or waiting for a first code."""
    return await _page(request)


@requires()
async def start_code(request: web.Request) -> web.Response:
    """`POST /console/compte/code/commencer`: make a secret to scan."""
    if refused := await _check_password(request):
        return refused
    await request.app[ASSISTANT].accounts.start_totp(signed(request).account.id)
    raise web.HTTPSeeOther(ADDRESS)


@requires()
async def confirm_code(request: web.Request) -> web.Response:
    """`POST /console/compte/code/confirmer`: a first code proves that the phone has the secret."""
    code = first_of(await read_console_form(request), "code")
    if not await request.app[ASSISTANT].accounts.confirm_totp(signed(request).account.id, code):
        problem = "Ce code n'est pas le bon. Attendez le suivant, puis écrivez ses 6 chiffres."
        return await _page(request, {"code": problem})
    raise web.HTTPSeeOther(f"{ACCOUNT}?fait=code")


@requires()
async def drop_code(request: web.Request) -> web.Response:
    """`POST /console/compte/code/desactiver`."""
    if refused := await _check_password(request):
        return refused
    await request.app[ASSISTANT].accounts.drop_totp(signed(request).account.id)
    raise web.HTTPSeeOther(f"{ACCOUNT}?fait=sans-code")


async def _check_password(request: web.Request) -> web.Response | None:
    password = (await read_console_form(request)).get("mot_de_passe", [""])[0]
    if not password:
        return await _page(request, {"mot_de_passe": "Écrivez votre mot de passe."})
    result = await request.app[ASSISTANT].accounts.confirm_password(signed(request).account.id, password)
    match result.state:
        case SignInState.OK:
            return None
        case SignInState.LOCKED:
            response = await _page(request, {"mot_de_passe": result.sentence}, status=429)
            response.headers["Retry-After"] = str(result.seconds)
            return response
        case _:
            problem = "Ce n'est pas votre mot de passe. Vérifiez-le, puis réessayez."
            return await _page(request, {"mot_de_passe": problem})


async def _page(
    request: web.Request, errors: dict[str, str] | None = None, status: int = 422
) -> web.Response:
    pending = await request.app[ASSISTANT].accounts.pending_totp(signed(request).account.id)
    return console_page(
        request,
        "compte_code.html",
        status=status if errors else 200,
        title="Erreur : rien n'est changé" if errors else "Code à usage unique",
        here=ACCOUNT,
        errors=errors or {},
        drawing=draw_code(pending) if pending else None,
        secret=groups_of_four(pending.secret) if pending else None,
    )


def draw_code(start: TotpStart) -> Markup:
    """Return the QR code as an inline SVG, dark on light whatever the colours of the page."""
    drawing = segno.make(start.uri, error="m").svg_inline(
        scale=5, border=4, dark="#000", light="#fff", svgclass="qr", lineclass=None, omitsize=False
    )
    return Markup(drawing)  # noqa: S704 - made of squares by segno


def groups_of_four(secret: str) -> str:
    """Return a secret as it is copied by hand: `ABCD EFGH …`."""
    return " ".join(secret[start : start + 4] for start in range(0, len(secret), 4))
