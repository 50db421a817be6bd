"""Bring a message to a plain form for rules: no accents, no case, no repeated letters, no punctuation."""

from __future__ import annotations

import re
import unicodedata

_CONTROL = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f\u200b-\u200f\u202a-\u202e\u2066-\u2069\ufeff]")
_NOT_WORD = re.compile(r"[^a-z0-9]+")
_REPEATED = re.compile(r"([a-z])\1{2,}")


def clean_text(text: str) -> str:
    """Return the text without control or invisible characters, in one Unicode form (NFC)."""
    text = unicodedata.normalize("NFC", text).replace("\r\n", "\n").replace("\r", "\n").replace("\t", " ")
    return _CONTROL.sub("", text).strip()


def fold(text: str) -> str:
    """Return lower-case words without accents, one space between: `J'ai été` gives `j ai ete`."""
    # Ornamental letters become plain ones before their case is read: "𝐀𝐏𝐋" is "apl".
    lower = unicodedata.normalize("NFKD", text).casefold().replace("œ", "oe").replace("æ", "ae")
    decomposed = unicodedata.normalize("NFKD", lower)
    plain = "".join(char for char in decomposed if not unicodedata.combining(char))
    return _REPEATED.sub(r"\1\1", _NOT_WORD.sub(" ", plain)).strip()
