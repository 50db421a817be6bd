"""Measures of the French that residents read."""

from __future__ import annotations

from typing import Any

import pytest

from bot.knowledge.fiche import Bloc, Fiche
from bot.knowledge.language import (
    average_words,
    bloc_texts,
    cerfas,
    count_words,
    fiche_texts,
    kandel_moles,
    long_phones,
    placeholders,
    sentences,
    sites,
    typed_amounts,
    unexplained_acronyms,
)


@pytest.mark.parametrize(
    ("text", "parts"),
    [
        ("Un. Deux ! Trois ?", ["Un.", "Deux !", "Trois ?"]),
        (
            "La CAF répond au 32 30. 2 choses : le nom, la date.",
            ["La CAF répond au 32 30.", "2 choses", "le nom, la date."],
        ),
        ("Une ligne\nUne autre", ["Une ligne", "Une autre"]),
        ("Voir art. 3 du code", ["Voir art.", "3 du code"]),
        ("Allez sur caf.fr pour cela.", ["Allez sur caf.fr pour cela."]),
        ("« Oui. » Non.", ["« Oui. » Non."]),
        ("Touchez {rsa-couple}. {apl-max} au plus.", ["Touchez {rsa-couple}.", "{apl-max} au plus."]),
        ("", []),
    ],
)
def test_a_sentence_ends_at_a_point_a_line_or_a_colon(text: str, parts: list[str]) -> None:
    assert sentences(text) == parts


@pytest.mark.parametrize(
    ("sentence", "words"),
    [
        ("Demandez le RSA ce mois-ci.", 5),
        ("L'assistante sociale de l'hôpital", 4),
        ("Appelez le 02 99 09 44 56.", 3),
        ("Au plus {rsa-personne-seule} par mois", 5),
        ("Payez 3 214 heures", 3),
        ("…", 0),
    ],
)
def test_words_are_counted_as_they_are_said(sentence: str, words: int) -> None:
    assert count_words(sentence) == words


@pytest.mark.parametrize(
    ("text", "amounts"),
    [
        ("Vous touchez 651,69 € par mois.", ["651,69 €"]),
        ("1 200 euros, ou 12€", ["1 200 euros", "12€"]),
        ("1\u202f500,50\u00a0€", ["1\u202f500,50\u00a0€"]),
        ("Vous touchez {rsa-personne-seule}.", []),
        ("Avant 25 ans, 3 214 heures, Cerfa 15481.", []),
        ("l'Europe en 2026", []),
    ],
)
def test_an_amount_typed_by_hand_is_seen(text: str, amounts: list[str]) -> None:
    assert typed_amounts(text) == amounts


def test_the_keys_of_amounts_are_read() -> None:
    assert placeholders("{rsa-couple} ou {apl-1}, pas {Majuscule} ni {}") == ["rsa-couple", "apl-1"]


@pytest.mark.parametrize(
    ("text", "phones"),
    [
        ("Appelez le 32 30 ou le 02 99 09 44 56.", ["3230", "0299094456"]),
        ("3949, 09.69.39.00.00, 0 800 23 13 13", ["3949", "0969390000", "0800231313"]),
        ("le 15, le 17, le 115, le 119", []),
        ("Cerfa 15481*01, 3 214 heures, 35 %", []),
        ("35290 Saint-Méen", []),
        ("50123456789", []),
    ],
)
def test_phones_of_four_and_ten_digits_are_seen(text: str, phones: list[str]) -> None:
    assert long_phones(text) == phones


def test_every_part_of_a_block_is_read() -> None:
    assert list(bloc_texts(Bloc(titre="T", texte="a"))) == ["T", "a"]
    assert list(bloc_texts(Bloc(attention="b"))) == ["b"]
    for kind in ("liste", "etapes", "documents"):
        assert list(bloc_texts(Bloc.parse_obj({kind: ["c", "d"]}))) == ["c", "d"]


def test_everything_residents_read_in_a_fiche_is_measured(short_fiche: dict[str, Any]) -> None:
    marked = {**short_fiche, "apporte": "Marque un."}
    marked["sans_internet"] = {"aucune_connue": "Marque deux.", "avec_qui": "Marque trois."}
    marked["apres_envoi"] = {"reponse": "Marque quatre.", "quand_regarder": "Marque cinq."}
    marked["rubriques"] = {**short_fiche["rubriques"], "delai": {"sans_objet": "Rien."}}
    steps = {**short_fiche["etapes_numeriques"], "suivre": {"sans_objet": "Marque six."}}
    steps["demander"] = {**steps["demander"], "clic_a_risque": "Marque sept.", "aide": "Marque huit."}
    marked["etapes_numeriques"] = steps
    texts = {text for _where, text in fiche_texts(Fiche.parse_obj(marked))}
    wanted = ("un", "deux", "trois", "quatre", "cinq", "six", "sept", "huit")
    assert {f"Marque {word}." for word in wanted} <= texts


def test_why_a_rubrique_has_no_object_is_measured_too(short_fiche: dict[str, Any]) -> None:
    rubriques = {**short_fiche["rubriques"], "delai": {"sans_objet": "Il n'y a pas de délai."}}
    fiche = Fiche.parse_obj({**short_fiche, "rubriques": rubriques})
    assert "Il n'y a pas de délai." in {text for _where, text in fiche_texts(fiche)}


def test_the_average_is_over_sentences_of_all_texts() -> None:
    assert average_words(["Un deux trois.", "Un. Deux trois quatre cinq."]) == pytest.approx(8 / 3)
    assert average_words([]) == 0.0
    assert average_words(["…"]) == 0.0


def test_the_forms_and_the_sites_a_text_names() -> None:
    assert cerfas("Prenez le Cerfa 10840*07, ou le formulaire cerfa n° 15481.") == ["10840", "15481"]
    assert cerfas("Code postal 35290, dossier 123456.") == []
    assert sites("Allez sur caf.fr, ou www.ants.gouv.fr/titres. Écrivez à nom@exemple.fr.") == [
        "caf.fr",
        "www.ants.gouv.fr",
    ]


def test_plain_words_read_more_easily_than_administrative_ones() -> None:
    plain = kandel_moles(["Vous pouvez demander une aide. La caisse vous paie chaque mois."])
    hard = kandel_moles(
        ["La notification afférente à la prestation susmentionnée est susceptible de recours contentieux."]
    )
    assert plain > 75
    assert hard < 40


def test_an_acronym_is_explained_on_either_side_of_it() -> None:
    assert unexplained_acronyms(["La CAF et le RIB, par SMS."], ["la CAF (Caisse d'allocations)"]) == {"RIB"}
    assert unexplained_acronyms(["Un RIB."], ["relevé d'identité bancaire (RIB)"]) == set()
