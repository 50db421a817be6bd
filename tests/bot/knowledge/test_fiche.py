"""The model of a fiche: each rule, broken, says which line of the file to mend, in French."""

from __future__ import annotations

import re
from typing import Any

import pytest
from pydantic import ValidationError

from bot.knowledge.fiche import RUBRIQUES, Fiche
from bot.knowledge.yaml_files import KnowledgeError, read_model, read_yaml
from bot.model.validation_french import french_message
from tests.bot.knowledge.conftest import SOURCE, BreakFiche, Change


def put(*path: str | int, value: Any) -> Change:
    """Return a change that writes a value at a key path."""

    def change(fiche: dict[str, Any]) -> None:
        node: Any = fiche
        for part in path[:-1]:
            node = node[part]
        node[path[-1]] = value

    return change


def drop(*path: str | int) -> Change:
    """Return a change that takes the value at a key path away."""

    def change(fiche: dict[str, Any]) -> None:
        node: Any = fiche
        for part in path[:-1]:
            node = node[part]
        del node[path[-1]]

    return change


def double_a_source(fiche: dict[str, Any]) -> None:
    fiche["sources"].append({**SOURCE, "titre": "Une autre"})


def read_late(fiche: dict[str, Any]) -> None:
    fiche["sources"][0] = {**SOURCE, "texte_du": "2026-01-03"}


def guess_a_date(fiche: Any) -> None:
    fiche["sources"][0]["note"] = "Texte non daté, date supposée."


# (what is broken, where the line points (start of that line), what the message says)
BROKEN: list[tuple[str, Change, str, str]] = [
    ("an unknown key", put("couleur", value="bleu"), "couleur:", "clé inconnue"),
    ("an unknown key of a rubrique", put("rubriques", "delai", "email", value="x"), "email:", "clé inconnue"),
    ("a missing key", drop("apporte"), "id:", "apporte : cette clé est obligatoire"),
    ("a missing key of a contact", drop("contacts", 1, "nom"), "- url:", "obligatoire"),
    ("an id with a capital", put("id", value="RSA"), "id:", "n'a pas la forme attendue"),
    ("an empty title", put("titre", value="  "), "titre:", "le texte est vide"),
    ("a value left empty", put("organisme", value=None), "organisme:", "la valeur est vide"),
    (
        "a date in another form",
        put("a_revoir_le", value="2 mars 2027"),
        "a_revoir_le:",
        "écrivez la date ainsi",
    ),
    ("a list where a text is wanted", put("titre", value=["RSA"]), "titre:", "il faut un texte"),
    ("a text where keys are wanted", put("rubriques", value="tout"), "rubriques:", "il faut des clés"),
    ("a text where a list is wanted", put("sources", value="le site"), "sources:", "il faut une liste"),
    ("no contact", put("contacts", value=[]), "contacts:", "la liste est vide"),
    ("no source", put("sources", value=[]), "sources:", "la liste est vide"),
    (
        "a block of two kinds",
        put("rubriques", "delai", "web", 1, value={"texte": "a", "liste": ["b"]}),
        "- texte: a",
        "une seule clé parmi texte, liste, etapes, documents, attention (ici : texte, liste)",
    ),
    (
        "a block of no kind",
        put("rubriques", "delai", "web", 0, value={"titre": "Seul"}),
        "- titre: Seul",
        "aucune",
    ),
    ("a rubrique without SMS", drop("rubriques", "recours", "sms"), "recours:", "il manque « sms »"),
    ("a rubrique without web", drop("rubriques", "recours", "web"), "recours:", "il manque « web »"),
    (
        "a rubrique without source",
        drop("rubriques", "recours", "sources"),
        "recours:",
        "il manque « sources »",
    ),
    (
        "a rubrique without object that says something",
        put("rubriques", "montant", "sans_objet", value="C'est gratuit."),
        "montant:",
        "n'a ni web ni sms",
    ),
    ("a missing rubrique", drop("rubriques", "numerique"), "rubriques:", "rubriques manquantes : numerique"),
    (
        "an unknown rubrique",
        put("rubriques", "histoire", value={"sans_objet": "Rien."}),
        "rubriques:",
        "rubriques inconnues : histoire",
    ),
    (
        "a digital step half told",
        drop("etapes_numeriques", "suivre", "compte"),
        "suivre:",
        "il manque compte (ou « sans_objet »",
    ),
    ("a missing digital step", drop("etapes_numeriques", "renouveler"), "etapes_numeriques:", "obligatoire"),
    (
        "a demand told in other words",
        put("etapes_numeriques", "demander", "courriel", value="peut-être"),
        "courriel:",
        "« oui », « non », « parfois » ou « non vérifié »",
    ),
    ("an address of a page without https", put("contacts", 0, "url", value="caf.fr"), "url:", "https://"),
    ("a contact without source", put("contacts", 0, "sources", value=[]), "sources:", "la liste est vide"),
    (
        "a way that is not one",
        put("sans_internet", "voies", 0, "moyen", value="fax"),
        "- moyen: fax",
        "forme attendue",
    ),
    (
        "a form number of four digits",
        put("sans_internet", "voies", 0, "cerfa", value="1548"),
        "cerfa:",
        "forme attendue",
    ),
    (
        "no way without internet, unexplained",
        put("sans_internet", "voies", value=[]),
        "sans_internet:",
        "« voies »",
    ),
    (
        "ways without internet, and none known",
        put("sans_internet", "aucune_connue", value="Il n'y en a pas."),
        "sans_internet:",
        "soit « aucune_connue »",
    ),
    ("a source read before it was written", read_late, "lu_le:", "lu_le ne peut pas être avant texte_du"),
    ("a guessed date said to be sure", guess_a_date, "note:", "ajoutez « date_sure: false »"),
    ("a source id with a space", put("sources", 0, "id", value="le site"), "- id: le site", "forme attendue"),
    ("a source listed twice", double_a_source, "id:", "sources en double : essai"),
    *(
        (
            f"a lost source in {path[0]}",
            put(*path, value=["perdue"]),
            "id:",
            "absentes de « sources » : perdue",
        )
        for path in (
            ("rubriques", "apercu", "sources"),
            ("etapes_numeriques", "suivre", "sources"),
            ("sans_internet", "voies", 0, "sources"),
            ("apres_envoi", "sources"),
            ("contacts", 0, "sources"),
        )
    ),
]


