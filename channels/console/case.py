"""A request on its page: read it, and everything that may be done with it."""

from __future__ import annotations

from dataclasses import dataclass, field, replace

from aiohttp import web

from bot.service.accounts import Right, may
from bot.service.casework import MAX_NOTE, MAX_REPLY
from bot.service.desk import Case, Gone
from bot.service.quiet import AWAKE, is_quiet, next_allowed
from bot.store.conversations import USER
from bot.store.database import now
from bot.store.demandes import WAITING
from channels.console import words
from channels.console.canned import FoundFiches, Inserts
from channels.console.case_view import CaseView, show_case
from channels.console.keys import CONSOLE
from channels.console.organismes import organismes_for
from channels.console.page import console_page
from channels.console.queue_view import Filters, show_queue
from channels.console.reply_length import Limits, length_text, limits_of
from channels.console.session import requires, signed
from channels.keys import ASSISTANT, SETTINGS

CASE = "/console/demandes/{reference}"
DONE = {
    "prise": "Vous avez pris cette demande. La personne le sait.",
    "rendue": "La demande est revenue dans la file. La personne le sait.",
    "reponse": "Votre réponse est envoyée.",
    "note": "Votre note est gardée.",
    "confiee": "La demande est confiée. La personne le sait.",
    "transmettre": "La question est posée à la personne. Sa réponse s'affichera ici.",
    "close": "La demande est close. La personne le sait.",
    "rouverte": "La demande est rouverte. Elle est à vous.",
    "pas-close": "La demande n'était pas close. Rien n'a changé.",
    "assistant": "Votre remarque sur l'assistant est gardée.",
}


@dataclass(frozen=True)
class Typed:
    """What was sent and could not be taken, to be shown again in its field; `form` names the act."""

    form: str = ""
    text: str = ""
    error: str = ""
    found: FoundFiches = field(default_factory=FoundFiches)


NOTHING_TYPED = Typed()


@dataclass(frozen=True)
class Around:
    """The requests before and after in the queue, "" where there is none, and all that wait."""

    previous: str
    following: str
    waiting: tuple[str, ...]


@dataclass(frozen=True)
class Colleague:
    """Somebody a request may be given to."""

    id: int
    name: str


@requires(Right.ANSWER)
async def show(request: web.Request) -> web.StreamResponse:
    """`GET /console/demandes/{reference}`. With `inserer`, a text is added to an empty reply."""
    typed = NOTHING_TYPED
    if added := Inserts(
        request.app[ASSISTANT], signed(request).account.name, request.app[SETTINGS].public_url
    ).text_of(request.query.get("inserer", "")):
        typed = replace(typed, form="reponse", text=added)
    return await case_page(request, typed=typed, done=DONE.get(request.query.get("fait", ""), ""))


@requires(Right.ANSWER)
async def show_fragment(request: web.Request) -> web.StreamResponse:
    """`GET /console/demandes/{reference}/suite`: the parts of the page that change while it is open."""
    try:
        view, _ = await read_case(request)
    except Gone:
        raise web.HTTPNotFound from None
    return console_page(request, "case_fragment.html", title=f"Demande {view.reference}", case=view)


async def read_case(request: web.Request) -> tuple[CaseView, Case]:
    """Return the request of the address. Raises Gone; reading it is noted."""
    assistant = request.app[ASSISTANT]
    reference = reference_of(request)
    account = signed(request).account
    mark = await assistant.desk.mark(reference)  # before reading: what comes between is then told, not lost
    case = await assistant.desk.read(reference, account.id)
    view = show_case(
        case,
        account_id=account.id,
        may_put_back=may(account, Right.ALERTS),
        at=now(),
        title=title_of(request),
        written=frozenset(assistant.knowledge.fiches),
        mark=mark,
    )
    return view, case


