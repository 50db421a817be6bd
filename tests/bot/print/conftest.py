"""What the tests of printed things share: settings of a service that can be reached, and a day."""

from __future__ import annotations

from datetime import date, datetime, time

import pytest

from bot.settings import Settings


@pytest.fixture
def now(today: date) -> datetime:
    """A moment, in France, at which every fiche and amount of data/ is in force."""
    return datetime.combine(today, time(10, 30))


@pytest.fixture
def reachable(settings: Settings) -> Settings:
    """Settings of a service with a public address and a publisher."""
    return settings.copy(
        update={"public_url": "https://droits.example.org/", "editeur": "Communauté d'essai"}
    )
