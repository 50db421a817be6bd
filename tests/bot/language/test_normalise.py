"""The plain form of a message."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.language.normalise import clean_text, fold


@pytest.mark.parametrize(
    ("text", "plain"),
    [
        ("J'ai été à l'hôpital !", "j ai ete a l hopital"),
        ("Œuvre, cœur, æquo", "oeuvre coeur aequo"),
        ("à l’aaaaaide !!!", "a l aaide"),
        ("  RSA   32-30 ", "rsa 32 30"),
        ("1111111", "1111111"),
        ("ＡＰＬ", "apl"),
        ("", ""),
        ("???", ""),
    ],
)
def test_fold_leaves_lower_case_words_without_accents(text: str, plain: str) -> None:
    assert fold(text) == plain


@pytest.mark.parametrize("text", ["ÆQUO", "𝐀𝐏𝐋", "𝗠𝗢𝗨𝗥𝗜𝗥", "ᴾᴱᵁᴿ"])
def test_fold_reads_the_capitals_of_ornamental_alphabets(text: str) -> None:
    assert fold(text) in {"apl", "mourir", "peur", "aequo"}


@given(st.text())
def test_fold_gives_only_words_of_letters_and_digits(text: str) -> None:
    assert re.fullmatch(r"(?:[a-z0-9]+(?: [a-z0-9]+)*)?", fold(text))


@given(st.text())
def test_folding_twice_changes_nothing(text: str) -> None:
    assert fold(fold(text)) == fold(text)


@pytest.mark.parametrize(
    ("text", "clean"),
    [
        ("  bonjour \n", "bonjour"),
        ("a\r\nb\rc", "a\nb\nc"),
        ("a\tb", "a b"),
        ("R\u200bS\u200dA\ufeff", "RSA"),
        ("\u202eRSA\u202c \u2066x\u2069", "RSA x"),
        ("nul\x00 \x1b[31mrouge\x7f", "nul [31mrouge"),
        ("e\u0301te\u0301", "été"),
        ("\u200b\u200b", ""),
    ],
)
def test_cleaning_takes_out_what_cannot_be_seen(text: str, clean: str) -> None:
    assert clean_text(text) == clean


@given(st.text())
def test_cleaning_twice_changes_nothing(text: str) -> None:
    assert clean_text(clean_text(text)) == clean_text(text)


@given(st.text())
def test_no_control_character_is_left(text: str) -> None:
    assert not re.search(
        r"[\x00-\x09\x0b-\x1f\x7f-\x9f\u200b-\u200f\u202a-\u202e\u2066-\u2069\ufeff]", clean_text(text)
    )
