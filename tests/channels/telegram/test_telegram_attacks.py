"""Whatever Telegram, or somebody who knows its secret, sends: never a failure, nothing logged."""

from __future__ import annotations

import copy
import json
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.channels.telegram import incoming
from tests.channels.telegram.conftest import Line
from tests.hypothesis_async import run_examples

FEW = settings(
    max_examples=40,
    deadline=None,
    derandomize=True,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
VALUES = st.recursive(
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats(allow_nan=False, allow_infinity=False)
    | st.text(max_size=30),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=10), inner, max_size=3),
    max_leaves=6,
)


def places(value: Any, path: tuple[Any, ...] = ()) -> list[tuple[Any, ...]]:
    """Return the way to everything within an update."""
    found = [path] if path else []
    items = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    for key, inner in items:
        found += places(inner, (*path, key))
    return found


def changed(update: dict[str, Any], path: tuple[Any, ...], value: Any) -> dict[str, Any]:
    """Return an update with something else at a place."""
    made = copy.deepcopy(update)
    holder: Any = made
    for key in path[:-1]:
        holder = holder[key]
    holder[path[-1]] = value
    return made


async def test_anything_at_all_in_the_place_of_anything_in_an_update(
    line: Line, capfd: pytest.CaptureFixture[str]
) -> None:
    good = incoming.text("mon mari me frappe")

    @FEW
    @given(st.sampled_from(places(good)), VALUES)
    async def attack(path: tuple[Any, ...], value: Any) -> None:
        status = (await line.post(json.dumps(changed(good, path, value)).encode())).status
        assert status in (200, 400), (path, value)

    await run_examples(attack)
    assert "telegram_call_failed" not in "".join(capfd.readouterr())
    assert (await line.client.get("/a-propos")).status == 200


async def test_any_json_is_acknowledged_or_refused(line: Line, capfd: pytest.CaptureFixture[str]) -> None:
    @FEW
    @given(VALUES)
    async def attack(value: Any) -> None:
        assert (await line.post(json.dumps(value).encode())).status in (200, 400)

    await run_examples(attack)
    assert "telegram_call_failed" not in "".join(capfd.readouterr())
