"""Find the phone numbers written in a text, and the link that calls or writes to each.

A number wrongly taken for a phone costs a call to a stranger: short numbers count only where the words
around them say that one calls.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

_SEPARATOR = r"[ .\u00a0\u202f]"
_LONG = re.compile(
    rf"(?<!\d)(?<!\d,)(?:0[1-9](?:{_SEPARATOR}?\d{{2}}){{4}}|0{_SEPARATOR}?8\d\d{_SEPARATOR}?(?:\d{{3}}{_SEPARATOR}?\d{{3}}|\d\d(?:{_SEPARATOR}?\d\d){{2}})"
    rf"|11[67]{_SEPARATOR}\d{{3}})(?!\d)"
)
_NOT_AFTER = (
    r"(?!\d|,\d|[ \u00a0\u202f]?(?:€|%|°|/|euros?\b|ans\b|mois\b|jours?\b|heures?\b|h\b|min\b|km\b|m\b|mètres?\b|personnes\b|"
    r"janvier|février|mars|avril|mai\b|juin|juillet|août|septembre|octobre|novembre|décembre|du mois|de chaque|"
    r"et le \d+ (?:du|de)))"
)
# Words that only come before a number one calls; `:` and `(` are for the four digits of a service.
_CALL_WORDS = (
    r"(?:(?<=[Aa]ppelez le )|(?<=[Aa]ppeler le )|(?<=[Aa]ppelant le )|(?<=[Cc]omposez le )|(?<=[Ff]aites le )"
    r"|(?<=SMS au )|(?<=SMS gratuit au )|(?<=[Aa]ppel au )|(?<=[Aa]ppelez au ))"
)
# The four digits of a service, in one word or as two pairs ("32 30"), never the start of a longer number.
_SERVICE = rf"3\d{_SEPARATOR}?\d\d(?!{_SEPARATOR}?\d)"
_SHORT_ANYWHERE = re.compile(
    rf"{_CALL_WORDS}(?P<all>15|17|18|112|114|115|119|{_SERVICE})(?!\d){_NOT_AFTER}"
    rf"|(?:(?<=\bau )|(?<=\bAu )|(?<=\ble )|(?<=\bLe ))(?P<three>112|114|115|119|3\d{{3}})(?!\d){_NOT_AFTER}"
    rf"|(?:(?<=\bau )|(?<=\bAu ))(?P<service>{_SERVICE}){_NOT_AFTER}"
    rf"|(?:(?<=: )|(?<=:\u00a0)|(?<=\())(?P<four>{_SERVICE}){_NOT_AFTER}"
    rf"|^(?P<start>{_SERVICE})(?= ?[:,(.]|$){_NOT_AFTER}"
)
_SHORT_IN_DANGER = re.compile(rf"(?<![\d,.\-])(?:15|17|18|112|114|115|119|3114|3919)(?!\d){_NOT_AFTER}")
_WRITTEN_TO = "114"
"""The emergency number one writes to: it takes SMS, not calls."""


@dataclass(frozen=True)
class PhoneSpan:
    """A number in a text: where it stands, and the link that reaches it."""

    start: int
    end: int
    href: str


def find_phones(text: str, *, danger: bool = False) -> list[PhoneSpan]:
    """Return the numbers in the order of the text; `danger` takes every emergency number for a phone."""
    taken: list[PhoneSpan] = []
    for start, end in _spans(text, danger=danger):
        if all(end <= span.start or start >= span.end for span in taken):
            taken.append(PhoneSpan(start, end, phone_href(text[start:end])))
    return sorted(taken, key=lambda span: span.start)


def phone_href(number: str) -> str:
    """Return the link of a number: `tel:`, and `sms:` for the one that is written to."""
    digits = re.sub(r"\D", "", number)
    return f"sms:{digits}" if digits == _WRITTEN_TO else f"tel:{digits}"


def _spans(text: str, *, danger: bool) -> Iterator[tuple[int, int]]:
    patterns = (_LONG, _SHORT_IN_DANGER, _SHORT_ANYWHERE) if danger else (_LONG, _SHORT_ANYWHERE)
    for pattern in patterns:
        for match in pattern.finditer(text):
            yield match.span()