async def case_page(
    request: web.Request,
    *,
    status: int = 200,
    typed: Typed = NOTHING_TYPED,
    done: str = "",
    alert: str = "",
) -> web.Response:
    """Return the page of a request; `alert` says why nothing was done, `done` what was."""
    try:
        view, case = await read_case(request)
    except Gone:
        return gone_page(request, typed.text)
    account = signed(request).account
    if view.is_danger:
        request.app[CONSOLE].told.add(signed(request).form_key, [view.reference])  # no alert of what is open
    inserts = Inserts(request.app[ASSISTANT], account.name, request.app[SETTINGS].public_url)
    limits = limits_of(case.demande, account.name)
    reply = typed.text if typed.form == "reponse" else ""
    around = await _around(request, view.reference)
    is_wrong = bool(typed.error or alert)
    return console_page(
        request,
        "case.html",
        status=status,
        title=f"{'Erreur : ' if is_wrong else ''}demande {view.reference}",
        case=view,
        typed=typed,
        done=done or None,
        alert=alert,
        reply=reply,
        limits=limits.to_json(),
        length=length_text(reply, limits),
        late_hour=_waits_for_morning(case, limits),
        canned=inserts.canned,
        of_case=inserts.of_fiches(fiche.id for fiche in view.fiches),
        colleagues=await _colleagues(request),
        organismes=organismes_for(request.app[ASSISTANT].knowledge.taxonomy, case.demande.subject),
        outcomes=words.OUTCOMES,
        non_recours=words.NON_RECOURS,
        steps=words.STEPS,
        demands=words.DEMANDS,
        max_reply=MAX_REPLY,
        max_note=MAX_NOTE,
        previous=around.previous,
        following=around.following,
        known=" ".join(around.waiting),
    )


def gone_page(request: web.Request, text: str = "") -> web.Response:
    """Return the page of a request that is no more, with what was written for it."""
    return console_page(
        request,
        "case_gone.html",
        status=404,
        title="Cette demande n'existe plus",
        reference=words.shown(reference_of(request))[:12],
        text=text,
    )


def reference_of(request: web.Request) -> str:
    """Return the reference of the address, as it is stored."""
    return request.match_info["reference"].strip().upper()


def title_of(request: web.Request) -> TitleOf:
    """Return what gives the title of a subject."""
    return TitleOf(request)


class TitleOf:
    """Gives the title of a subject; one that left the taxonomy keeps its id."""

    def __init__(self, request: web.Request) -> None:
        self._composer = request.app[ASSISTANT].composer

    def __call__(self, subject: str) -> str:
        """Return the title."""
        try:
            return self._composer.subject_title(subject)
        except KeyError:
            return subject


async def _around(request: web.Request, reference: str) -> Around:
    """Return what stands around a request in the queue; after the last one comes nothing."""
    found = await request.app[ASSISTANT].desk.queue()
    view = show_queue(
        found,
        Filters(),
        account_id=signed(request).account.id,
        at=now(),
        title=title_of(request),
        territories={},
    )
    order = view.references
    waiting = tuple(item.demande.reference for item in found if item.demande.status == WAITING)
    if reference not in order:
        return Around("", order[0] if order else "", waiting)
    place = order.index(reference)
    return Around(order[place - 1] if place else "", "".join(order[place + 1 : place + 2]), waiting)


async def _colleagues(request: web.Request) -> tuple[Colleague, ...]:
    accounts = await request.app[ASSISTANT].accounts.list_accounts()
    own = signed(request).account.id
    return tuple(
        Colleague(account.id, words.shown(account.name))
        for account in accounts
        if may(account, Right.ANSWER) and account.id != own
    )


def _waits_for_morning(case: Case, limits: Limits) -> str:
    """Return when a reply written now is sent, "" when it is at once: nobody is woken by one (bot/service/quiet.py)."""
    moment = now()
    in_conversation = words.is_written_to(case.demande.channel) and case.demande.conversation_id is not None
    is_awake = in_conversation and any(
        message.sender == USER and message.at >= moment - AWAKE for message in case.messages
    )
    is_sent = in_conversation or limits.is_sms
    waits = is_sent and is_quiet(moment) and not is_awake
    return words.when_text(next_allowed(moment), moment) if waits else ""
