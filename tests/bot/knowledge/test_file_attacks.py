"""Files made to fill the memory: those that an installer was given by somebody else."""

from __future__ import annotations

import gzip
import json
from pathlib import Path

import pytest

from bot.knowledge import communes, lieux_reading
from bot.knowledge.lieux_reading import UnreadableFile, read_records
from bot.knowledge.yaml_files import MAX_DEPTH, MAX_FILE_BYTES, KnowledgeError, read_yaml
from channels.sms.gateways.generic import read_description


def test_zip_bomb_in_the_file_of_the_communes(tmp_path: Path) -> None:
    bomb = tmp_path / "communes.csv.gz"
    bomb.write_bytes(gzip.compress(b"a" * (communes.MAX_BYTES + 1), 9))
    assert bomb.stat().st_size < communes.MAX_BYTES / 500
    with pytest.raises(KnowledgeError, match="trop gros"):
        communes._read(bomb)


@pytest.mark.parametrize(
    "content", [gzip.compress(b"a" * 1000)[:-9], b"PK\x03\x04", b"\x1f\x8b"], ids=["cut", "zip", "two bytes"]
)
def test_gzip_that_is_cut_or_no_gzip_is_told(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "communes.csv.gz"
    path.write_bytes(content)
    with pytest.raises(KnowledgeError, match="illisible"):
        communes._read(path)


@pytest.mark.parametrize(
    "bomb",
    [
        "a: &a [x, x, x]\nb: &b [*a, *a, *a]\nc: &c [*b, *b, *b]\nd: [*c, *c, *c]\n",
        "a: &a\n  <<: *a\n",
        "[" * (MAX_DEPTH + 5),
        "{a: " * (MAX_DEPTH + 5),
        "- " * (MAX_DEPTH + 5) + "x",
        "a: !!python/object/apply:os.system [exit]\n",
        "a: !!python/name:os.system\n",
        "x" * (MAX_FILE_BYTES + 1),
    ],
    ids=["aliases", "an alias of itself", "lists", "objects", "dashes", "a call", "a name", "size"],
)
def test_yaml_bomb_in_a_fiche_and_in_the_description_of_a_gateway(tmp_path: Path, bomb: str) -> None:
    path = tmp_path / "bombe.yml"
    path.write_text(bomb, encoding="utf-8")
    with pytest.raises(KnowledgeError):
        read_yaml(path)
    with pytest.raises(Exception, match="bombe.yml"):
        read_description(path)


@pytest.mark.parametrize(
    "bomb", ["[" * 200_000, '{"a":' * 200_000, "[" + "9" * 5000 + "]", "id,nom\n" + "a" * 200_000]
)
def test_json_and_csv_bomb_in_a_file_of_places(tmp_path: Path, bomb: str) -> None:
    path = tmp_path / "lieux.json"
    path.write_text(bomb, encoding="utf-8")
    with pytest.raises(UnreadableFile):
        read_records([path])


def test_a_file_of_places_beyond_the_bound_is_refused_unread(tmp_path: Path) -> None:
    path = tmp_path / "lieux.csv"
    with path.open("wb") as file:
        file.truncate(lieux_reading.MAX_BYTES + 1)  # takes no room on the disk
    with pytest.raises(UnreadableFile, match="trop gros"):
        read_records([path])


def test_a_path_in_the_fields_of_an_imported_place_is_a_word(tmp_path: Path) -> None:
    path = tmp_path / "lieux.json"
    place = {"id": "../../../etc/passwd", "nom": "=cmd|' /C calc'!A0", "commune": "Rennes"}
    path.write_text(json.dumps([place]), encoding="utf-8")
    (record,) = read_records([path])
    assert "/" not in record.values["id"]
