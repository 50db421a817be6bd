"""The texts that are not of a fiche: short sentences, polite forms, no amount and no phone by hand."""

from __future__ import annotations

import re

import pytest

from bot.knowledge.language import (
    MAX_WORDS,
    average_words,
    bloc_texts,
    count_words,
    long_phones,
    sentences,
    typed_amounts,
)
from bot.knowledge.loader import Knowledge


@pytest.fixture
def texts(knowledge: Knowledge) -> list[tuple[str, str]]:
    """Every text for a screen, with its key."""
    return [
        (key, text)
        for key, response in knowledge.responses.items()
        for bloc in response.web
        for text in bloc_texts(bloc)
    ]


def test_no_sentence_is_too_long(texts: list[tuple[str, str]]) -> None:
    long = [
        (key, sentence)
        for key, text in texts
        for sentence in sentences(text)
        if count_words(sentence) > MAX_WORDS
    ]
    assert long == []


def test_sentences_are_short_on_average(texts: list[tuple[str, str]]) -> None:
    assert average_words([text for _key, text in texts]) <= 12


def test_nobody_is_called_tu(texts: list[tuple[str, str]]) -> None:
    familiar = re.compile(r"\b(?:tu|ton|tes|toi)\b", re.IGNORECASE)
    assert [key for key, text in texts if familiar.search(text)] == []


def test_no_amount_and_no_phone_is_typed_by_hand(knowledge: Knowledge, texts: list[tuple[str, str]]) -> None:
    everything = [*texts, *((key, response.sms) for key, response in knowledge.responses.items())]
    assert [key for key, text in everything if typed_amounts(text)] == []
    phones = {phone for _key, text in everything for phone in long_phones(text)}
    assert phones <= {"0612345678"}  # the example of the form


def test_no_text_points_to_a_colour_or_a_side_of_the_screen(texts: list[tuple[str, str]]) -> None:
    seen = re.compile(
        r"\b(?:rouge|vert|bleu|à droite|à gauche|ci-dessous|ci-contre|cliquez ici)\b", re.IGNORECASE
    )
    assert [key for key, text in texts if seen.search(text)] == []
