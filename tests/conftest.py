"""What several test files share."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from bot.store.database import migrate
from tests.engines import ROLE, Postgres, Redis, run_postgres, run_redis
from tests.running import RunningBot, RunningSms, run_sms_bot
from tests.telegram_servers import TestApi, run_test_api


def pytest_addoption(parser: pytest.Parser) -> None:
    """Choose the engine of the store: the same tests hold on both."""
    parser.addoption("--moteur", choices=("sqlite", "postgres"), default="sqlite")


NEED_THE_MODEL = ("conversations", "e2e", "evaluation")


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Mark what needs the trained model; leave out, on PostgreSQL, what reads the file of SQLite."""
    here = Path(__file__).parent
    for item in items:
        fixtures = getattr(item, "fixturenames", ())
        folder = item.path.relative_to(here).parts[0]
        if folder in NEED_THE_MODEL or "running_bot" in fixtures or "running_sms" in fixtures:
            item.add_marker("modele")
    if config.getoption("--moteur") == "postgres":
        chosen = [item for item in items if "store_file" not in getattr(item, "fixturenames", ())]
        config.hook.pytest_deselected(items=[item for item in items if item not in chosen])
        items[:] = chosen


@pytest.fixture(scope="session")
def postgres() -> Iterator[Postgres]:
    """Yield a PostgreSQL server; each test takes a database of its own."""
    with run_postgres(is_durable=False) as server:
        yield server


@pytest.fixture(scope="session")
def postgres_template(postgres: Postgres) -> str:
    """Return a database at the newest schema, to copy from."""
    migrate(postgres.url())
    return ROLE


@pytest.fixture(scope="session")
def redis_server() -> Iterator[Redis]:
    """Yield a Redis server."""
    with run_redis() as server:
        yield server


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
