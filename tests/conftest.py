"""What several test files share."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.running import RunningBot, run_bot


@pytest.fixture(scope="session")
def running_bot() -> Iterator[RunningBot]:
    """Yield the whole assistant, started once for every test that needs it: Rasa, actions and channels."""
    with run_bot(rasa_timeout_seconds="8") as bot:
        yield bot
