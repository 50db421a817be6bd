"""What somebody did at the console, in words."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from itertools import groupby

from bot.model.french import format_date
from bot.service.register import ACTION_WORDS
from bot.store.journal import Entry
from channels.console.words import hour_text, in_paris


@dataclass(frozen=True)
class TrailLine:
    """One thing done: the hour, the words, and the request or the account it was about."""

    at: datetime
    hour: str
    words: str
    about: str | None


def trail_by_day(entries: Iterable[Entry]) -> list[tuple[str, list[TrailLine]]]:
    """Return what was done, newest first, under the day it was done."""
    lines = [_line(entry) for entry in entries]
    by_day = groupby(lines, key=lambda line: line.at.date())
    return [(format_date(day), list(of_day)) for day, of_day in by_day]


def _line(entry: Entry) -> TrailLine:
    local = in_paris(entry.at)
    return TrailLine(local, hour_text(local), ACTION_WORDS.get(entry.action, entry.action), entry.reference)
