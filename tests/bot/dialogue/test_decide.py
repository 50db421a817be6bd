"""What is answered: sure, with a doubt, by asking which, or by saying one does not know."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.dialogue.decide import (
    ACT,
    DOUBTFUL,
    FOLLOW_UP,
    OUTSIDE,
    POSSIBLE,
    RUBRIQUE,
    SUITE,
    SURE,
    TOLD,
    decide_act,
    decide_again,
    decide_choice,
    decide_confirmation,
    decide_correction,
    decide_question,
    not_understood,
)
from bot.dialogue.state import DialogueState, Understanding
from bot.model.directive import Directive

JUST_BELOW = 1e-6
NEW = DialogueState()
IN_HAND = DialogueState("rsa", "montant", ("apl",), 1)


def heard(*subjects: tuple[str, float], rubrique: tuple[str, float] = ("montant", 0.9)) -> Understanding:
    """Return an understanding with these subjects, best first."""
    return Understanding(subjects, (rubrique,))


# -- a life situation


def test_a_situation_told_is_answered_when_it_is_the_likeliest() -> None:
    directive, state = decide_question(
        heard(("situation:deces-conjoint", TOLD), ("reversion", 0.29)), IN_HAND
    )
    assert directive == Directive("orientation", situation="deces-conjoint")
    assert state == NEW


def test_a_situation_less_likely_than_that_leaves_its_share_to_the_fiches() -> None:
    understanding = heard(("are", 0.5), ("situation:perte-emploi", 0.29))
    directive, _ = decide_question(understanding, NEW)
    assert (directive.kind, directive.fiche) == ("fiche", "are")  # 0.5 / 0.71 is sure


def test_a_situation_is_better_than_not_understood() -> None:
    directive, _ = decide_question(heard(("situation:perte-emploi", 2 * POSSIBLE), ("are", 0.01)), NEW)
    assert directive.kind == "orientation"
    directive, _ = decide_question(heard(("situation:perte-emploi", 2 * POSSIBLE - 0.01), ("are", 0.01)), NEW)
    assert directive.kind == "incompris"


# -- a question


def test_a_sure_subject_is_answered() -> None:
    directive, state = decide_question(heard(("apl", SURE), ("rsa", 0.2)), NEW)
    assert directive == Directive("fiche", "apl", "montant")
    assert state == DialogueState("apl", "montant", (), 0)


def test_just_below_sure_the_answer_is_given_with_a_doubt_and_the_other_subjects() -> None:
    directive, state = decide_question(heard(("apl", SURE - JUST_BELOW), ("rsa", 0.2), ("css", 0.05)), NEW)
    assert directive == Directive("fiche_doute", "apl", "montant", ("rsa",))
    assert state == DialogueState("apl", "montant", ("apl", "rsa"), 0)


def test_yes_after_a_doubt_takes_the_subject_in_doubt() -> None:
    _, state = decide_question(heard(("apl", 0.5), ("rsa", 0.2)), NEW)
    assert decide_confirmation(state)[0] == Directive("fiche", "apl", "montant")


def test_just_below_doubtful_the_person_is_asked_which() -> None:
    directive, state = decide_question(
        heard(("apl", DOUBTFUL - JUST_BELOW), ("rsa", 0.2), ("css", 0.15), ("are", 0.12)), NEW
    )
    assert directive == Directive("clarification", None, "montant", ("apl", "rsa", "css"))
    assert state == DialogueState(None, "montant", ("apl", "rsa", "css"), 0)


def test_a_weak_subject_alone_is_given_with_a_doubt() -> None:
    directive, _ = decide_question(heard(("apl", 2 * POSSIBLE), ("rsa", POSSIBLE - JUST_BELOW)), NEW)
    assert directive == Directive("fiche_doute", "apl", "montant")


def test_a_subject_weaker_still_is_not_understood() -> None:
    for probability in (2 * POSSIBLE - JUST_BELOW, POSSIBLE - JUST_BELOW):
        directive, state = decide_question(heard(("apl", probability)), NEW)
        assert directive == Directive("incompris", misses=1)
        assert state.misses == 1


def test_a_second_miss_in_a_row_brings_a_person() -> None:
    _, state = decide_question(heard(("apl", 0.01)), NEW)
    directive, state = decide_question(heard(("rsa", 0.01)), state)
    assert directive == Directive("incompris_encore", misses=2)
    assert decide_question(heard(("rsa", 0.01)), state)[0].kind == "incompris_encore"


def test_an_answer_between_two_misses_starts_the_count_again() -> None:
    _, state = decide_question(heard(("apl", 0.01)), NEW)
    _, state = decide_question(heard(("apl", 0.9)), state)
    assert decide_question(heard(("xyz", 0.01)), state)[0].kind == "incompris"


def test_a_clarification_between_two_misses_does_not_hide_the_second() -> None:
    _, state = decide_question(heard(("apl", 0.01)), NEW)
    _, state = decide_question(heard(("apl", 0.3), ("rsa", 0.3)), state)
    assert decide_question(heard(("css", 0.01)), state)[0].kind == "incompris_encore"


def test_a_doubtful_rubrique_gives_the_overview() -> None:
    unsure = heard(("apl", 0.9), rubrique=("recours", RUBRIQUE - JUST_BELOW))
    assert decide_question(unsure, NEW)[0] == Directive("fiche", "apl", "apercu")
    assert decide_question(Understanding((("apl", 0.9),)), NEW)[0].rubrique == "apercu"
    sure = heard(("apl", 0.9), rubrique=("recours", RUBRIQUE))
    assert decide_question(sure, NEW)[0].rubrique == "recours"


def test_acts_among_the_subjects_are_never_taken_for_a_fiche() -> None:
    directive, _ = decide_question(heard(("acte:saluer", 0.5), ("apl", 0.45)), NEW)
    assert directive == Directive("fiche_doute", "apl", "montant")


def test_nothing_understood_is_a_miss() -> None:
    assert decide_question(Understanding(), NEW)[0].kind == "incompris"
    assert decide_question(Understanding(), IN_HAND)[0].kind == "incompris_encore"


# -- a follow-up


def test_a_follow_up_is_about_the_subject_in_hand() -> None:
    directive, state = decide_question(heard((SUITE, 0.9), rubrique=("pieces", 0.9)), IN_HAND)
    assert directive == Directive("fiche", "rsa", "pieces")
    assert state == DialogueState("rsa", "pieces", (), 0)


def test_a_likely_follow_up_wins_over_an_unsure_subject() -> None:
    directive, _ = decide_question(heard(("apl", SURE - JUST_BELOW), (SUITE, FOLLOW_UP)), IN_HAND)
    assert directive.fiche == "rsa"


@pytest.mark.parametrize(
    "subjects",
    [
        (("apl", SURE), (SUITE, 0.25)),
        (("apl", 0.6), (SUITE, FOLLOW_UP - JUST_BELOW)),
    ],
)
def test_a_new_subject_wins_over_an_unlikely_follow_up(subjects: tuple[tuple[str, float], ...]) -> None:
    assert decide_question(heard(*subjects), IN_HAND)[0].fiche == "apl"


def test_the_subject_in_hand_named_again_is_a_question_like_another() -> None:
    assert decide_question(heard(("rsa", 0.5), (SUITE, 0.4)), IN_HAND)[0].kind == "fiche_doute"


def test_a_follow_up_without_subject_asks_which() -> None:
    directive, state = decide_question(heard((SUITE, 0.9)), NEW)
    assert directive == Directive("sans_sujet", None, "montant")
    assert state == NEW


def test_a_follow_up_below_its_bound_is_not_believed() -> None:
    directive, _ = decide_question(heard((SUITE, FOLLOW_UP - 0.05), ("apl", 0.1)), IN_HAND)
    assert directive.kind != "fiche"


labels = st.sampled_from(["apl", "rsa", "css", "are", SUITE, "acte:saluer", "acte:hors_sujet"])
rankings = st.lists(st.tuples(labels, st.floats(0, 1)), max_size=5, unique_by=lambda pair: pair[0]).map(
    lambda pairs: tuple(sorted(pairs, key=lambda pair: -pair[1]))
)
states = st.builds(
    DialogueState,
    st.none() | st.sampled_from(["rsa", "apl"]),
    st.none() | st.just("montant"),
    st.lists(st.sampled_from(["css", "are"]), max_size=2, unique=True).map(tuple),
    st.integers(0, 3),
)


@given(rankings, states)
def test_a_subject_below_sure_is_never_stated_as_sure(
    subjects: tuple[tuple[str, float], ...], state: DialogueState
) -> None:
    directive, _ = decide_question(Understanding(subjects), state)
    if directive.kind == "fiche":
        probabilities = dict(subjects)
        is_sure = probabilities.get(directive.fiche or "", 0.0) >= SURE
        is_follow_up = directive.fiche == state.fiche and SUITE in probabilities
        assert is_sure or is_follow_up


@given(rankings, states)
def test_the_subjects_proposed_were_heard_and_are_three_at_most(
    subjects: tuple[tuple[str, float], ...], state: DialogueState
) -> None:
    directive, after = decide_question(Understanding(subjects), state)
    proposed = {fiche for fiche in (directive.fiche, *directive.fiches) if fiche}
    assert len(proposed) <= 3
    assert proposed <= {label for label, _ in subjects} | {state.fiche}
    assert set(after.proposed) == (proposed if directive.kind != "fiche" else set())


@given(rankings, states)
def test_a_miss_adds_one_and_only_a_miss_does(
    subjects: tuple[tuple[str, float], ...], state: DialogueState
) -> None:
    directive, after = decide_question(Understanding(subjects), state)
    if directive.kind.startswith("incompris"):
        assert after.misses == state.misses + 1
        assert (directive.kind == "incompris_encore") == (after.misses >= 2)
    else:
        assert after.misses <= state.misses


# -- an act


def test_an_act_is_answered_and_keeps_the_subject_in_hand() -> None:
    directive, state = decide_act("remercier", heard(("acte:remercier", ACT)), IN_HAND)
    assert directive == Directive("remercier")
    assert state == DialogueState("rsa", "montant", (), 0)


def test_a_doubtful_act_is_read_as_a_question() -> None:
    directive, _ = decide_act("remercier", heard(("acte:remercier", ACT - JUST_BELOW), ("apl", 0.3)), NEW)
    assert directive == Directive("fiche_doute", "apl", "montant")


def test_outside_is_said_only_when_it_is_likely() -> None:
    assert decide_act("hors_sujet", heard(("acte:hors_sujet", OUTSIDE)), NEW)[0] == Directive("hors_sujet")
    assert (
        decide_act("hors_sujet", heard(("acte:hors_sujet", OUTSIDE - JUST_BELOW)), NEW)[0].kind == "incompris"
    )


def test_an_act_given_without_ranking_is_believed() -> None:
    assert decide_act("saluer", Understanding(), NEW)[0] == Directive("saluer")


# -- a choice, yes, no, again


def test_a_choice_is_obeyed() -> None:
    directive, state = decide_choice("apl", "pieces")
    assert directive == Directive("fiche", "apl", "pieces")
    assert state == DialogueState("apl", "pieces", (), 0)
    assert decide_choice("apl", None)[0].rubrique == "apercu"


def test_yes_takes_the_first_subject_proposed() -> None:
    directive, state = decide_confirmation(DialogueState("rsa", "montant", ("apl", "css"), 1))
    assert directive == Directive("fiche", "apl", "montant")
    assert state == DialogueState("apl", "montant", (), 0)


def test_yes_without_anything_proposed_is_taken_kindly() -> None:
    directive, state = decide_confirmation(DialogueState("rsa", "montant"))
    assert directive.kind == "accord"
    assert state.fiche == "rsa"


def test_a_refusal_drops_the_subject_and_is_not_a_miss() -> None:
    directive, state = decide_correction(DialogueState("rsa", "montant", ("apl",), 1), is_miss=False)
    assert directive.kind == "corriger"
    assert state == NEW


def test_a_correction_is_a_miss_and_the_second_brings_a_person() -> None:
    directive, state = decide_correction(DialogueState("rsa", "montant"), is_miss=True)
    assert directive == Directive("corriger", misses=1)
    assert state == DialogueState(misses=1)
    assert decide_correction(state, is_miss=True)[0].kind == "incompris_encore"


def test_the_last_answer_is_said_again() -> None:
    directive, state = decide_again("fiche", IN_HAND)
    assert directive == Directive("fiche", "rsa", "montant")
    assert state == DialogueState("rsa", "montant", (), 0)
    assert decide_again("fiche", DialogueState("rsa"))[0].rubrique == "apercu"


def test_with_nothing_said_yet_there_is_nothing_to_say_again() -> None:
    assert decide_again("fiche", NEW)[0] == Directive("rien_en_cours")


def test_a_miss_keeps_the_subject_in_hand() -> None:
    _, state = not_understood(DialogueState("rsa", "montant", ("apl",), 0))
    assert state == DialogueState("rsa", "montant", (), 1)
