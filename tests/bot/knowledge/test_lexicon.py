"""Names whose meaning is asked: found when the message asks nothing else, and checked."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
import yaml

from bot.knowledge.checks_orientation import check_lexicon
from bot.knowledge.lexicon import Lexicon, Nom, load_lexicon
from bot.knowledge.yaml_files import Problem

CSS = Nom(nom="CSS", autres=["complémentaire santé solidaire"], sens="La CSS paie vos soins.", fiches=["css"])
SECU = Nom(nom="sécu", autres=["sécurité sociale"], sens="L'Assurance maladie.", fiches=["carte-vitale"])
LEXICON = Lexicon((CSS, SECU))


@pytest.mark.parametrize(
    "text",
    [
        "c koi la css", "CSS ?", "C'est quoi, la CSS ?", "qu'est-ce que c'est que la CSS", "css c quoi", "ça veut dire quoi CSS",
        "kesako la css stp", "la complémentaire santé solidaire c'est quoi", "Bonjour, c'est quoi le sigle CSS s'il vous plaît",
    ],
)  # fmt: skip
def test_a_name_asked_alone_is_found(text: str) -> None:
    assert LEXICON.find(text) is CSS


@pytest.mark.parametrize(
    "text",
    [
        "",
        "?",
        "comment demander la css",
        "c'est quoi la css et combien",
        "la",
        "c'est quoi",
        "j'ai perdu ma css",
    ],
)
def test_a_message_that_asks_more_is_left_to_understanding(text: str) -> None:
    assert LEXICON.find(text) is None


def test_the_article_and_the_accents_do_not_count() -> None:
    assert LEXICON.find("la secu") is LEXICON.find("Sécu") is SECU


def problems_of(tmp_path: Path, content: Any) -> list[str]:
    path = tmp_path / "lexique.yml"
    path.write_text(json.dumps(content, ensure_ascii=False), encoding="utf-8")  # YAML too, without anchors
    problems: list[Problem] = []
    lexicon = load_lexicon(path, problems)
    return [str(item) for item in [*problems, *check_lexicon(path, lexicon, {"css", "rsa"})]]


GOOD = {"nom": "CSS", "autres": ["CMU-C"], "sens": "La CSS paie vos soins.", "fiches": ["css"]}


def test_an_entry_in_order_has_nothing_to_mend(tmp_path: Path) -> None:
    assert problems_of(tmp_path, [GOOD]) == []


@pytest.mark.parametrize(
    ("entries", "message"),
    [
        ({"nom": "CSS"}, "il faut une liste"),
        ([{"nom": "CSS"}], "sens"),
        ([GOOD | {"fiches": []}], "fiches"),
        ([GOOD | {"fiches": ["rmi"]}], "« rmi » n'est pas dans data/taxonomie.yml"),
        ([GOOD, GOOD | {"nom": "css"}], "est déjà une forme de « CSS »"),
        ([GOOD | {"sens": " ".join(["mot"] * 21)}], "phrase de 21 mots"),
        ([GOOD | {"sens": "Un mot. " * 16}], "sens de plus de 30 mots"),
        ([GOOD | {"sens": "Anticonstitutionnellement " * 7}], "sens de plus de 160 caractères"),
        ([GOOD | {"sens": "Elle coûte 8 €."}], "montant écrit à la main"),
        ([GOOD | {"sens": "Prenez ½ journée."}], "caractères que le SMS n'a pas"),
        ([GOOD | {"autres": ["…"]}], "ne contient aucune lettre"),
    ],
    ids=str,
)
def test_each_check_is_able_to_fail(tmp_path: Path, entries: Any, message: str) -> None:
    found = problems_of(tmp_path, entries)
    assert any(message in problem for problem in found), found


def test_a_broken_entry_takes_no_other_away(tmp_path: Path) -> None:
    path = tmp_path / "lexique.yml"
    path.write_text(yaml.safe_dump([{"nom": "X"}, GOOD]), encoding="utf-8")
    assert [name.nom for name in load_lexicon(path, []).names] == ["CSS"]


def test_a_lexicon_that_is_not_there_is_empty_and_told(tmp_path: Path) -> None:
    problems: list[Problem] = []
    assert load_lexicon(tmp_path / "lexique.yml", problems).names == ()
    assert len(problems) == 1
