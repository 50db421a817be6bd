"""Which addresses belong to the API: their errors are for programs, all others are for people."""

from __future__ import annotations

_PREFIXES = ("/api/", "/health")


def is_api_path(path: str) -> bool:
    """Tell whether an address is one of the API."""
    return path.startswith(_PREFIXES) or path == "/api"
