"""A Directive goes through Rasa unchanged, and carries no text."""

from __future__ import annotations

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.model.directive import Directive

ids = st.text("abcdefghijklmnopqrstuvwxyz-", min_size=1, max_size=12)
directives = st.builds(
    Directive,
    ids,
    st.none() | ids,
    st.none() | ids,
    st.lists(ids, max_size=3).map(tuple),
    st.integers(0, 9),
    st.none() | ids,
    st.none() | ids,
)


@given(directives)
def test_a_directive_sent_and_received_is_the_same(directive: Directive) -> None:
    assert Directive.from_json(json.loads(json.dumps(directive.to_json()))) == directive


def test_what_does_not_apply_is_left_out() -> None:
    assert Directive("saluer").to_json() == {"kind": "saluer"}


def test_a_directive_without_kind_is_refused() -> None:
    with pytest.raises(KeyError):
        Directive.from_json({"fiche": "rsa"})
