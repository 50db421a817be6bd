"""A request as its page shows it: its state, what the person gave, what was done, and what may be done now."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from bot.render.phones import phone_href
from bot.service.desk import Case
from bot.store import desk
from bot.store.demandes import CLOSED, HERE, TAKEN, TEXT, WAITING, Urgency
from bot.store.desk import Event
from channels.console import words
from channels.console.lines_view import FicheLink, Line, fiches_of, show_lines
from channels.console.queue_view import Title


@dataclass(frozen=True)
class Given:
    """Something the person gave, with its link when it is a number."""

    label: str
    value: str
    href: str = ""


@dataclass(frozen=True)
class Done:
    """One thing done: who and what, in one sentence, and the words that came with it."""

    id: int
    time: str
    iso_time: str
    sentence: str
    words: str
    is_note: bool


@dataclass(frozen=True)
class Acts:
    """What this operator may do with it at this moment; `put_back`: what a colleague holds."""

    claim: bool
    own: bool
    put_back: bool
    reopen: bool


@dataclass(frozen=True)
class HandOn:
    """Another body that the person was asked about; `answer` is their word: asked, agreed or refused."""

    body: str
    answer: str


@dataclass(frozen=True)
class CaseView:
    """The whole page of a request."""

    reference: str
    subject: str
    status: str
    state: str
    urgency: str
    is_danger: bool
    owner: str
    asked: str
    since: str
    promise: str
    channel: str
    moyen: str
    outcome: str
    given: tuple[Given, ...]
    consent: str
    reach: str
    lines: tuple[Line, ...]
    fiches: tuple[FicheLink, ...]
    done: tuple[Done, ...]
    notes: tuple[Done, ...]
    hand_on: HandOn | None
    acts: Acts
    mark: str


def show_case(
    case: Case,
    *,
    account_id: int,
    may_put_back: bool,
    at: datetime,
    title: Title,
    written: frozenset[str],
    mark: str = "",
) -> CaseView:
    """Return a request as one operator sees it at a time (UTC, without a timezone)."""
    demande = case.demande
    is_own = demande.status == TAKEN and demande.account_id == account_id
    events = [_done(event, case, at) for event in case.events]
    return CaseView(
        reference=demande.reference,
        subject=title(demande.subject) if demande.subject else words.NO_SUBJECT,
        status=demande.status,
        state=_state(case, account_id),
        urgency=words.URGENCIES[demande.urgency],
        is_danger=demande.urgency is Urgency.DANGER,
        owner=words.shown(case.owner),
        asked=words.when_text(demande.created_at, at),
        since=words.since(demande.created_at, at) if demande.status != CLOSED else "",
        promise=_promise(case, at),
        channel=words.channel_text(demande.channel),
        moyen=words.MOYEN_SENTENCES.get(demande.details.moyen, demande.details.moyen),
        outcome=words.OUTCOMES.get(demande.outcome or "", ""),
        given=_given(case),
        consent=_consent(case),
        reach=_reach(case),
        lines=show_lines(case, at=at, title=title, written=written),
        fiches=fiches_of(case, title, written),
        done=tuple(done for done in events if not done.is_note),
        notes=tuple(done for done in events if done.is_note),
        hand_on=_hand_on(case.events),
        acts=Acts(
            claim=demande.status == WAITING,
            own=is_own,
            put_back=may_put_back and demande.status == TAKEN and not is_own,
            reopen=demande.status == CLOSED,
        ),
        mark=mark,
    )


def _state(case: Case, account_id: int) -> str:
    demande = case.demande
    if demande.status == TAKEN and demande.account_id == account_id:
        return "Prise par vous"
    if demande.status == TAKEN:
        return f"Prise par {words.shown(case.owner) or 'une personne du service'}"
    return words.STATES[demande.status]


def _promise(case: Case, at: datetime) -> str:
    demande = case.demande
    if demande.status != WAITING or demande.due_at is None:
        return ""
    late = " : le délai est dépassé" if demande.due_at < at else ""
    return f"À prendre {words.promised_text(demande.due_at, at)}{late}"


def _given(case: Case) -> tuple[Given, ...]:
    """Return what the person gave, and nothing of what they left out."""
    details = case.demande.details
    phone = words.shown(details.telephone)
    fields = (
        Given("Nom", words.shown(details.nom)),
        Given("Téléphone", phone, phone_href(phone) if phone else ""),
        Given("Commune", words.shown(details.commune)),
        Given("Quand", words.shown(details.quand)),
        Given("Ses mots", words.shown(details.mots)),
    )
    return tuple(field for field in fields if field.value)


def _consent(case: Case) -> str:
    if case.demande.conversation_id is None:
        return "La demande est venue sans conversation."
    if case.demande.details.joindre:
        return "La personne accepte que vous lisiez sa conversation avec l'assistant."
    return "La personne n'a pas accepté que vous lisiez sa conversation avec l'assistant. Vous lisez ce qu'elle vous écrit."


def _reach(case: Case) -> str:
    """Return where a reply goes, in one sentence."""
    demande = case.demande
    moyen = demande.details.moyen
    if moyen == TEXT and demande.details.telephone:
        return "Votre réponse part par texto, au numéro que la personne a donné."
    if demande.conversation_id is None:
        where = (
            "La personne lit votre réponse sur la page « Suivre ma demande », avec sa référence et son code."
        )
    else:
        channel = words.channel_text(demande.channel)
        where = f"Votre réponse part dans sa conversation ({channel})."
    if moyen == HERE:
        return where
    return f"{where} Elle attend aussi ceci : {words.AWAITED.get(moyen, moyen)}."


def _hand_on(events: tuple[Event, ...]) -> HandOn | None:
    kinds = (desk.ASKED, desk.AGREED, desk.REFUSED)
    last = next((event for event in reversed(events) if event.kind in kinds), None)
    return HandOn(words.shown(str(last.body.get("organisme", ""))), last.kind) if last else None


# -- what was done -----------------------------------------------------------------------------------

_SENTENCES = {
    desk.CREATED: "La demande est arrivée.",
    desk.ANNOUNCED: "La demande est annoncée à l'équipe.",
    desk.CLAIMED: "{qui} a pris la demande.",
    desk.RELEASED: "{qui} a rendu la demande.",
    desk.REPLIED: "{qui} a répondu.",
    desk.NOTED: "{qui} a écrit une note.",
    desk.HANDED: "{qui} a confié la demande à {a}.",
    desk.ASKED: "{qui} a demandé l'accord de la personne pour transmettre à : {organisme}.",
    desk.AGREED: "La personne accepte de transmettre à : {organisme}.",
    desk.REFUSED: "La personne refuse de transmettre à : {organisme}.",
    desk.LATE: "Personne n'a pris la demande à temps. La personne le sait.",
    desk.WAITS: "La personne choisit d'attendre encore.",
    desk.SILENT: "Aucune réponse depuis longtemps. La demande est revenue dans la file.",
    desk.CLOSED_EVENT: "{qui} a clos la demande : {issue}.",
    desk.REOPENED: "{qui} a rouvert la demande.",
}


def _done(event: Event, case: Case, at: datetime) -> Done:
    known = {name: words.shown(str(event.body.get(name, ""))) for name in ("a", "organisme")}
    known["qui"] = words.shown(case.names.get(event.account_id or 0)) or "Une personne du service"
    known["issue"] = words.OUTCOMES.get(str(event.body.get("issue", "")), "sans précision")
    has_no_line = event.kind == desk.REPLIED and case.demande.conversation_id is None
    is_note = event.kind == desk.NOTED
    return Done(
        id=event.id,
        time=words.when_text(event.at, at),
        iso_time=words.in_paris(event.at).isoformat(timespec="minutes"),
        sentence=_fill(_SENTENCES.get(event.kind, event.kind), known),
        words=words.shown(str(event.body.get("texte", ""))) if is_note or has_no_line else "",
        is_note=is_note,
    )


def _fill(sentence: str, known: dict[str, str]) -> str:
    """Return the sentence with its names; a name that holds braces is not read again."""
    return sentence.format(**known)
