"""The numbers to call in danger, for paper."""

from __future__ import annotations

from bot.knowledge.emergency import Emergencies

FIRST_NUMBERS = ("15", "17", "18", "112", "114")


def emergency_lines(emergencies: Emergencies) -> tuple[str, ...]:
    """Return whom to call in danger, with the names of data/urgences.yml; a number it does not have is left out."""
    known = ((number, emergencies.numeros.get(number)) for number in FIRST_NUMBERS)
    return tuple(
        f"{'SMS au ' if entry.sms else ''}{number} : {entry.nom}" for number, entry in known if entry
    )


def all_emergency_lines(emergencies: Emergencies) -> tuple[str, ...]:
    """Return every number of data/urgences.yml with its name, price and hours."""
    return tuple(
        f"{'SMS au ' if entry.sms else ''}{number} : {entry.nom} ({entry.precision})"
        for number, entry in emergencies.numeros.items()
    )
