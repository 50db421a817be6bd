"""Which commune a text names, and which places are near it, against a computation of its own."""

from __future__ import annotations

import csv
import gzip
import io
import math
from datetime import date
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.knowledge.communes import FILE, Communes
from bot.knowledge.lieu import Lieu, load_lieux
from bot.knowledge.territoire import load_territoire
from bot.knowledge.voisinage import Endroit, lieux_near, locate, nearest_lieux

DATA = Path(__file__).parents[3] / "data"
COMMUNES = Communes(DATA / FILE)
LIEUX = load_lieux(DATA / "lieux")
TERRITOIRE = load_territoire(DATA / "territoires" / "saint-meen-montauban")
# All around the département, on its coast and its borders; half of them have no place of their own.
ILLE_ET_VILAINE = (
    "Saint-Malo", "Cancale", "Pleine-Fougères", "Combourg", "Tinténiac", "Bécherel", "Médréac",
    "Montauban-de-Bretagne", "Paimpont", "Plélan-le-Grand", "Redon", "Pipriac", "Bain-de-Bretagne", "Rennes",
    "Châteaugiron", "Vitré", "La Guerche-de-Bretagne", "Fougères", "Saint-Aubin-du-Cormier", "Guipry-Messac",
    "Saint-Ganton", "Landavran",
)  # fmt: skip


def find(query: str) -> Endroit | None:
    return locate(query, COMMUNES, TERRITOIRE, LIEUX)


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


def by_law_of_cosines(one: tuple[float, float], other: tuple[float, float]) -> float:
    """Return kilometres between two points, by another formula than the one in use."""
    (south, west), (north, east) = ((math.radians(x) for x in point) for point in (one, other))
    cosine = math.sin(south) * math.sin(north) + math.cos(south) * math.cos(north) * math.cos(east - west)
    return 6371.0 * math.acos(max(-1.0, min(1.0, cosine)))


def expected_near(name: str) -> list[tuple[str, float]]:
    """Return (id, kilometres) of the places, those of the commune first, from the files read as plain CSV."""
    text = gzip.decompress((DATA / FILE).read_bytes()).decode("utf-8")
    (commune,) = [
        row
        for row in csv.DictReader(io.StringIO(text))
        if row["nom"] == name and not row["ancien_nom"] and row["code_insee"].startswith("35")
    ]
    centre = float(commune["latitude"]), float(commune["longitude"])
    found = []
    for path in (DATA / "lieux").glob("*.csv"):
        with path.open(encoding="utf-8", newline="") as stream:
            for row in csv.DictReader(stream):
                far = by_law_of_cosines(centre, (float(row["latitude"]), float(row["longitude"])))
                found.append((row["code_insee"] != commune["code_insee"], far, row["id"]))
    return [(identifier, far) for _elsewhere, far, identifier in sorted(found)]


@pytest.mark.parametrize("name", ILLE_ET_VILAINE)
def test_the_nearest_places_are_those_that_another_computation_finds(name: str) -> None:
    endroit = find(name)
    assert endroit is not None
    found = lieux_near(LIEUX, endroit)[:3]
    expected = expected_near(name)[:3]
    assert [lieu.id for lieu, _km in found] == [identifier for identifier, _km in expected]
    for (lieu, km), (_identifier, far) in zip(found, expected, strict=True):
        assert (km is None) == (lieu.commune == name)
        assert km is None or km == pytest.approx(far, abs=0.06)


def test_half_of_these_communes_have_no_place_of_their_own() -> None:
    with_place = {lieu.commune for lieu in LIEUX}
    assert 8 <= len([name for name in ILLE_ET_VILAINE if name not in with_place]) <= 14


@pytest.mark.parametrize("commune", TERRITOIRE.communes, ids=lambda commune: commune.nom)
def test_every_commune_of_the_territory_is_found_by_name_in_a_sentence_and_by_code(commune: object) -> None:
    name, code = commune.nom, commune.codes_postaux[0]  # type: ignore[attr-defined]
    for query in (name, name.upper(), f"où aller à {name} ?", f"{code} {name}", f"j'habite {name}"):
        endroit = find(query)
        assert endroit is not None, query
        assert [c.code_insee for c in endroit.communes] == [commune.code_insee]  # type: ignore[attr-defined]
        assert endroit.centre is not None
    assert lieux_near(LIEUX, endroit, TERRITOIRE.own_lieux(LIEUX))[0][0].id == "france-services-214"


