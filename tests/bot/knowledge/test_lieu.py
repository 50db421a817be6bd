"""Places: what the files say, how hours read in French, and who is found for a commune."""

from __future__ import annotations

from datetime import date, datetime
from pathlib import Path

import pytest

from bot.knowledge.lieu import (
    Lieu,
    are_hours_fresh,
    find_lieux,
    horaires_en_francais,
    is_open_at,
    load_lieux,
    match_commune,
    nearest_lieux,
    normalize_place,
)
from bot.knowledge.yaml_files import KnowledgeError

DATA = Path(__file__).parents[3] / "data" / "lieux"
HEADER = "id,nom,commune,code_postal,adresse,date_maj,telephone,horaires\n"


@pytest.fixture(scope="module")
def lieux() -> tuple[Lieu, ...]:
    return load_lieux(DATA)


def a_lieu(**fields: object) -> Lieu:
    base = {
        "id": "a",
        "nom": "France services",
        "commune": "Gaël",
        "code_postal": "35290",
        "adresse": "1 rue du Bourg",
        "date_maj": date(2026, 3, 31),
    }
    return Lieu.parse_obj(base | fields)


def problems_of(folder: Path, content: str) -> list[str]:
    (folder / "essai.csv").write_text(content, encoding="utf-8")
    with pytest.raises(KnowledgeError) as caught:
        load_lieux(folder)
    return [f"{problem.line}: {problem.message}" for problem in caught.value.problems]


def test_the_list_of_brittany_has_123_places_with_coordinates_phone_and_date(lieux: tuple[Lieu, ...]) -> None:
    assert len(lieux) == 123
    assert all(lieu.latitude and lieu.longitude and lieu.telephone for lieu in lieux)
    assert {lieu.date_maj for lieu in lieux} == {date(2022, 12, 1)}


def test_a_place_reads_as_published_in_the_list(lieux: tuple[Lieu, ...]) -> None:
    lieu = next(lieu for lieu in lieux if lieu.id == "france-services-214")
    assert lieu.nom == "France services Communauté de communes de Saint-Méen-Montauban"
    assert lieu.full_address() == "22 Rue de Gaël, 35290 Saint-Méen-le-Grand"
    assert lieu.telephone == "02 99 09 44 56"
    assert lieu.code_insee == "35297"
    assert not lieu.is_itinerant()


def test_what_the_list_does_not_say_stays_unsaid(lieux: tuple[Lieu, ...]) -> None:
    assert not any(lieu.services or lieu.site_web for lieu in lieux)


def test_the_accidents_of_the_published_list_are_mended(lieux: tuple[Lieu, ...]) -> None:
    texts = [text for lieu in lieux for text in (lieu.presentation_resume, lieu.presentation_detail) if text]
    assert len(texts) > 30
    assert not [text for text in texts if "serendez" in text or "\\x" in text or "  " in text]


def test_every_published_opening_hours_can_be_said_in_french(lieux: tuple[Lieu, ...]) -> None:
    with_hours = [lieu for lieu in lieux if lieu.horaires]
    assert len(with_hours) == 120
    for lieu in with_hours:
        said = horaires_en_francais(lieu.horaires)
        assert said, lieu.horaires
        assert len(said.split(" ; ")) == len((lieu.horaires or "").split(";"))


@pytest.mark.parametrize(
    ("osm", "french"),
    [
        (
            "Mo-Tu 08:00-12:00,13:00-16:00; We 08:00-12:00",
            "lundi et mardi : 8 h à 12 h et 13 h à 16 h ; mercredi : 8 h à 12 h",
        ),
        ("Mo-Fr 09:00-17:00", "du lundi au vendredi : 9 h à 17 h"),
        ("Mo,We 08:30-12:05", "lundi et mercredi : 8 h 30 à 12 h 05"),
        ("Mo,We,Fr-Sa 14:00-18:00", "lundi, mercredi et vendredi et samedi : 14 h à 18 h"),
        ("Sa 09:00-10:00,11:00-12:00,13:00-14:00", "samedi : 9 h à 10 h, 11 h à 12 h et 13 h à 14 h"),
    ],
)
def test_hours_read_as_a_french_sentence(osm: str, french: str) -> None:
    assert horaires_en_francais(osm) == french


