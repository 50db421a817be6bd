"""The communes of France: found by name, old name, postal code and Insee code, in a file read once."""

from __future__ import annotations

import csv
import gzip
import io
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.knowledge.communes import (
    COLUMNS,
    FILE,
    Communes,
    check_communes,
    match_commune,
    match_start,
    match_whole,
    normalize_place,
)
from bot.knowledge.territoire import load_territoire

DATA = Path(__file__).parents[3] / "data"
COMMUNES = Communes(DATA / FILE)


@pytest.fixture(scope="module")
def rows() -> list[dict[str, str]]:
    """The lines of the file, read without our own code."""
    text = gzip.decompress((DATA / FILE).read_bytes()).decode("utf-8")
    return list(csv.DictReader(io.StringIO(text)))


def test_the_file_has_every_commune_of_france_once(rows: list[dict[str, str]]) -> None:
    current = [row for row in rows if not row["ancien_nom"]]
    assert len(current) == len({row["code_insee"] for row in current}) == 34_969
    assert len(COMMUNES) == len(rows)
    assert [row["nom"] for row in current if not row["latitude"] and row["code_insee"] < "97"] == [
        "Aurseulles",
        "Celles",
        "Chalinargues",
        "Chavagnac",
        "Conques-en-Rouergue",
        "L'Oie",
        "Les Hauts-Talican",
        "Orée d'Anjou",
        "Porte des Pierres Dorées",
        "Sainte-Anastasie",
        "Sainte-Florence",
        "Sannerville",
    ]


def test_the_keys_of_the_file_are_the_normal_form_of_the_names_in_order(rows: list[dict[str, str]]) -> None:
    assert [row["cle"] for row in rows] == [normalize_place(row["ancien_nom"] or row["nom"]) for row in rows]
    keys = [row["cle"] for row in rows]
    assert keys == sorted(keys)
    assert "," not in "".join(row["nom"] for row in rows)


def test_every_line_is_found_by_its_name_its_postal_codes_and_its_code(rows: list[dict[str, str]]) -> None:
    for row in rows[::97]:
        named = COMMUNES.named(row["ancien_nom"] or row["nom"])
        bears_it_today = any(not commune.ancien_nom for commune in named)
        assert row["code_insee"] in {c.code_insee for c in named} or (row["ancien_nom"] and bears_it_today)
        commune = COMMUNES.with_code(row["code_insee"])
        assert commune is not None
        assert commune.nom == row["nom"]
        for code in filter(None, row["codes_postaux"].split("|")):
            assert row["code_insee"] in {c.code_insee for c in COMMUNES.at_postal_code(code)}


def test_a_commune_has_its_postal_codes_and_its_centre() -> None:
    (commune,) = COMMUNES.named("medreac")
    assert (commune.code_insee, commune.codes_postaux, commune.departement) == ("35171", ("35360",), "35")
    assert commune.centre == pytest.approx((48.26, -2.06), abs=0.02)


def test_every_commune_of_the_territory_is_the_same_in_both_files() -> None:
    territoire = load_territoire(DATA / "territoires" / "saint-meen-montauban")
    for commune in territoire.communes:
        (found,) = [c for c in COMMUNES.named(commune.nom) if c.departement == territoire.departement]
        assert found.code_insee == commune.code_insee
        assert set(found.codes_postaux) == set(commune.codes_postaux)
        assert found.centre is not None


def test_an_old_name_gives_the_commune_of_today() -> None:
    (found,) = COMMUNES.named("Saint-M'Hervon")
    assert (found.nom, found.ancien_nom) == ("Montauban-de-Bretagne", "Saint-M'Hervon")


def test_those_that_bear_a_name_today_come_instead_of_those_that_bore_it() -> None:
    assert {commune.ancien_nom for commune in COMMUNES.named("Saint-Denis")} == {""}
    assert {commune.departement for commune in COMMUNES.named("Saint-Denis")} == {"11", "30", "93", "974"}


@pytest.mark.parametrize("name", ["", " ", "zzz", "35290", "Médréac,", "\n", "a" * 3000, "é", "\x00"])
def test_what_is_no_name_finds_nothing_or_its_commune(name: str) -> None:
    assert {commune.nom for commune in COMMUNES.named(name)} <= {"Médréac"}


@pytest.mark.parametrize("code", ["", "99999", "3529", "352900", ".....", "abcde", "35ù90"])
def test_what_is_no_code_finds_nothing(code: str) -> None:
    assert COMMUNES.at_postal_code(code) == ()
    assert COMMUNES.with_code(code) is None


@given(st.text(max_size=30))
def test_any_text_is_looked_for_without_harm(text: str) -> None:
    for commune in COMMUNES.named(text):
        assert normalize_place(commune.ancien_nom or commune.nom) == normalize_place(text)
    assert isinstance(COMMUNES.at_postal_code(text), tuple)
    COMMUNES.with_code(text)


def test_without_the_file_nothing_is_found_and_the_check_says_so(tmp_path: Path) -> None:
    assert Communes(tmp_path / FILE).named("Rennes") == ()
    assert Communes().at_postal_code("35000") == ()
    (problem,) = check_communes(tmp_path / FILE)
    assert "outils/lieux/ecrire_communes.py" in problem.message


def test_a_file_with_other_columns_is_told(tmp_path: Path) -> None:
    (tmp_path / FILE).write_bytes(gzip.compress(b"nom,code\nRennes,35238\n"))
    (problem,) = check_communes(tmp_path / FILE)
    assert problem.message == f"les colonnes ne sont pas : {', '.join(COLUMNS)}"


def test_the_file_in_use_is_good() -> None:
    assert list(check_communes(DATA / FILE)) == []


def test_one_word_at_the_end_of_a_sentence_is_a_commune_only_after_a_preposition() -> None:
    communes = ["Sens-de-Bretagne", "Combourg"]
    assert match_commune(communes, "j'habite à Sens") == "Sens-de-Bretagne"
    assert match_commune(communes, "dans quel sens ?") is None


def test_the_longest_commune_name_wins() -> None:
    assert match_commune(["Méen", "Saint-Méen"], "aller à saint méen") == "Saint-Méen"


def test_a_name_typed_without_its_apostrophe_is_found() -> None:
    assert match_whole(["Mesnil-Roc'h"], "mesnil rocH") == "Mesnil-Roc'h"
    assert match_whole(["Le Lou"], "lelou") == "Le Lou"


def test_a_start_that_fits_two_communes_is_no_answer() -> None:
    assert match_start(["Saint-Malo", "Saint-Méen"], "saint") is None
    assert match_start(["Saint-Malo", "Saint-Méen"], "st me") is None
    assert match_start(["Saint-Malo", "Saint-Méen-le-Grand"], "st meen") == "Saint-Méen-le-Grand"


@pytest.mark.parametrize(
    ("typed", "normal"),
    [
        ("Ste-Anne", "sainte anne"),
        ("PLŒUC", "ploeuc"),
        ("L’Hermitage", "l hermitage"),
        ("st. malo", "saint malo"),
        ("Laÿ", "lay"),
    ],
)
def test_accents_hyphens_case_and_abbreviations_do_not_matter(typed: str, normal: str) -> None:
    assert normalize_place(typed) == normal
