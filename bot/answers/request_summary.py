"""A request in one or two sentences, to read before saying yes."""

from __future__ import annotations

from bot.store.demandes import CALL, HERE, HOME, MEETING, TEXT, DemandeDetails

HERE_ON_A_SCREEN = "ici"


def summary_of(details: DemandeDetails, here: str = HERE_ON_A_SCREEN) -> str:
    """Return what the person asks and gives; `here` is how an answer in this conversation is called."""
    name = f" Nom : {details.nom}." if details.nom else ""
    need = (details.mots or "").rstrip()
    end = "" if need.endswith((".", "!", "?")) else "."
    words = f" Votre besoin : {need}{end}" if need else ""
    return f"{_how(details, here)}{_when(details)}.{_phone(details)}{name}{words}"


def _how(details: DemandeDetails, here: str) -> str:
    town = f" ({details.commune})" if details.commune else ""
    return {
        HERE: f"vous répondre {here}",
        CALL: f"vous rappeler au {details.telephone}",
        TEXT: f"vous répondre par SMS au {details.telephone}",
        MEETING: f"vous proposer un rendez-vous{town}",
        HOME: f"vous proposer un rendez-vous chez vous{town}",
    }[details.moyen]


def _when(details: DemandeDetails) -> str:
    return f", {details.quand}" if details.quand else ""


def _phone(details: DemandeDetails) -> str:
    is_said = details.moyen in (CALL, TEXT) or details.telephone is None
    return "" if is_said else f" Téléphone : {details.telephone}."
