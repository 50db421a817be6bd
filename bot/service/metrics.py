"""What is measured, in the words of Prometheus: counts and times by kinds that are known beforehand, of nobody.

A label never holds an id, an address nor a text: tests/bot/service/test_metrics.py has every value allowed.
"""

from __future__ import annotations

import time
from collections.abc import Iterable
from datetime import datetime

from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram, generate_latest

from bot.model.answer import AnswerType
from bot.store import deliveries
from bot.store.database import now
from bot.store.measures import Waiting

SURFACES = ("web", "api", "widget", "borne")
OTHER = "autre"
"""What a label says of a channel that is not in the list: its name could come from anywhere."""
STATES = (
    deliveries.QUEUED, deliveries.HANDING, deliveries.ACCEPTED, deliveries.BUFFERED, deliveries.SENT, deliveries.REJECTED,
    deliveries.UNDELIVERED, deliveries.DELIVERED, deliveries.FAILED, deliveries.EXPIRED, deliveries.STOPPED,
)  # fmt: skip
LIMITS = ("conversation", "message", "new", "sheet")
REFUSALS = ("refused", "locked")
_SECONDS = (0.01, 0.025, 0.05, 0.1, 0.15, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60, 300, 3600)
"""0.15 is what is promised; beyond 10 a message waits for Rasa to come back."""

REGISTRY = CollectorRegistry()
_STARTED = Gauge("assistant_started_seconds", "Heure de démarrage du processus.", registry=REGISTRY)
_RECEIVED = Counter("assistant_messages", "Messages reçus et gardés.", ["canal"], registry=REGISTRY)
_ANSWERS = Counter("assistant_answers", "Réponses de l'assistant, par type.", ["type"], registry=REGISTRY)
_ANSWERED = Histogram(
    "assistant_answer_seconds",
    "Temps entre la garde d'un message que Rasa doit comprendre et sa réponse, en secondes.",
    buckets=_SECONDS,
    registry=REGISTRY,
)
_RASA_FAILURES = Counter(
    "assistant_rasa_failures", "Questions auxquelles Rasa n'a pas répondu.", registry=REGISTRY
)
_SIGN_INS = Counter(
    "assistant_sign_ins_refused", "Connexions à la console refusées.", ["raison"], registry=REGISTRY
)
_LIMITED = Counter("assistant_limited", "Envois refusés par une limite.", ["limite"], registry=REGISTRY)
_STORE = Gauge("assistant_store_up", "1 si la base a répondu à cette mesure, sinon 0.", registry=REGISTRY)
_WAITING = Gauge("assistant_answers_waiting", "Messages qui attendent leur réponse.", registry=REGISTRY)
_DEMANDES = Gauge("assistant_demandes_waiting", "Demandes que personne n'a encore prises.", registry=REGISTRY)
_DELIVERIES = Gauge(
    "assistant_deliveries", "Envois gardés, par canal et par état.", ["canal", "etat"], registry=REGISTRY
)

_STARTED.set(time.time())
_channels: set[str] = set()
for _kind in AnswerType:
    _ANSWERS.labels(_kind.value)
for _limit in LIMITS:
    _LIMITED.labels(_limit)
for _refusal in REFUSALS:
    _SIGN_INS.labels(_refusal)


def know_channels(names: Iterable[str]) -> None:
    """Let these names stand in a label; each count of them then starts at 0."""
    for name in names:
        _channels.add(name)
        _RECEIVED.labels(name)


def forget_channel(name: str) -> None:
    """Let a name stand in no label any more: tests add channels that are not ours."""
    if name in _channels:
        _channels.remove(name)
        _RECEIVED.remove(name)


def note_received(channel: str) -> None:
    """Count a message that was stored."""
    _RECEIVED.labels(_known(channel)).inc()


def note_answer(kind: AnswerType) -> None:
    """Count an answer that was stored."""
    _ANSWERS.labels(kind.value).inc()


def note_answered(stored_at: datetime) -> None:
    """Measure the time since a message was stored (UTC, without a timezone); a clock set back counts as nothing."""
    _ANSWERED.observe(max(0.0, (now() - stored_at).total_seconds()))


def note_rasa_failure() -> None:
    """Count a question that Rasa did not answer."""
    _RASA_FAILURES.inc()


def note_sign_in_refused(*, locked: bool) -> None:
    """Count a try to sign in that opened nothing."""
    _SIGN_INS.labels(REFUSALS[locked]).inc()


def note_limited(limit: str) -> None:
    """Count what one of LIMITS refused."""
    _LIMITED.labels(limit if limit in LIMITS else OTHER).inc()


def exposition(waiting: Waiting | None) -> bytes:
    """Return every measure as Prometheus reads it. `waiting` is None when the store does not answer."""
    _DELIVERIES.clear()
    _STORE.set(0 if waiting is None else 1)
    _WAITING.set(float("nan") if waiting is None else waiting.answers)
    _DEMANDES.set(float("nan") if waiting is None else waiting.demandes)
    for (channel, state), number in (waiting.deliveries if waiting else {}).items():
        _DELIVERIES.labels(_known(channel), state if state in STATES else OTHER).inc(number)
    return bytes(generate_latest(REGISTRY))


def _known(channel: str) -> str:
    return channel if channel in _channels else OTHER


know_channels((*SURFACES, OTHER))
