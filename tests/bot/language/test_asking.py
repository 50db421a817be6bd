"""The part of a message that asks, and the clauses of one that asks several things."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.language.asking import AFTER, BEFORE, CUT, LAST_WORDS, asking_clauses, asking_part


@pytest.mark.parametrize(
    ("reading", "part"),
    [
        ("combien je touche", "combien je touche"),
        (
            "mon pere est mort et ma mere vit seule alors elle touche combien par mois de la caisse svp merci",
            "elle touche combien par mois de la",
        ),
        ("bonjour a tous faut il un rendez vous pour la carte", "a tous faut il un rendez vous"),
        ("je vais bien depuis hier et que faire maintenant", "hier et que faire maintenant"),
    ],
)
def test_the_words_around_what_asks_are_kept(reading: str, part: str) -> None:
    assert asking_part(reading) == part


def test_two_questions_far_apart_are_both_kept_with_a_cut_between() -> None:
    story = "un deux trois six sept huit neuf dix"
    assert asking_part(f"combien je touche par mois {story} comment faire") == (
        f"combien je touche par mois {CUT} neuf dix comment faire"
    )


def test_two_questions_near_each_other_are_one_part() -> None:
    assert CUT not in asking_part("combien je touche et comment faire")


def test_when_nothing_asks_the_last_words_are_kept() -> None:
    reading = " ".join(f"mot{rank}" for rank in range(20))
    assert asking_part(reading).split() == [f"mot{rank}" for rank in range(20 - LAST_WORDS, 20)]
    assert asking_part("un mot") == "un mot"
    assert asking_part("") == ""


def test_a_word_that_only_begins_like_one_that_asks_does_not_ask() -> None:
    reading = "quittance de loyer faute ouverte puisque droite cest un deux trois quatre cinq six"
    assert asking_part(reading) == "un deux trois quatre cinq six"


words = st.lists(
    st.sampled_from(["combien", "ou", "est", "ce", "que", "faire", "mot", "rsa", "1"]), max_size=40
)


@given(words)
def test_the_part_holds_words_of_the_message_in_their_order_and_starts_and_ends_without_a_cut(
    written: list[str],
) -> None:
    part = asking_part(" ".join(written)).split()
    rest = iter(written)
    assert all(word in rest for word in part if word != CUT)
    assert not part or CUT not in (part[0], part[-1])
    assert bool(part) == bool(written)


@given(st.integers(0, 9), st.integers(0, 9))
def test_no_more_is_kept_of_a_story_than_the_bounds_say(before: int, after: int) -> None:
    part = asking_part(" ".join(["mot"] * before + ["combien"] + ["mot"] * after)).split()
    place = part.index("combien")
    assert (place, len(part) - place - 1) == (min(before, BEFORE), min(after, AFTER))


@pytest.mark.parametrize(
    ("text", "clauses"),
    [
        ("il faut quoi et c'est combien", ["il faut quoi ", " c'est combien"]),
        ("Combien je touche ? Où aller ?", ["Combien je touche ", " Où aller "]),
        ("il faut quoi, et combien", ["il faut quoi", " combien"]),
        ("quels papiers\nquand je serai payé", ["quels papiers", "quand je serai payé"]),
        ("qui appeler. combien je touche", ["qui appeler", "combien je touche"]),
        ("kel papier é combien", ["kel papier ", " combien"]),
        ("quel papier é combien", ["quel papier ", " combien"]),
    ],
)
def test_a_message_that_asks_several_things_is_cut_where_they_meet(text: str, clauses: list[str]) -> None:
    assert asking_clauses(text) == clauses


@pytest.mark.parametrize(
    "text",
    [
        "combien je touche",
        "combien je touche ?",
        "mon père est mort et combien je touche",
        "je suis seule et fatiguée",
        "comment refaire ma carte d'été",
        "",
        "?!",
    ],
)
def test_a_message_that_asks_one_thing_or_none_has_no_clauses(text: str) -> None:
    assert asking_clauses(text) == []
