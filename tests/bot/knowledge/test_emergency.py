"""Emergency numbers: each has a source, each danger has numbers, and they are said in full."""

from __future__ import annotations

from pathlib import Path

import pytest

from bot.knowledge.emergency import Emergencies, load_emergencies
from bot.knowledge.loader import Knowledge
from bot.knowledge.yaml_files import KnowledgeError

GOOD = """
sources:
  - {id: site, titre: Site, url: "https://example.org/", texte_du: 2026-01-01, lu_le: 2026-02-01}
numeros:
  "15": {nom: Samu, precision: gratuit, source: site}
  "114": {nom: Urgences par SMS, precision: gratuit, source: site, sms: true}
dangers:
  medical: ["15", "114"]
"""


@pytest.fixture
def emergencies(knowledge: Knowledge) -> Emergencies:
    return knowledge.emergencies


def load(tmp_path: Path, text: str) -> Emergencies:
    path = tmp_path / "urgences.yml"
    path.write_text(text, encoding="utf-8")
    return load_emergencies(path)


def test_a_number_is_said_with_who_answers_and_its_price(tmp_path: Path) -> None:
    lines = load(tmp_path, GOOD).lines("medical")
    assert lines == ["15 : Samu (gratuit)", "SMS au 114 : Urgences par SMS (gratuit)"]


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        ("source: site, sms", "source: perdue, sms", "numéro 114 : la source « perdue » manque"),
        ('["15", "114"]', '["15", "999"]', "danger medical : numéros absents de « numeros » : 999"),
        ('["15", "114"]', "[]", "la liste est vide"),
        ("precision: gratuit, source: site}", "source: site}", "obligatoire"),
        ("dangers:", "danger:", "clé inconnue"),
    ],
)
def test_what_is_broken_is_told(tmp_path: Path, old: str, new: str, message: str) -> None:
    assert old in GOOD
    with pytest.raises(KnowledgeError) as caught:
        load(tmp_path, GOOD.replace(old, new, 1))
    assert message in str(caught.value)


@pytest.mark.parametrize(
    ("danger", "first"),
    [
        ("violences", "17"),
        ("agression", "17"),
        ("suicide", "3114"),
        ("enfant", "119"),
        ("rue", "115"),
        ("medical", "15"),
        ("incendie", "18"),
    ],
)
def test_the_most_useful_number_of_each_danger_comes_first(
    emergencies: Emergencies, danger: str, first: str
) -> None:
    assert emergencies.dangers[danger][0] == first
    assert emergencies.lines(danger)[0].startswith(f"{first} : ")


def test_only_the_114_is_written_to(emergencies: Emergencies) -> None:
    assert [number for number, entry in emergencies.numeros.items() if entry.sms] == ["114"]
