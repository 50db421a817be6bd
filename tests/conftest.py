"""What several test files share."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.running import RunningBot, RunningSms, run_sms_bot
from tests.telegram_servers import TestApi, run_test_api


@pytest.fixture(scope="session")
def telegram_api() -> Iterator[TestApi]:
    """Yield the Bot API server that the assistant below polls."""
    with run_test_api() as api:
        yield api


@pytest.fixture(scope="session")
def running_sms(telegram_api: TestApi) -> Iterator[RunningSms]:
    """Yield the whole assistant behind a real Kannel, started once for every test that needs it."""
    with run_sms_bot(rasa_timeout_seconds="8", **telegram_api.settings) as running:
        yield running


@pytest.fixture(scope="session")
def running_bot(running_sms: RunningSms) -> RunningBot:
    """Yield the same assistant, for tests of pages, of the API and of Telegram: Rasa, actions and channels."""
    return running_sms.bot
