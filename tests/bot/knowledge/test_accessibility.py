"""The accessibility statement claims nothing that no audit shows, and what is wrong is told in French."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from bot.knowledge.accessibility import Declaration, Etat, check_declaration, load_declaration
from bot.knowledge.loader import check_knowledge, load_knowledge
from bot.knowledge.yaml_files import KnowledgeError

AUDIT_DAY = date(2026, 3, 15)
AUDITED = """
etat: partiellement conforme
audit:
  date: 2026-03-15
  taux: 72.5
  auditeur: Un cabinet
etablie_le: 2026-04-01
contact:
  telephone: "02 99 00 00 00"
  courriel: acces@example.org
derogations: []
"""


def load(tmp_path: Path, text: str) -> Declaration:
    path = tmp_path / "accessibilite.yml"
    path.write_text(text, encoding="utf-8")
    return load_declaration(path)


def test_the_file_as_it_is_delivered_claims_nothing(data: Path) -> None:
    declaration = load_declaration(data / "accessibilite.yml")
    assert declaration.etat is Etat.NON
    assert declaration.audit.missing() == ["date", "taux", "auditeur"]
    assert set(declaration.contact.dict().values()) == {None}
    assert declaration.etablie_le is declaration.pages_controlees is declaration.environnement_de_test is None
    assert list(check_declaration(data, declaration, AUDIT_DAY)) == []


def test_blank_is_unknown_and_an_empty_list_is_nothing(tmp_path: Path) -> None:
    declaration = load(tmp_path, AUDITED + "non_conformites:\nmise_a_jour_le: '  '\n")
    assert declaration.non_conformites is None
    assert declaration.mise_a_jour_le is None
    assert declaration.derogations == ()


def test_parts_left_blank_are_empty_parts(tmp_path: Path) -> None:
    assert load(tmp_path, "audit:\ncontact:\n") == Declaration()


@pytest.mark.parametrize("fact", ["date", "taux", "auditeur"])
@pytest.mark.parametrize("state", ["partiellement conforme", "totalement conforme"])
def test_no_conformity_without_the_whole_audit(tmp_path: Path, state: str, fact: str) -> None:
    lines = [line for line in AUDITED.replace("72.5", "100").splitlines() if f"  {fact}:" not in line]
    with pytest.raises(KnowledgeError, match=f"il manque audit > {fact}$"):
        load(tmp_path, "\n".join(lines).replace("partiellement conforme", state))


def test_non_conformity_needs_nothing(tmp_path: Path) -> None:
    assert load(tmp_path, "etat: non conforme\n").etat is Etat.NON


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        ("taux: 72.5", "taux: 49.9", "« partiellement conforme » demande un taux de 50 % au moins"),
        ("partiellement conforme", "totalement conforme", "demande un taux de 100 % au moins"),
        ("partiellement conforme", "conforme", "écrivez « non conforme », « partiellement conforme »"),
        ("partiellement conforme", "", "écrivez « non conforme »"),
        ("taux: 72.5", "taux: 72,5 %", "écrivez un nombre"),
        ("taux: 72.5", "taux: 101", "il faut au plus 100"),
        ("taux: 72.5", "taux: .nan", "il faut au moins 0"),
        ("date: 2026-03-15", "date: 2026", "écrivez la date ainsi"),
        ("date: 2026-03-15", "date: mars 2026", "écrivez la date ainsi"),
        ("etablie_le: 2026-04-01", "etablie_le: 2026-04-01\nmise_a_jour_le: 2026-03-31", "vient après"),
        ('"02 99 00 00 00"', "299000000", "écrivez le numéro ainsi"),
        ('"02 99 00 00 00"', '"02 99"', "écrivez le numéro ainsi"),
        ("acces@example.org", "example.org", "courriel"),
        ("auditeur:", "auditrice:", "clé inconnue"),
        ("etablie_le: 2026-04-01", "schema_pluriannuel: example.org", "adresse web complète"),
        ("derogations: []", "derogations: aucune", "il faut une liste"),
    ],
)
def test_what_is_wrong_is_told_in_french(tmp_path: Path, old: str, new: str, message: str) -> None:
    assert old in AUDITED
    with pytest.raises(KnowledgeError) as caught:
        load(tmp_path, AUDITED.replace(old, new, 1))
    assert message in str(caught.value)


@pytest.mark.parametrize(
    ("day", "state"),
    [
        (date(2026, 3, 14), Etat.NON),
        (AUDIT_DAY, Etat.PARTIEL),
        (date(2029, 3, 14), Etat.PARTIEL),
        (date(2029, 3, 15), Etat.NON),
    ],
)
def test_an_audit_counts_three_years_from_its_day(tmp_path: Path, day: date, state: Etat) -> None:
    declaration = load(tmp_path, AUDITED)
    assert declaration.state_on(day) is state
    told = [problem.message for problem in check_declaration(tmp_path, declaration, day)]
    assert any("moins de 3 ans" in message for message in told) == (state is Etat.NON)


def test_an_audit_of_a_29_february_has_an_end(tmp_path: Path) -> None:
    declaration = load(tmp_path, AUDITED.replace("2026-03-15", "2024-02-29"))
    assert declaration.state_on(date(2027, 2, 27)) is Etat.PARTIEL
    assert declaration.state_on(date(2027, 2, 28)) is Etat.NON


@pytest.mark.parametrize("key", ["etablie_le", "mise_a_jour_le"])
def test_a_day_that_has_not_come_is_told(tmp_path: Path, key: str) -> None:
    declaration = load(tmp_path, f"{key}: 2027-01-02\n")
    assert list(check_declaration(tmp_path, declaration, date(2027, 1, 2))) == []
    (problem,) = check_declaration(tmp_path, declaration, date(2027, 1, 1))
    assert problem.message == f"{key} : ce jour n'est pas encore venu"


@pytest.mark.parametrize("text", ["etat: totalement conforme\n", "a: [", None])
def test_a_broken_or_missing_statement_claims_nothing_and_is_told(
    small_data: Path, today: date, text: str | None
) -> None:
    path = small_data / "accessibilite.yml"
    path.unlink()
    if text is not None:
        path.write_text(text, encoding="utf-8")
    knowledge = load_knowledge(small_data, "saint-meen-montauban")
    assert knowledge.declaration == Declaration()
    assert {problem.path for problem in check_knowledge(knowledge, small_data, today)} == {str(path)}
    assert knowledge.fiches


def test_the_checks_of_the_knowledge_tell_of_an_old_audit(small_data: Path, today: date) -> None:
    (small_data / "accessibilite.yml").write_text(
        AUDITED.replace("2026-03-15", "2020-03-15"), encoding="utf-8"
    )
    knowledge = load_knowledge(small_data, "saint-meen-montauban")
    assert ["moins de 3 ans" in p.message for p in check_knowledge(knowledge, small_data, today)] == [True]
