"""Put the amounts of data/baremes.yml into texts: current ones with their date, old ones never."""

from __future__ import annotations

import re
from collections.abc import Iterable
from datetime import date

from bot.knowledge.baremes import Bareme
from bot.knowledge.language import PLACEHOLDER
from bot.model.french import format_date, format_number

STALE_TEXT = "un montant à vérifier"
_SMS_UNITS = {"€/mois": "{}€/mois", "€/an": "{}€/an", "€/jour": "{}€/jour", "€/h": "{}€/h", "€": "{}€"}


def fill_web(text: str, baremes: dict[str, Bareme], today: date) -> str:
    """Return the text with each `{key}` replaced; an amount past its review date is not shown."""

    def replace(match: re.Match[str]) -> str:
        bareme = baremes.get(match.group(1))
        return bareme.text() if bareme and bareme.is_current(today) else STALE_TEXT

    return PLACEHOLDER.sub(replace, text)


def fill_sms(text: str, baremes: dict[str, Bareme], today: date) -> str:
    """Return the SMS text with amounts in their short form, the month of effect after the last."""
    used = [baremes[key] for key in PLACEHOLDER.findall(text) if key in baremes]
    current = [bareme for bareme in used if bareme.is_current(today)]

    def replace(match: re.Match[str]) -> str:
        bareme = baremes.get(match.group(1))
        if bareme is None or not bareme.is_current(today):
            return STALE_TEXT
        short = _SMS_UNITS.get(bareme.unite)
        return short.format(format_number(bareme.valeur)) if short else bareme.text()

    filled = PLACEHOLDER.sub(replace, text)
    if not current:
        return filled
    oldest = min(bareme.depuis for bareme in current)
    return f"{filled} (Montants de {oldest.month:02d}/{oldest.year}.)"


def amount_notes(texts: Iterable[str], baremes: dict[str, Bareme], today: date) -> tuple[str, ...]:
    """Return one sentence a date of effect and reference used, and where to check old amounts."""
    keys = [key for text in texts for key in PLACEHOLDER.findall(text)]
    used = [baremes[key] for key in dict.fromkeys(keys) if key in baremes]
    notes: dict[str, None] = {}
    for bareme in used:
        if bareme.is_current(today):
            notes[f"Montant en vigueur depuis le {format_date(bareme.depuis)} ({bareme.reference})."] = None
        else:
            notes[f"Ce montant a pu changer. Vérifiez-le {bareme.ou_verifier}."] = None
    return tuple(notes)
