"""Mask the identifiers nobody needs, before anything is stored: NIR, IBAN, bank card.

Each is recognised by its own control (NIR: key of 97, INSEE; IBAN: ISO 13616; card: ISO/IEC 7812,
Luhn), so that a case number, a phone number or a SIRET is left alone. The controls are python-stdnum's.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass

from stdnum import iban, luhn
from stdnum.fr import nir

_NOT_SIGN = re.compile(r"[\W_]")
# A run: groups of letters and digits with one separator between them, the length of an identifier at least.
_IBAN_START = re.compile(r"(?<![A-Za-z0-9])[A-Za-z]{2}\d{2}(?=(?:[^\S\n]|[.\-])?[A-Za-z0-9])")
_NIR_START = re.compile(r"(?<![0-9A-Za-z])[12378](?=(?:[^\S\n]|[.\-])?\d)")
_SIGNS = re.compile(r"[A-Za-z0-9](?:[^\S\n]|[.\-])?")
_DIGIT_RUN = re.compile(r"(?<!\d)\d(?:(?:[^\S\n]|[.\-])?\d){12,}(?!\d)")
_GROUP = re.compile(r"\d+")

_IBAN_LENGTHS = range(15, 35)
_NIR_LENGTH = 15
_CARD_START = re.compile(r"[3-6]|2[2-7]")
_CARD_LENGTHS = (19, 18, 16, 15, 13)
"""Lengths in use; 14 is that of a SIRET, which passes the same control."""
_CARD_GROUPS = ((4, 4, 4, 4), (4, 6, 5))

Span = tuple[int, int]


@dataclass(frozen=True)
class Masked:
    """The text without its identifiers, and the kinds found (`nir`, `iban`, `carte`)."""

    text: str
    kinds: tuple[str, ...]


def mask_identifiers(text: str) -> Masked:
    """Return the text with NIR, IBAN and card numbers replaced by a word that says so."""
    kinds: list[str] = []
    for kind, find, replacement in _KINDS:
        parts, position = [], 0
        for start, end in find(text):
            if start >= position:
                parts.append(text[position:start] + replacement)
                position = end
        if parts:
            kinds.append(kind)
            text = "".join(parts) + text[position:]
    return Masked(text, tuple(kinds))


def _ibans(text: str) -> Iterator[Span]:
    for match in _IBAN_START.finditer(text):
        signs, ends = _signs_from(text, match.start(), _IBAN_LENGTHS.stop - 1)
        for length in reversed(_IBAN_LENGTHS):
            if length <= len(signs) and _ends_group(text, ends[length - 1]):
                value = signs[:length].upper()
                if _mod_97(value) == 1 and iban.is_valid(value):
                    yield match.start(), ends[length - 1]
                    break


def _nirs(text: str) -> Iterator[Span]:
    for match in _NIR_START.finditer(text):
        signs, ends = _signs_from(text, match.start(), _NIR_LENGTH)
        if (
            len(signs) == _NIR_LENGTH
            and not text[ends[-1] : ends[-1] + 1].isdigit()
            and nir.is_valid(signs.upper())
        ):
            yield match.start(), ends[-1]


def _cards(text: str) -> Iterator[Span]:
    for run in _DIGIT_RUN.finditer(text):
        groups = [(run.start() + g.start(), run.start() + g.end()) for g in _GROUP.finditer(run.group())]
        first = 0
        while first < len(groups):
            size = _card_groups(text, groups, first)
            if size:
                yield groups[first][0], groups[first + size - 1][1]
            first += size or 1


def _card_groups(text: str, groups: list[Span], first: int) -> int:
    """Return how many groups from `first` are a card number: one, a card's own groups, or the whole run."""
    sizes = [end - start for start, end in groups[first : first + max(_CARD_LENGTHS)]]
    known = [len(shape) for shape in _CARD_GROUPS if tuple(sizes[: len(shape)]) == shape]
    whole = [len(groups)] if first == 0 and len(groups) <= max(_CARD_LENGTHS) else []
    for count in (1, *known, *whole):
        if _is_card("".join(text[start:end] for start, end in groups[first : first + count])):
            return count
    return 0


def _is_card(digits: str) -> bool:
    return (
        len(digits) in _CARD_LENGTHS
        and bool(_CARD_START.match(digits))
        and len(set(digits)) > 1
        and bool(luhn.is_valid(digits))
    )


def _signs_from(text: str, start: int, limit: int) -> tuple[str, list[int]]:
    """Return up to `limit` letters and digits from `start`, and where each ends; one separator may stand between."""
    signs, ends = "", []
    position = start
    while len(signs) < limit and (match := _SIGNS.match(text, position)):
        signs += text[position]
        ends.append(position + 1)
        position = match.end()
    return signs, ends


def _ends_group(text: str, end: int) -> bool:
    return not text[end : end + 1].isalnum()


def _mod_97(value: str) -> int:
    """Return the control of an IBAN: 1 when right (ISO 13616), letters counted from A = 10."""
    return int("".join(str(int(sign, 36)) for sign in value[4:] + value[:4])) % 97


_KINDS: tuple[tuple[str, Callable[[str], Iterator[Span]], str], ...] = (
    ("iban", _ibans, "[IBAN masqué]"),
    ("nir", _nirs, "[numéro de sécurité sociale masqué]"),
    ("carte", _cards, "[numéro de carte masqué]"),
)
