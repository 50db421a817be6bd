"""Find e-mail addresses, written as they are or said aloud: `jean point petit arobase exemple point fr`.

With spaces around the sign, or its name in letters, it is an address only with a known ending (.fr, .com) or
the name of a provider: "je suis @ la mairie" is none. Each word is read once: the time is linear.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from bot.intake.found import Found

_WORD = re.compile(r"[(\[](?:at|arobase)[)\]]|@|[\w+%\-.]+", re.IGNORECASE)
_SIGNS = frozenset(
    ("@", "arobase", "arobas", "arrobase", "arobaze", "(at)", "[at]", "(arobase)", "[arobase]")
)
_JOINS = {"point": ".", ".": ".", "dot": ".", "tiret": "-", "underscore": "_", "-": "-", "_": "_"}
_DOTS = frozenset((".", "point", "dot"))
_LOCAL = re.compile(r"[\w+%\-.]{1,64}")
_DOMAIN = re.compile(r"(?:[\w\-]{1,63}\.){1,6}[^\W\d_]{2,24}")
_ENDING = re.compile(r"fr|com|net|org|eu|info|be|ch|lu|de|es|it|uk|bzh|re|gp|mq|nc|pf")
_PROVIDER = re.compile(
    r"gmail|orange|wanadoo|free|sfr|laposte|yahoo|hotmail|outlook|live|msn|icloud|bbox|neuf|numericable|proton|protonmail"
    r"|ymail|aol|gmx|aliceadsl"
)
_MAX_JOINS = 4
_MAX_GAP = 3

Word = tuple[int, int, str]


def find_emails(text: str) -> Iterator[Found]:
    """Yield the e-mail addresses of a text, with their value in lower case."""
    words = [(match.start(), match.end(), match.group().lower()) for match in _WORD.finditer(text)]
    position = 0
    for index, word in enumerate(words):
        if word[2] in _SIGNS and (found := _around(text, words, index)) and found.start >= position:
            position = found.end
            yield found


def _around(text: str, words: list[Word], sign: int) -> Found | None:
    if not 0 < sign < len(words) - 1 or not _LOCAL.fullmatch(words[sign - 1][2].lstrip(".")):
        return None
    is_tight = (
        words[sign][2] == "@"
        and words[sign - 1][1] == words[sign][0]
        and words[sign][1] == words[sign + 1][0]
    )
    if not is_tight and not (_is_near(text, words, sign - 1) and _is_near(text, words, sign)):
        return None
    domain = _domain(text, words, sign + 1, is_tight=is_tight)
    if domain is None:
        return None
    first = sign - 1 if is_tight else _first_of_local(text, words, sign - 1)
    local = "".join(_JOINS.get(word, word) for _, _, word in words[first:sign])
    return Found(words[first][0], domain.end, f"{local}@{domain.value}")


def _domain(text: str, words: list[Word], first: int, *, is_tight: bool) -> Found | None:
    """Return the domain that begins at a word; said aloud, its dots are words."""
    start, end, value = words[first]
    value = value.rstrip(".-")
    end = start + len(value)
    if is_tight and _DOMAIN.fullmatch(value):
        return Found(start, end, value)
    index = first
    for _ in range(_MAX_JOINS):
        if index + 2 >= len(words) or words[index + 1][2] not in _DOTS:
            break
        if not (_is_near(text, words, index) and _is_near(text, words, index + 1)):
            break
        index += 2
        part = words[index][2].rstrip(".-")
        value, end = f"{value}.{part}", words[index][0] + len(part)
    name, _, ending = value.rpartition(".")
    if (_DOMAIN.fullmatch(value) and _ENDING.fullmatch(ending)) or (not name and _PROVIDER.fullmatch(value)):
        return Found(start, end, value)
    return None


def _first_of_local(text: str, words: list[Word], last: int) -> int:
    """Return the first word of what stands before the sign: `jean point petit` is said in three."""
    first = last
    for _ in range(_MAX_JOINS):
        if first < 2 or words[first - 1][2] not in _JOINS or not _LOCAL.fullmatch(words[first - 2][2]):
            break
        if not (_is_near(text, words, first - 2) and _is_near(text, words, first - 1)):
            break
        first -= 2
    return first


def _is_near(text: str, words: list[Word], index: int) -> bool:
    """Tell whether nothing but a little room stands between a word and the next."""
    gap = text[words[index][1] : words[index + 1][0]]
    return len(gap) <= _MAX_GAP and not gap.strip() and "\n" not in gap
