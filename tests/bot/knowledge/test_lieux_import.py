"""Places of other sources: read in both schemas, refused with line and field, found when already there."""

from __future__ import annotations

import csv
import io
import json
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.knowledge.communes import FILE, Communes
from bot.knowledge.lieu import load_lieux
from bot.knowledge.lieux_import import (
    COLUMNS,
    Import,
    check_record,
    is_same_place,
    prepare_import,
    read_rows,
    write_import,
)
from bot.knowledge.lieux_reading import Record, UnreadableFile, identifier, read_records

COMMUNES = Communes(Path(__file__).parents[3] / "data" / FILE)
TODAY = date(2026, 11, 23)
GOOD = {
    "id": "Mediatheque_1",
    "nom": "Médiathèque de Médréac",
    "commune": "Médréac",
    "code_postal": "35360",
    "code_insee": "35171",
    "adresse": "1 rue de l'École",
    "latitude": "48.2680",
    "longitude": "-2.0670",
    "telephone": "02 99 07 20 20",
    "horaires": "Tu-Sa 10:00-12:00; PH off",
    "date_maj": "2026-09-01",
    "services": "Aide aux démarches administratives;Utilisation sécurisée du numérique",
    "modalites_accompagnement": "Accompagnement individuel;À distance",
}
STRUCTURE = {
    "source": "dora",
    "id": "dora--42",
    "nom": "Épicerie sociale du pays",
    "date_maj": "2026-10-02T10:00:00",
    "commune": "Saint-Méen-le-Grand",
    "code_postal": "35290",
    "code_insee": "35297",
    "adresse": "3 place Patton",
    "latitude": 48.1893,
    "longitude": -2.1936,
    "telephone": "+33299096000",
    "horaires_accueil": "Mo-Fr 08:30-12:30; PH off",
    "accessibilite_lieu": "https://acceslibre.beta.gouv.fr/app/essai/",
    "reseaux_porteurs": ["ccas-cias"],
}
SERVICE = {
    "source": "dora",
    "id": "dora--42-1",
    "structure_id": "dora--42",
    "nom": "Colis alimentaires",
    "date_maj": "2026-10-02",
    "type": "aide-materielle",
    "thematiques": ["equipement-et-alimentation--alimentation"],
    "modes_accueil": ["en-presentiel"],
}


def lamednum(tmp_path: Path, *changes: dict[str, str]) -> Path:
    rows = [GOOD | change for change in changes] or [GOOD]
    stream = io.StringIO()
    writer = csv.DictWriter(stream, ["pivot", *GOOD, "modalites_acces"])
    writer.writeheader()
    writer.writerows(rows)
    path = tmp_path / "source.csv"
    path.write_text(stream.getvalue(), encoding="utf-8")
    return path


def inclusion(tmp_path: Path, content: Any, name: str = "source.json") -> Path:
    path = tmp_path / name
    path.write_text(json.dumps(content, ensure_ascii=False), encoding="utf-8")
    return path


def prepared(tmp_path: Path, *files: Path) -> Import:
    folder = tmp_path / "lieux"
    folder.mkdir(exist_ok=True)
    return prepare_import(read_records(files), folder, "essai", COMMUNES, TODAY)


def told(outcome: Import) -> list[str]:
    return [str(refusal) for refusal in outcome.refused]


def test_a_good_record_of_lamednum_is_written_as_data_lieux_has_it(tmp_path: Path) -> None:
    outcome = prepared(tmp_path, lamednum(tmp_path))
    assert (told(outcome), outcome.added) == ([], 1)
    write_import(outcome)
    (lieu,) = load_lieux(tmp_path / "lieux")
    assert (lieu.id, lieu.telephone, lieu.source) == ("mediatheque-1", "02 99 07 20 20", "essai")
    assert lieu.services == ("Aide aux démarches administratives", "Utilisation sécurisée du numérique")
    assert lieu.modalites_accompagnement == ("Accompagnement individuel", "À distance")
    assert [path.name for path in (tmp_path / "lieux").iterdir()] == ["essai.csv"]


