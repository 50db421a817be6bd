"""SMS text: French brought into the GSM-7 alphabet (3GPP TS 23.038) and its length in septets."""

from __future__ import annotations

import re
import unicodedata

import smsutil

MAX_SEPTETS = 306
"""Two linked segments of 153 septets: what an SMS answer may take."""
MAX_SEGMENTS = 2
MAX_UNITS = 134
"""Two linked segments of 67 UTF-16 units (UCS-2): the same, for a script that GSM-7 does not have."""

_TO_GSM = str.maketrans(
    {
        "ç": "c",
        "ê": "e",
        "â": "a",
        "î": "i",
        "ô": "o",
        "û": "u",
        "ë": "e",
        "ï": "i",
        "ÿ": "y",
        "œ": "oe",
        "æ": "ae",
        "Œ": "OE",
        "À": "A",
        "Â": "A",
        "È": "E",
        "Ê": "E",
        "Ë": "E",
        "Î": "I",
        "Ï": "I",
        "Ô": "O",
        "Ù": "U",
        "Û": "U",
        "’": "'",
        "‘": "'",
        "“": '"',
        "”": '"',
        "«": '"',
        "»": '"',
        "…": "...",
        "–": "-",
        "—": "-",
        "•": "-",
        "°": "o",
        "²": "2",
        "\u00a0": " ",
        "\u202f": " ",
        "\u2009": " ",
    }
)
_SENTENCE_END = re.compile(r"(?<=[.!?])\s+(?=[A-ZÀ-Ý0-9])")
_UNSEEN = frozenset({"So", "Sk", "Cf", "Cs", "Co", "Cc"})
"""Unicode categories without a letter to read: drawings, marks of direction, halves of a character."""
_GSM = frozenset(char for char in map(chr, range(0x2100)) if smsutil.is_valid_gsm(char))
"""The alphabet, looked up once: every character of it stands below U+2100 (the euro sign is U+20AC)."""
_EXTENDED = frozenset("^{}\\[~]|€\f")


def to_gsm(text: str) -> str:
    """Return the text with French letters and signs outside GSM-7 written with those inside."""
    spaced = text.replace("« ", '"').replace(" »", '"').replace("«\u00a0", '"').replace("\u00a0»", '"')
    simple = spaced.translate(_TO_GSM)
    return simple if _GSM.issuperset(simple) else "".join(_plain(char) for char in simple)


def _plain(char: str) -> str:
    """Return a character of GSM-7: its letter without accent, nothing for a drawing, itself when there is no other."""
    if char in _GSM:
        return char
    if unicodedata.category(char) in _UNSEEN:
        return ""
    base = "".join(c for c in unicodedata.normalize("NFKD", char) if not unicodedata.combining(c))
    return base if base and _GSM.issuperset(base) else char


def first_sentences(text: str, room: int) -> str:
    """Return the sentences from the start of a text that fit in `room` septets: never half of one."""
    kept = ""
    for sentence in _SENTENCE_END.split(text):
        longer = f"{kept} {sentence}".strip()
        if count_septets(to_gsm(longer)) > room:
            break
        kept = longer
    return kept


def shorten(text: str, room: int) -> str:
    """Return a text cut after a word to fit in `room` septets, with "..." where something is left out."""
    if count_septets(to_gsm(text)) <= room:
        return text
    kept = ""
    for word in text.split():
        longer = f"{kept} {word}".strip()
        if count_septets(to_gsm(f"{longer}...")) > room:
            break
        kept = longer
    return f"{kept}..."


def foreign_characters(text: str) -> list[str]:
    """Return the characters GSM-7 does not have; one of them cuts a segment from 160 to 70."""
    return sorted(set(text) - _GSM)


def count_septets(text: str) -> int:
    """Return the length in septets: 2 for `€` and the other extended characters, else 1."""
    return len(text) + sum(map(text.count, _EXTENDED))


def sms_room(text: str) -> int:
    """Return how much an SMS can still hold: septets, or UTF-16 units for a script GSM-7 does not have."""
    short = to_gsm(text)
    is_foreign = bool(foreign_characters(short))
    room = (
        MAX_UNITS - len(short.encode("utf-16-le")) // 2 if is_foreign else MAX_SEPTETS - count_septets(short)
    )
    # A character of two is never cut by the end of a segment: it goes whole into the next, and may be one too many.
    is_full = 0 <= room <= 1 and count_segments(short) > MAX_SEGMENTS
    return -1 if is_full else room


def count_segments(text: str) -> int:
    """Return in how many SMS a text is sent, as a gateway cuts it: 160 then 153 septets, 70 then 67 UTF-16 units."""
    return len(smsutil.split(text).parts) or 1
