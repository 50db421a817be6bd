"""Places to go: the territory's first, near a commune when one is named, never "ouvert" on old hours."""

from __future__ import annotations

import itertools
import math
from dataclasses import replace
from datetime import date

import pytest

from bot.answers.compose import Composer
from bot.answers.places import (
    MAX_KILOMETRES,
    MAX_PLACES,
    is_only_a_place,
    one_line,
    own_places,
    places_around,
    places_near,
    short_line,
    to_place,
)
from bot.knowledge.lieu import Lieu
from bot.knowledge.loader import Knowledge
from bot.model.answer import AnswerType, Place

LIEU = Lieu.parse_obj(
    {
        "id": "essai-1",
        "nom": "France services d'essai",
        "commune": "Gaël",
        "code_postal": "35290",
        "adresse": "1 rue du Bourg",
        "telephone": "+33299000000",
        "horaires": "Mo-Fr 09:00-12:00",
        "date_maj": date(2026, 6, 1),
    }
)


def test_fresh_hours_are_given_as_they_are() -> None:
    place = to_place(LIEU, 4.2, date(2026, 11, 23))
    assert place == Place(
        name="France services d'essai",
        address="1 rue du Bourg, 35290 Gaël",
        phone="02 99 00 00 00",
        opening_hours="du lundi au vendredi : 9 h à 12 h",
        distance_km=4.2,
    )


def test_hours_older_than_a_year_say_their_date_and_never_that_it_is_open() -> None:
    place = to_place(LIEU, None, date(2027, 6, 2))
    assert place.hours_note == "horaires du 1er juin 2026, à vérifier"
    assert place.open_now is None


def test_a_place_without_hours_has_no_note() -> None:
    place = to_place(LIEU.copy(update={"horaires": None}), None, date(2030, 1, 1))
    assert (place.opening_hours, place.hours_note) == (None, None)


def test_no_real_place_is_said_open_on_old_hours(knowledge: Knowledge, today: date) -> None:
    for lieu in knowledge.lieux:
        place = to_place(lieu, None, today)
        assert place.open_now is None
        assert place.opening_hours is None or place.hours_note


def test_a_commune_of_the_territory_gives_its_own_places(knowledge: Knowledge, today: date) -> None:
    own = own_places(knowledge, today)
    assert own
    assert places_near(knowledge, "je suis à Gaël", today) == own
    assert places_near(knowledge, "35290", today) == own


def test_a_commune_elsewhere_gives_the_nearest_places(knowledge: Knowledge, today: date) -> None:
    found = places_near(knowledge, "j'habite à La Guerche-de-Bretagne", today)
    assert 1 <= len(found) <= 3
    assert "La Guerche-de-Bretagne" in found[0].address
    assert all(place.distance_km is not None for place in found[1:])


@pytest.mark.parametrize("text", ["à Marseille", "13001", "je ne sais pas", ""])
def test_a_commune_that_is_not_known_gives_nothing(knowledge: Knowledge, today: date, text: str) -> None:
    assert places_near(knowledge, text, today) == ()


@pytest.mark.parametrize(
    "text", ["Gaël", "gael", "à Gaël", "j'habite Gaël", "35290", "St Méen le Grand", "près de Muel", "13001"]
)
def test_a_commune_alone_is_only_a_place(knowledge: Knowledge, text: str) -> None:
    assert is_only_a_place(knowledge, text)


@pytest.mark.parametrize(
    "text",
    [
        "vers Rostrenen",
        "c'est où à Gaël",
        "sé ou a gael",
        "et à Gaël ?",
        "moi c'est Gaël",
        "alors on habite vers Muel",
        "dans le coin de Gaël",
        "le plus près de Gaël",
        "du côté de Gaël",
        "et moi vers 22110",
    ],
)
def test_what_people_write_before_a_commune_does_not_hide_it(knowledge: Knowledge, text: str) -> None:
    assert is_only_a_place(knowledge, text)


@pytest.mark.parametrize("text", ["vers", "c'est où", "à", "et moi", "vers la mairie", "pour ma demande"])
def test_what_people_write_before_a_commune_is_none_by_itself(knowledge: Knowledge, text: str) -> None:
    assert not is_only_a_place(knowledge, text)


def test_every_commune_that_is_known_is_still_one_after_what_stands_before_it(knowledge: Knowledge) -> None:
    communes = {lieu.commune for lieu in knowledge.lieux} | {c.nom for c in knowledge.territoire.communes}
    for commune in communes:
        for lead in ("", "vers ", "je suis à ", "c'est où à "):
            assert is_only_a_place(knowledge, f"{lead}{commune}"), f"{lead}{commune}"


