"""The words of the console for what the store keeps as codes, and times as they are said."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from functools import lru_cache

from bot.language.normalise import clean_text
from bot.model.french import MONTHS, PARIS
from bot.store import deliveries
from bot.store.demandes import CALL, CLOSED, HERE, HOME, MEETING, TAKEN, TEXT, WAITING, Urgency
from channels import registry
from channels.channel import Channel

STATES = {WAITING: "En attente", TAKEN: "Prise", CLOSED: "Close"}
URGENCIES = {Urgency.DANGER: "Danger", Urgency.SOON: "À traiter vite", Urgency.NORMAL: "Normale"}
MOYENS = {HERE: "Ici", CALL: "Appel", TEXT: "Texto", MEETING: "Rendez-vous", HOME: "À domicile"}
MOYEN_SENTENCES = {
    HERE: "Répondre ici, dans la conversation",
    CALL: "Répondre par un appel",
    TEXT: "Répondre par texto",
    MEETING: "Proposer un rendez-vous",
    HOME: "Aller à domicile",
}
AWAITED = {CALL: "un appel", TEXT: "un texto", MEETING: "un rendez-vous", HOME: "une visite à domicile"}
"""What the person waits for besides written words."""
READ_THERE = {"web": "Web", "api": "Autre site", "widget": "Encart d'un site", "borne": "Borne"}
"""The channels that people come back to; the others write to them (channels/registry.py)."""
NO_SUBJECT = "Sujet non dit"

OUTCOMES = {
    "droit_ouvert": "Le droit est ouvert",
    "demarche_faite": "La démarche est faite, la réponse est attendue",
    "rendez_vous": "Un rendez-vous est pris",
    "oriente": "La personne est orientée vers un autre service",
    "repondu": "La réponse est donnée",
    "injoignable": "La personne n'a pas pu être jointe",
    "sans_suite": "Sans suite : la personne n'a plus besoin d'aide",
}
NON_RECOURS = {
    "non_connaissance": ("Droit non connu", "La personne ne savait pas que ce droit existe."),
    "non_demande": (
        "Droit non demandé",
        "Elle le connaît, mais ne l'a pas demandé : choix, découragement, crainte.",
    ),
    "non_reception": ("Droit non reçu", "Elle l'a demandé, mais ne le reçoit pas, ou pas en entier."),
    "non_proposition": ("Droit non proposé", "Le service qui pouvait le lui proposer ne l'a pas fait."),
}
STEPS = {
    "comprendre": "Comprendre l'information ou un courrier",
    "demander": "Faire la demande",
    "prouver": "Fournir les justificatifs",
    "attendre": "Attendre la réponse ou le paiement",
    "se_deplacer": "Se déplacer",
}
DEMANDS = {
    "compte": "Avoir un compte en ligne ou FranceConnect",
    "courriel": "Avoir une adresse de courriel",
    "numeriser": "Numériser ou photographier un document",
    "telephone": "Recevoir un code ou avoir un smartphone",
    "paiement": "Payer en ligne",
    "en_ligne": "Démarche seulement en ligne",
    "joindre": "Joindre quelqu'un par téléphone",
}

DELIVERIES = {
    deliveries.QUEUED: "En attente d'envoi",
    deliveries.HANDING: "Envoi en cours",
    deliveries.BUFFERED: "En attente : le téléphone est éteint ou hors réseau",
    deliveries.REJECTED: "Refusé par le réseau",
    deliveries.UNDELIVERED: "Non remis",
    deliveries.DELIVERED: "Reçu par le téléphone",
    deliveries.FAILED: "Non envoyé",
    deliveries.EXPIRED: "Non envoyé : le délai est passé",
    deliveries.STOPPED: "Non envoyé : la personne a demandé de ne plus rien recevoir",
}
LOST = (
    deliveries.REJECTED,
    deliveries.UNDELIVERED,
    deliveries.FAILED,
    deliveries.EXPIRED,
    deliveries.STOPPED,
)
"""States in which the person does not have the message."""

_MINUTE = timedelta(minutes=1)
_HOUR = timedelta(hours=1)
_DAY = timedelta(days=1)


def shown(text: str | None) -> str:
    """Return what somebody typed without the marks that hide or reverse what stands around it."""
    return clean_text(text or "")


def plural(count: int, one: str, many: str | None = None) -> str:
    """Return `1 demande`, `3 demandes`."""
    return f"{count} {one if count < 2 else many or f'{one}s'}"


def since(moment: datetime, at: datetime) -> str:
    """Return how long ago a time was, as `depuis 25 minutes`; times are UTC, without a timezone."""
    passed = at - moment
    if passed < _MINUTE:
        return "depuis moins d'une minute"
    if passed < _HOUR:
        return f"depuis {plural(passed // _MINUTE, 'minute')}"
    if passed < 2 * _DAY:
        return f"depuis {plural(passed // _HOUR, 'heure')}"
    return f"depuis {plural(passed // _DAY, 'jour')}"


def hour_text(local: datetime) -> str:
    """Return `9 h`, `16 h 30`."""
    return f"{local.hour} h {local.minute:02}" if local.minute else f"{local.hour} h"


def in_paris(moment: datetime) -> datetime:
    """Return a stored time on a clock in Paris."""
    return moment.replace(tzinfo=UTC).astimezone(PARIS)


def day_text(moment: datetime, at: datetime) -> str:
    """Return the day of a time as said at `at`: `aujourd'hui`, `demain`, `hier`, `le 3 décembre`."""
    day, today = in_paris(moment).date(), in_paris(at).date()
    near = {0: "aujourd'hui", 1: "demain", -1: "hier"}.get((day - today).days)
    number = "1er" if day.day == 1 else str(day.day)
    year = f" {day.year}" if day.year != today.year else ""
    return near or f"le {number} {MONTHS[day.month - 1]}{year}"


def when_text(moment: datetime, at: datetime) -> str:
    """Return `aujourd'hui à 16 h 30`, `le 3 décembre à 9 h`."""
    return f"{day_text(moment, at)} à {hour_text(in_paris(moment))}"


def promised_text(due_at: datetime, at: datetime) -> str:
    """Return by when somebody was promised: `avant 16 h 30` today, else with the day."""
    hour = f"avant {hour_text(in_paris(due_at))}"
    day = day_text(due_at, at)
    return hour if day == "aujourd'hui" else f"{day} {hour}"


def channel_text(name: str) -> str:
    """Return what a channel is called."""
    channel = _written_to().get(name)
    return channel.label if channel else READ_THERE.get(name, name)


def is_written_to(name: str) -> bool:
    """Tell whether a channel brings a reply to the person, wherever they are."""
    return name in _written_to()


def counts_segments(name: str) -> bool:
    """Tell whether a reply on a channel is paid by the SMS segment."""
    channel = _written_to().get(name)
    return channel is not None and channel.counts_segments


def delivery_text(status: str, name: str) -> str:
    """Return the state of a message handed to the network of a channel."""
    if status in (deliveries.ACCEPTED, deliveries.SENT):
        channel = _written_to().get(name)
        return f"Envoyé {channel.network}" if channel else "Envoyé"
    return DELIVERIES.get(status, status)


@lru_cache(maxsize=1)
def _written_to() -> dict[str, Channel]:
    return {channel.name: channel for channel in registry.channels()}
