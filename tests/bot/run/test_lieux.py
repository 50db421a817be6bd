"""The command that imports places: what it prints, what it writes, what it returns."""

from __future__ import annotations

import shutil
from datetime import date
from pathlib import Path

import pytest

from bot.knowledge.communes import FILE
from bot.knowledge.lieu import load_lieux
from bot.knowledge.lieux_reading import UnreadableFile
from bot.run.lieux import import_lieux
from bot.settings import Settings

TODAY = date(2026, 11, 23)
HEADER = (
    "id,pivot,nom,commune,code_postal,code_insee,adresse,latitude,longitude,telephone,horaires,date_maj\n"
)
GOOD = "a,,Mairie de Médréac,Médréac,35360,35171,1 place,48.268,-2.067,0299072001,Mo 09:00-12:00,2026-09-01\n"
BAD = "b,,Mairie de Muel,Muel,35290,35999,1 place,48.12,-2.16,12,lundi,hier\n"


@pytest.fixture
def here(settings: Settings, tmp_path: Path, data: Path) -> Settings:
    """Settings on a data/ folder of its own, with the communes and the places of today."""
    folder = tmp_path / "data"
    (folder / "lieux").mkdir(parents=True)
    shutil.copy(data / FILE, folder)
    for path in (data / "lieux").glob("*.csv"):
        shutil.copy(path, folder / "lieux")
    return settings.copy(update={"data": folder})


def source(tmp_path: Path, content: str) -> list[Path]:
    path = tmp_path / "Liste 2026.csv"
    path.write_text(HEADER + content, encoding="utf-8")
    return [path]


def test_good_places_are_written_and_told(
    here: Settings, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert import_lieux(here, source(tmp_path, GOOD), source=None, verify_only=False, today=TODAY)
    assert capsys.readouterr().out.splitlines() == [
        "1 lieux écrits dans liste-2026.csv, 0 mis à jour ailleurs, 0 déjà connus, 0 refusés."
    ]
    assert len(load_lieux(here.data / "lieux")) == 124


def test_what_is_refused_is_told_with_line_and_field_and_the_rest_written(
    here: Settings, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    files = source(tmp_path, BAD + GOOD)
    assert not import_lieux(here, files, source="mairies", verify_only=False, today=TODAY)
    lines = capsys.readouterr().out.splitlines()
    assert [line.split(" :")[0] for line in lines[:-1]] == [
        "Refusé, ligne 2, telephone",
        "Refusé, ligne 2, code_insee",
        "Refusé, ligne 2, horaires",
        "Refusé, ligne 2, date_maj",
    ]
    assert lines[-1].endswith("1 refusés.")
    assert (here.data / "lieux" / "mairies.csv").exists()


def test_to_verify_writes_nothing(here: Settings, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    before = sorted((here.data / "lieux").iterdir())
    assert import_lieux(here, source(tmp_path, GOOD), source=None, verify_only=True, today=TODAY)
    assert sorted((here.data / "lieux").iterdir()) == before
    assert "Rien n'a été écrit" in capsys.readouterr().out


def test_the_places_in_use_imported_again_are_all_known(
    here: Settings, data: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    again = [data / "lieux" / "france-services-bretagne.csv"]
    assert import_lieux(here, again, source="encore", verify_only=False, today=TODAY)
    assert "0 mis à jour ailleurs, 123 déjà connus, 0 refusés." in capsys.readouterr().out
    assert not (here.data / "lieux" / "encore.csv").exists()


def test_a_source_without_a_name_is_told(here: Settings, tmp_path: Path) -> None:
    with pytest.raises(UnreadableFile, match="--source"):
        import_lieux(here, source(tmp_path, GOOD), source="!!", verify_only=False, today=TODAY)
