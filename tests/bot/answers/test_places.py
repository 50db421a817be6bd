"""Places to go: the territory's first, near a commune when one is named, never "ouvert" on old hours."""

from __future__ import annotations

import itertools
import math
from dataclasses import replace
from datetime import date, datetime, time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.answers.compose import Composer
from bot.answers.place_words import is_only_a_place, read_request
from bot.answers.places import (
    MAX_KILOMETRES,
    MAX_PLACES,
    Nearby,
    one_line,
    own_places,
    places_around,
    places_near,
    short_line,
    sms_lines,
    to_place,
)
from bot.knowledge.lieu import Lieu
from bot.knowledge.loader import Knowledge
from bot.model.answer import AnswerType, Place
from bot.render.gsm import MAX_SEPTETS, count_segments, count_septets, foreign_characters, to_gsm
from bot.render.html import render_html
from bot.render.text import render_text
from bot.settings import Settings, load_settings

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


NOON = time(12, 30)


@pytest.fixture
def now(today: date) -> datetime:
    """Half past twelve of the day of the tests, in Paris."""
    return datetime.combine(today, NOON)


def near(knowledge: Knowledge, text: str, now: datetime) -> Nearby:
    return places_near(knowledge, read_request(knowledge, text), now)


def with_lieux(knowledge: Knowledge, *lieux: Lieu) -> Knowledge:
    """The real knowledge, with these places only."""
    return replace(knowledge, lieux=lieux)


def of_lieu(**fields: object) -> Lieu:
    return LIEU.copy(update=fields)


def test_fresh_hours_are_given_with_what_they_say_of_now() -> None:
    place = to_place(LIEU, 4.2, datetime(2026, 11, 23, 10, 0))
    assert place == Place(
        name="France services d'essai",
        address="1 rue du Bourg, 35290 Gaël",
        phone="02 99 00 00 00",
        opening_hours="du lundi au vendredi : 9 h à 12 h",
        distance_km=4.2,
        open_now=True,
        next_opening="ouvert jusqu'à 12 h",
        source_note="Source : fichier des lieux, 1er juin 2026",
        updated_on="2026-06-01",
    )


def test_a_shut_place_says_when_it_opens() -> None:
    place = to_place(LIEU, None, datetime(2026, 11, 30, 12, 0))
    assert (place.open_now, place.next_opening) == (False, "ouvre mardi 1er décembre à 9 h")


def test_hours_older_than_a_year_say_their_date_and_never_that_it_is_open() -> None:
    place = to_place(LIEU, None, datetime(2027, 6, 2, 10, 0))
    assert place.hours_note == "horaires du 1er juin 2026, à vérifier"
    assert (place.open_now, place.next_opening) == (None, None)
    assert place.source_note == "Source : fichier des lieux, 1er juin 2026, à vérifier"


def test_a_place_without_hours_has_no_note_of_them() -> None:
    place = to_place(of_lieu(horaires=None), None, datetime(2030, 1, 1))
    assert (place.opening_hours, place.hours_note, place.open_now) == (None, None, None)


def test_access_is_said_in_the_words_of_the_source_and_never_guessed(
    knowledge: Knowledge, now: datetime
) -> None:
    assert {to_place(lieu, None, now).access for lieu in knowledge.lieux if not lieu.is_itinerant()} == {None}
    told = of_lieu(
        prise_en_charge_specifique=("Surdité", "Handicaps moteurs"),
        fiche_acces_libre="https://acceslibre.info/a",
    )
    assert to_place(told, None, now).access == (
        "Prise en charge annoncée : Surdité, Handicaps moteurs. Accessibilité du lieu : https://acceslibre.info/a"
    )


def test_a_place_that_moves_says_so(now: datetime) -> None:
    place = to_place(of_lieu(itinerance="Itinérant"), None, now)
    assert place.access == "Lieu itinérant : appelez pour savoir où il est ce jour-là"
    assert place.open_now is None


def test_no_real_place_is_said_open_on_old_hours(knowledge: Knowledge, now: datetime) -> None:
    for lieu in knowledge.lieux:
        place = to_place(lieu, None, now)
        assert place.open_now is None
        assert place.opening_hours is None or place.hours_note
        assert place.source_note == "Source : Liste des France services, 1er décembre 2022, à vérifier"


def test_what_is_known_of_a_place_reads_on_a_page_and_aloud(composer: Composer) -> None:
    place = to_place(LIEU, 4.2, datetime(2026, 11, 23, 12, 0))
    answer = replace(composer.places("Gaël"), places=(place,))
    for words in (render_text(answer), render_html(answer).replace("\u00a0", " ")):
        assert "Fermé maintenant, ouvre mardi 24 novembre à 9 h" in words
        assert "Source : fichier des lieux, 1er juin 2026" in words
    opened = replace(place, open_now=True, next_opening="ouvert jusqu'à 12 h")
    assert "Ouvert jusqu'à 12 h" in render_text(replace(answer, places=(opened,)))