@pytest.mark.parametrize(
    ("change", "refusal"),
    [
        ({"nom": ""}, "nom : ce champ est obligatoire"),
        ({"latitude": "2.35", "longitude": "48.85"}, "latitude : 2.35, 48.85 n'est pas en France"),
        ({"latitude": "43.30", "longitude": "5.37"}, "latitude : le point est à"),
        ({"latitude": "nord"}, "latitude : écrivez un nombre"),
        ({"latitude": ""}, "latitude : il manque la latitude ou la longitude"),
        ({"latitude": "nan"}, "latitude : nan, -2.067 n'est pas en France"),
        ({"code_insee": "35999"}, "code_insee : aucune commune de France n'a le code 35999"),
        ({"code_insee": "abc"}, "code_insee : "),
        ({"telephone": "02 99 07"}, "telephone : « 02 99 07 » n'est pas un numéro"),
        ({"telephone": "+44 20 7946 0958"}, "telephone : « +44 20 7946 0958 » n'est pas un numéro"),
        ({"telephone": "appelez"}, "telephone : « appelez » n'est pas un numéro"),
        ({"horaires": "du lundi au vendredi"}, "horaires : ce ne sont pas des horaires OpenStreetMap"),
        ({"date_maj": "01/09/2026"}, "date_maj : écrivez la date ainsi"),
        ({"date_maj": ""}, "date_maj : "),
        ({"date_maj": "2027-01-01"}, "date_maj : 2027-01-01 est avant 2000 ou après aujourd'hui"),
        ({"date_maj": "1999-01-01"}, "date_maj : 1999-01-01 est avant 2000"),
        ({"code_postal": "3536"}, "code_postal : la valeur n'a pas la forme"),
        ({"id": "!!"}, "id : ce champ est obligatoire"),
        ({"modalites_acces": "Ce lieu n'accueille pas de public"}, "modalites_acces : ce lieu n'accueille"),
    ],
)
def test_a_bad_record_is_refused_with_its_line_and_field_and_the_others_taken(
    tmp_path: Path, change: dict[str, str], refusal: str
) -> None:
    other = {"id": "autre", "nom": "Mairie", "latitude": "48.27"}
    outcome = prepared(tmp_path, lamednum(tmp_path, change, other))
    assert len(outcome.refused) == 1
    assert told(outcome)[0].startswith(f"ligne 2, {refusal}")
    assert outcome.added == 1


@pytest.mark.parametrize("as_one", [True, False])
def test_structures_and_services_of_data_inclusion_become_places(tmp_path: Path, as_one: bool) -> None:
    elsewhere = SERVICE | {"id": "2", "code_insee": "35238", "thematiques": ["sante--addictions"]}
    from_afar = SERVICE | {"id": "3", "modes_accueil": ["a-distance"], "thematiques": ["sante--addictions"]}
    services = [SERVICE, elsewhere, from_afar]
    files = (
        [inclusion(tmp_path, {"structures": [STRUCTURE], "services": services})]
        if as_one
        else [inclusion(tmp_path, [STRUCTURE]), inclusion(tmp_path, services, "services.json")]
    )
    outcome = prepared(tmp_path, *files)
    assert told(outcome) == []
    write_import(outcome)
    (lieu,) = load_lieux(tmp_path / "lieux")
    assert (lieu.id, lieu.date_maj, lieu.source) == ("dora--42", date(2026, 10, 2), "dora")
    assert lieu.services == ("equipement-et-alimentation--alimentation",)
    assert lieu.modalites_accompagnement == ("aide-materielle",)
    assert lieu.fiche_acces_libre == "https://acceslibre.beta.gouv.fr/app/essai/"
    assert lieu.dispositif_programmes_nationaux == ()
    assert lieu.horaires == "Mo-Fr 08:30-12:30; PH off"


def test_data_inclusion_is_read_one_object_a_line_and_as_csv(tmp_path: Path) -> None:
    lines = tmp_path / "structures.ndjson"
    lines.write_text("\n".join(json.dumps(item) for item in (STRUCTURE, SERVICE)), encoding="utf-8")
    (from_lines,) = read_records([lines])
    table = tmp_path / "structures.csv"
    with table.open("w", encoding="utf-8", newline="") as stream:
        writer = csv.DictWriter(stream, STRUCTURE)
        writer.writeheader()
        writer.writerow(STRUCTURE | {"reseaux_porteurs": '["france-service", "ccas-cias"]'})
    services = tmp_path / "services.csv"
    with services.open("w", encoding="utf-8", newline="") as stream:
        writer = csv.DictWriter(stream, SERVICE)
        writer.writeheader()
        subjects = "{equipement-et-alimentation--alimentation}"
        writer.writerow(SERVICE | {"thematiques": subjects, "modes_accueil": ""})
    (from_csv,) = read_records([table, services])
    assert from_csv.values["dispositif_programmes_nationaux"] == "France Services"
    assert from_csv.values["services"] == from_lines.values["services"]
    assert from_csv.line == 2


def test_a_structure_without_an_address_is_refused(tmp_path: Path) -> None:
    bare = {name: STRUCTURE[name] for name in ("source", "id", "nom", "date_maj")}
    outcome = prepared(tmp_path, inclusion(tmp_path, [bare]))
    assert {refusal.field for refusal in outcome.refused} == {"commune", "code_postal", "adresse"}
    assert outcome.files == {}


@pytest.mark.parametrize(
    "content",
    ["", "[]", "{", "couleur,forme\nrouge,ronde\n", "[1, 2]", '[{"structure_id": "a", "id": "b"}]', '"'],
)
def test_a_file_in_none_of_the_schemas_is_told(tmp_path: Path, content: str) -> None:
    path = tmp_path / "source.csv"
    path.write_text(content, encoding="utf-8")
    with pytest.raises(UnreadableFile):
        read_records([path])