@pytest.mark.parametrize(
    "osm",
    [
        "",
        None,
        "24/7",
        "Mo-Fr 09:00-12:00; PH off",
        "Sa[1] 09:00-12:00",
        "Fr-Mo 09:00-12:00",
        "sur rendez-vous",
    ],
)
def test_hours_beyond_weekdays_and_times_are_not_said(osm: str | None) -> None:
    assert horaires_en_francais(osm) == ""


@pytest.mark.parametrize(
    ("today", "fresh"),
    [
        (date(2026, 3, 31), True),
        (date(2027, 3, 31), True),
        (date(2027, 4, 1), False),
        (date(2030, 1, 1), False),
    ],
)
def test_hours_are_fresh_for_twelve_months(today: date, fresh: bool) -> None:
    assert are_hours_fresh(a_lieu(), today) is fresh


def test_a_place_is_said_open_or_closed_only_from_fresh_hours() -> None:
    lieu = a_lieu(horaires="Mo-Fr 09:00-12:00")
    assert is_open_at(lieu, datetime(2026, 11, 23, 10, 0)) is True
    assert is_open_at(lieu, datetime(2026, 11, 23, 12, 30)) is False
    assert is_open_at(lieu, datetime(2027, 11, 22, 10, 0)) is None
    assert is_open_at(a_lieu(), datetime(2026, 11, 23, 10, 0)) is None


@pytest.mark.parametrize(
    "query",
    [
        "Saint-Méen-le-Grand",
        "saint meen le grand",
        "ST MÉEN LE GRAND",
        "st-méen",
        "j'habite à St Méen",
        "35290",
        "où aller près de 35290 ?",
    ],
)
def test_a_commune_is_found_however_it_is_written(lieux: tuple[Lieu, ...], query: str) -> None:
    (first, distance), *others = find_lieux(lieux, query)
    assert (first.id, distance) == ("france-services-214", None)
    assert [(lieu.commune, km) for lieu, km in others] == [("Caulnes", 12.0), ("Mauron", 12.9)]


def test_a_name_typed_without_its_apostrophe_is_found(lieux: tuple[Lieu, ...]) -> None:
    assert find_lieux(lieux, "mesnil roch")[0][0].commune == "Mesnil-Roc'h"


@pytest.mark.parametrize(
    "query", ["Montauban-de-Bretagne", "75001", "Paris", "saint", "dans quel sens", "", "  "]
)
def test_a_commune_without_a_known_place_finds_nothing(lieux: tuple[Lieu, ...], query: str) -> None:
    assert find_lieux(lieux, query) == []


def test_no_more_places_than_asked_are_returned_nearest_first(lieux: tuple[Lieu, ...]) -> None:
    found = find_lieux(lieux, "Rennes", limit=6)
    distances = [km for _lieu, km in found if km is not None]
    assert len(found) == 6
    assert distances == sorted(distances)
    assert all(lieu.commune == "Rennes" for lieu, km in found if km is None)


def test_distances_match_the_known_one_between_rennes_and_saint_malo() -> None:
    rennes = a_lieu(id="r", commune="Rennes", latitude=48.1147, longitude=-1.6794)
    saint_malo = a_lieu(id="m", commune="Saint-Malo", latitude=48.6493, longitude=-2.0257)
    assert find_lieux([rennes, saint_malo], "Rennes")[1][1] == pytest.approx(64.7, abs=0.5)


def test_a_place_without_coordinates_is_found_by_its_name_only() -> None:
    here, elsewhere = a_lieu(), a_lieu(id="b", commune="Muel")
    assert find_lieux([here, elsewhere], "Gaël") == [(here, None)]


def test_one_word_at_the_end_of_a_sentence_is_a_commune_only_after_a_preposition() -> None:
    communes = ["Sens-de-Bretagne", "Combourg"]
    assert match_commune(communes, "j'habite à Sens") == "Sens-de-Bretagne"
    assert match_commune(communes, "dans quel sens ?") is None


def test_the_longest_commune_name_wins() -> None:
    assert match_commune(["Méen", "Saint-Méen"], "aller à saint méen") == "Saint-Méen"