def test_a_commune_of_the_territory_gives_its_own_places_then_the_nearest(
    knowledge: Knowledge, now: datetime
) -> None:
    own = own_places(knowledge, now)[0]
    for text in ("je suis à Gaël", "35290", "Médréac"):
        found = near(knowledge, text, now).places
        assert found[0].name == own.name
        assert len(found) == MAX_PLACES
        others = [place.distance_km for place in found[1:] if place.distance_km is not None]
        assert others == sorted(others)


def test_a_commune_without_a_place_gives_the_nearest_with_their_distance(
    knowledge: Knowledge, now: datetime
) -> None:
    found = near(knowledge, "Redon", now).places
    assert len(found) == MAX_PLACES
    assert all(place.distance_km is not None and place.distance_km < 30 for place in found)


def test_a_commune_elsewhere_gives_the_places_of_the_commune_first(
    knowledge: Knowledge, now: datetime
) -> None:
    found = near(knowledge, "j'habite à La Guerche-de-Bretagne", now).places
    assert "La Guerche-de-Bretagne" in found[0].address
    assert all(place.distance_km is not None for place in found[1:])


@pytest.mark.parametrize("text", ["à Marseille", "13001", "je ne sais pas", "", "99999", "Saint-Denis"])
def test_where_no_place_is_within_reach_nothing_is_given(
    knowledge: Knowledge, now: datetime, text: str
) -> None:
    assert near(knowledge, text, now).places == ()


def test_a_name_of_several_communes_asks_which(composer: Composer) -> None:
    answer = composer.places("Saint-Denis")
    assert answer.places == ()
    said = " ".join(item for block in answer.blocks for item in block.items)
    assert "Saint-Denis (93200)" in said
    assert "code postal" in said
    assert composer.places("93200 Saint-Denis").blocks == composer.places("75001").blocks


def test_digital_help_asks_in_which_way_and_says_that_the_data_does_not_tell(composer: Composer) -> None:
    answer = composer.places("aide numérique à Redon")
    assert [choice.value for choice in answer.choices] == [
        "lieu:faire:35236", "lieu:avec:35236", "lieu:apprendre:35236", "personne",
    ]  # fmt: skip
    said = " ".join(item for block in answer.blocks for item in block.items)
    assert "nos données ne le disent pas" in said
    assert "Appelez pour savoir" in said
    assert len(answer.places) == MAX_PLACES
    assert "FAIRE (à ma place), AVEC (moi) ou APPRENDRE" in answer.sms


@pytest.mark.parametrize("way", ["faire", "avec", "apprendre"])
def test_a_way_that_is_picked_gives_the_places_of_where_it_was_asked(composer: Composer, way: str) -> None:
    picked = next(
        c for c in composer.places("aide numérique à Redon").choices if c.value.startswith(f"lieu:{way}")
    )
    answer = composer.place_choice(picked.value)
    assert answer == composer.places(picked.label)
    assert composer.label_of(picked.value) == picked.label
    assert answer is not None
    assert "Redon" in answer.sms
    assert [choice.value for choice in answer.choices] == ["personne"]
    around = composer.places("aide internet vers 35290").choices[0]
    assert composer.label_of(around.value) == around.label


def test_a_way_without_a_commune_asks_for_it(composer: Composer) -> None:
    answer = composer.place_choice("lieu:avec")
    assert answer is not None
    assert answer.sms.startswith("Dans quelle commune")
    assert composer.place_choice("lieux") is None


def test_a_place_that_says_it_offers_the_service_comes_before_a_nearer_one(
    knowledge: Knowledge, now: datetime, settings: Settings
) -> None:
    nearer = of_lieu(id="nearer", latitude=48.12, longitude=-2.23, code_insee="35117")
    offering = of_lieu(
        id="offering", nom="Médiathèque", commune="Muel", latitude=48.12, longitude=-2.16, code_insee="35201",
        services=("Prendre en main un ordinateur",), modalites_accompagnement=("Dans un atelier",),
    )  # fmt: skip
    known = with_lieux(knowledge, nearer, offering)
    found = near(known, "apprendre l'ordinateur à Gaël", now)
    assert (found.is_service_known, [place.name for place in found.places]) == (True, ["Médiathèque"])
    unknown = near(known, "aide alimentaire à Gaël", now)
    assert (unknown.is_service_known, len(unknown.places)) == (False, 2)
    answer = Composer(known, settings, lambda: now.date()).places("m'apprendre internet à Gaël")
    assert "ces lieux disent proposer de l'aide numérique, où on vous apprend" in answer.blocks[0].items[0]


def test_every_answer_about_places_holds_in_two_segments(composer: Composer, knowledge: Knowledge) -> None:
    communes = [commune.nom for commune in knowledge.territoire.communes] + ["Rennes", "Redon", "35290"]
    for commune in communes:
        for ask in (
            "{}",
            "aide numérique à {}",
            "manger à {}",
            "apprendre l'ordinateur à {}",
            "ouvrir mes droits à {}",
        ):
            sms = to_gsm(composer.places(ask.format(commune)).sms)
            assert count_septets(sms) <= MAX_SEPTETS, sms
            assert count_segments(sms) <= 2
            assert foreign_characters(sms) == []