def test_a_file_that_is_not_there_or_not_utf8_is_told(tmp_path: Path) -> None:
    with pytest.raises(UnreadableFile, match="illisible"):
        read_records([tmp_path / "absent.csv"])
    (tmp_path / "latin.csv").write_bytes("id,nom\n1,Gaël\n".encode("latin-1"))
    with pytest.raises(UnreadableFile, match="UTF-8"):
        read_records([tmp_path / "latin.csv"])


def already_there(tmp_path: Path, **change: str) -> Path:
    folder = tmp_path / "lieux"
    folder.mkdir()
    record = Record(2, GOOD | {"id": "mediatheque-1"} | change)
    row, refusals = check_record(record, "avant", COMMUNES, TODAY)
    assert refusals == []
    write_import(Import(files={folder / "avant.csv": [row]}))
    return folder / "avant.csv"


def test_the_same_place_under_another_id_is_not_written_twice(tmp_path: Path) -> None:
    before = already_there(tmp_path, id="place-1", nom="Mediathèque de Médreac", latitude="48.2683")
    content = before.read_bytes()
    outcome = prepared(tmp_path, lamednum(tmp_path))
    assert (outcome.added, outcome.files) == (0, {})
    assert outcome.known == ["mediatheque-1 : déjà dans avant.csv (place-1)"]
    write_import(outcome)
    assert before.read_bytes() == content


def test_newer_facts_take_the_place_of_the_old_ones_under_the_old_id(tmp_path: Path) -> None:
    before = already_there(tmp_path, id="place-1", date_maj="2022-12-01", telephone="02 99 00 12 12")
    outcome = prepared(tmp_path, lamednum(tmp_path))
    assert outcome.updated == ["place-1 : mis à jour dans avant.csv"]
    write_import(outcome)
    (row,) = read_rows(before)
    assert (row["id"], row["date_maj"], row["telephone"]) == ("place-1", "2026-09-01", "+33299072020")
    assert [path.name for path in before.parent.iterdir()] == ["avant.csv"]


def test_the_same_id_is_the_same_place_wherever_it_stands(tmp_path: Path) -> None:
    already_there(tmp_path, latitude="48.25", nom="Autre nom")
    outcome = prepared(tmp_path, lamednum(tmp_path))
    assert outcome.known == ["mediatheque-1 : déjà dans avant.csv (mediatheque-1)"]


@pytest.mark.parametrize(
    ("change", "same"),
    [
        ({"latitude": "48.26840"}, True),  # 44 m
        ({"latitude": "48.26850"}, False),  # 56 m
        ({"longitude": "-2.06645"}, True),  # 41 m
        ({"nom": "MEDIATHEQUE DE MEDREAC"}, True),
        ({"nom": "Médiathèque municipale de Médréac"}, True),
        ({"nom": "Mairie de Médréac"}, False),
    ],
)
def test_two_lines_are_one_place_within_50_metres_under_nearly_the_same_name(
    change: dict[str, str], same: bool
) -> None:
    assert is_same_place(GOOD, GOOD | change) is same


def test_a_place_given_twice_in_a_file_is_written_once(tmp_path: Path) -> None:
    outcome = prepared(tmp_path, lamednum(tmp_path, {}, {"id": "b"}))
    assert (outcome.added, outcome.known) == (1, ["b : deux fois dans ce fichier (mediatheque-1)"])


def test_an_import_done_again_writes_the_same(tmp_path: Path) -> None:
    source = lamednum(tmp_path, {}, {"id": "b", "nom": "Mairie", "latitude": "48.27"})
    write_import(prepared(tmp_path, source))
    first = (tmp_path / "lieux" / "essai.csv").read_bytes()
    write_import(prepared(tmp_path, source))
    assert (tmp_path / "lieux" / "essai.csv").read_bytes() == first


def test_a_file_of_which_nothing_is_good_leaves_the_last_one_as_it_was(tmp_path: Path) -> None:
    write_import(prepared(tmp_path, lamednum(tmp_path)))
    outcome = prepared(tmp_path, lamednum(tmp_path, {"nom": ""}))
    write_import(outcome)
    assert len(load_lieux(tmp_path / "lieux")) == 1


def test_a_district_of_paris_is_a_commune_for_an_import() -> None:
    where = {"commune": "Paris", "code_postal": "75012", "latitude": "48.84", "longitude": "2.39"}
    record = Record(2, GOOD | {"id": "p"} | where | {"code_insee": "75112"})
    assert check_record(record, "essai", COMMUNES, TODAY)[1] == []


@given(st.dictionaries(st.sampled_from(COLUMNS), st.text(max_size=30)))
def test_any_values_are_taken_or_refused_never_worse(values: dict[str, str]) -> None:
    row, refusals = check_record(Record(1, values), "essai", COMMUNES, TODAY)
    assert set(row) == set(COLUMNS)
    assert all(refusal.reason for refusal in refusals)


@given(st.text(max_size=40))
def test_an_id_is_made_of_the_letters_that_data_lieux_takes(text: str) -> None:
    assert set(identifier(text)) <= set("abcdefghijklmnopqrstuvwxyz0123456789-")
