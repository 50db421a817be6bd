"""Amounts against openfisca-france: what is equal, what changed, what is old there, what is written."""

from __future__ import annotations

import importlib.util
import re
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from bot.knowledge import openfisca
from bot.knowledge.baremes import Bareme
from bot.knowledge.openfisca import (
    Difference,
    Etat,
    OpenfiscaError,
    Reading,
    compare_with_openfisca,
    dump_document,
    ensure_environment,
    fill_from_openfisca,
    load_document,
    next_review,
    parse_readings,
    report_lines,
    scale_value,
    update_baremes,
)

ROOT = Path(__file__).parents[3]
TODAY = date(2026, 11, 23)
BASE = Reading(651.69, date(2026, 4, 1), "Décret 2026", "https://example.org/2026", date(2026, 4, 1))
NEXT = Reading(660.0, date(2027, 4, 1), "Décret 2027", "https://example.org/2027", date(2027, 4, 1))
FILE = """\
# Le RSA.
rsa-personne-seule:
  valeur: 651.69  # net
  unite: €/mois
  nom: "RSA d'une personne seule"
  depuis: 2026-04-01
  reference: Décret 2026
  lien: https://example.org/2026
  verifie_le: 2026-04-01
  a_revoir_le: 2027-04-01
  openfisca: rsa/base
  ou_verifier: auprès de la CAF

# Un montant calculé.
rsa-couple:
  valeur: 977.54
  unite: €/mois
  nom: RSA d'un couple
  depuis: 2026-04-01
  reference: Décret 2026
  lien: https://example.org/2026
  verifie_le: 2026-04-01
  a_revoir_le: 2027-04-01
  openfisca: rsa/base
  facteur: 1.5
  calcul: 1,5 fois la base (article R262-1).
  ou_verifier: auprès de la CAF

timbre:
  valeur: 25
  unite: €
  nom: Timbre
  depuis: 2009-01-01
  reference: Article 1628 bis
  lien: https://example.org/timbre
  verifie_le: 2026-03-27
  a_revoir_le: 2027-01-01
  ou_verifier: auprès d'une mairie
"""


def a_bareme(**fields: Any) -> Bareme:
    return Bareme.parse_obj(load_document(FILE)["rsa-personne-seule"] | fields)


def compare(bareme: Bareme, reading: Reading, today: date = TODAY) -> Difference:
    (difference,) = compare_with_openfisca({"cle": bareme}, {"rsa/base": reading}, today)
    return difference


