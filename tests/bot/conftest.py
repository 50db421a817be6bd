"""What the tests of `bot` share: the real knowledge read once, settings of one test, Rasa's stand-in."""

from __future__ import annotations

import shutil
import socket
from collections.abc import AsyncIterator
from datetime import date
from pathlib import Path

import hypothesis
import pytest

from bot.answers.compose import Composer
from bot.knowledge.loader import Knowledge, load_knowledge
from bot.settings import Settings, load_settings
from bot.store.database import migrate
from tests.bot.rasa_stand_in import RasaStandIn

ROOT = Path(__file__).parents[2]
TERRITOIRE = "saint-meen-montauban"

# No deadline: a machine that does something else is slow, not wrong.
hypothesis.settings.register_profile("tests", deadline=None, max_examples=60)
hypothesis.settings.load_profile("tests")


@pytest.fixture(scope="session")
def data() -> Path:
    """The real data/ folder."""
    return ROOT / "data"


@pytest.fixture(scope="session")
def knowledge(data: Path) -> Knowledge:
    """The real knowledge, read once: it cannot be changed."""
    return load_knowledge(data, TERRITOIRE)


@pytest.fixture(scope="session")
def today() -> date:
    """A day on which every fiche and amount of data/ is in force."""
    return date(2026, 11, 23)


@pytest.fixture(scope="session")
def empty_store(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A database at the newest schema, migrated once."""
    path = tmp_path_factory.mktemp("store") / "assistant.db"
    migrate(f"sqlite:///{path}")
    return path


@pytest.fixture
def store_url(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """The address of a store of one test, at the newest schema, on the engine of `--moteur`."""
    if request.config.getoption("--moteur") == "postgres":
        server = request.getfixturevalue("postgres")
        template = request.getfixturevalue("postgres_template")
        return str(server.url(server.new_database(template)))
    path = shutil.copy(request.getfixturevalue("empty_store"), tmp_path / "assistant.db")
    return f"sqlite+aiosqlite:///{path}"


@pytest.fixture
def store_file(store_url: str) -> Path:
    """The file of a store of one test, when it is SQLite's."""
    return Path(store_url.removeprefix("sqlite+aiosqlite:///"))


@pytest.fixture
def free_port() -> int:
    """A loopback port on which nothing listens."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@pytest.fixture
def settings(tmp_path: Path, data: Path, free_port: int) -> Settings:
    """Settings with their own folders, Rasa on a port where nothing listens, and quick retries."""
    return load_settings({}).copy(
        update={
            "var": tmp_path / "var",
            "data": data,
            "models": tmp_path / "models",
            "rasa_port": free_port,
            "rasa_timeout_seconds": 5.0,
            "retry_max_seconds": 0.05,
        }
    )


@pytest.fixture
def composer(knowledge: Knowledge, settings: Settings, today: date) -> Composer:
    """A composer on the real knowledge, on a fixed day."""
    return Composer(knowledge, settings, lambda: today)


@pytest.fixture
async def rasa_stand_in(free_port: int) -> AsyncIterator[RasaStandIn]:
    """A server that answers as Rasa does, on the port of the settings; not started yet."""
    stand_in = RasaStandIn(free_port)
    yield stand_in
    await stand_in.stop()