@pytest.mark.parametrize(
    "text", ["rsa à Gaël", "la mairie de Gaël", "Marseille", "", "1", "130011", "carte d'identité"]
)
def test_a_question_or_an_unknown_place_is_not_only_a_place(knowledge: Knowledge, text: str) -> None:
    assert not is_only_a_place(knowledge, text)


def test_a_place_in_one_line() -> None:
    place = to_place(LIEU, None, date(2026, 11, 23))
    assert one_line(place) == "France services d'essai, 1 rue du Bourg, 35290 Gaël, téléphone 02 99 00 00 00."
    assert short_line(place) == "France services d'essai 02 99 00 00 00"
    without_phone = replace(place, phone=None)
    assert one_line(without_phone) == "France services d'essai, 1 rue du Bourg, 35290 Gaël."
    assert short_line(without_phone) == "France services d'essai Gaël"


SAINT_MEEN = (48.1904, -2.1952)
RENNES = (48.1147, -1.6794)
PARIS = (48.8566, 2.3522)


@pytest.mark.parametrize("point", [SAINT_MEEN, RENNES, (48.39, -4.49), (47.65, -2.76), (48.65, -2.03)])
def test_around_a_point_the_nearest_places_come_first_with_their_distance(
    knowledge: Knowledge, today: date, point: tuple[float, float]
) -> None:
    found = places_around(knowledge, *point, today)
    distances = [place.distance_km for place in found if place.distance_km is not None]
    assert len(distances) == len(found) == MAX_PLACES
    assert distances == sorted(distances)
    assert distances[-1] <= MAX_KILOMETRES


def test_around_saint_meen_the_first_place_is_the_one_of_saint_meen(
    knowledge: Knowledge, today: date
) -> None:
    first = places_around(knowledge, *SAINT_MEEN, today)[0]
    assert first.name == "France services Communauté de communes de Saint-Méen-Montauban"
    assert first.distance_km is not None
    assert first.distance_km < 2


@pytest.mark.parametrize(
    "point", [PARIS, (43.2965, 5.3698), (0.0, 0.0), (90.0, 0.0), (-48.19, 2.19), (48.0, 177.8)]
)
def test_around_a_point_farther_than_one_goes_for_a_paper_there_is_no_place(
    knowledge: Knowledge, today: date, point: tuple[float, float]
) -> None:
    assert places_around(knowledge, *point, today) == ()


def test_no_place_beyond_the_distance_is_given_even_when_others_are_within(
    knowledge: Knowledge, today: date
) -> None:
    near, far = (
        LIEU.copy(update={"id": name, "latitude": latitude, "longitude": 0.0})
        for name, latitude in (("near", 0.539), ("far", 0.541))
    )
    known = replace(knowledge, lieux=(far, near))
    assert [place.distance_km for place in places_around(known, 0.0, 0.0, today)] == [60]


def test_a_place_around_a_point_is_told_with_its_old_hours_as_any_other(
    knowledge: Knowledge, today: date
) -> None:
    for place in places_around(knowledge, *RENNES, today):
        assert place.open_now is None
        assert place.opening_hours is None or place.hours_note


def test_a_shared_position_is_answered_with_the_places_around_it(
    composer: Composer, knowledge: Knowledge, today: date
) -> None:
    answer = composer.places_around(*SAINT_MEEN)
    assert answer.type is AnswerType.LIEU
    assert answer.places == places_around(knowledge, *SAINT_MEEN, today)
    assert short_line(answer.places[0]) in answer.sms


def test_a_position_far_from_every_place_is_answered_with_the_places_of_the_territory(
    composer: Composer, knowledge: Knowledge, today: date
) -> None:
    answer = composer.places_around(*PARIS)
    assert answer.places == own_places(knowledge, today)
    assert answer.blocks == composer.places("75001").blocks


@pytest.mark.parametrize("point", [SAINT_MEEN, RENNES, PARIS])
def test_an_answer_holds_no_number_of_the_position(composer: Composer, point: tuple[float, float]) -> None:
    told = repr(composer.places_around(*point).to_json())
    assert [number for number in point if f"{abs(number):.2f}" in told] == []


def test_what_is_kept_of_an_answer_is_the_same_for_who_stood_some_streets_away(
    composer: Composer,
) -> None:
    stood = (48.2215, -2.0731)
    kept = composer.places_around(*stood)
    grid = itertools.product(range(-15, 16), range(-15, 16))
    around = ((stood[0] + up / 1000, stood[1] + right / 1000) for up, right in grid)
    same = [point for point in around if composer.places_around(*point) == kept]
    assert max(kilometres(point, stood) for point in same) > 0.3


def kilometres(one: tuple[float, float], other: tuple[float, float]) -> float:
    """Return the distance of two points that are near each other."""
    width = (one[1] - other[1]) * math.cos(math.radians(one[0]))
    return math.hypot(one[0] - other[0], width) * 111.195