@pytest.fixture
def project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A project whose openfisca already knows April 2027."""
    (tmp_path / "data").mkdir()
    (tmp_path / "data" / "baremes.yml").write_text(FILE, encoding="utf-8")
    monkeypatch.setattr(openfisca, "read_parameters", lambda *_arguments: {"rsa/base": NEXT})
    return tmp_path


def test_an_amount_equal_to_openfisca_has_nothing_to_write() -> None:
    assert compare(a_bareme(), BASE) == Difference("cle", Etat.EGAL)


def test_an_amount_without_openfisca_path_is_not_compared() -> None:
    assert compare_with_openfisca({"timbre": a_bareme(openfisca=None)}, {}, TODAY) == []


def test_a_newer_amount_brings_its_date_reference_and_next_review() -> None:
    difference = compare(a_bareme(), NEXT, date(2027, 4, 2))
    assert difference.etat is Etat.CHANGE
    assert difference.note == "651,69 -> 660 €/mois depuis le 1er avril 2027"
    assert difference.changes == {
        "valeur": 660,
        "depuis": date(2027, 4, 1),
        "reference": "Décret 2027",
        "lien": "https://example.org/2027",
        "verifie_le": date(2027, 4, 1),
        "a_revoir_le": date(2028, 4, 1),
    }


def test_a_newer_amount_without_reference_keeps_ours() -> None:
    changes = compare(a_bareme(), Reading(660.0, date(2027, 4, 1)), date(2027, 4, 2)).changes
    assert set(changes) == {"valeur", "depuis", "verifie_le", "a_revoir_le"}


def test_a_computed_amount_one_cent_away_is_equal_until_its_base_moves() -> None:
    couple = a_bareme(valeur=977.53, facteur=1.5, calcul="1,5 fois la base (article R262-1).")
    assert compare(couple, BASE).etat is Etat.EGAL
    moved = compare(couple, NEXT, date(2027, 4, 2))
    assert moved.changes["valeur"] == 990
    assert "vérifiez le centime" in moved.note


def test_an_amount_one_cent_away_that_is_not_computed_is_a_change() -> None:
    assert compare(a_bareme(valeur=651.68), BASE).changes == {"valeur": 651.69}


def test_a_rate_is_compared_in_percent() -> None:
    assert (
        compare(a_bareme(valeur=40.4, unite="%", facteur=100), Reading(0.404, date(2026, 4, 1))).etat
        is Etat.EGAL
    )


def test_an_amount_past_its_review_that_openfisca_did_not_check_is_old_there() -> None:
    difference = compare(a_bareme(), BASE, date(2027, 5, 1))
    assert (difference.etat, difference.changes) == (Etat.PERIME, {})
    assert difference.note == "rien depuis le 1er avril 2026, à revoir depuis le 1er avril 2027"


def test_an_amount_newer_than_openfisca_is_never_taken_back() -> None:
    difference = compare(a_bareme(depuis=date(2026, 5, 1)), BASE)
    assert (difference.etat, difference.changes) == (Etat.PERIME, {})


def test_an_amount_that_openfisca_checked_again_is_good_for_another_year() -> None:
    checked = Reading(651.69, date(2026, 4, 1), None, None, date(2027, 4, 15))
    difference = compare(a_bareme(), checked, date(2027, 5, 1))
    assert difference.etat is Etat.VERIFIE
    assert difference.changes == {"verifie_le": date(2027, 4, 15), "a_revoir_le": date(2028, 4, 1)}


@pytest.mark.parametrize("reading", [Reading(error="supprimé depuis le 2016-01-01"), None])
def test_a_parameter_that_cannot_be_read_is_said_and_changes_nothing(reading: Reading | None) -> None:
    readings = {"rsa/base": reading} if reading else {}
    (difference,) = compare_with_openfisca({"cle": a_bareme()}, readings, TODAY)
    assert (difference.etat, difference.changes) == (Etat.ABSENT, {})


@pytest.mark.parametrize(
    ("value", "factor", "scaled"), [(651.69, 1.5, "977.54"), (651.69, 0.4, "260.68"), (0.404, 100, "40.40")]
)
def test_amounts_are_rounded_to_the_cent_half_up(value: float, factor: float, scaled: str) -> None:
    assert str(scale_value(value, factor)) == scaled


@pytest.mark.parametrize(
    ("review", "known_on", "expected"),
    [
        (date(2027, 1, 1), date(2026, 6, 1), date(2027, 1, 1)),
        (date(2026, 7, 1), date(2026, 7, 1), date(2027, 7, 1)),
        (date(2026, 4, 1), date(2029, 2, 1), date(2029, 4, 1)),
        (date(2028, 2, 29), date(2028, 3, 1), date(2029, 2, 28)),
    ],
)
def test_the_next_review_is_the_first_anniversary_after_the_amount_was_known(
    review: date, known_on: date, expected: date
) -> None:
    assert next_review(review, known_on) == expected


def test_filling_keeps_comments_order_quotes_and_untouched_amounts() -> None:
    differences = compare_with_openfisca(
        {key: Bareme.parse_obj(fields) for key, fields in load_document(FILE).items()},
        {"rsa/base": NEXT},
        date(2027, 4, 2),
    )
    written = dump_document(fill_from_openfisca(load_document(FILE), differences))
    expected = (
        FILE.replace("651.69", "660").replace("977.54", "990").replace("Décret 2026", "Décret 2027")
        .replace("org/2026", "org/2027").replace("a_revoir_le: 2027-04-01", "a_revoir_le: 2028-04-01")
        .replace("2026-04-01", "2027-04-01")
    )  # fmt: skip
    assert re.sub(r" +# net", "  # net", written) == expected  # an inline comment keeps its column


def test_the_real_file_is_written_back_as_it_was() -> None:
    text = (ROOT / "data" / "baremes.yml").read_text(encoding="utf-8")
    assert dump_document(load_document(text)) == text


def test_an_update_writes_the_file_and_says_it_in_french(project: Path) -> None:
    said: list[str] = []
    update_baremes(project, today=date(2027, 4, 2), verify_only=False, say=said.append)
    document = load_document((project / "data" / "baremes.yml").read_text(encoding="utf-8"))
    assert [document[key]["valeur"] for key in document] == [660, 990, 25]
    assert said[0] == "changé : rsa-personne-seule (651,69 -> 660 €/mois depuis le 1er avril 2027)"
    assert said[-2:] == ["Montants comparés : changé 2.", "data/baremes.yml est à jour."]


def test_verifying_writes_nothing(project: Path) -> None:
    differences = update_baremes(project, today=date(2027, 4, 2), verify_only=True, say=lambda _line: None)
    assert [difference.etat for difference in differences] == [Etat.CHANGE, Etat.CHANGE]
    assert (project / "data" / "baremes.yml").read_text(encoding="utf-8") == FILE
    assert [path.name for path in (project / "data").iterdir()] == ["baremes.yml"]


def test_the_report_names_what_is_old_and_counts_what_is_equal() -> None:
    differences = [
        Difference("a", Etat.EGAL),
        Difference("b", Etat.EGAL),
        Difference("c", Etat.PERIME, "note"),
    ]
    assert report_lines(differences) == [
        "openfisca en retard : c (note)",
        "Montants comparés : égal 2, openfisca en retard 1.",
    ]


def test_an_unreadable_answer_is_an_error_that_says_so() -> None:
    with pytest.raises(OpenfiscaError, match="réponse illisible"):
        parse_readings("pas du JSON")


def test_the_environment_is_made_again_only_when_its_lock_changed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    lock = tmp_path / "outils" / "openfisca" / "requirements.lock"
    lock.parent.mkdir(parents=True)
    lock.write_text("un", encoding="utf-8")
    installs: list[str] = []

    def pretend(command: list[str], *_rest: object) -> str:
        installs.append(command[-1])
        python = tmp_path / "var" / "openfisca" / "bin" / "python"
        python.parent.mkdir(parents=True, exist_ok=True)
        python.touch()
        return ""

    monkeypatch.setattr(openfisca, "_run", pretend)
    counts = []
    for content in ("un", "un", "deux"):
        lock.write_text(content, encoding="utf-8")
        ensure_environment(tmp_path)
        counts.append(len(installs))
    assert counts == [2, 2, 4]


def test_a_failed_installation_is_tried_again_next_time(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    lock = tmp_path / "outils" / "openfisca" / "requirements.lock"
    lock.parent.mkdir(parents=True)
    lock.write_text("un", encoding="utf-8")

    def fail(*_arguments: object) -> str:
        raise OpenfiscaError("impossible d'installer")

    monkeypatch.setattr(openfisca, "_run", fail)
    for _attempt in range(2):
        with pytest.raises(OpenfiscaError, match="impossible"):
            ensure_environment(tmp_path)


@pytest.fixture(scope="module")
def reader() -> Any:
    """The stand-alone script, loaded as a module."""
    path = ROOT / "outils" / "openfisca" / "lire_parametres.py"
    spec = importlib.util.spec_from_file_location("lire_parametres", path)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


PARAMETER = """\
description: Base
values:
  2025-04-01: {value: 646.52}
  2026-04-01: {value: 651.69}
  2030-01-01: {value: null}
