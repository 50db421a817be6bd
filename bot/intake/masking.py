"""Mask the identifiers nobody needs, before anything is stored: NIR, IBAN, bank card.

Each is recognised by its own control (NIR: key of 97, INSEE; IBAN: ISO 13616; card: ISO/IEC 7812,
Luhn), so that a case number or a phone number is left alone. The controls are python-stdnum's.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass

from stdnum import iban, luhn
from stdnum.fr import nir

_SEPARATORS = re.compile(r"[\s.\-\u00a0\u202f]")


@dataclass(frozen=True)
class Masked:
    """The text without its identifiers, and the kinds found (`nir`, `iban`, `carte`)."""

    text: str
    kinds: tuple[str, ...]


def _is_card(digits: str) -> bool:
    return 13 <= len(digits) <= 19 and len(set(digits)) > 1 and bool(luhn.is_valid(digits))


# Bounded repetitions only: no pattern here can take more than linear time.
_CANDIDATES: tuple[tuple[str, re.Pattern[str], Callable[[str], bool], str], ...] = (
    (
        "iban",
        re.compile(r"(?<![A-Za-z0-9])[A-Za-z]{2}\d{2}(?:[\s.\-]?[A-Za-z0-9]){11,30}(?![A-Za-z0-9])"),
        lambda value: bool(iban.is_valid(value)),
        "[IBAN masqué]",
    ),
    (
        "nir",
        re.compile(r"(?<!\d)[12378][\s.\-]?(?:\d[\s.\-]?){4}(?:\d|2[ABab])(?:[\s.\-]?[\dABab]){7,11}(?!\d)"),
        lambda value: bool(nir.is_valid(value)),
        "[numéro de sécurité sociale masqué]",
    ),
    (
        "carte",
        re.compile(r"(?<!\d)(?:\d[\s.\-]?){12,18}\d(?!\d)"),
        _is_card,
        "[numéro de carte masqué]",
    ),
)


def mask_identifiers(text: str) -> Masked:
    """Return the text with NIR, IBAN and card numbers replaced by a word that says so."""
    kinds: list[str] = []
    for kind, pattern, is_real, replacement in _CANDIDATES:
        text, found = _mask(text, pattern, is_real, replacement)
        if found:
            kinds.append(kind)
    return Masked(text, tuple(kinds))


def _mask(
    text: str, pattern: re.Pattern[str], is_real: Callable[[str], bool], replacement: str
) -> tuple[str, bool]:
    found = False
    parts: list[str] = []
    position = 0
    while match := pattern.search(text, position):
        value = _longest_real(match.group(), is_real)
        if value is None:
            parts.append(text[position : match.start() + 1])
            position = match.start() + 1
            continue
        found = True
        parts.append(text[position : match.start()] + replacement)
        position = match.start() + len(value)
    parts.append(text[position:])
    return "".join(parts), found


def _longest_real(candidate: str, is_real: Callable[[str], bool]) -> str | None:
    """Return the longest start of the candidate that passes the control: words may follow a number."""
    for end in range(len(candidate), 12, -1):
        value = candidate[:end]
        if value[-1].isalnum() and is_real(_SEPARATORS.sub("", value).upper()):
            return value
    return None
