"""What is counted of the requests that ended: for who runs the service, and for the organismes. Nobody is in it."""

from __future__ import annotations

import csv
import io
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import date, timedelta

from aiohttp import web

from bot.model.counting import TOO_FEW, count_text
from bot.model.french import format_date, today_in_france
from bot.service.accounts import Right
from bot.service.desk import Counts
from bot.store.closures import Count
from channels.console import words
from channels.console.case import title_of
from channels.console.closing import FAMILIES, mark_text
from channels.console.page import console_page
from channels.console.session import requires, signed
from channels.keys import ASSISTANT

DEFAULT_DAYS = 92
"""Three months."""
_FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n")


@dataclass(frozen=True)
class Period:
    """Two days, both included."""

    since: date
    until: date
    error: str = ""


@dataclass(frozen=True)
class Row:
    """A line of a table: what, on which subject ("" for all), how often."""

    label: str
    subject: str
    count: str


@dataclass(frozen=True)
class Table:
    """A table of the report; `has_subjects` when its lines are by subject."""

    id: str
    caption: str
    has_subjects: bool
    rows: tuple[Row, ...]


def read_period(since: str, until: str, today: date) -> Period:
    """Return the days asked for; the last three months when they cannot be read, with the reason."""
    usual = Period(today - timedelta(days=DEFAULT_DAYS), today)
    try:
        first = date.fromisoformat(since) if since else usual.since
        last = date.fromisoformat(until) if until else usual.until
    except ValueError:
        return Period(usual.since, usual.until, "Écrivez les dates ainsi : 2026-11-30.")
    if first > last:
        return Period(usual.since, usual.until, "La première date doit venir avant la seconde.")
    return Period(first, last)


def show_tables(counts: Counts, title: Callable[[str], str]) -> tuple[Table, ...]:
    """Return the tables that have something to say."""
    ends = tuple(
        Row(words.OUTCOMES.get(code, code), "", count_text(count)) for code, count in counts.outcomes.items()
    )
    tables = [Table("issues", "Comment les demandes se terminent", has_subjects=False, rows=ends)]
    for family, caption in FAMILIES.items():
        total = _rows(counts.totals, family, title)
        tables.append(Table(family, caption, has_subjects=False, rows=total))
        by_subject = _rows(counts.marks, family, title)
        tables.append(Table(f"{family}-sujets", f"{caption}, par sujet", has_subjects=True, rows=by_subject))
    return tuple(table for table in tables if table.rows)


def _rows(counts: Iterable[Count], family: str, title: Callable[[str], str]) -> tuple[Row, ...]:
    return tuple(
        Row(
            mark_text(family, count.value),
            title(count.subject) if count.subject else words.NO_SUBJECT,
            count_text(count.count),
        )
        for count in counts
        if count.family == family
    )


def write_csv(period: Period, tables: Iterable[Table]) -> str:
    """Return the report for a spreadsheet: semicolons, as French ones read them."""
    text = io.StringIO()
    rows = csv.writer(text, delimiter=";", lineterminator="\r\n")
    rows.writerow(("du", "au", "tableau", "quoi", "sujet", "nombre"))
    for line in _lines(period, tables):
        rows.writerow([harmless(cell) for cell in line])
    return text.getvalue()


def _lines(period: Period, tables: Iterable[Table]) -> Iterator[tuple[str, ...]]:
    days = (period.since.isoformat(), period.until.isoformat())
    for table in tables:
        for row in table.rows:
            yield (*days, table.caption, row.label, row.subject if table.has_subjects else "", row.count)


def harmless(cell: str) -> str:
    """Return a cell that no spreadsheet takes for a formula (OWASP, CSV Injection)."""
    return f"'{cell}" if cell.startswith(_FORMULA) else cell


@requires(Right.REPORT)
async def show(request: web.Request) -> web.StreamResponse:
    """`GET /console/rapport`."""
    period, tables = await _counted(request)
    return console_page(
        request,
        "report.html",
        status=422 if period.error else 200,
        title="Erreur : rapport" if period.error else "Rapport",
        period=period,
        since=format_date(period.since),
        until=format_date(period.until),
        tables=tables,
        too_few=TOO_FEW,
        csv=f"/console/rapport.csv?du={period.since.isoformat()}&au={period.until.isoformat()}",
    )


@requires(Right.REPORT)
async def download(request: web.Request) -> web.StreamResponse:
    """`GET /console/rapport.csv`. Taking it away is noted."""
    period, tables = await _counted(request)
    await request.app[ASSISTANT].desk.note_export(signed(request).account.id)
    name = f"rapport-{period.since.isoformat()}-{period.until.isoformat()}.csv"
    return web.Response(
        body=f"\ufeff{write_csv(period, tables)}".encode(),  # the mark by which spreadsheets know UTF-8
        content_type="text/csv",
        charset="utf-8",
        headers={"Content-Disposition": f'attachment; filename="{name}"'},
    )


async def _counted(request: web.Request) -> tuple[Period, tuple[Table, ...]]:
    period = read_period(request.query.get("du", ""), request.query.get("au", ""), today_in_france())
    counts = await request.app[ASSISTANT].desk.counts(period.since, period.until)
    return period, show_tables(counts, title_of(request))
