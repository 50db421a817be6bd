"""The knowledge as it is in data/."""

from __future__ import annotations

from pathlib import Path

import pytest

from bot.knowledge.loader import Knowledge, load_knowledge


@pytest.fixture(scope="session")
def data() -> Path:
    """The real data/ folder."""
    return Path(__file__).parents[2] / "data"


@pytest.fixture(scope="session")
def knowledge(data: Path) -> Knowledge:
    """The real knowledge."""
    return load_knowledge(data, "saint-meen-montauban")
