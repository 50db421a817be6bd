"""How words sound: what people confuse by ear gets the same key, what they do not gets another."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.language.normalise import fold
from bot.language.phonemes import WORD, Phonemes, load_phonemes


@pytest.fixture(scope="module")
def phonemes() -> Phonemes:
    return load_phonemes()


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        ("fer", "faire"),
        ("fère", "faire"),
        ("koi", "quoi"),
        ("kombien", "combien"),
        ("o", "au"),
        ("persone", "personne"),
        ("jamé", "jamais"),
        ("logeman", "logement"),
        ("passpor", "passeport"),
        ("vers", "verre"),
        ("mange", "mangent"),
    ],
)
def test_words_that_sound_alike_have_the_same_key(phonemes: Phonemes, written: str, meant: str) -> None:
    assert phonemes.keys(written)[0] == phonemes.keys(meant)[0]


@pytest.mark.parametrize(
    ("one", "other"),
    [("loyer", "payer"), ("pain", "bain"), ("temps", "dent"), ("roi", "loi"), ("chat", "ça"), ("vu", "vous")],
)
def test_words_that_sound_otherwise_have_another_key(phonemes: Phonemes, one: str, other: str) -> None:
    assert set(phonemes.keys(one)).isdisjoint(phonemes.keys(other))


@pytest.mark.parametrize(
    ("one", "other"), [("brun", "brin"), ("appelle", "apele"), ("côte", "cotte"), ("jeune", "jeûne")]
)
def test_sounds_that_people_confuse_are_one(phonemes: Phonemes, one: str, other: str) -> None:
    assert set(phonemes.keys(one)) & set(phonemes.keys(other))


def test_a_word_written_without_its_accents_has_the_key_of_the_word(phonemes: Phonemes) -> None:
    assert phonemes.keys("chomage")[0] == phonemes.keys("chômage")[0]
    assert phonemes.keys("reponse")[0] == phonemes.keys("réponse")[0]


def test_letters_that_stand_for_several_words_have_several_keys_their_own_first(phonemes: Phonemes) -> None:
    with_accent, without = phonemes.keys("payé"), phonemes.keys("paye")
    assert with_accent[0] != without[0]
    assert set(with_accent) == set(without)


def test_a_word_of_the_lexicon_is_known_by_its_bare_letters(phonemes: Phonemes) -> None:
    assert phonemes.knows("demande")
    assert phonemes.knows(fold("chômage"))
    assert not phonemes.knows("chômage")
    assert not phonemes.knows("zorglub")
    assert not phonemes.knows("")


def test_no_letters_have_no_key(phonemes: Phonemes) -> None:
    assert phonemes.keys("") == ()


@given(st.text("abcdefghijklmnopqrstuvwxyzàâçéèêëîïôùûüœæ", min_size=1, max_size=12))
def test_any_word_has_a_key_and_always_the_same(word: str) -> None:
    keys = load_phonemes().keys(word)
    assert keys
    assert len(set(keys)) == len(keys)
    assert load_phonemes()._keys(word) == keys


def test_the_lexicon_is_opened_once() -> None:
    assert load_phonemes() is load_phonemes()


def test_words_are_cut_where_no_letter_or_figure_stands_and_keep_their_accents() -> None:
    assert WORD.findall("j'ai été à l’œuvre : 450,50 € (cf. n°2)") == [
        "j", "ai", "été", "à", "l", "œuvre", "450", "50", "cf", "n", "2",
    ]  # fmt: skip
