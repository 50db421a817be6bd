"""What is answered: sure, with a doubt, by asking which, or by saying one does not know."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.dialogue.decide import (
    ACT,
    ALONE,
    ASKED_WITHIN,
    CARRIED,
    DOUBTFUL,
    EASY_ACTS,
    FOLLOW_UP,
    GREETED_BEFORE,
    LOOSE_ACTS,
    OUTSIDE,
    PERHAPS_OUTSIDE,
    PLAINLY,
    POSSIBLE,
    PRECISE,
    RUBRIQUE,
    STORY_RUBRIQUES,
    SUITE,
    SURE,
    TOLD,
    WANTED_BESIDE,
    decide_act,
    decide_again,
    decide_choice,
    decide_confirmation,
    decide_correction,
    decide_question,
    is_believed,
    not_understood,
    repeated,
)
from bot.dialogue.state import DialogueState, Understanding
from bot.model.directive import Directive

JUST_BELOW = 1e-6
NEW = DialogueState()
IN_HAND = DialogueState("rsa", "montant", ("apl",), 1)
WIDOWED = DialogueState(situation="deces-conjoint")
RIGHTS = ("reversion", "deces", "asf", "aspa")


def heard(*subjects: tuple[str, float], rubrique: tuple[str, float] = ("montant", 0.9)) -> Understanding:
    """Return an understanding with these subjects, best first."""
    return Understanding(subjects, (rubrique,))


def rights_of(situation: str) -> tuple[str, ...]:
    """Know one life situation."""
    return RIGHTS if situation == "deces-conjoint" else ()


# -- a life situation


def test_a_situation_told_is_answered_when_it_is_the_likeliest() -> None:
    directive, state = decide_question(
        heard(("situation:deces-conjoint", TOLD), ("reversion", 0.29), rubrique=("apercu", 0.9)), IN_HAND
    )
    assert directive == Directive("orientation", situation="deces-conjoint")
    assert state == WIDOWED


def test_a_situation_less_likely_than_that_leaves_its_share_to_the_fiches() -> None:
    understanding = heard(("are", 0.5), ("situation:perte-emploi", 0.29))
    directive, _ = decide_question(understanding, NEW)
    assert (directive.kind, directive.fiche) == ("fiche", "are")  # 0.5 / 0.71 is sure


def test_a_situation_is_better_than_not_understood() -> None:
    directive, _ = decide_question(heard(("situation:perte-emploi", 2 * POSSIBLE), ("are", 0.01)), NEW)
    assert directive.kind == "orientation"
    directive, _ = decide_question(heard(("situation:perte-emploi", 2 * POSSIBLE - 0.01), ("are", 0.01)), NEW)
    assert directive.kind == "incompris"


# What a fiche is asked about with within a story: its share is what the story leaves.
WITHIN = ASKED_WITHIN * (1 - TOLD)


@pytest.mark.parametrize(
    ("reversion", "rubrique"),
    [
        pytest.param(WITHIN - JUST_BELOW, ("montant", PRECISE), id="the fiche is too unlikely"),
        pytest.param(0.4, ("montant", PRECISE - JUST_BELOW), id="the question is not precise"),
        *(pytest.param(0.4, (rubrique, 0.9), id=rubrique) for rubrique in STORY_RUBRIQUES),
    ],
)
def test_a_story_that_asks_nothing_precise_of_a_fiche_is_a_story(
    reversion: float, rubrique: tuple[str, float]
) -> None:
    told = heard(("situation:deces-conjoint", 0.5), ("reversion", reversion), rubrique=rubrique)
    assert decide_question(told, NEW)[0] == Directive("orientation", situation="deces-conjoint")


def test_a_precise_question_within_a_story_is_answered_by_its_fiche() -> None:
    told = heard(("situation:deces-conjoint", 0.5), ("reversion", 0.4), rubrique=("montant", PRECISE))
    directive, state = decide_question(told, NEW)
    assert directive == Directive("fiche_doute", "reversion", "montant")
    assert state == DialogueState("reversion", "montant", ("reversion",), 0)


@given(fiche=st.floats(0.0, 0.49), told=st.floats(0.5, 1.0))
def test_who_tells_a_story_and_asks_precisely_is_never_said_not_to_be_understood(
    fiche: float, told: float
) -> None:
    asked = heard(("situation:deces-conjoint", told), ("reversion", fiche), rubrique=("montant", PRECISE))
    assert decide_question(asked, NEW)[0].kind in {"orientation", "fiche_doute", "fiche"}


# -- what follows a life situation


def test_a_follow_up_after_a_life_situation_is_about_its_right_that_fits_best() -> None:
    directive, state = decide_question(heard((SUITE, 0.6), ("aspa", 0.1), ("apl", 0.2)), WIDOWED, rights_of)
    assert directive == Directive("fiche_doute", "aspa", "montant", ("reversion", "deces"))
    assert state == DialogueState("aspa", "montant", ("aspa", "reversion", "deces"), 0)


def test_when_no_right_of_the_situation_fits_the_most_useful_comes_first() -> None:
    directive, _ = decide_question(heard((SUITE, 0.6)), WIDOWED, rights_of)
    assert directive == Directive("fiche_doute", "reversion", "montant", ("deces", "asf"))


def test_yes_after_that_takes_the_right_that_was_given() -> None:
    _, state = decide_question(heard((SUITE, 0.6)), WIDOWED, rights_of)
    assert decide_confirmation(state)[0] == Directive("fiche", "reversion", "montant")


def test_another_follow_up_is_about_the_right_in_hand_and_no_longer_about_the_situation() -> None:
    _, state = decide_question(heard((SUITE, 0.6)), WIDOWED, rights_of)
    assert state.situation is None
    directive, _ = decide_question(heard((SUITE, 0.6), rubrique=("pieces", 0.9)), state, rights_of)
    assert directive == Directive("fiche", "reversion", "pieces")


def test_a_fiche_named_after_a_life_situation_is_a_question_like_another() -> None:
    directive, state = decide_question(heard(("apl", SURE), (SUITE, 0.2)), WIDOWED, rights_of)
    assert directive == Directive("fiche", "apl", "montant")
    assert state.situation is None


@pytest.mark.parametrize(
    "state", [DialogueState(situation="disparue"), NEW], ids=["its file is gone", "none"]
)
def test_a_follow_up_without_a_situation_that_has_rights_asks_which(state: DialogueState) -> None:
    assert decide_question(heard((SUITE, 0.6)), state, rights_of)[0].kind == "sans_sujet"


def test_what_is_not_understood_and_what_is_only_polite_leave_the_life_situation_in_hand() -> None:
    for after in (
        not_understood(WIDOWED)[1],
        decide_act("remercier", heard(("acte:remercier", 0.9)), WIDOWED)[1],
        decide_confirmation(WIDOWED)[1],
        decide_again("repeter", WIDOWED)[1],
    ):
        assert after.situation == "deces-conjoint"
        assert decide_question(heard((SUITE, 0.6)), after, rights_of)[0].fiche == "reversion"


def test_a_refusal_drops_the_life_situation() -> None:
    _, state = decide_correction(WIDOWED, is_miss=False)
    assert state.situation is None


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
    directive, _ = decide_question(heard(("apl", ALONE), ("rsa", POSSIBLE - JUST_BELOW)), NEW)
    assert directive == Directive("fiche_doute", "apl", "montant")


def test_a_subject_weaker_still_is_not_understood() -> None:
    for probability in (ALONE - JUST_BELOW, POSSIBLE - JUST_BELOW):
        directive, state = decide_question(heard(("apl", probability)), NEW)
        assert directive == Directive("incompris", misses=1)
        assert state.misses == 1


@pytest.mark.parametrize(
    "subjects",
    [
        pytest.param((("apl", DOUBTFUL - JUST_BELOW),), id="one alone"),
        pytest.param((("apl", DOUBTFUL - JUST_BELOW), ("rsa", 0.2)), id="several"),
    ],
)
def test_a_weak_subject_is_not_given_when_the_message_may_be_outside(
    subjects: tuple[tuple[str, float], ...],
) -> None:
    outside = heard(*subjects, ("acte:hors_sujet", PERHAPS_OUTSIDE))
    assert decide_question(outside, NEW)[0] == Directive("incompris", misses=1)
    inside = heard(*subjects, ("acte:hors_sujet", PERHAPS_OUTSIDE - JUST_BELOW))
    assert decide_question(inside, NEW)[0].kind in {"fiche_doute", "clarification"}


def test_a_second_miss_in_a_row_brings_a_person() -> None:
    _, state = decide_question(heard(("apl", 0.01)), NEW)
    directive, state = decide_question(heard(("rsa", 0.01)), state)
    assert directive == Directive("incompris_encore", misses=2)
    assert decide_question(heard(("rsa", 0.01)), state)[0].kind == "incompris_encore"


def test_an_answer_between_two_misses_starts_the_count_again() -> None:
    _, state = decide_question(heard(("apl", 0.01)), NEW)
    _, state = decide_question(heard(("apl", 0.9)), state)
    vague = heard(("xyz", 0.01), rubrique=("apercu", 0.5))
    assert decide_question(vague, state)[0].kind == "incompris"


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


def test_two_rubriques_asked_are_both_answered_in_their_order() -> None:
    understanding = Understanding((("apl", 0.9),), (("montant", 0.9),), ("pieces", "montant", "recours"))
    directive, state = decide_question(understanding, NEW)
    assert directive == Directive("fiche", "apl", "pieces", also="montant")
    assert state == DialogueState("apl", "pieces", (), 0)


def test_two_rubriques_asked_in_a_follow_up_are_both_answered() -> None:
    understanding = Understanding(((SUITE, 0.9),), (("montant", 0.9),), ("pieces", "montant"))
    assert decide_question(understanding, IN_HAND)[0] == Directive("fiche", "rsa", "pieces", also="montant")


def test_of_a_doubtful_subject_one_rubrique_only_is_given() -> None:
    understanding = Understanding((("apl", DOUBTFUL),), (("montant", 0.9),), ("pieces", "montant"))
    assert decide_question(understanding, NEW)[0] == Directive("fiche_doute", "apl", "montant")


def test_acts_among_the_subjects_are_never_taken_for_a_fiche() -> None:
    directive, _ = decide_question(heard(("acte:remercier", 0.5), ("apl", 0.45)), NEW)
    assert directive == Directive("fiche_doute", "apl", "montant")


def test_nothing_understood_is_a_miss() -> None:
    assert decide_question(Understanding(), NEW)[0].kind == "incompris"
    assert decide_question(Understanding(), IN_HAND)[0].kind == "incompris_encore"


# -- a follow-up


def test_a_follow_up_is_about_the_subject_in_hand() -> None:
    directive, state = decide_question(heard((SUITE, 0.9), rubrique=("pieces", 0.9)), IN_HAND)
    assert directive == Directive("fiche", "rsa", "pieces")
    assert state == DialogueState("rsa", "pieces", (), 0)


def test_a_follow_up_that_asks_nothing_of_its_own_asks_again_what_was_just_asked() -> None:
    """ "et en couple", after "combien pour le rsa"."""
    vague = heard((SUITE, 0.9), rubrique=("apercu", PLAINLY - JUST_BELOW))
    assert decide_question(vague, IN_HAND)[0] == Directive("fiche", fiche="rsa", rubrique="montant")
    plain = heard((SUITE, 0.9), rubrique=("apercu", PLAINLY))
    assert decide_question(plain, IN_HAND)[0] == Directive("fiche", fiche="rsa", rubrique="apercu")


@pytest.mark.parametrize("state", [NEW, IN_HAND, WIDOWED])
def test_a_person_wanted_beside_a_follow_up_is_heard_when_nothing_precise_is_asked(
    state: DialogueState,
) -> None:
    def kind(probability: float, rubrique: str) -> str:
        understanding = heard(
            (SUITE, 0.85), ("acte:demander_personne", probability), rubrique=(rubrique, PRECISE)
        )
        return decide_question(understanding, state, rights_of)[0].kind

    for rubrique in ("apercu", "contact"):
        assert kind(WANTED_BESIDE, rubrique) == "demander_personne"
    assert kind(WANTED_BESIDE - JUST_BELOW, "apercu") != "demander_personne"
    assert (kind(WANTED_BESIDE, "montant") == "demander_personne") == (state.fiche is None)


def test_between_the_subject_in_hand_and_others_one_is_not_asked_which() -> None:
    unsure = heard(("rsa", 0.3), ("apl", 0.2))
    assert decide_question(unsure, IN_HAND)[0].kind == "fiche_doute"
    assert decide_question(unsure, NEW)[0].kind == "clarification"


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


def test_whom_to_talk_to_without_a_subject_is_a_person_wanted() -> None:
    who = heard((SUITE, 0.9), rubrique=("contact", 0.9))
    directive, state = decide_question(who, NEW)
    assert directive == Directive("demander_personne")
    assert state == NEW
    assert decide_question(who, IN_HAND)[0] == Directive("fiche", "rsa", "contact")


def test_who_names_another_subject_after_a_no_still_asks_the_same_of_it() -> None:
    other = (("apl", SURE), ("acte:corriger", CARRIED))
    overview = ("apercu", 0.9)
    assert decide_question(heard(*other, rubrique=overview), IN_HAND)[0] == Directive(
        "fiche", "apl", "montant"
    )
    doubtful = heard(*other, rubrique=("pieces", RUBRIQUE - JUST_BELOW))
    assert decide_question(doubtful, IN_HAND)[0].rubrique == "montant"


@pytest.mark.parametrize(
    ("no", "rubrique", "state", "expected"),
    [
        pytest.param(CARRIED - JUST_BELOW, "apercu", IN_HAND, "apercu", id="no is hardly heard"),
        pytest.param(CARRIED, "pieces", IN_HAND, "pieces", id="something else is asked"),
        pytest.param(CARRIED, "apercu", NEW, "apercu", id="nothing was asked before"),
    ],
)
def test_what_was_asked_before_is_not_asked_again_otherwise(
    no: float, rubrique: str, state: DialogueState, expected: str
) -> None:
    understanding = heard(("apl", SURE), ("acte:corriger", no), rubrique=(rubrique, 0.9))
    assert decide_question(understanding, state)[0] == Directive("fiche", "apl", expected)


def test_a_follow_up_below_its_bound_is_not_believed() -> None:
    weak = heard((SUITE, FOLLOW_UP - 0.05), ("apl", 0.1), rubrique=("montant", PLAINLY - JUST_BELOW))
    assert decide_question(weak, IN_HAND)[0].kind != "fiche"


def test_what_is_asked_plainly_and_names_nothing_else_is_about_the_subject_in_hand() -> None:
    plain = heard(("apl", DOUBTFUL - JUST_BELOW), rubrique=("pieces", PLAINLY))
    assert decide_question(plain, IN_HAND)[0] == Directive("fiche", "rsa", "pieces")
    assert decide_question(plain, NEW)[0] == Directive("fiche_doute", "apl", "pieces")
    named = heard(("apl", DOUBTFUL), rubrique=("pieces", PLAINLY))
    assert decide_question(named, IN_HAND)[0].fiche == "apl"
    vague = heard(("apl", DOUBTFUL - JUST_BELOW), rubrique=("pieces", PLAINLY - JUST_BELOW))
    assert decide_question(vague, IN_HAND)[0].fiche == "apl"


def as_ranking(pairs: list[tuple[str, float]]) -> tuple[tuple[str, float], ...]:
    """Return labels and their probabilities as they are received: best first, one at most in all, rounded."""
    total = max(1.0, sum(p for _, p in pairs))
    return tuple(sorted(((label, round(p / total, 4)) for label, p in pairs), key=lambda pair: -pair[1]))


labels = st.sampled_from(["apl", "rsa", "css", "are", SUITE, "acte:saluer", "acte:hors_sujet"])
rankings = st.lists(st.tuples(labels, st.floats(0, 1)), max_size=5, unique_by=lambda pair: pair[0]).map(
    lambda pairs: as_ranking(pairs)
)
states = st.builds(
    DialogueState,
    st.none() | st.sampled_from(["rsa", "apl"]),
    st.none() | st.just("montant"),
    st.lists(st.sampled_from(["css", "are"]), max_size=2, unique=True).map(tuple),
    st.integers(0, 3),
    st.none() | st.just("deces-conjoint"),
)


@given(rankings, states)
def test_a_subject_below_sure_is_never_stated_as_sure(
    subjects: tuple[tuple[str, float], ...], state: DialogueState
) -> None:
    directive, _ = decide_question(Understanding(subjects), state)
    if directive.kind == "fiche":
        probabilities = dict(subjects)
        # A greeting stands beside what is told; with nothing in hand, there is nothing to follow.
        beside = probabilities.get("acte:saluer", 0.0)
        beside += probabilities.get(SUITE, 0.0) if state.fiche is None else 0.0
        is_sure = probabilities.get(directive.fiche or "", 0.0) >= SURE * (1 - beside) - JUST_BELOW
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
    directive, _ = decide_act("remercier", heard(("acte:remercier", ACT - JUST_BELOW), ("apl", ALONE)), NEW)
    assert directive == Directive("fiche_doute", "apl", "montant")


@pytest.mark.parametrize("act", sorted(EASY_ACTS))
def test_an_act_that_costs_little_is_believed_earlier(act: str) -> None:
    bound = EASY_ACTS[act]
    assert bound < ACT
    assert decide_act(act, heard((f"acte:{act}", bound)), IN_HAND)[0] == Directive(act)
    below = heard((f"acte:{act}", bound - JUST_BELOW), ("apl", POSSIBLE))
    assert decide_act(act, below, NEW)[0] == Directive("incompris", misses=1)


@pytest.mark.parametrize("act", sorted(LOOSE_ACTS))
def test_a_short_question_about_the_subject_in_hand_is_not_taken_for_an_act(act: str) -> None:
    short = heard((f"acte:{act}", 0.7), (SUITE, FOLLOW_UP), rubrique=("montant", PLAINLY))
    assert not is_believed(act, short, IN_HAND)
    assert decide_act(act, short, IN_HAND)[0] == Directive("fiche", "rsa", "montant")
    assert is_believed(act, short, NEW)


@pytest.mark.parametrize(
    ("act", "follow_up", "plainly"),
    [
        pytest.param(
            "demander_aide", FOLLOW_UP - JUST_BELOW, PLAINLY, id="it does not read like a follow-up"
        ),
        pytest.param("demander_aide", FOLLOW_UP, PLAINLY - JUST_BELOW, id="nothing is asked plainly"),
        pytest.param("demander_personne", FOLLOW_UP, PLAINLY, id="the act is never loose"),
    ],
)
def test_an_act_beside_a_subject_in_hand_is_still_an_act_when(
    act: str, follow_up: float, plainly: float
) -> None:
    understanding = heard((f"acte:{act}", 0.7), (SUITE, follow_up), rubrique=("montant", plainly))
    assert decide_act(act, understanding, IN_HAND)[0] == Directive(act)


def test_a_greeting_before_a_question_is_not_the_answer() -> None:
    said = 0.5
    asked = heard(("acte:saluer", said), ("apl", GREETED_BEFORE))
    assert not is_believed("saluer", asked, NEW)
    likely = heard(("acte:saluer", said), ("apl", SURE * (1 - said)))
    assert decide_act("saluer", likely, NEW)[0] == Directive("fiche", "apl", "montant")
    alone = heard(("acte:saluer", said), ("apl", GREETED_BEFORE - 0.01))
    assert decide_act("saluer", alone, NEW)[0] == Directive("saluer")


@pytest.mark.parametrize(("said", "left"), [(1.0, 0.0), (0.97, 0.01), (0.9, 0.03)])
def test_a_plain_greeting_is_greeted(said: float, left: float) -> None:
    plain = heard(("acte:saluer", said), ("apl", left), rubrique=("apercu", 0.5))
    assert decide_act("saluer", plain, NEW)[0] == Directive("saluer")


def test_a_doubtful_act_after_a_life_situation_is_about_its_rights() -> None:
    understanding = heard((SUITE, ACT - JUST_BELOW), ("acte:remercier", 0.2))
    directive, _ = decide_act("remercier", understanding, WIDOWED, rights_of)
    assert directive.fiche == "reversion"


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
    directive, state = decide_again("repeter", IN_HAND)
    assert directive == Directive("repeter", "rsa", "montant")
    assert state == DialogueState("rsa", "montant", (), 0)
    assert decide_again("repeter", DialogueState("rsa"))[0].rubrique == "apercu"


def test_with_nothing_said_yet_there_is_nothing_to_say_again() -> None:
    assert decide_again("repeter", NEW)[0] == Directive("rien_en_cours")


@pytest.mark.parametrize("kind", ["repeter", "simplifier"])
@pytest.mark.parametrize("state", [IN_HAND, NEW], ids=["a subject in hand", "nothing in hand"])
def test_the_last_answer_said_again_can_be_told_from_an_answer(kind: str, state: DialogueState) -> None:
    assert repeated(decide_again(kind, state)[0])
    assert not repeated(decide_choice("rsa", "montant")[0])
    assert not repeated(not_understood(state)[0])


def test_a_miss_keeps_the_subject_in_hand() -> None:
    _, state = not_understood(DialogueState("rsa", "montant", ("apl",), 0))
    assert state == DialogueState("rsa", "montant", (), 1)


def test_a_fiche_named_beside_a_follow_up_is_meant_when_nothing_is_in_hand() -> None:
    asked = heard((SUITE, 0.85), ("apl", 0.14), ("apa", 0.001))
    assert decide_question(asked, NEW)[0] == Directive("fiche", "apl", "montant")
    assert decide_question(asked, IN_HAND)[0] == Directive("fiche", "rsa", "montant")
    nothing = heard((SUITE, 0.99), ("apl", 0.009))
    assert decide_question(nothing, NEW)[0].kind == "sans_sujet"
