"""What several test files share."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.running import RunningBot, RunningSms, run_sms_bot


@pytest.fixture(scope="session")
def running_sms() -> Iterator[RunningSms]:
    """Yield the whole assistant behind a real Kannel, started once for every test that needs it."""
    with run_sms_bot(rasa_timeout_seconds="8") as running:
        yield running


@pytest.fixture(scope="session")
def running_bot(running_sms: RunningSms) -> RunningBot:
    """Yield the same assistant, for tests of pages and of the API: Rasa, actions and channels."""
    return running_sms.bot
