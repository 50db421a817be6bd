"""An Answer survives storage unchanged."""

from __future__ import annotations

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.model.answer import Answer, AnswerType, Block, BlockKind, Choice, Place, SourceRef, paragraph

words = st.text(max_size=20)
maybe = st.none() | words
answers = st.builds(
    Answer,
    type=st.sampled_from(AnswerType),
    blocks=st.lists(
        st.builds(Block, st.sampled_from(BlockKind), st.lists(words, max_size=3).map(tuple), maybe, maybe),
        max_size=3,
    ).map(tuple),
    sms=words,
    fiche=maybe,
    rubrique=maybe,
    fiches=st.lists(words, max_size=3).map(tuple),
    choices=st.lists(st.builds(Choice, words, words), max_size=3).map(tuple),
    sources=st.lists(st.builds(SourceRef, words, words, words, words), max_size=2).map(tuple),
    places=st.lists(
        st.builds(
            Place,
            words,
            words,
            maybe,
            maybe,
            maybe,
            st.none() | st.booleans(),
            st.none() | st.floats(0, 900, allow_nan=False),
        ),
        max_size=2,
    ).map(tuple),
    reference=maybe,
    notes=st.lists(words, max_size=2).map(tuple),
)


@given(answers)
def test_an_answer_stored_and_read_again_is_the_same(answer: Answer) -> None:
    assert Answer.from_json(json.loads(json.dumps(answer.to_json()))) == answer


def test_an_answer_stored_before_a_field_was_added_is_still_read() -> None:
    old = {"type": "accueil", "blocks": [{"kind": "texte", "items": ["Bonjour."]}], "sms": "Bonjour."}
    assert Answer.from_json(old) == Answer(AnswerType.ACCUEIL, (paragraph("Bonjour."),), "Bonjour.")


@pytest.mark.parametrize(
    ("foreign", "error"),
    [
        ({}, KeyError),
        ({"type": "bavardage", "blocks": [], "sms": ""}, ValueError),
        ({"type": "accueil", "blocks": [{"kind": "tableau", "items": []}], "sms": ""}, ValueError),
    ],
)
def test_foreign_data_is_refused(foreign: dict[str, object], error: type[Exception]) -> None:
    with pytest.raises(error):
        Answer.from_json(foreign)
