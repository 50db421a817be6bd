"""Find the identifiers nobody needs here: NIR, IBAN, bank card.

Each is recognised by its own control (NIR: key of 97, INSEE; IBAN: ISO 13616; card: ISO/IEC 7812,
Luhn), so that a case number, a phone number or a SIRET is left alone. The controls are python-stdnum's.

A NIR is also said without its key, which is on no other line of the Vitale card. Thirteen digits alone prove nothing:
about one tax number in eight that begins with 1 or 2 has the same shape. They are a NIR where they are written in its
groups (1 85 05 78 006 084), or where the words beside say so.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from stdnum import iban, luhn
from stdnum.fr import nir

from bot.intake.beside import words_beside
from bot.intake.found import Found

# A run: groups of letters and digits with one separator between them, the length of an identifier at least.
_IBAN_START = re.compile(r"(?<![A-Za-z0-9])[A-Za-z]{2}\d{2}(?=(?:[^\S\n]|[.\-])?[A-Za-z0-9])")
_NIR_START = re.compile(r"(?<![0-9A-Za-z])[12378](?=(?:[^\S\n]|[.\-])?\d)")
_SIGNS = re.compile(r"[A-Za-z0-9](?:[^\S\n]|[.\-])?")
_DIGIT_RUN = re.compile(r"(?<!\d)\d(?:(?:[^\S\n]|[.\-])?\d){12,}(?!\d)")
_GROUP = re.compile(r"\d+")
_SHORT_NIR = re.compile(
    r"(?<![0-9A-Za-z])(?<!\d[ .\-\u00a0\u202f])[12](?P<gap>[^\S\n]|[.\-]|)\d{2}(?P=gap)(?:0[1-9]|1[0-2])(?P=gap)"
    r"(?:0[1-9]|[1-9]\d|2[ABab])(?P=gap)\d{3}(?P=gap)\d{3}(?![0-9A-Za-z]|[^\S\n]\d|[.\-]\d)"
)
"""Sex, year, month, department, commune and order: a NIR without its key."""
_NIR_WORDS = re.compile(r"\b(?:secu|securite sociale|vitale|nir|nss|immatriculation)\b")
_OTHER_WORDS = re.compile(r"\b(?:fiscal\w*|impots?|spi|siret)\b")

_IBAN_LENGTHS = range(15, 35)
_NIR_LENGTH = 15
_CARD_START = re.compile(r"[3-6]|2[2-7]")
_CARD_LENGTHS = (19, 18, 16, 15, 13)
"""Lengths in use; 14 is that of a SIRET, which passes the same control."""
_CARD_GROUPS = ((4, 4, 4, 4), (4, 6, 5))

Span = tuple[int, int]


def find_ibans(text: str) -> Iterator[Found]:
    """Yield the IBANs of a text."""
    for match in _IBAN_START.finditer(text):
        signs, ends = _signs_from(text, match.start(), _IBAN_LENGTHS.stop - 1)
        for length in reversed(_IBAN_LENGTHS):
            if length <= len(signs) and _ends_group(text, ends[length - 1]):
                value = signs[:length].upper()
                if _mod_97(value) == 1 and iban.is_valid(value):
                    yield Found(match.start(), ends[length - 1])
                    break


def find_nirs(text: str) -> Iterator[Found]:
    """Yield the NIRs of a text: with their right key, or without a key where nothing else is meant."""
    found = sorted((*_nirs_with_key(text), *_nirs_without_key(text)))
    yield from found


def _nirs_with_key(text: str) -> Iterator[Found]:
    for match in _NIR_START.finditer(text):
        signs, ends = _signs_from(text, match.start(), _NIR_LENGTH)
        if (
            len(signs) == _NIR_LENGTH
            and not text[ends[-1] : ends[-1] + 1].isdigit()
            and nir.is_valid(signs.upper())
        ):
            yield Found(match.start(), ends[-1])


def _nirs_without_key(text: str) -> Iterator[Found]:
    for match in _SHORT_NIR.finditer(text):
        if match["gap"] or _is_called_nir(text, match.start(), match.end()):
            yield Found(match.start(), match.end())


def _is_called_nir(text: str, start: int, end: int) -> bool:
    before, after = words_beside(text, start, end)
    around = f"{before} {after}"
    return bool(_NIR_WORDS.search(around)) and not _OTHER_WORDS.search(around)


def find_cards(text: str) -> Iterator[Found]:
    """Yield the bank cards of a text."""
    for run in _DIGIT_RUN.finditer(text):
        groups = [(run.start() + g.start(), run.start() + g.end()) for g in _GROUP.finditer(run.group())]
        first = 0
        while first < len(groups):
            size = _card_groups(text, groups, first)
            if size:
                yield Found(groups[first][0], groups[first + size - 1][1])
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