@pytest.mark.parametrize(
    ("query", "name"),
    [
        ("st meen", "Saint-Méen-le-Grand"),  # not Saint-Méen, Finistère
        ("montauban", "Montauban-de-Bretagne"),  # not Montauban, Tarn-et-Garonne
        ("le lou du lac", "La Chapelle du Lou du Lac"),
        ("Saint-M'Hervon", "Montauban-de-Bretagne"),
        ("vers la guerche", "La Guerche-de-Bretagne"),
        ("antrain", "Val-Couesnon"),  # an old name in the département
        ("saint brieuc", "Saint-Brieuc (22)"),  # not Saint-Brieuc-des-Iffs, of the département
        ("carhaix", "Carhaix-Plouguer (29)"),
        ("Le Mans", "Le Mans (72)"),
        ("je suis au Mans", "Le Mans (72)"),
        ("aux Sables d'Olonne", "Les Sables-d'Olonne (85)"),
        ("La Rochelle", "La Rochelle (17)"),  # twenty times larger than its namesake
        ("35360 medreac", "Médréac"),
        ("Redon", "Redon"),
        ("cherche une aide à Paris", "Paris (75)"),
        ("75012", "Paris (75)"),
    ],
)
def test_a_commune_is_found_however_it_is_written(query: str, name: str) -> None:
    endroit = find(query)
    assert endroit is not None
    assert (endroit.nom, endroit.is_ambiguous) == (name, False)


def test_a_postal_code_of_several_communes_is_all_of_them_from_their_middle() -> None:
    endroit = find("où aller près de 35290 ?")
    assert endroit is not None
    assert {commune.nom for commune in endroit.communes} == {
        "Gaël", "Le Crouais", "Muel", "Quédillac", "Saint-Méen-le-Grand", "Saint-Onen-la-Chapelle",
    }  # fmt: skip
    assert endroit.centre == pytest.approx((48.18, -2.17), abs=0.02)
    assert lieux_near(LIEUX, endroit)[0][0].commune == "Saint-Méen-le-Grand"


def test_a_name_borne_elsewhere_by_several_is_said_so() -> None:
    endroit = find("Saint-Denis")
    assert endroit is not None
    assert endroit.is_ambiguous
    assert {commune.departement for commune in endroit.communes} == {"11", "30", "93", "974"}


@pytest.mark.parametrize(
    "query",
    [
        "", "  ", "je ne sais pas", "dans quel sens ?", "99999", "Bonnes", "y a moyen de le faire", "simple",
        "ma situation a changé", "à son nom", "mon enfant est à l'hôpital", "on m'a viré", "?", "à la", "saint",
        "où suivre un cours", "caf",
    ],
)  # fmt: skip
def test_words_that_are_also_names_of_communes_name_none(query: str) -> None:
    assert find(query) is None


@given(st.text(max_size=60))
def test_any_text_is_read_without_harm(text: str) -> None:
    endroit = find(text)
    if endroit and not endroit.is_ambiguous:
        assert lieux_near(LIEUX, endroit)


@given(
    st.lists(st.sampled_from(["à", "st", "le", "35290", "de", "Médréac", "du", "au", "près", "99999", "rue"]))
)
def test_words_of_places_in_any_order_are_read_without_harm(words: list[str]) -> None:
    find(" ".join(words))


def test_a_place_without_coordinates_is_found_in_its_own_commune_only() -> None:
    here, elsewhere = a_lieu(), a_lieu(id="b", commune="Muel")
    endroit = find("Gaël")
    assert endroit is not None
    assert lieux_near([here, elsewhere], endroit) == [(here, None)]


def test_the_places_of_the_territory_come_first_with_their_distance() -> None:
    endroit = find("Médréac")
    assert endroit is not None
    own = TERRITOIRE.own_lieux(LIEUX)
    found = lieux_near(LIEUX, endroit, own)
    assert found[0][0].id == "france-services-214"
    assert found[0][1] == pytest.approx(12.9, abs=0.3)
    assert len({lieu.id for lieu, _km in found}) == len(found) == len(LIEUX)


def test_without_the_file_of_the_communes_those_of_the_territory_and_of_places_are_still_found() -> None:
    for query, name in (("Gaël", "Gaël"), ("Redon", None), ("Ploërmel", "Ploërmel")):
        endroit = locate(query, Communes(), TERRITOIRE, LIEUX)
        assert (endroit.communes[0].nom if endroit else None) == name


def test_the_places_nearest_to_a_point_come_first_with_their_distance() -> None:
    found = nearest_lieux(LIEUX, 48.1147, -1.6794, limit=10)
    distances = [km for _lieu, km in found if km is not None]
    assert len(distances) == 10
    assert distances == sorted(distances)
    everywhere = {lieu.id: km for lieu, km in nearest_lieux(LIEUX, 48.1147, -1.6794, limit=len(LIEUX))}
    assert len(everywhere) == len(LIEUX)
    assert sorted(km for km in everywhere.values() if km is not None)[:10] == distances


def test_no_more_of_the_nearest_places_than_asked_are_returned() -> None:
    assert [len(nearest_lieux(LIEUX, 48.0, -2.0, limit=limit)) for limit in (0, 1, 3)] == [0, 1, 3]
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
