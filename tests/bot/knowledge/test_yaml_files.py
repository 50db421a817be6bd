"""A YAML file that cannot be used is refused with its line; one made to harm is refused at once."""

from __future__ import annotations

from pathlib import Path

import pytest
from pydantic import BaseModel
from ruamel.yaml import YAML

from bot.knowledge.yaml_files import (
    MAX_FILE_BYTES,
    KnowledgeError,
    Problem,
    line_of,
    read_model,
    read_yaml,
)


class Small(BaseModel):
    """A model to read into."""

    nombre: int


def problem_of(path: Path) -> Problem:
    with pytest.raises(KnowledgeError) as caught:
        read_model(path, Small)
    (problem,) = caught.value.problems
    return problem


def test_a_file_is_read_into_its_model(tmp_path: Path) -> None:
    path = tmp_path / "a.yml"
    path.write_text("nombre: 3\n", encoding="utf-8")
    assert read_model(path, Small) == Small(nombre=3)


def test_what_is_not_yaml_is_told_with_its_line(tmp_path: Path) -> None:
    path = tmp_path / "a.yml"
    path.write_text('nombre: 3\ntexte: "jamais fermé\n', encoding="utf-8")
    problem = problem_of(path)
    assert problem.line == 3
    assert "ce n'est pas du YAML" in problem.message


def test_a_tab_is_told_with_its_line(tmp_path: Path) -> None:
    path = tmp_path / "a.yml"
    path.write_text("nombre: 3\na:\n\t- b\n", encoding="utf-8")
    assert problem_of(path).line == 3


def test_aliases_that_would_fill_the_memory_are_refused(tmp_path: Path) -> None:
    path = tmp_path / "bombe.yml"
    lines = ["a0: &a0 [lol, lol, lol, lol, lol, lol, lol, lol, lol, lol]"]
    lines += [f"a{n}: &a{n} [{', '.join([f'*a{n - 1}'] * 10)}]" for n in range(1, 12)]
    path.write_text("\n".join(lines), encoding="utf-8")
    assert "ancres" in problem_of(path).message


def test_a_file_beyond_the_bound_is_refused_unread(tmp_path: Path) -> None:
    path = tmp_path / "gros.yml"
    path.write_text("nombre: 3\n" + "#" * MAX_FILE_BYTES, encoding="utf-8")
    assert "trop gros" in problem_of(path).message


def test_a_file_nested_too_deep_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "profond.yml"
    path.write_text("nombre: " + "[" * 600 + "]" * 600, encoding="utf-8")
    try:
        problem_of(path)
    except RecursionError:
        pytest.fail("the reader went as deep as the file")


def test_a_file_in_another_encoding_says_to_use_utf_8(tmp_path: Path) -> None:
    path = tmp_path / "a.yml"
    path.write_bytes("nom: é".encode("latin-1"))
    assert "UTF-8" in problem_of(path).message


def test_a_file_that_is_not_there_is_told(tmp_path: Path) -> None:
    assert "illisible" in problem_of(tmp_path / "absent.yml").message


@pytest.mark.parametrize("content", ["", "- a\n- b\n", "un texte\n", "12\n"])
def test_a_file_without_keys_is_refused(tmp_path: Path, content: str) -> None:
    path = tmp_path / "a.yml"
    path.write_text(content, encoding="utf-8")
    assert "doit contenir des clés" in problem_of(path).message


def test_python_objects_are_never_built(tmp_path: Path) -> None:
    path = tmp_path / "a.yml"
    path.write_text("nombre: !!python/object/apply:os.getpid []\n", encoding="utf-8")
    assert "ce n'est pas du YAML" in problem_of(path).message


def test_numbers_and_dates_come_as_values(tmp_path: Path) -> None:
    path = tmp_path / "a.yml"
    path.write_text("a: 651.69\nb: oui\n", encoding="utf-8")
    assert read_yaml(path) == {"a": 651.69, "b": "oui"}


@pytest.mark.parametrize(
    ("location", "line"),
    [
        (("a",), 1),
        (("a", "b"), 2),
        (("a", "c", 1), 5),
        (("a", "c", 1, "d"), 5),
        (("a", "c", 1, "absent"), 5),
        (("a", "absent", "b"), 1),
        (("absent",), 1),
        (("a", "c", 9), 3),
        ((), 1),
    ],
)
def test_the_line_of_a_key_path_is_that_of_its_nearest_known_parent(
    location: tuple[str | int, ...], line: int
) -> None:
    document = YAML(typ="rt").load("a:\n  b: 1\n  c:\n    - d: 2\n    - d: 3\n")
    assert line_of(document, location) == line


def test_a_problem_of_a_whole_file_has_no_line() -> None:
    assert str(Problem("f.yml", 0, "vide")) == "f.yml: vide"
    assert str(Problem("f.yml", 3, "vide")) == "f.yml:3: vide"
