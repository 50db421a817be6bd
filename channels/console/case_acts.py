"""What an operator does with a request: each act is a small form, and none loses what was typed."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import replace

from aiohttp import web

from bot.service.accounts import Right, may
from bot.service.casework import MAX_NOTE, MAX_REPLY, NotYours
from bot.service.desk import Gone
from bot.service.errors import EmptyText, TextTooLong
from channels.console import words
from channels.console.canned import Inserts, join_draft
from channels.console.case import CASE, Typed, case_page, gone_page, reference_of
from channels.console.form_token import action_key
from channels.console.keys import CONSOLE
from channels.console.session import read_console_form, requires, signed
from channels.keys import ASSISTANT, SETTINGS

Fields = dict[str, list[str]]
_EMPTY = {
    "reponse": "Votre réponse est vide. Écrivez-la, puis envoyez.",
    "note": "Votre note est vide. Écrivez-la, puis gardez-la.",
    "organisme": "Dites à quel organisme transmettre.",
}
_LONGEST = {"reponse": MAX_REPLY, "note": MAX_NOTE, "organisme": 80}


def first(fields: Fields, name: str) -> str:
    """Return the first value of a field, "" without it."""
    return fields.get(name, [""])[0]


def see_case(reference: str, done: str, anchor: str = "") -> web.Response:
    """Return to a request, and say what was done."""
    address = f"{CASE.format(reference=reference)}?fait={done}{anchor}"
    return web.Response(status=303, headers={"Location": address})


async def act(
    request: web.Request, fields: Fields, typed: Typed, do: Callable[[], Awaitable[object]]
) -> web.Response | None:
    """Do something once for a form. Returns None, or the page that says why nothing was done."""

    async def done() -> None:
        await do()

    key = action_key(signed(request), fields, request.path, typed.form, typed.text)
    try:
        await request.app[CONSOLE].acts.run(key, done)
    except Gone:
        return gone_page(request, typed.text)
    except NotYours as refusal:
        return await case_page(request, status=409, typed=typed, alert=not_yours(refusal.owner, typed))
    except EmptyText:
        return await case_page(request, status=422, typed=replace(typed, error=_EMPTY[typed.form]))
    except TextTooLong:
        longest, length = _LONGEST[typed.form], len(words.shown(typed.text))
        error = f"Votre texte est trop long : {length} caractères, {longest} au plus."
        return await case_page(request, status=422, typed=replace(typed, error=error))
    return None


def not_yours(owner: str | None, typed: Typed) -> str:
    """Return why an act was refused: whose the request is, and that nothing was sent."""
    who = words.shown(owner)
    said = f"{who} s'occupe de cette demande." if who else "Cette demande n'est pas prise. Prenez-la d'abord."
    return f"{said} Votre texte n'est pas envoyé : il est gardé ci-dessous." if typed.text else said


@requires(Right.ANSWER)
async def claim(request: web.Request) -> web.StreamResponse:
    """`POST …/prendre`: take it; of two who click, one has it and the other reads who."""
    await read_console_form(request)
    reference = reference_of(request)
    try:
        owner = await request.app[ASSISTANT].casework.claim(reference, signed(request).account.id)
    except Gone:
        return gone_page(request)
    if owner is None:
        return see_case(reference, "prise")
    who = words.shown(owner)
    alert = f"{who} a pris cette demande avant vous." if who else "Cette demande est close."
    return await case_page(request, status=409, alert=alert)


@requires(Right.ANSWER)
async def release(request: web.Request) -> web.StreamResponse:
    """`POST …/rendre`: put it back in the queue; whoever is told of late requests may do so with a colleague's."""
    fields = await read_console_form(request)
    reference, account = reference_of(request), signed(request).account
    casework = request.app[ASSISTANT].casework
    of_anyone = may(account, Right.ALERTS)
    refused = await act(
        request,
        fields,
        Typed("rendre"),
        lambda: casework.release(reference, account.id, of_anyone=of_anyone),
    )
    return refused or see_case(reference, "rendue")


