"""What Rasa's own rules did not foresee."""

from __future__ import annotations

from typing import Any

from actions.ne_pas_comprendre import ActionNePasComprendre
from tests.actions.conftest import RunAction


async def test_the_first_time_ways_out_are_given_the_second_a_person(
    run_action: RunAction, rsa_in_hand: dict[str, Any]
) -> None:
    assert (await run_action(ActionNePasComprendre())).sent == [{"kind": "incompris", "misses": 1}]
    again = await run_action(ActionNePasComprendre(), slots=rsa_in_hand)
    assert again.sent == [{"kind": "incompris_encore", "misses": 2}]
