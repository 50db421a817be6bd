"""The health check."""

from __future__ import annotations

from typing import Any

from actions.sonder import ActionSonder
from bot.rasa_client import PROBE_KIND, PROBE_MESSAGE
from tests.actions.conftest import RunAction


async def test_the_answer_is_the_one_the_probe_waits_for(
    run_action: RunAction, rsa_in_hand: dict[str, Any]
) -> None:
    turn = await run_action(ActionSonder(), intent=PROBE_MESSAGE.removeprefix("/"), slots=rsa_in_hand)
    assert turn.sent == [{"kind": PROBE_KIND}]
    assert turn.slots == rsa_in_hand
