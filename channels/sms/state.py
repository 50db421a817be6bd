"""Print where SMS are: what waits, what became of the rest, what the month cost. Never a number nor a text."""

from __future__ import annotations

import asyncio

from bot.model.counting import count_text, shown
from bot.service.delivery_queue import SEGMENTS, DeliveryQueue
from bot.service.leases import Leases
from bot.store.cipher import load_cipher
from bot.store.database import Database, migrate
from channels.sms.gateway import CHANNEL
from channels.sms.settings import SmsSettings

_STATES = {
    "queued": "en attente d'envoi",
    "handing": "en cours d'envoi",
    "accepted": "pris par la passerelle",
    "buffered": "gardés par l'opérateur",
    "sent": "partis",
    "delivered": "arrivés",
    "undelivered": "non distribués",
    "rejected": "refusés par l'opérateur",
    "failed": "refusés par la passerelle",
    "expired": "abandonnés (trop vieux)",
    "stopped": "retenus après un STOP",
}
_COUNTS = {
    "sms_refused": "appels refusés (secret, adresse ou signature)",
    "sms_unreadable_call": "appels incomplets",
    "sms_unknown_sender": "expéditeurs à qui on ne répond pas",
}
_OF_PEOPLE = {
    "limit_told": "limites du jour atteintes",
    "loop_cut": "boucles coupées",
}
"""Counts that could tell of somebody when they are small."""


async def print_sms_state(settings: SmsSettings) -> None:
    """Print the states of the messages kept, then the counts of the month."""
    settings.var.mkdir(parents=True, exist_ok=True, mode=0o700)
    await asyncio.to_thread(migrate, settings.database)
    database = Database(settings.database)
    try:
        queue = DeliveryQueue(database, load_cipher(settings.keys_folder), Leases(database))
        states, month = await queue.states(CHANNEL), await queue.month()
    finally:
        await database.close()
    print(f"SMS : {settings.sms_gateway or 'aucune passerelle'}")
    for state, label in _STATES.items():
        if states.get(state):
            print(f"  {label} : {states[state]}")
    budget = f" sur {settings.sms_budget_segments}" if settings.sms_budget_segments else ""
    print(f"Ce mois-ci : {month.get(SEGMENTS, 0)} segments envoyés{budget}")
    for name, label in _COUNTS.items():
        if month.get(name):
            print(f"  {label} : {month[name]}")
    for name, label in _OF_PEOPLE.items():
        if month.get(name):
            print(f"  {label} : {count_text(shown(month[name]))}")
