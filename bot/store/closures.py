"""How requests ended and what blocked people: counted, without anyone's id. And where the assistant went wrong."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from itertools import groupby

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.model.counting import shown, shown_parts
from bot.store.cipher import Cipher
from bot.store.database import now
from bot.store.desk_schema import closure_marks, closures, misses


@dataclass(frozen=True)
class Mark:
    """Something ticked at the end of a request: a kind of non-recours, or what blocked."""

    family: str
    value: str


@dataclass(frozen=True)
class Count:
    """How often something was ticked on a subject; `count` is None when it is too small to be shown."""

    family: str
    value: str
    subject: str | None
    count: int | None


@dataclass(frozen=True)
class Miss:
    """A message that the assistant answered wrongly, in the words the operator kept of it."""

    id: int
    at: datetime
    kind: str
    answered: str | None
    expected: str | None
    words: str


async def add_closure(
    connection: AsyncConnection,
    *,
    day: date,
    territoire: str,
    channel: str,
    subject: str | None,
    outcome: str,
    marks: Iterable[Mark],
) -> None:
    """Count an end."""
    result = await connection.execute(
        closures.insert().values(
            day=day, territoire=territoire, channel=channel, subject=subject, outcome=outcome
        )
    )
    for mark in dict.fromkeys(marks):
        await connection.execute(
            closure_marks.insert().values(
                closure_id=result.inserted_primary_key[0], family=mark.family, value=mark.value
            )
        )


async def count_outcomes(connection: AsyncConnection, since: date, until: date) -> dict[str, int | None]:
    """Return how requests ended between two days, both included; None for too few."""
    query = (
        sa.select(closures.c.outcome, sa.func.count().label("n"))
        .where(closures.c.day >= since, closures.c.day <= until)
        .group_by(closures.c.outcome)
        .order_by(sa.desc("n"), closures.c.outcome)
    )
    return {row.outcome: shown(row.n) for row in (await connection.execute(query)).all()}


async def count_marks(connection: AsyncConnection, since: date, until: date) -> list[Count]:
    """Return what was ticked between two days, both included: by family, value and subject, most frequent first."""
    query = (
        sa.select(
            closure_marks.c.family, closure_marks.c.value, closures.c.subject, sa.func.count().label("n")
        )
        .join(closures, closures.c.id == closure_marks.c.closure_id)
        .where(closures.c.day >= since, closures.c.day <= until)
        .group_by(closure_marks.c.family, closure_marks.c.value, closures.c.subject)
        .order_by(closure_marks.c.family, closure_marks.c.value, sa.desc("n"), closures.c.subject)
    )
    rows = (await connection.execute(query)).all()
    found = []
    for _, group in groupby(rows, key=lambda row: (row.family, row.value)):
        of_mark = list(group)  # the total over subjects is shown beside
        parts = shown_parts([row.n for row in of_mark])
        found += [
            Count(row.family, row.value, row.subject, part) for row, part in zip(of_mark, parts, strict=True)
        ]
    return sorted(found, key=lambda count: (count.family, -(count.count or 0)))


async def count_totals(connection: AsyncConnection, since: date, until: date) -> list[Count]:
    """Return what was ticked between two days, both included, whatever the subject: most frequent first."""
    query = (
        sa.select(closure_marks.c.family, closure_marks.c.value, sa.func.count().label("n"))
        .join(closures, closures.c.id == closure_marks.c.closure_id)
        .where(closures.c.day >= since, closures.c.day <= until)
        .group_by(closure_marks.c.family, closure_marks.c.value)
        .order_by(closure_marks.c.family, sa.desc("n"), closure_marks.c.value)
    )
    rows = (await connection.execute(query)).all()
    return [Count(row.family, row.value, None, shown(row.n)) for row in rows]


async def add_miss(
    connection: AsyncConnection,
    cipher: Cipher,
    *,
    kind: str,
    answered: str | None,
    expected: str | None,
    words: str,
) -> None:
    """Keep a miss of the assistant."""
    await connection.execute(
        misses.insert().values(
            at=now(), kind=kind, answered=answered, expected=expected, words_enc=cipher.seal(words)
        )
    )


async def list_misses(connection: AsyncConnection, cipher: Cipher) -> list[Miss]:
    """Return the misses kept, oldest first."""
    rows = (await connection.execute(sa.select(misses).order_by(misses.c.id))).all()
    return [
        Miss(row.id, row.at, row.kind, row.answered, row.expected, cipher.open(row.words_enc)) for row in rows
    ]


async def delete_misses_before(connection: AsyncConnection, moment: datetime) -> None:
    """Delete the misses older than `moment`."""
    await connection.execute(misses.delete().where(misses.c.at < moment))
