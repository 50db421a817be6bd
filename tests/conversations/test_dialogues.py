"""Every dialogue of this folder, held with the whole assistant."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.conversations.conversation_test_language import Dialogue, load_dialogues, play
from tests.running import RunningBot


@pytest.mark.parametrize("dialogue", load_dialogues(Path(__file__).parent), ids=str)
async def test_the_dialogue_goes_as_written(dialogue: Dialogue, running_bot: RunningBot) -> None:
    await play(running_bot.base_url, dialogue)
