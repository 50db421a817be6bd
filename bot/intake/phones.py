"""Find the phone numbers at which a person could be called, as people write them.

French numbers follow Arcep's numbering plan: 0, a digit from 1 to 7 or 9, eight digits. `phonenumbers` decides for the
other countries; for France it would refuse ranges not given out yet, among them those kept for fiction. Left alone:

- short numbers (15, 3919, 3646), and those in 08: nobody has one at home, and people ask what they cost;
- ten digits named otherwise ("dossier 0123456789") and written in one piece;
- a date with its hour (01/02/2024 10), two postal codes (06000 06100).

Out of reach: digits spelled in words ("zéro six douze"), a number without its first zero, and one in uncommon groups
(0639 98 00 01) with other digits right beside it.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import accumulate

import phonenumbers
from stdnum import luhn

from bot.intake.beside import words_beside
from bot.intake.found import Found

_RUN = re.compile(r"(?P<plus>\(?\+[^\S\n]?\(?)?\d+(?:(?:[^\S\n]|[().\-/_·\u2010-\u2015]){1,3}\d+)*")
_GROUP = re.compile(r"\d+")
_FRENCH = re.compile(r"0[1-79]\d{8}")
_LOCAL_ZERO = re.compile(r"(?<=^33)0(?=\d{9}$)")
"""The zero of "+33 (0)6", which is not dialled after +33."""
_MOBILE_ABROAD = re.compile(r"33[67]\d{8}")
_BY_TWOS = (2, 2, 2, 2, 2)
_NOT_A_PHONE = ((5, 5), (2, 2, 4, 2))
"""Groups of ten digits that are something else: two postal codes, a date and its hour."""
_MAX_DIGITS = 17
"""Of the longest number with its prefix: 00, then fifteen digits (ITU-T E.164)."""
_MIN_ABROAD = 9
_SIRET_LENGTH = 14
_PHONE_WORDS = re.compile(
    r"\b(?:tel|telephones?|tph|portables?|port|fixe|mobile|sms|texto|(?:r?appel|joi[gn]|contact)\w*|whatsapp)\b"
)
_CASE_WORDS = re.compile(
    r"\b(?:dossiers?|allocataires?|references?|ref|factures?|contrats?|clients?|siret|siren|adherent|matricule|fiscal\w*|cerfa"
    r"|commande|colis|suivi|recepisse|attestation|comptes?|rib|identifiants?|ine|etranger|agdref|sejour|passeport|permis"
    r"|demandes?|demandeur|employeur|urssaf|invariant|recours|bulletin|avis|tva|code)\b"
)


@dataclass(frozen=True)
class _Run:
    """Groups of digits with little between them: where each stands, and its digits."""

    text: str
    spans: tuple[tuple[int, int], ...]
    groups: tuple[str, ...]
    has_plus: bool
    start: int

    def window(self, first: int) -> Iterator[tuple[int, str]]:
        """Yield (how many groups, their digits) from a group on, up to the longest phone number."""
        for count, digits in enumerate(accumulate(self.groups[first:]), start=1):
            if len(digits) > _MAX_DIGITS:
                return
            yield count, digits

    def is_whole(self, first: int, count: int) -> bool:
        """Tell whether these groups are all of the run."""
        return first == 0 and count == len(self.groups)


def find_phones(text: str) -> Iterator[Found]:
    """Yield the phone numbers of a text, with their value: `0612345678`, or `+32470123456` for another country."""
    for match in _RUN.finditer(text):
        spans = tuple(
            (match.start() + g.start(), match.start() + g.end()) for g in _GROUP.finditer(match.group())
        )
        groups = tuple("".join(str(unicodedata.digit(sign)) for sign in text[a:b]) for a, b in spans)
        yield from _phones_of(_Run(text, spans, groups, bool(match["plus"]), match.start()))


def _phones_of(run: _Run) -> Iterator[Found]:
    first = 0
    while first < len(run.groups):
        count, value = _phone_from(run, first)
        if count:
            with_plus = first == 0 and run.has_plus
            start = run.start if with_plus else run.spans[first][0]
            yield Found(start, run.spans[first + count - 1][1], value)
        first += count or 1


def _phone_from(run: _Run, first: int) -> tuple[int, str]:
    """Return how many groups from `first` are a phone number, and which; (0, "") when none are."""
    for count, digits in reversed(tuple(run.window(first))):
        value = _abroad(run, first, digits) or _at_home(run, first, count, digits)
        if value and not _is_glued(run, first, count):
            return count, value
    return 0, ""


def _abroad(run: _Run, first: int, digits: str) -> str:
    """Return the value of digits written with the prefix of a country, "" when they are none."""
    if first == 0 and run.has_plus:
        return _with_country(digits)
    if digits.startswith("00") and len(digits) >= _MIN_ABROAD + 2:
        is_siret = len(digits) == _SIRET_LENGTH and luhn.is_valid(digits)
        return "" if is_siret else _with_country(digits[2:])
    return ""


def _with_country(digits: str) -> str:
    if digits.startswith("0"):  # no country has such a code
        return ""
    digits = _LOCAL_ZERO.sub("", digits)
    if digits.startswith("33"):
        home = f"0{digits[2:]}"
        return home if _FRENCH.fullmatch(home) else ""
    try:
        number = phonenumbers.parse(f"+{digits}", None)
    except phonenumbers.NumberParseException:
        return ""
    return f"+{digits}" if phonenumbers.is_valid_number(number) else ""


def _at_home(run: _Run, first: int, count: int, digits: str) -> str:
    """Return the value of digits written as one dials in France, "" when they are none."""
    sizes = tuple(len(group) for group in run.groups[first : first + count])
    if _MOBILE_ABROAD.fullmatch(digits):  # "33 6 12 34 56 78": the + is often left out
        return "" if count == 1 and _is_called_otherwise(run, first, count) else f"0{digits[2:]}"
    if not _FRENCH.fullmatch(digits) or sizes in _NOT_A_PHONE:
        return ""
    if sizes == _BY_TWOS:
        return digits
    if count > 1 and not run.is_whole(first, count):
        return ""  # a part of something longer, cut elsewhere than a phone number is
    return "" if _is_called_otherwise(run, first, count) else digits


def _is_called_otherwise(run: _Run, first: int, count: int) -> bool:
    """Tell whether the words before name something else than a phone: the nearest name counts."""
    before, _ = words_beside(run.text, run.spans[first][0], run.spans[first + count - 1][1])
    case = max((match.start() for match in _CASE_WORDS.finditer(before)), default=-1)
    phone = max((match.start() for match in _PHONE_WORDS.finditer(before)), default=-1)
    return case > phone


def _is_glued(run: _Run, first: int, count: int) -> bool:
    """Tell whether a capital letter touches the digits, as in a reference: AB0123456789."""
    start, end = run.spans[first][0], run.spans[first + count - 1][1]
    if run.text[end : end + 1].isupper():
        return True
    if not run.text[start - 1 : start].isupper():
        return False
    before, _ = words_beside(run.text, start, end)
    return not re.search(r"\b(?:tel|port|au|n)$", before)
