"""Read the bytes of an SMS in the charset that the gateway declares."""

from __future__ import annotations

import codecs

_NAMES = {
    "": "utf-8",
    "utf8": "utf-8",
    "ucs-2": "utf-16-be",
    "ucs2": "utf-16-be",
    "utf-16": "utf-16-be",  # without a mark of order, SMS are big endian (3GPP TS 23.038)
    "windows-1252": "cp1252",
}
_ALLOWED = frozenset({"utf-8", "utf-16-be", "utf-16-le", "iso8859-1", "iso8859-15", "cp1252", "ascii"})


def decode(data: bytes, charset: str) -> str | None:
    """Return the text, or None when the charset is unknown or the bytes are not of it."""
    name = charset.strip().strip('"').lower()
    if name == "utf-16" and data.startswith(codecs.BOM_UTF16_LE):
        name, data = "utf-16-le", data[len(codecs.BOM_UTF16_LE) :]
    try:
        codec = codecs.lookup(_NAMES.get(name, name)).name
        return data.decode(codec) if codec in _ALLOWED else None
    except (LookupError, ValueError):  # a charset or bytes that are none
        return None
