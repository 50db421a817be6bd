"""What stands behind a button: a word of at most 64 bytes for each value, the same at each start."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterator
from functools import partial

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.answers import choices, labels
from bot.answers.choices import PLAIN_VALUES, fiche_value, is_known
from bot.answers.compose import Composer
from bot.knowledge.fiche import RUBRIQUES
from bot.model.answer import Answer
from bot.service.demande_flow import Question
from bot.settings import load_settings
from bot.store.demandes import DemandeDetails, Ticket
from channels.telegram import answers
from channels.telegram.buttons import values_by_word, word_of
from tests.channels.talking import knowledge
from tests.running import ROOT

MAX_BYTES = 64
VALUES = values_by_word(knowledge().taxonomy)


@pytest.fixture(scope="module")
def composer() -> Composer:
    return Composer(knowledge(), load_settings({}))


def every_answer(composer: Composer) -> Iterator[Answer]:
    """Yield each answer that shows choices, over all the knowledge."""
    data = composer.knowledge
    yield from (composer.fiche(fiche, rubrique) for fiche in data.taxonomy.subjects for rubrique in RUBRIQUES)
    yield from (composer._orientation(situation) for situation in data.situations)
    yield from (composer.name_among(name) for name in data.lexicon.names)
    yield from (composer.urgence((danger,)) for danger in data.emergencies.dangers)
    details = DemandeDetails("rappel", "06 39 98 00 01")
    for question in Question:
        yield composer.demande_question(question.value, details, has_phone=True)
    yield composer.demande_phone_again(details, has_phone=True)
    yield composer.demande_recorded(Ticket("D-1", "123456"), details)
    for say in (composer.welcome, composer.help, composer.privacy, composer.stop, composer.erase_question):
        yield say()
    for say in (
        composer.person,
        composer.estimate,
        composer.places,
        partial(answers.where, composer),
        partial(answers.unknown_order, composer),
    ):
        yield say()
    yield from (composer.no_form(), composer.demande_cancelled(), composer.erase_cancelled())


def test_every_value_the_assistant_gives_out_comes_back_from_its_word() -> None:
    subjects = knowledge().taxonomy.subjects
    given_out = [
        *PLAIN_VALUES,
        *(fiche_value(fiche) for fiche in subjects),
        *(fiche_value(fiche, rubrique) for fiche in subjects for rubrique in RUBRIQUES),
    ]
    assert [VALUES[word_of(value)] for value in given_out] == given_out


def test_every_value_has_its_own_word() -> None:
    assert len({word_of(value) for value in VALUES.values()}) == len(VALUES) > 1000
    assert set(VALUES.values()) >= PLAIN_VALUES


def test_every_word_means_a_value_that_the_assistant_takes_back() -> None:
    assert [value for value in VALUES.values() if not is_known(value, knowledge().taxonomy)] == []


def test_every_word_fits_a_button_and_says_nothing_of_its_value() -> None:
    for word, value in VALUES.items():
        assert 1 <= len(word.encode()) <= MAX_BYTES
        assert value not in word


def test_every_choice_of_every_answer_comes_back(composer: Composer) -> None:
    shown = {choice.value for answer in every_answer(composer) for choice in answer.choices}
    assert shown >= {choices.PERSON, choices.PERSON_THIS_PHONE, choices.ERASE_YES, "fiche:rsa:montant"}
    assert {value: VALUES.get(word_of(value)) for value in shown} == {value: value for value in shown}


def test_every_plain_value_has_words_to_show_on_its_button() -> None:
    assert set(labels.PLAIN) == PLAIN_VALUES


@pytest.mark.parametrize("word", ["", "personne", "fiche:rsa", "A" * 16, word_of("fiche:inconnue"), "é" * 32])
def test_an_unknown_word_means_nothing(word: str) -> None:
    assert VALUES.get(word) is None


@settings(deadline=None)
@given(st.text())
def test_no_text_but_a_word_means_something(text: str) -> None:
    assert VALUES.get(text) is None or text == word_of(VALUES[text])


def test_a_button_of_an_old_message_means_the_same_after_a_restart() -> None:
    program = "from channels.telegram.buttons import word_of; print(word_of('fiche:rsa:montant'))"
    again = subprocess.run(
        [sys.executable, "-c", program], cwd=ROOT, capture_output=True, text=True, check=True
    )
    assert again.stdout.strip() == word_of("fiche:rsa:montant") == "z-eV9UwGjElxDWBn"