@requires(Right.ANSWER)
async def reply(request: web.Request) -> web.StreamResponse:
    """`POST …/repondre`: send a reply; or add a text to it, find a fiche or count it, and show it again."""
    fields = await read_console_form(request)
    typed = Typed("reponse", first(fields, "texte"))
    if "envoyer" not in fields:
        return await case_page(request, typed=_edited(request, fields, typed))
    reference, account = reference_of(request), signed(request).account
    casework = request.app[ASSISTANT].casework
    key = action_key(signed(request), fields, reference, typed.text)
    refused = await act(
        request, fields, typed, lambda: casework.reply(reference, account.id, typed.text, key)
    )
    return refused or see_case(reference, "reponse", "#suite")


def _edited(request: web.Request, fields: Fields, typed: Typed) -> Typed:
    """Return the draft as the button that was pressed changes it."""
    inserts = Inserts(request.app[ASSISTANT], signed(request).account.name, request.app[SETTINGS].public_url)
    added = inserts.text_of(first(fields, "inserer"))
    text = join_draft(typed.text, added) if added else typed.text
    return replace(typed, text=text, found=inserts.search(first(fields, "fiche")))


@requires(Right.ANSWER)
async def note(request: web.Request) -> web.StreamResponse:
    """`POST …/note`: keep a note that operators alone read."""
    fields = await read_console_form(request)
    reference, account = reference_of(request), signed(request).account
    typed = Typed("note", first(fields, "texte"))
    casework = request.app[ASSISTANT].casework
    refused = await act(request, fields, typed, lambda: casework.note(reference, account.id, typed.text))
    return refused or see_case(reference, "note", "#notes-titre")


@requires(Right.ANSWER)
async def hand(request: web.Request) -> web.StreamResponse:
    """`POST …/confier`: give it to a colleague."""
    fields = await read_console_form(request)
    reference, account = reference_of(request), signed(request).account
    chosen = first(fields, "collegue")
    taker = await _colleague(request, chosen)
    if taker is None:
        typed = Typed("confier", error="Choisissez à qui confier la demande.")
        return await case_page(request, status=422, typed=typed)
    casework = request.app[ASSISTANT].casework
    typed = Typed("confier")
    refused = await act(request, fields, typed, lambda: casework.hand(reference, account.id, taker))
    return refused or see_case(reference, "confiee")


async def _colleague(request: web.Request, chosen: str) -> int | None:
    """Return the account chosen, when it may answer requests."""
    accounts = await request.app[ASSISTANT].accounts.list_accounts()
    own = signed(request).account.id
    able = {str(one.id): one.id for one in accounts if may(one, Right.ANSWER) and one.id != own}
    return able.get(chosen)


@requires(Right.ANSWER)
async def ask_to_hand_on(request: web.Request) -> web.StreamResponse:
    """`POST …/transmettre`: ask the person whether their request may go to another body."""
    fields = await read_console_form(request)
    reference, account = reference_of(request), signed(request).account
    typed = Typed("organisme", first(fields, "organisme"))
    casework = request.app[ASSISTANT].casework
    asked: list[bool] = []

    async def ask() -> None:
        asked.append(await casework.ask_to_hand_on(reference, account.id, typed.text))

    if refused := await act(request, fields, typed, ask):
        return refused
    if asked == [False]:
        error = (
            "La personne n'a pas de conversation ouverte. Demandez-lui son accord autrement, par un appel par exemple, "
            "et gardez sa réponse dans une note."
        )
        return await case_page(request, status=409, typed=replace(typed, error=error))
    return see_case(reference, "transmettre")


@requires(Right.ANSWER)
async def reopen(request: web.Request) -> web.StreamResponse:
    """`POST …/rouvrir`: take up a closed request again."""
    await read_console_form(request)
    reference = reference_of(request)
    try:
        reopened = await request.app[ASSISTANT].casework.reopen(reference, signed(request).account.id)
    except Gone:
        return gone_page(request)
    return see_case(reference, "rouverte" if reopened else "pas-close")
