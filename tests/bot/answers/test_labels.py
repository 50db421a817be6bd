"""Words on buttons: short, each its own, and the same everywhere."""

from __future__ import annotations

from bot.answers.labels import NEXT_RUBRIQUES, PLAIN, RUBRIQUE_LABELS
from bot.language.normalise import fold


def test_each_button_has_words_of_its_own() -> None:
    words = [fold(label) for label in (*PLAIN.values(), *RUBRIQUE_LABELS.values())]
    assert len(set(words)) == len(words)


def test_a_button_fits_on_a_small_screen() -> None:
    assert max(len(label) for label in (*PLAIN.values(), *RUBRIQUE_LABELS.values())) <= 32


def test_what_people_ask_next_names_each_rubrique_once() -> None:
    assert len(set(NEXT_RUBRIQUES)) == len(NEXT_RUBRIQUES)
    assert set(NEXT_RUBRIQUES) == set(RUBRIQUE_LABELS)
