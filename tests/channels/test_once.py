"""The same form acts once."""

import asyncio

import pytest

from channels.form_id import FormIds
from channels.once import KEEP_SECONDS, Once


async def test_the_same_key_acts_once_even_at_the_same_time() -> None:
    once: Once[int] = Once()
    calls = []

    async def act() -> int:
        await asyncio.sleep(0)
        calls.append(1)
        return len(calls)

    assert await asyncio.gather(*(once.run("k", act) for _ in range(3))) == [1, 1, 1]
    assert await once.run("autre", act) == 2
    assert await once.run(None, act) == 3


async def test_a_failure_may_be_tried_again() -> None:
    once: Once[str] = Once()

    async def fail() -> str:
        raise ValueError

    async def work() -> str:
        return "fait"

    with pytest.raises(ValueError):
        await once.run("k", fail)
    assert await once.run("k", work) == "fait"


async def test_a_key_is_forgotten_after_a_while() -> None:
    now = 0.0
    once: Once[int] = Once(clock=lambda: now)
    calls = []

    async def act() -> int:
        calls.append(1)
        return len(calls)

    await once.run("k", act)
    now = KEEP_SECONDS - 1
    assert await once.run("k", act) == 1
    now = KEEP_SECONDS + 1
    assert await once.run("k", act) == 2


async def test_memory_is_bounded(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("channels.once.MAX_KEPT", 3)
    once: Once[int] = Once()

    async def act() -> int:
        return 1

    for rank in range(20):
        await once.run(str(rank), act)
    assert len(once._done) <= 4


def test_only_our_own_form_ids_have_a_key_and_the_content_counts() -> None:
    ids = FormIds(b"a")
    form = ids.issue()
    assert ids.action_key(form, "a") == ids.action_key(form, "a")
    assert ids.action_key(form, "a") != ids.action_key(form, "b")
    assert ids.action_key(form, "a", "b") != ids.action_key(form, "a\x1fb")
    for forged in ("", "x", "x.y", form[:-1], form + "0", "é.é", FormIds(b"b").issue()):
        assert ids.action_key(forged, "a") is None
    assert FormIds(b"a").action_key(form, "a") == ids.action_key(form, "a")