@pytest.mark.parametrize(
    ("change", "line", "message"), [case[1:] for case in BROKEN], ids=[case[0] for case in BROKEN]
)
def test_what_is_broken_is_told_with_its_file_and_line(
    break_fiche: BreakFiche, change: Change, line: str, message: str
) -> None:
    path = break_fiche(change)
    with pytest.raises(KnowledgeError) as caught:
        read_model(path, Fiche)
    (problem,) = caught.value.problems
    lines = path.read_text(encoding="utf-8").splitlines()
    assert problem.path == str(path)
    assert message in problem.message
    assert lines[problem.line - 1].strip().startswith(line)
    assert str(problem).startswith(f"{path}:{problem.line}: ")


def test_a_contact_that_cannot_be_reached_says_what_to_add(break_fiche: BreakFiche) -> None:
    with pytest.raises(KnowledgeError, match="au moins un téléphone, une adresse ou une url"):
        read_model(break_fiche(put("contacts", 1, value={"nom": "MSA", "sources": ["essai"]})), Fiche)


def test_a_contact_that_cannot_be_reached_is_refused(break_fiche: BreakFiche) -> None:
    with pytest.raises(KnowledgeError, match="contacts > 1"):
        read_model(break_fiche(put("contacts", 1, value={"nom": "MSA", "sources": ["essai"]})), Fiche)


def test_a_fiche_that_is_whole_is_read(break_fiche: BreakFiche) -> None:
    fiche = read_model(break_fiche(lambda fiche: fiche), Fiche)
    assert fiche.id == "rsa"
    assert tuple(fiche.rubriques) == RUBRIQUES


def test_every_problem_of_a_file_is_told_at_once(break_fiche: BreakFiche) -> None:
    def change(fiche: dict[str, Any]) -> None:
        del fiche["apporte"]
        fiche["contacts"] = []
        fiche["sources"][0]["url"] = "rien"

    with pytest.raises(KnowledgeError) as caught:
        read_model(break_fiche(change), Fiche)
    assert len(caught.value.problems) == 3


def test_a_rubrique_may_say_why_it_has_no_object(break_fiche: BreakFiche) -> None:
    path = break_fiche(put("rubriques", "montant", value={"sans_objet": "C'est gratuit."}))
    assert read_model(path, Fiche).rubriques["montant"].sans_objet == "C'est gratuit."


def test_a_digital_step_may_say_why_it_does_not_exist(break_fiche: BreakFiche) -> None:
    path = break_fiche(put("etapes_numeriques", "suivre", value={"sans_objet": "Rien à suivre."}))
    assert read_model(path, Fiche).etapes_numeriques.suivre.sans_objet == "Rien à suivre."


def test_a_fiche_cannot_be_changed_once_read(break_fiche: BreakFiche) -> None:
    fiche = read_model(break_fiche(lambda fiche: fiche), Fiche)
    with pytest.raises(TypeError):
        fiche.titre = "Autre"


def test_a_source_is_found_by_its_id(break_fiche: BreakFiche) -> None:
    fiche = read_model(break_fiche(lambda fiche: fiche), Fiche)
    assert fiche.source("essai").titre == "Une source"
    with pytest.raises(KeyError):
        fiche.source("perdue")


WRONG_VALUES: tuple[Any, ...] = (None, [], {}, "", "x" * 200, [None], True)


@pytest.mark.parametrize("key", list(Fiche.__fields__))
def test_whatever_is_put_in_a_key_the_message_is_french(break_fiche: BreakFiche, key: str) -> None:
    english = re.compile(r"\b(?:ensure|value|field|expected|string|invalid|permitted|allowed)\b")
    whole = read_yaml(break_fiche(lambda fiche: fiche))
    for wrong in WRONG_VALUES:
        try:
            Fiche.parse_obj({**whole, key: wrong})
        except ValidationError as error:
            assert not [e["msg"] for e in error.errors() if english.search(french_message(dict(e)))]