@pytest.mark.parametrize(
    ("typed", "normal"),
    [
        ("Ste-Anne", "sainte anne"),
        ("PLŒUC", "ploeuc"),
        ("L’Hermitage", "l hermitage"),
        ("st. malo", "saint malo"),
    ],
)
def test_accents_hyphens_case_and_abbreviations_do_not_matter(typed: str, normal: str) -> None:
    assert normalize_place(typed) == normal


def test_a_wrong_record_is_reported_with_its_file_line_and_field(tmp_path: Path) -> None:
    content = HEADER + "a,,Gaël,3529,1 rue,2022-12-01,0299,Mo 25h\nb,B,Muel,35290,2 rue,hier,,\n"
    assert problems_of(tmp_path, content) == [
        "2: nom : ce champ est obligatoire",
        "2: code_postal : la valeur n'a pas la forme que demande le schéma LaMedNum",
        "2: telephone : un numéro français s'écrit +33 suivi de neuf chiffres",
        "2: horaires : ce ne sont pas des horaires OpenStreetMap (opening_hours)",
        "3: date_maj : écrivez la date ainsi : 2022-12-01",
    ]


def test_an_unknown_column_is_reported(tmp_path: Path) -> None:
    assert problems_of(tmp_path, "id,nom,couleur\na,b,c\n") == ["1: colonnes inconnues : couleur"]


def test_a_line_with_a_missing_comma_is_reported(tmp_path: Path) -> None:
    assert problems_of(tmp_path, HEADER + "a,b\n") == ["2: la ligne n'a pas le bon nombre de colonnes"]


def test_two_places_with_the_same_id_are_reported(tmp_path: Path) -> None:
    line = "a,A,Gaël,35290,1 rue,2022-12-01,,\n"
    assert problems_of(tmp_path, HEADER + line + line) == ["3: l'id « a » est déjà dans essai.csv, ligne 2"]


def test_a_file_that_is_not_utf8_is_reported(tmp_path: Path) -> None:
    (tmp_path / "essai.csv").write_bytes("id,nom\na,Gaël\n".encode("latin-1"))
    with pytest.raises(KnowledgeError, match="enregistrez le fichier en UTF-8"):
        load_lieux(tmp_path)


def test_the_places_nearest_to_a_point_come_first_with_their_distance(lieux: tuple[Lieu, ...]) -> None:
    found = nearest_lieux(lieux, 48.1147, -1.6794, limit=10)
    distances = [km for _lieu, km in found if km is not None]
    assert len(distances) == 10
    assert distances == sorted(distances)
    everywhere = {lieu.id: km for lieu, km in nearest_lieux(lieux, 48.1147, -1.6794, limit=len(lieux))}
    assert len(everywhere) == len(lieux)
    assert sorted(km for km in everywhere.values() if km is not None)[:10] == distances


def test_no_more_of_the_nearest_places_than_asked_are_returned(lieux: tuple[Lieu, ...]) -> None:
    assert [len(nearest_lieux(lieux, 48.0, -2.0, limit=limit)) for limit in (0, 1, 3)] == [0, 1, 3]
    assert nearest_lieux([], 48.0, -2.0) == []


def test_the_distance_to_a_point_is_the_known_one() -> None:
    saint_malo = a_lieu(commune="Saint-Malo", latitude=48.6493, longitude=-2.0257)
    ((lieu, km),) = nearest_lieux([saint_malo], 48.1147, -1.6794)
    assert lieu == saint_malo
    assert km == pytest.approx(64.7, abs=0.5)


def test_a_place_without_coordinates_is_near_nothing() -> None:
    assert nearest_lieux([a_lieu()], 48.1, -2.2) == []


def test_two_places_at_the_same_distance_keep_the_order_of_the_list() -> None:
    north, south = (a_lieu(id=name, latitude=lat, longitude=0.0) for name, lat in (("n", 0.1), ("s", -0.1)))
    assert [lieu.id for lieu, _km in nearest_lieux([north, south], 0.0, 0.0)] == ["n", "s"]
    assert [lieu.id for lieu, _km in nearest_lieux([south, north], 0.0, 0.0)] == ["s", "n"]


def test_across_the_date_line_places_are_near() -> None:
    east = a_lieu(latitude=0.0, longitude=179.9)
    assert nearest_lieux([east], 0.0, -179.9)[0][1] == pytest.approx(22.2, abs=0.1)
