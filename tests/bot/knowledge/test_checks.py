"""Each check of `bot check` is able to fail, and says where."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Any

import pytest

from bot.knowledge.checks import check_fiche, check_responses
from bot.knowledge.fiche import Fiche
from bot.knowledge.loader import Knowledge
from bot.knowledge.responses import Response
from bot.knowledge.yaml_files import Problem, read_model
from tests.bot.knowledge.conftest import BreakFiche, Change


@pytest.fixture
def check(break_fiche: BreakFiche, knowledge: Knowledge, today: date) -> Any:
    """Return what checks a fiche with one change."""

    def run(change: Change) -> list[Problem]:
        path = break_fiche(change)
        return check_fiche(path, read_model(path, Fiche), knowledge.taxonomy, knowledge.baremes, today)

    return run


def put_text(text: str) -> Change:
    """Return a change of the second block of a rubrique."""

    def change(fiche: dict[str, Any]) -> None:
        fiche["rubriques"]["delai"]["web"][1] = {"texte": text}

    return change


def put_sms(text: str) -> Change:
    """Return a change of an SMS text."""

    def change(fiche: dict[str, Any]) -> None:
        fiche["rubriques"]["delai"]["sms"] = text

    return change


def put_simple(phrase: str, sms: str) -> Change:
    """Return a change that gives a simple version."""

    def change(fiche: dict[str, Any]) -> None:
        sources = [fiche["sources"][0]["id"]]
        fiche["simple"] = {"phrases": [phrase, "Un.", "Deux."], "sms": sms, "sources": sources}

    return change


def put_key(key: str, value: object) -> Change:
    """Return a change of one key."""

    def change(fiche: dict[str, Any]) -> None:
        fiche[key] = value

    return change


def test_a_fiche_in_order_has_nothing_to_mend(check: Any) -> None:
    assert check(lambda fiche: fiche) == []


@pytest.mark.parametrize(
    ("change", "line", "message"),
    [
        (put_key("id", "inconnu"), "id:", "l'id « inconnu » n'est pas dans data/taxonomie.yml"),
        (put_key("droits_lies", ["apl", "rmi"]), "droits_lies:", "« rmi » n'est pas dans data/taxonomie.yml"),
        (put_text(" ".join(["mot"] * 21)), "- texte: mot", "phrase de 21 mots (20 au plus)"),
        (put_text("Oui ; non."), "- texte: Oui", "point-virgule"),
        (put_text("Cela coûte 25 €."), "- texte: Cela", "montant écrit à la main (« 25 € »)"),
        (put_sms("Cela coûte 25 euros."), "sms: Cela", "montant écrit à la main (« 25 euros »)"),
        (put_text("Au plus {rsa-lune}."), "- texte: Au", "« {rsa-lune} » n'est pas dans data/baremes.yml"),
        (put_sms("Au plus {rsa-lune}."), "sms: Au", "« {rsa-lune} » n'est pas dans data/baremes.yml"),
        (
            put_text("Appelez le 02 99 11 22 33."),
            "- texte: Appelez",
            "le numéro 0299112233 n'est pas dans « contacts »",
        ),
        (put_sms("Appelez le 39 49."), "sms: Appelez", "le numéro 3949 n'est pas dans « contacts »"),
        (
            put_sms("Appelez le 0 805 11 22 33."),
            "sms: Appelez",
            "le numéro 0805112233 n'est pas dans « contacts »",
        ),
        (
            put_sms("Appelez le 0806 112 233."),
            "sms: Appelez",
            "le numéro 0806112233 n'est pas dans « contacts »",
        ),
        (put_sms("Appelez le 116 999."), "sms: Appelez", "le numéro 116999 n'est pas dans « contacts »"),
        (
            put_text("Remplissez le Cerfa 12345*01."),
            "- texte: Remp",
            "le Cerfa 12345 n'est ni dans « voies »",
        ),
        (put_sms("Allez sur aides.example.fr."), "sms: Allez", "le site aides.example.fr n'est l'adresse"),
        (put_text("Le ZQX décide."), "- texte: Le ZQX", "« ZQX » n'est expliqué nulle part"),
        (put_sms("Prenez ½ journée."), "sms: Prenez", "caractères que le SMS n'a pas : ½"),
        (put_sms("a" * 307), "sms: aaa", "SMS de 307 caractères (306 au plus"),
        (put_simple(" ".join(["mot"] * 13), "Bref."), "- mot mot", "phrase de 13 mots (12 au plus)"),
        (put_simple("Bref.", "a" * 307), "sms: aaa", "SMS de 307 caractères (306 au plus"),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_each_check_can_fail_and_gives_the_line(
    check: Any, tmp_path: Path, change: Change, line: str, message: str
) -> None:
    problems = check(change)
    found = [problem for problem in problems if message in problem.message]
    assert found, problems
    lines = (tmp_path / "rsa.yml").read_text(encoding="utf-8").splitlines()
    assert lines[found[0].line - 1].strip().startswith(line)


def test_sentences_too_long_on_average_are_told_for_the_whole_fiche(check: Any) -> None:
    def change(fiche: dict[str, Any]) -> None:
        for rubrique in fiche["rubriques"].values():
            rubrique["web"] = [{"texte": "Mot " + "mot " * 18 + "fin."}, {"texte": "Un " + "mot " * 19}]

    found = [problem.message for problem in check(change)]
    assert any("mots par phrase en moyenne (15 au plus)" in message for message in found)


def test_an_sms_of_exactly_the_bound_passes(check: Any) -> None:
    assert check(put_sms("a" * 306)) == []


def test_the_euro_sign_counts_twice_and_the_month_is_counted(check: Any) -> None:
    amount = " {rsa-personne-seule}"  # becomes " 651,69€/mois (Montants de 04/2026.)": 37 septets
    assert check(put_sms("a" * 269 + amount)) == []
    (problem,) = check(put_sms("a" * 270 + amount))
    assert "SMS de 307 caractères" in problem.message


def test_a_phone_listed_in_the_contacts_may_be_said(check: Any) -> None:
    assert check(put_text("Appelez la CAF au 32 30.")) == []


@pytest.mark.parametrize(
    ("key", "sms", "message"),
    [
        ("accueil.aide", "Дякую", "caractères que le SMS n'a pas"),
        ("langue.uk", "Дякую {lieu_sms}", None),
        ("langue.uk", "я" * 114 + "{lieu_sms}", None),
        ("langue.uk", "я" * 115 + "{lieu_sms}", "SMS trop long de 1 caractères"),
        ("langue.en", "a" * 286 + "{lieu_sms}", None),
        ("langue.en", "a" * 287 + "{lieu_sms}", "SMS trop long de 1 caractères"),
    ],
)
def test_the_sms_of_a_language_is_measured_in_its_script(
    tmp_path: Path, key: str, sms: str, message: str | None
) -> None:
    responses = {key: Response.parse_obj({"web": [{"texte": "Дякую."}], "sms": sms})}
    found = [problem.message for problem in check_responses(tmp_path, responses)]
    assert [message in text for text in found if message] == ([True] if message else [])
    assert len(found) == (1 if message else 0)


def test_only_texts_in_french_are_measured_as_french(tmp_path: Path) -> None:
    long = {"web": [{"texte": " ".join(["word"] * 21)}], "sms": "a"}
    responses = {key: Response.parse_obj(long) for key in ("accueil.aide", "langue.en")}
    (problem,) = check_responses(tmp_path, responses)
    assert problem.message.startswith("accueil.aide : phrase de 21 mots")


def test_an_acronym_explained_anywhere_in_the_fiche_may_be_said(check: Any) -> None:
    assert check(put_text("Le ZQX (service des questions) décide. Écrivez au ZQX.")) == []
    assert check(put_text("Le service des questions (ZQX) décide.")) == []


def test_words_too_long_over_the_whole_fiche_are_told(check: Any) -> None:
    words = "Anticonstitutionnellement, administrativement, réglementairement, incontestablement. "
    assert any("facilité de lecture" in problem.message for problem in check(put_text(words * 40)))
