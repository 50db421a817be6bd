"""Waiting after failures: longer each time, never for good, and never for a whole waiting room."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest

from bot.service import attempts
from bot.service.attempts import ADDRESS_FAILURES, AddressFailures, UnknownLogins, lock_after, seconds_until

START = datetime(2026, 11, 23, 9, 0)


@pytest.mark.parametrize(
    ("failures", "minutes"),
    [(0, 0), (4, 0), (5, 1), (6, 2), (7, 4), (8, 8), (9, 15), (10, 15), (100_000, 15)],
)
def test_a_lock_doubles_and_stops_at_a_quarter_of_an_hour(failures: int, minutes: int) -> None:
    assert lock_after(failures) == timedelta(minutes=minutes)


def test_the_wait_is_rounded_up_and_never_negative() -> None:
    assert seconds_until(None, START) == 0
    assert seconds_until(START, START + timedelta(days=1)) == 0
    assert seconds_until(START + timedelta(milliseconds=1), START) == 1


def test_a_login_that_nobody_has_is_locked_as_any_other() -> None:
    unknown = UnknownLogins()
    for _ in range(4):
        unknown.fail("personne", START)
    assert unknown.wait("personne", START) == 0
    unknown.fail("personne", START)
    assert unknown.wait("personne", START) == 60
    assert unknown.wait("autre", START) == 0
    assert unknown.wait("personne", START + timedelta(seconds=60)) == 0
    unknown.fail("personne", START + timedelta(seconds=60))
    assert unknown.wait("personne", START + timedelta(seconds=60)) == 120


def test_forty_people_wrong_twice_are_not_shut_out() -> None:
    addresses = AddressFailures()
    for _ in range(80):
        addresses.fail("accueil", START)
    assert addresses.wait("accueil", START) == 0


def test_an_address_that_goes_on_waits_until_its_first_failures_are_old() -> None:
    addresses = AddressFailures()
    for second in range(ADDRESS_FAILURES):
        addresses.fail("liste", START + timedelta(seconds=second))
    assert addresses.wait("liste", START + timedelta(seconds=100)) == 800
    assert addresses.wait("autre", START + timedelta(seconds=100)) == 0
    assert addresses.wait("liste", START + timedelta(minutes=15)) == 0
    addresses.fail("liste", START + timedelta(minutes=15))
    assert addresses.wait("liste", START + timedelta(minutes=15)) == 1


def test_what_is_remembered_is_bounded_and_the_oldest_goes_first(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(attempts, "_REMEMBERED", 3)
    unknown = UnknownLogins()
    for login in ("a", "b", "c", "a", "d"):
        for _ in range(5):
            unknown.fail(login, START)
    assert [unknown.wait(login, START) > 0 for login in "abcd"] == [True, False, True, True]