metadata:
  last_value_still_valid_on: 2026-04-01
  reference:
    2025-04-01: {title: Décret 2025, href: "https://example.org/2025"}
    2026-04-01:
      - {title: Code}
      - {title: Décret 2026, href: "https://example.org/2026"}
"""


@pytest.mark.parametrize(
    ("path", "day", "expected"),
    [
        (
            "rsa/base",
            "2026-11-23",
            {
                "value": 651.69,
                "since": "2026-04-01",
                "reference": "Décret 2026",
                "link": "https://example.org/2026",
                "checked_on": "2026-04-01",
            },
        ),
        ("rsa/base", "2020-01-01", {"error": "aucune valeur à cette date"}),
        ("rsa/base", "2031-01-01", {"error": "supprimé depuis le 2030-01-01"}),
        ("rsa/autre", "2026-11-23", {"error": "paramètre absent d'openfisca-france"}),
        ("../rsa/base", "2026-11-23", {"error": "paramètre absent d'openfisca-france"}),
    ],
)
def test_the_reader_gives_the_value_in_force_with_its_reference(
    reader: Any, tmp_path: Path, path: str, day: str, expected: dict[str, Any]
) -> None:
    (tmp_path / "rsa").mkdir()
    (tmp_path / "rsa" / "base.yaml").write_text(PARAMETER, encoding="utf-8")
    assert reader.read_parameter(tmp_path, path, day) == expected
