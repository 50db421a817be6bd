"""Keep where the assistant went wrong, as an operator saw it: for training, without anyone's name."""

from __future__ import annotations

from dataclasses import dataclass, replace

from aiohttp import web

from bot.service.accounts import Right
from bot.service.casework import MAX_NOTE
from bot.service.desk import Case, Gone
from bot.service.errors import EmptyText, TextTooLong
from bot.store.conversations import ASSISTANT as BY_ASSISTANT
from bot.store.conversations import USER, StoredMessage
from channels.console import words
from channels.console.case import gone_page, read_case, reference_of, title_of
from channels.console.case_acts import first, see_case
from channels.console.form_token import action_key
from channels.console.keys import CONSOLE
from channels.console.page import console_page
from channels.console.session import read_console_form, requires, signed
from channels.keys import ASSISTANT

WRONG = "mauvaise_reponse"
OTHER = "a_comprendre"
KINDS = {
    WRONG: "Mauvaise réponse",
    OTHER: "Il fallait comprendre autre chose",
}


@dataclass(frozen=True)
class Review:
    """What an operator says of one answer; `field` is that of the error."""

    kind: str = ""
    expected: str = ""
    text: str = ""
    error: str = ""
    field: str = ""


@requires(Right.ANSWER)
async def show(request: web.Request) -> web.StreamResponse:
    """`GET …/assistant/{message}`: one answer of the assistant, and what the person had said."""
    try:
        _, case = await read_case(request)
    except Gone:
        return gone_page(request)
    return _page(request, case, Review(text=_said_before(case, _message(request, case))))


@requires(Right.ANSWER)
async def keep(request: web.Request) -> web.StreamResponse:
    """`POST …/assistant/{message}`: keep what was wrong."""
    fields = await read_console_form(request)
    review = Review(first(fields, "quoi"), first(fields, "fiche"), first(fields, "texte"))
    try:
        _, case = await read_case(request)
    except Gone:
        return gone_page(request, review.text)
    if fault := _fault(request, review):
        field, error = fault
        return _page(request, case, replace(review, error=error, field=field))
    message = _message(request, case)
    account = signed(request).account

    async def kept() -> None:
        await request.app[ASSISTANT].casework.keep_miss(
            account.id,
            review.kind,
            review.text,
            answered=message.answer.fiche if message.answer else None,
            expected=review.expected if review.kind == OTHER else None,
        )

    key = action_key(signed(request), fields, request.path, review.kind, review.expected, review.text)
    try:
        await request.app[CONSOLE].acts.run(key, kept)
    except (EmptyText, TextTooLong):
        error = f"Écrivez les mots de la personne, en {MAX_NOTE} caractères au plus."
        return _page(request, case, replace(review, error=error, field="texte"))
    return see_case(reference_of(request), "assistant")


def _fault(request: web.Request, review: Review) -> tuple[str, str] | None:
    """Return the field to correct and what to do."""
    if review.kind not in KINDS:
        return f"quoi-{WRONG}", "Dites ce qui ne va pas."
    subjects = request.app[ASSISTANT].knowledge.taxonomy.subjects
    if review.kind == OTHER and review.expected not in subjects:
        return "fiche", "Choisissez le sujet qu'il fallait comprendre."
    return None


def _message(request: web.Request, case: Case) -> StoredMessage:
    """Return the answer of the address. Raises 404 when it is not of this request."""
    wanted = request.match_info["message"]
    for message in case.messages:
        if message.id == wanted and message.sender == BY_ASSISTANT:
            return message
    raise web.HTTPNotFound


def _said_before(case: Case, answer: StoredMessage) -> str:
    """Return the last words of the person before an answer."""
    said = [m.text for m in case.messages if m.sender == USER and m.seq < answer.seq and m.text]
    return words.shown(said[-1]) if said else ""


def _page(request: web.Request, case: Case, review: Review) -> web.Response:
    title = title_of(request)
    subjects = request.app[ASSISTANT].knowledge.taxonomy.subjects
    answer = _message(request, case).answer
    return console_page(
        request,
        "miss.html",
        status=422 if review.error else 200,
        title=f"{'Erreur : ' if review.error else ''}revoir une réponse",
        reference=case.demande.reference,
        answered=title(answer.fiche) if answer and answer.fiche else "",
        review=review,
        kinds=KINDS,
        subjects=sorted((title(subject), subject) for subject in subjects),
        max_note=MAX_NOTE,
    )