def test_a_place_takes_two_lines_of_an_sms_name_and_phone_then_where() -> None:
    place = to_place(LIEU, 4.2, datetime(2026, 11, 23, 10, 0))
    assert sms_lines((place,), MAX_SEPTETS).splitlines() == [
        "France services d'essai 02 99 00 00 00",
        "à 4,2 km, Gaël, ouvert jusqu'à 12 h",
    ]
    other = replace(place, name="Autre", phone=None, distance_km=None, next_opening=None)
    assert sms_lines((other, place), MAX_SEPTETS).splitlines()[:2] == ["Autre", "Gaël"]


@given(name=st.text(min_size=1, max_size=300), room=st.integers(120, MAX_SEPTETS))
def test_a_name_of_any_length_leaves_the_phone_whole(name: str, room: int) -> None:
    place = replace(to_place(LIEU, 4.2, datetime(2026, 11, 23, 10, 0)), name=name)
    lines = sms_lines((place, place, place), room)
    assert "02 99 00 00 00" in lines
    assert count_septets(to_gsm(lines)) <= room


@given(st.text(max_size=60))
def test_any_text_gets_an_answer_about_places(knowledge: Knowledge, text: str) -> None:
    composer = Composer(knowledge, load_settings({}), lambda: date(2026, 11, 23))
    answer = composer.places(text)
    assert answer.type is AnswerType.LIEU
    assert "{" not in answer.sms


@pytest.mark.parametrize(
    "text",
    [
        "Gaël",
        "gael",
        "à Gaël",
        "j'habite Gaël",
        "35290",
        "St Méen le Grand",
        "près de Muel",
        "13001",
        "Marseille",
        "Le Mans",
        "au Mans",
        "Cancale",
        "La Gacilly",
        "aide numérique à Redon",
        "où manger à Rennes",
        "j'ai besoin d'aide pour internet à Pontivy",
        "Faire avec moi, près de Redon (35600)",
    ],
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
    "text",
    [
        "rsa à Gaël",
        "la mairie de Gaël",
        "",
        "1",
        "130011",
        "carte d'identité",
        "aide numérique",
        "simple",
        "Simplé",
        "sens",
        "job",
        "merci",
        "caf",
        "carte d'identité à Redon",
        "faire",
        "vers",
        "un droit à la retraite",
    ],
)
def test_a_question_or_an_unknown_place_is_not_only_a_place(knowledge: Knowledge, text: str) -> None:
    assert not is_only_a_place(knowledge, text)


def test_a_place_in_one_line() -> None:
    place = to_place(LIEU, None, datetime(2026, 11, 23))
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
    knowledge: Knowledge, now: datetime, point: tuple[float, float]
) -> None:
    found = places_around(knowledge, *point, now)
    distances = [place.distance_km for place in found if place.distance_km is not None]
    assert len(distances) == len(found) == MAX_PLACES
    assert distances == sorted(distances)
    assert distances[-1] <= MAX_KILOMETRES


def test_around_saint_meen_the_first_place_is_the_one_of_saint_meen(
    knowledge: Knowledge, now: datetime
) -> None:
    first = places_around(knowledge, *SAINT_MEEN, now)[0]
    assert first.name == "France services Communauté de communes de Saint-Méen-Montauban"
    assert first.distance_km is not None
    assert first.distance_km < 2


@pytest.mark.parametrize(
    "point", [PARIS, (43.2965, 5.3698), (0.0, 0.0), (90.0, 0.0), (-48.19, 2.19), (48.0, 177.8)]
)
def test_around_a_point_farther_than_one_goes_for_a_paper_there_is_no_place(
    knowledge: Knowledge, now: datetime, point: tuple[float, float]
) -> None:
    assert places_around(knowledge, *point, now) == ()


def test_no_place_beyond_the_distance_is_given_even_when_others_are_within(
    knowledge: Knowledge, now: datetime
) -> None:
    near, far = (
        LIEU.copy(update={"id": name, "latitude": latitude, "longitude": 0.0})
        for name, latitude in (("near", 0.539), ("far", 0.541))
    )
    known = replace(knowledge, lieux=(far, near))
    assert [place.distance_km for place in places_around(known, 0.0, 0.0, now)] == [60]


def test_a_place_around_a_point_is_told_with_its_old_hours_as_any_other(
    knowledge: Knowledge, now: datetime
) -> None:
    for place in places_around(knowledge, *RENNES, now):
        assert place.open_now is None
        assert place.opening_hours is None or place.hours_note


def test_a_shared_position_is_answered_with_the_places_around_it(
    composer: Composer, knowledge: Knowledge, now: datetime
) -> None:
    answer = composer.places_around(*SAINT_MEEN)
    assert answer.type is AnswerType.LIEU
    assert answer.places == places_around(knowledge, *SAINT_MEEN, now)
    assert answer.places[0].phone in answer.sms


def test_a_position_far_from_every_place_is_answered_with_the_places_of_the_territory(
    composer: Composer, knowledge: Knowledge, now: datetime
) -> None:
    answer = composer.places_around(*PARIS)
    assert answer.places == own_places(knowledge, now)
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
