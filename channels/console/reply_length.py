"""How long a reply is where it is sent: counted as the network counts (static/console.js counts the same way)."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import Any

from bot.language.normalise import clean_text
from bot.render.gsm import count_segments, count_septets, foreign_characters, to_gsm
from bot.service.casework import MAX_REPLY
from bot.store.demandes import TEXT, Demande
from channels.console.words import counts_segments


@dataclass(frozen=True)
class Limits:
    """What counts on the way of a reply. `prefix` is sent before it; `is_flat` says that its lines become one."""

    is_sms: bool
    prefix: str = ""
    is_flat: bool = False
    longest: int = MAX_REPLY

    def to_json(self) -> dict[str, Any]:
        """Return the limits as the script reads them."""
        return asdict(self)


@dataclass(frozen=True)
class Length:
    """What a reply takes. `segments` and `units` (septets, or UTF-16 units with `is_foreign`) are of an SMS, else 0."""

    characters: int
    segments: int = 0
    units: int = 0
    is_foreign: bool = False


def limits_of(demande: Demande, name: str) -> Limits:
    """Return the limits of a reply to a request, signed by an operator."""
    by_text = demande.details.moyen == TEXT and bool(demande.details.telephone)
    in_sms = demande.conversation_id is not None and counts_segments(demande.channel)
    if by_text or in_sms:
        return Limits(is_sms=True, prefix=f"{name} : ", is_flat=not by_text)
    return Limits(is_sms=False)


def measure(text: str, limits: Limits) -> Length:
    """Return the length of a reply, without the spaces around it."""
    words = clean_text(text)
    characters = len(words)
    if not limits.is_sms or not words:
        return Length(characters)
    sent = to_gsm(limits.prefix + (" ".join(words.split()) if limits.is_flat else words))
    if foreign_characters(sent):
        units = len(sent.encode("utf-16-le")) // 2
        return Length(characters, count_segments(sent), units, is_foreign=True)
    return Length(characters, count_segments(sent), count_septets(sent))


def length_text(text: str, limits: Limits) -> str:
    """Return the length of a reply in French, and what follows from it."""
    length = measure(text, limits)
    said = f"{length.characters} caractère{'s' if length.characters > 1 else ''} sur {limits.longest}."
    if length.characters > limits.longest:
        said += f" Retirez {length.characters - limits.longest}."
    if not length.segments:
        return said
    said += f" {length.segments} SMS avec votre nom."
    if length.is_foreign:
        said += " Une écriture autre que le français : 70 caractères par SMS au lieu de 160."
    return said
