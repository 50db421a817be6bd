"""Delivery reports of each gateway, through the real application."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

import pytest

from tests.channels.sms.conftest import DESCRIPTION, PHONE, GenericCalls, Line, OpenLine, TwilioCalls

ORDER = ("buffered", "sent", "rejected", "undelivered", "delivered")
"""From the state that says least to the one that says most."""
THEIRS = "chez-eux-1"


@dataclass
class Handed:
    """A message that the gateway took, by our id."""

    line: Line
    id: str

    async def state(self) -> str:
        states = await self.line.assistant.deliveries.states("sms")
        assert sum(states.values()) == 1
        return next(iter(states))


async def hand_over(line: Line, dialect: Any) -> Handed:
    await line.call(dialect.message(PHONE, "AIDE"))
    handed = Handed(line, dialect.sent_id(await line.operator.next()))
    async with asyncio.timeout(10):
        while await handed.state() != "accepted":
            await asyncio.sleep(0.01)
    return handed


@pytest.mark.parametrize("state", ORDER)
async def test_a_report_is_noted(open_line: OpenLine, dialect: Any, state: str) -> None:
    handed = await hand_over(await open_line(dialect.gateway), dialect)
    response = await handed.line.call(dialect.report(dialect.states[state], handed.id, THEIRS))
    assert (response.status, await response.read()) == (200, b"")
    assert await handed.state() == state


@pytest.mark.parametrize(("late", "known"), list(pairwise(ORDER)))
async def test_a_report_that_says_less_changes_nothing(
    open_line: OpenLine, dialect: Any, late: str, known: str
) -> None:
    handed = await hand_over(await open_line(dialect.gateway), dialect)
    for state in (known, late):
        response = await handed.line.call(dialect.report(dialect.states[state], handed.id, THEIRS))
        assert response.status == 200
    assert await handed.state() == known


async def test_a_late_accepted_never_overwrites_delivered(open_line: OpenLine, dialect: Any) -> None:
    handed = await hand_over(await open_line(dialect.gateway), dialect)
    for state in ("delivered", "sent", "buffered", "delivered"):
        await handed.line.call(dialect.report(dialect.states[state], handed.id, THEIRS))
    assert await handed.state() == "delivered"


async def test_reports_in_their_order_lead_to_delivered(open_line: OpenLine, dialect: Any) -> None:
    handed = await hand_over(await open_line(dialect.gateway), dialect)
    seen = []
    for state in ORDER:
        await handed.line.call(dialect.report(dialect.states[state], handed.id, THEIRS))
        seen.append(await handed.state())
    assert tuple(seen) == ORDER


@pytest.mark.parametrize("dialect", [TwilioCalls(), GenericCalls()], ids=["twilio", "generique"])
async def test_a_report_that_only_has_the_gateways_id_finds_its_message(
    open_line: OpenLine, dialect: Any
) -> None:
    handed = await hand_over(await open_line(dialect.gateway), dialect)
    await handed.line.call(dialect.report(dialect.states["delivered"], None, THEIRS))
    assert await handed.state() == "delivered"


@pytest.mark.parametrize("unknown", ["jamais-vu", "0", "é", "a" * 2000])
async def test_a_report_about_an_unknown_message_is_acknowledged(
    open_line: OpenLine, dialect: Any, unknown: str
) -> None:
    handed = await hand_over(await open_line(dialect.gateway), dialect)
    response = await handed.line.call(dialect.report(dialect.states["delivered"], unknown, "autre"))
    assert response.status == 200
    assert await handed.state() == "accepted"


async def test_a_state_that_says_nothing_is_acknowledged(open_line: OpenLine, dialect: Any) -> None:
    handed = await hand_over(await open_line(dialect.gateway), dialect)
    for state in (dialect.silent_state, "jamais-vu"):
        response = await handed.line.call(dialect.report(state, handed.id, THEIRS))
        assert response.status == 200
    assert await handed.state() == "accepted"


async def test_a_report_without_a_state_is_a_bad_call(open_line: OpenLine, dialect: Any) -> None:
    line = await open_line(dialect.gateway)
    assert (await line.call(dialect.report(None, "x", "y"))).status == 400
    assert await line.count("sms_unreadable_call") == 1


async def test_a_report_about_no_message_is_a_bad_call(open_line: OpenLine, dialect: Any) -> None:
    line = await open_line(dialect.gateway)
    wire = dialect.report(dialect.states["delivered"], None, None)
    if dialect.id == "twilio":
        wire = dialect.signed({"MessageStatus": "delivered"}, "accuse")
    assert (await line.call(wire)).status == 400
    assert await line.count("sms_unreadable_call") == 1


async def test_a_described_gateway_without_reports_has_none_to_give(open_line: OpenLine) -> None:
    described = {key: value for key, value in DESCRIPTION.items() if key != "accuse"}
    line = await open_line("generique", described)
    assert (await line.call(GenericCalls().report("remis", "x"))).status == 400
