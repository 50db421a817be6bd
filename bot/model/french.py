"""French ways of writing numbers, dates and lists, and the day it is in France."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime
from zoneinfo import ZoneInfo

MONTHS = (
    "janvier",
    "février",
    "mars",
    "avril",
    "mai",
    "juin",
    "juillet",
    "août",
    "septembre",
    "octobre",
    "novembre",
    "décembre",
)
PARIS = ZoneInfo("Europe/Paris")
NARROW_NO_BREAK_SPACE = "\u202f"


def format_date(day: date) -> str:
    """Return `1er avril 2026`, `2 novembre 2026`."""
    number = "1er" if day.day == 1 else str(day.day)
    return f"{number} {MONTHS[day.month - 1]} {day.year}"


def format_number(value: float) -> str:
    """Return `651,69`, `12 000`, `50`: a comma, no useless decimals, thousands apart."""
    text = f"{value:,.2f}" if value != int(value) else f"{int(value):,}"
    return text.replace(",", NARROW_NO_BREAK_SPACE).replace(".", ",")


def join_or(items: Sequence[str]) -> str:
    """Return `a`, `a ou b`, `a, b ou c`."""
    if len(items) < 2:
        return "".join(items)
    return ", ".join(items[:-1]) + " ou " + items[-1]


def join_and(items: Sequence[str]) -> str:
    """Return `a`, `a et b`, `a, b et c`."""
    if len(items) < 2:
        return "".join(items)
    return ", ".join(items[:-1]) + " et " + items[-1]


def french_phone(number: str) -> str:
    """Return `06 12 34 56 78` for `+33612345678`; a number of another country as it is."""
    if not number.startswith("+33") or len(number) != len("+33612345678"):
        return number
    digits = f"0{number[3:]}"
    return " ".join(digits[i : i + 2] for i in range(0, len(digits), 2))


def today_in_france() -> date:
    """Return the day it is in France, wherever the machine is."""
    return datetime.now(PARIS).date()
