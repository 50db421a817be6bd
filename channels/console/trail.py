"""What somebody did at the console, in words."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from itertools import groupby

from bot.model.french import format_date
from bot.store import journal
from bot.store.journal import Entry
from channels.console.words import hour_text, in_paris

ACTION_WORDS = {
    journal.SIGNED_IN: "Connexion",
    journal.SIGN_IN_REFUSED: "Essai de connexion refusé",
    journal.SIGNED_OUT: "Déconnexion",
    journal.PASSWORD_CHANGED: "Mot de passe changé",
    journal.PASSWORD_GIVEN: "Mot de passe temporaire donné",
    journal.TOTP_ON: "Code à usage unique activé",
    journal.TOTP_OFF: "Code à usage unique désactivé",
    journal.ACCOUNT_CREATED: "Compte créé",
    journal.ACCOUNT_DISABLED: "Compte fermé",
    journal.ACCOUNT_ENABLED: "Compte rouvert",
    journal.READ: "Demande lue",
    journal.CLAIMED: "Demande prise",
    journal.RELEASED: "Demande rendue à la file",
    journal.REPLIED: "Réponse envoyée",
    journal.NOTED: "Note ajoutée",
    journal.HANDED: "Demande confiée, ou accord demandé",
    journal.CLOSED: "Demande close",
    journal.REOPENED: "Demande rouverte",
    journal.EXPORTED: "Rapport exporté",
    journal.SEARCHED: "Recherche",
    journal.MISS_KEPT: "Erreur de l'assistant signalée",
    journal.FICHE_TEXTED: "Fiche envoyée par SMS",
}


@dataclass(frozen=True)
class TrailLine:
    """One thing done: the hour, the words, and the request or the account it was about."""

    at: datetime
    hour: str
    words: str
    about: str | None


def trail_by_day(entries: Iterable[Entry]) -> list[tuple[str, list[TrailLine]]]:
    """Return what was done, newest first, under the day it was done."""
    lines = [_line(entry) for entry in entries]
    by_day = groupby(lines, key=lambda line: line.at.date())
    return [(format_date(day), list(of_day)) for day, of_day in by_day]


def _line(entry: Entry) -> TrailLine:
    local = in_paris(entry.at)
    return TrailLine(local, hour_text(local), ACTION_WORDS.get(entry.action, entry.action), entry.reference)
