"""docs/securite.md is held to what it says: every section of ASVS 5.0 has a state, every test that it names exists."""

from __future__ import annotations

import ast
import re
from functools import lru_cache

from tests.running import ROOT

DOCUMENT = (ROOT / "docs" / "securite.md").read_text(encoding="utf-8")
SECTIONS = {
    1: 5,
    2: 4,
    3: 7,
    4: 4,
    5: 4,
    6: 8,
    7: 6,
    8: 4,
    9: 2,
    10: 7,
    11: 7,
    12: 3,
    13: 4,
    14: 3,
    15: 4,
    16: 5,
    17: 3,
}
"""Sections of each chapter of OWASP ASVS 5.0."""
STATES = {"tenu", "sans objet", "ouvert"}
LINE = re.compile(r"^\| (V\d+(?:\.\d+)?) \| ([^|]+) \|([^|]*)\|([^|]*)\|$", re.MULTILINE)
TEST = re.compile(r"`(tests/[\w/]+\.py)(?:::(\w+))?`")


@lru_cache
def names_in(path: str) -> frozenset[str]:
    """Return the tests of a file."""
    tree = ast.parse((ROOT / path).read_text(encoding="utf-8"))
    functions = (ast.FunctionDef, ast.AsyncFunctionDef)
    return frozenset(
        node.name for node in ast.walk(tree) if isinstance(node, functions) and node.name.startswith("test_")
    )


def lines() -> dict[str, tuple[str, str]]:
    """Return the state and the reason of each section."""
    return {name: (state.strip(), reason.strip()) for name, _, state, reason in LINE.findall(DOCUMENT)}


def test_every_chapter_and_section_of_asvs_stands_once_and_in_order() -> None:
    wanted = [
        name
        for chapter, count in SECTIONS.items()
        for name in (f"V{chapter}", *(f"V{chapter}.{rank}" for rank in range(1, count + 1)))
    ]
    assert [found[0] for found in LINE.findall(DOCUMENT)] == wanted


def test_no_section_is_without_a_state_and_a_reason() -> None:
    for name, (state, reason) in lines().items():
        if "." in name:
            assert state in STATES, name
            assert len(reason) > 10, name


def test_what_is_held_names_a_test_or_the_place_that_holds_it() -> None:
    for name, (state, reason) in lines().items():
        if state == "tenu":
            assert TEST.search(reason) or "](" in reason or "« Règles communes »" in reason, name


def test_what_is_open_says_what_is_missing() -> None:
    for name, (state, reason) in lines().items():
        if state == "ouvert":
            assert re.search(r"Manque|à vérifier|n'est pas imposé", reason), name


def test_every_test_that_is_named_exists() -> None:
    named = TEST.findall(DOCUMENT)
    assert len(named) > 60
    for path, function in named:
        assert (ROOT / path).exists(), path
        assert not function or function in names_in(path), f"{path}::{function}"


def test_every_file_of_attacks_is_told() -> None:
    files = {str(path.relative_to(ROOT)) for path in (ROOT / "tests").rglob("test_*attacks.py")}
    files -= {"tests/channels/test_web_attacks.py", "tests/channels/test_api_attacks.py"}
    assert {path for path in files if f"`{path}`" not in DOCUMENT} == set()
