"""Places in a search at a desk: by a commune, the start of its name, or a postal code."""

from __future__ import annotations

import time
from dataclasses import replace

import pytest

from bot.knowledge.desk_places import DeskPlaces
from bot.knowledge.loader import Knowledge


@pytest.fixture(scope="module")
def places(knowledge: Knowledge) -> DeskPlaces:
    """The communes as the real knowledge has them."""
    return DeskPlaces(knowledge)


@pytest.mark.parametrize(
    ("query", "commune"),
    [
        ("Gaël", "Gaël"),
        ("gael", "Gaël"),
        ("saint méen", "Saint-Méen-le-Grand"),
        ("st meen le grand", "Saint-Méen-le-Grand"),
        ("montaub", "Montauban-de-Bretagne"),
        ("france services Montauban-de-Bretagne", "Montauban-de-Bretagne"),
        ("ccas de gaël", "Gaël"),
        ("Marseille", "Marseille"),
    ],
)
def test_a_commune_is_named(places: DeskPlaces, query: str, commune: str) -> None:
    endroit = places.find(query)
    assert endroit is not None
    assert endroit.nom.startswith(commune)


def test_a_postal_code_names_its_communes(places: DeskPlaces) -> None:
    endroit = places.find("35290")
    assert endroit is not None
    assert "Saint-Méen-le-Grand" in {commune.nom for commune in endroit.communes}


@pytest.mark.parametrize(
    "query",
    [
        "rsa",
        "pièces réversion carsat",
        "logement",
        "rue",
        "sens",
        "",
        "?",
        "france services",
        "99999",
        "12504",
    ],
)
def test_other_words_name_no_commune(places: DeskPlaces, query: str) -> None:
    assert places.find(query) is None


def test_a_search_for_a_place_is_told_from_one_that_names_it_beside_something_else(
    places: DeskPlaces,
) -> None:
    for query, is_alone in (
        ("france services gaël", True),
        ("35290", True),
        ("montaub", True),
        ("rsa gaël", False),
    ):
        endroit = places.find(query)
        assert endroit is not None
        assert places.is_alone(query, endroit) is is_alone, query


def test_a_thousand_places_are_searched_at_once(knowledge: Knowledge) -> None:
    many = tuple(
        lieu.copy(update={"id": f"{lieu.id}-{rank}"}) for rank in range(9) for lieu in knowledge.lieux
    )[:1000]
    assert len(many) == 1000
    places = DeskPlaces(replace(knowledge, lieux=many))
    places.find("gaël")
    times = []
    for query in ("saint-méen-le-grand", "france services montauban", "pièces réversion", "35290", "rennes"):
        for length in range(1, len(query) + 1):
            start = time.perf_counter()
            places.find(query[:length])
            times.append(1000 * (time.perf_counter() - start))
    assert sorted(times)[int(0.95 * len(times))] < 50
