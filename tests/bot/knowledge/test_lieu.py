"""Places: what the files say of them, and what is told of a file that is wrong."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from bot.knowledge.lieu import Lieu, load_lieux
from bot.knowledge.yaml_files import KnowledgeError

DATA = Path(__file__).parents[3] / "data" / "lieux"
HEADER = "id,nom,commune,code_postal,adresse,date_maj,telephone,horaires\n"


@pytest.fixture(scope="module")
def lieux() -> tuple[Lieu, ...]:
    return load_lieux(DATA)


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
