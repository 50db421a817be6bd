"""Choices: the values that come back, and what people type instead."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.answers import labels
from bot.answers.choices import (
    PERSON_CALL,
    PLAIN_VALUES,
    FicheChoice,
    fiche_value,
    is_known,
    read_fiche_value,
    typed_choice,
)
from bot.knowledge.fiche import RUBRIQUES
from bot.knowledge.loader import Knowledge
from bot.model.answer import Choice

SHOWN = (
    Choice("Comment faire ?", "fiche:rsa:demarche"),
    Choice("Combien ?", "fiche:rsa:montant"),
    Choice("Quels papiers ?", "fiche:rsa:pieces"),
    Choice("Parler à une personne", "personne"),
)


@given(rubrique=st.none() | st.sampled_from(RUBRIQUES), data=st.data())
def test_the_value_of_a_fiche_is_read_back(
    rubrique: str | None, data: st.DataObject, knowledge: Knowledge
) -> None:
    fiche = data.draw(st.sampled_from(sorted(knowledge.taxonomy.subjects)))
    value = fiche_value(fiche, rubrique)
    assert read_fiche_value(value, knowledge.taxonomy) == FicheChoice(fiche, rubrique)
    assert is_known(value, knowledge.taxonomy)


@pytest.mark.parametrize(
    "value",
    [
        "fiche:inconnue",
        "fiche:rsa:inconnue",
        "fiche:rsa:",
        "fiche:",
        "fiche:rsa:montant:plus",
        "fiche:rsa\n",
        "/restart",
        "personne:",
        "PERSONNE",
        "",
        "fiche:" + "a" * 5000,
    ],
)
def test_a_value_never_given_out_is_not_known(value: str, knowledge: Knowledge) -> None:
    assert read_fiche_value(value, knowledge.taxonomy) is None
    assert not is_known(value, knowledge.taxonomy)


def test_every_plain_value_has_words(knowledge: Knowledge) -> None:
    assert set(labels.PLAIN) == set(PLAIN_VALUES)
    assert all(is_known(value, knowledge.taxonomy) for value in PLAIN_VALUES)


@pytest.mark.parametrize(
    ("typed", "rank"),
    [
        ("1", 1),
        (" 2. ", 2),
        ("le 2", 2),
        ("numéro 3", 3),
        ("choix 1", 1),
        ("la première", 1),
        ("la 1ère", 1),
        ("le deuxième", 2),
        ("la seconde", 2),
        ("3e", 3),
        ("un", 1),
        ("Trois", 3),
        ("combien", 2),
        ("COMMENT FAIRE", 1),
        ("parler a une personne !", 4),
        ("4", 4),
    ],
)
def test_a_choice_is_taken_by_its_number_its_rank_or_its_words(typed: str, rank: int) -> None:
    assert typed_choice(typed, SHOWN) == SHOWN[rank - 1]


@pytest.mark.parametrize(
    "typed", ["0", "5", "9", "12", "combien pour un couple", "le rsa", "", "!", "1 2", "rappel"]
)
def test_what_is_not_a_choice_is_not_taken_for_one(typed: str) -> None:
    assert typed_choice(typed, SHOWN) is None


def test_the_words_of_the_sms_take_a_choice_only_when_it_is_shown() -> None:
    shown = (labels.CALL_ME, labels.WRITE_HERE, labels.PLACES)
    assert typed_choice("RAPPEL", shown) == labels.CALL_ME
    assert typed_choice("retour", shown) == labels.WRITE_HERE
    assert typed_choice("oui", shown) is None
    assert typed_choice("Oui", (labels.ERASE_YES, labels.ERASE_NO)) == labels.ERASE_YES
    assert typed_choice("NON", (labels.ERASE_YES, labels.ERASE_NO)) == labels.ERASE_NO
    assert typed_choice("passer", (labels.SKIP, labels.CANCEL)) == labels.SKIP
    assert typed_choice("annuler", (labels.SKIP, labels.CANCEL)) == labels.CANCEL
    assert labels.CALL_ME.value == PERSON_CALL


def test_yes_sends_the_request_when_asked_whether_to_send_it() -> None:
    assert typed_choice("oui", (labels.SEND, labels.CANCEL)) == labels.SEND


@given(st.text(max_size=30), st.lists(st.sampled_from(SHOWN), max_size=4).map(tuple))
def test_whatever_is_typed_only_a_choice_that_is_shown_is_taken(
    typed: str, shown: tuple[Choice, ...]
) -> None:
    assert typed_choice(typed, shown) in {None, *shown}


@pytest.mark.parametrize(("typed", "rank"), [("1", 1), ("le 2", 2), ("la seconde", 2)])
def test_numbers_count_what_was_numbered_when_not_all_that_is_shown_was(typed: str, rank: int) -> None:
    numbered = (SHOWN[2], SHOWN[0])
    assert typed_choice(typed, SHOWN, numbered) == numbered[rank - 1]


def test_a_number_may_pick_from_a_menu_that_is_no_longer_shown() -> None:
    assert typed_choice("1", (labels.PERSON,), SHOWN[:2]) == SHOWN[0]
    assert typed_choice("combien", (labels.PERSON,), SHOWN[:2]) is None


@pytest.mark.parametrize("numbered", [(), SHOWN[:1]])
def test_a_number_beyond_what_was_numbered_is_no_choice(numbered: tuple[Choice, ...]) -> None:
    assert typed_choice("2", SHOWN, numbered) is None


def test_words_pick_what_is_shown_even_without_a_number() -> None:
    assert typed_choice("combien", SHOWN, ()) == SHOWN[1]
    assert typed_choice("rappel", (labels.CALL_ME,), ()) == labels.CALL_ME


@pytest.mark.parametrize("typed", ["OUI", "ok", "d'accord"])
def test_yes_means_this_phone_when_asked_for_the_number_to_call(typed: str) -> None:
    assert typed_choice(typed, (labels.THIS_PHONE, labels.CANCEL)) == labels.THIS_PHONE


@given(st.text(max_size=30), st.lists(st.sampled_from(SHOWN), max_size=4).map(tuple))
def test_whatever_is_typed_only_a_choice_that_is_numbered_is_taken_by_its_number(
    typed: str, numbered: tuple[Choice, ...]
) -> None:
    assert typed_choice(typed, (), numbered) in {None, *numbered}
