"""Which tables an operation reads from one end to the other: what shows that an index is missing."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import Any

from sqlalchemy import event
from sqlalchemy.exc import DBAPIError

from bot.store.database import Database

_EXPLAIN = {"sqlite": "EXPLAIN QUERY PLAN ", "postgresql": "EXPLAIN "}
_WHOLE = {"sqlite": "SCAN ", "postgresql": "Seq Scan on "}
_EXPLAINED = ("SELECT", "UPDATE", "DELETE")
_LONGEST = 300


async def scans_of(database: Database, act: Callable[[], Awaitable[object]]) -> list[dict[str, Any]]:
    """Do an operation again, and return each of its statements that reads a whole table, with the steps that do."""
    statements = await _statements_of(database, act)
    engine = database._engine
    name = engine.dialect.name
    found = []
    for statement, values in statements.items():
        async with engine.connect() as connection:
            try:
                rows = await connection.exec_driver_sql(_EXPLAIN[name] + statement, values)
                steps = [str(row[-1]).strip() for row in rows.all()]
            except DBAPIError as error:
                steps = [type(error).__name__]
            await connection.rollback()
        if whole := [step for step in steps if _WHOLE[name] in step]:
            found.append({"statement": " ".join(statement.split())[:_LONGEST], "steps": whole})
    return found


async def _statements_of(database: Database, act: Callable[[], Awaitable[object]]) -> dict[str, Any]:
    seen: dict[str, Any] = {}

    def note(_connection: Any, _cursor: Any, statement: str, values: Any, *_rest: Any) -> None:
        if statement.lstrip().upper().startswith(_EXPLAINED):
            seen.setdefault(statement, values)

    engine = database._engine.sync_engine
    event.listen(engine, "before_cursor_execute", note)
    try:
        await act()
    finally:
        event.remove(engine, "before_cursor_execute", note)
    return seen
