"""The search of the desk is no worse than what docs/evaluation.md tells. Nothing here shows a query."""

from __future__ import annotations

import pytest

from bot.knowledge.desk_search import DeskSearch
from bot.knowledge.loader import load_knowledge
from bot.settings import load_settings
from tests.evaluation.agent.mesure import Judged, measure

SHEETS_FIRST, OF = 60, 60
RUBRIQUES_OPEN, TOLD = 29, 31


@pytest.fixture(scope="module")
def judged() -> list[Judged]:
    """Every query judged, without its words."""
    settings = load_settings()
    return measure(DeskSearch(load_knowledge(settings.data, settings.territoire), settings.data))


def test_the_right_sheet_comes_first_as_often_as_recorded(judged: list[Judged]) -> None:
    assert len(judged) == OF
    assert sum(one.sheet for one in judged) >= SHEETS_FIRST


def test_the_right_rubrique_opens_as_often_as_recorded(judged: list[Judged]) -> None:
    told = [one for one in judged if one.rubrique is not None]
    assert len(told) == TOLD
    assert sum(bool(one.rubrique) for one in told) >= RUBRIQUES_OPEN
