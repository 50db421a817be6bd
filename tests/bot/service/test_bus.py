"""Signals by conversation."""

from __future__ import annotations

from bot.service.bus import Bus


async def test_every_listener_of_a_conversation_is_woken_and_no_other() -> None:
    bus = Bus()
    with bus.listen("a") as one, bus.listen("a") as two, bus.listen("b") as other:
        bus.signal("a")
        assert (one.is_set(), two.is_set(), other.is_set()) == (True, True, False)


async def test_a_signal_nobody_waits_for_is_not_kept() -> None:
    bus = Bus()
    bus.signal("a")
    with bus.listen("a") as event:
        assert not event.is_set()


async def test_whoever_leaves_is_forgotten() -> None:
    bus = Bus()
    with bus.listen("a") as first:
        with bus.listen("a"):
            pass
        bus.signal("a")
        assert first.is_set()
    assert not bus._listeners
