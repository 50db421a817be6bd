"""What a finder gives: where something identifying stands in a text, and its value written one way."""

from __future__ import annotations

from typing import NamedTuple


class Found(NamedTuple):
    """Where something stands, and its value in one form; "" for what is masked whatever its value."""

    start: int
    end: int
    value: str = ""
