"""The form of a request to a person, one question at a time."""

from __future__ import annotations

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.answers import choices
from bot.answers.compose import Composer
from bot.service.demande_flow import (
    MAX_COMMUNE,
    MAX_NAME,
    NOTHING_AROUND,
    Around,
    DemandeFlow,
    FlowStep,
    Question,
    Turn,
    read_phone,
)
from bot.store.demandes import CALL, HERE, HOME, MEETING, MOYENS, TEXT, DemandeDetails
from tests.bot.service.person import words_of


@pytest.fixture
def flow(composer: Composer) -> DemandeFlow:
    return DemandeFlow(composer)


TALKED = Around(has_words=True, subject="rsa")
STARTS = {
    HERE: choices.PERSON_HERE,
    CALL: choices.PERSON_CALL,
    TEXT: choices.PERSON_TEXT,
    MEETING: choices.PERSON_AT_PLACE,
    HOME: choices.PERSON_AT_HOME,
}
ANSWERS = {
    Question.JOIN: (None, choices.PERSON_JOIN),
    Question.PHONE: ("06.39.98.00.01", None),
    Question.COMMUNE: ("j'habite à Gaël", None),
    Question.WHEN: (None, choices.PERSON_MORNING),
    Question.NAME: ("Mme Essai", None),
    Question.WORDS: ("un papier à remplir", None),
}
PHONE = "06 39 98 00 01"
FULL = {"nom": "Mme Essai", "mots": "un papier à remplir", "joindre": True}


def go_on(
    flow: DemandeFlow,
    turn: Turn,
    text: str | None = None,
    value: str | None = None,
    around: Around = NOTHING_AROUND,
) -> Turn:
    """Return the next turn, which must exist."""
    following = flow.advance(turn.step, text, value, around)
    assert following
    return following


def start(flow: DemandeFlow, value: str, around: Around = NOTHING_AROUND) -> Turn:
    turn = flow.advance(None, None, value, around)
    assert turn
    return turn


def labels_of(turn: Turn) -> list[str]:
    assert turn.answer
    return [choice.value for choice in turn.answer.choices]


@pytest.mark.parametrize(
    ("moyen", "details"),
    [
        (HERE, DemandeDetails(HERE, **FULL)),
        (CALL, DemandeDetails(CALL, PHONE, quand="le matin", **FULL)),
        (TEXT, DemandeDetails(TEXT, PHONE, **FULL)),
        (MEETING, DemandeDetails(MEETING, PHONE, quand="le matin", commune="Gaël", **FULL)),
        (HOME, DemandeDetails(HOME, PHONE, quand="le matin", commune="Gaël", **FULL)),
    ],
)
def test_each_way_asks_what_it_needs_one_thing_at_a_time_then_a_clear_yes(
    flow: DemandeFlow, moyen: str, details: DemandeDetails
) -> None:
    turn = start(flow, STARTS[moyen], TALKED)
    while turn.step and turn.step.question is not Question.CONFIRM:
        assert turn.details is None
        text, value = ANSWERS[turn.step.question]
        turn = go_on(flow, turn, text, value, TALKED)
    assert turn.answer
    said = words_of(turn.answer)
    for part in (details.telephone, details.quand, details.commune, "Mme Essai", "un papier", "secret"):
        assert part is None or part in said
    done = go_on(flow, turn, value=choices.PERSON_SEND, around=TALKED)
    assert (done.details, done.step) == (details, None)


@pytest.mark.parametrize("moyen", MOYENS)
def test_all_that_can_be_skipped_is_skipped(flow: DemandeFlow, moyen: str) -> None:
    turn = start(flow, STARTS[moyen], TALKED)
    while turn.step and turn.step.question is not Question.CONFIRM:
        if turn.step.question is Question.PHONE and moyen in (CALL, TEXT):
            assert choices.PERSON_SKIP not in labels_of(turn)
            turn = go_on(flow, turn, PHONE, None, TALKED)
        else:
            turn = go_on(flow, turn, "passer", None, TALKED)
    done = go_on(flow, turn, value=choices.PERSON_SEND, around=TALKED)
    assert done.details == DemandeDetails(moyen, PHONE if moyen in (CALL, TEXT) else None)


def test_an_appointment_asks_where_first(flow: DemandeFlow) -> None:
    turn = start(flow, choices.PERSON_MEETING)
    assert turn.step
    assert turn.step.question is Question.WHERE
    assert labels_of(turn) == [choices.PERSON_AT_PLACE, choices.PERSON_AT_HOME, choices.PERSON_CANCEL]


@pytest.mark.parametrize(
    ("said", "moyen"),
    [
        ("LIEU", MEETING),
        ("à la mairie si possible", MEETING),
        ("DOMICILE", HOME),
        ("je ne peux pas me déplacer", HOME),
        ("venez chez moi", HOME),
    ],
)
def test_where_is_understood_in_words(flow: DemandeFlow, said: str, moyen: str) -> None:
    turn = go_on(flow, start(flow, choices.PERSON_MEETING), said)
    assert turn.step == FlowStep(Question.PHONE, DemandeDetails(moyen))


def test_words_that_do_not_answer_where_are_asked_again(flow: DemandeFlow) -> None:
    turn = start(flow, choices.PERSON_MEETING)
    again = go_on(flow, turn, "bof")
    assert (again.step, labels_of(again)) == (turn.step, labels_of(turn))


def test_the_conversation_is_offered_only_when_it_holds_words_of_theirs(flow: DemandeFlow) -> None:
    asked = start(flow, choices.PERSON_HERE, TALKED)
    assert asked.answer
    assert "Revenu de solidarité active" in words_of(asked.answer)
    unasked = start(flow, choices.PERSON_HERE, Around(subject="rsa"))
    assert unasked.step
    assert unasked.step.question is Question.NAME


@pytest.mark.parametrize(
    ("said", "joined"), [("oui", True), ("Oui bien sûr", True), ("non", False), ("je préfère pas", False)]
)
def test_the_conversation_is_joined_by_a_yes_alone(flow: DemandeFlow, said: str, joined: bool) -> None:
    turn = go_on(flow, start(flow, choices.PERSON_HERE, TALKED), said, None, TALKED)
    assert turn.step == FlowStep(Question.NAME, DemandeDetails(HERE, joindre=joined))


def test_neither_yes_nor_no_joins_nothing_and_is_asked_again(flow: DemandeFlow) -> None:
    turn = start(flow, choices.PERSON_HERE, TALKED)
    assert go_on(flow, turn, "pourquoi ?", None, TALKED).step == turn.step


@pytest.mark.parametrize("joined", [True, False])
def test_what_is_passed_on_is_said_before_the_yes(flow: DemandeFlow, joined: bool) -> None:
    step = FlowStep(Question.WORDS, DemandeDetails(HERE, joindre=joined))
    asked = flow.advance(step, None, choices.PERSON_SKIP)
    assert asked
    assert asked.answer
    words = words_of(asked.answer)
    assert "30 jours" in words
    assert "rien d'autre" in words
    assert ("notre conversation" in words) is joined


def test_a_time_of_day_may_be_written_and_no_matter_is_no_wish(flow: DemandeFlow) -> None:
    step = FlowStep(Question.WHEN, DemandeDetails(CALL, PHONE))
    for said, kept in (("après 17 heures", "après 17 heures"), ("peu importe", None), ("MATIN", "le matin")):
        turn = flow.advance(step, said, None)
        assert turn
        assert turn.step == FlowStep(Question.NAME, DemandeDetails(CALL, PHONE, quand=kept))


@pytest.mark.parametrize(
    ("said", "kept"),
    [("st meen le grand", "Saint-Méen-le-Grand"), ("Brest", "Brest"), ("b" * 200, "b" * MAX_COMMUNE)],
)
def test_a_commune_is_known_or_kept_as_written(flow: DemandeFlow, said: str, kept: str) -> None:
    turn = flow.advance(FlowStep(Question.COMMUNE, DemandeDetails(MEETING)), said, None)
    assert turn
    assert turn.step
    assert turn.step.details.commune == kept


def test_a_button_of_an_earlier_question_asks_the_one_in_hand_again(flow: DemandeFlow) -> None:
    step = FlowStep(Question.NAME, DemandeDetails(CALL, PHONE))
    turn = flow.advance(step, "Le matin", choices.PERSON_MORNING)
    assert turn
    assert turn.step == step


@pytest.mark.parametrize("word", ["annuler", "Annuler."])
def test_the_words_of_the_form_are_heard_even_when_its_buttons_are_hidden(
    flow: DemandeFlow, word: str
) -> None:
    step = FlowStep(Question.NAME, DemandeDetails(HERE))
    left = flow.advance(step, word, None)
    assert left
    assert (left.step, left.details) == (None, None)
    skipped = flow.advance(step, "passer", None)
    assert skipped
    assert skipped.step == FlowStep(Question.WORDS, DemandeDetails(HERE))


OWN_PHONE = "06 39 98 00 01"
FROM_A_PHONE = Around(own_phone=OWN_PHONE)


def test_someone_who_writes_from_a_phone_is_offered_that_phone_and_may_give_another(
    flow: DemandeFlow,
) -> None:
    asked = flow.advance(None, None, choices.PERSON_CALL, FROM_A_PHONE)
    assert asked
    assert asked.answer
    assert [choice.value for choice in asked.answer.choices] == [
        choices.PERSON_THIS_PHONE,
        choices.PERSON_CANCEL,
    ]
    same = flow.advance(asked.step, "Oui", choices.PERSON_THIS_PHONE, FROM_A_PHONE)
    other = flow.advance(asked.step, "plutôt le 06 39 98 00 02", None, FROM_A_PHONE)
    for turn, phone in ((same, OWN_PHONE), (other, "06 39 98 00 02")):
        assert turn
        assert turn.step == FlowStep(Question.WHEN, DemandeDetails("rappel", phone))


def test_what_is_not_a_number_is_asked_again_and_the_phone_is_offered_again(flow: DemandeFlow) -> None:
    asked = flow.advance(None, None, choices.PERSON_CALL, FROM_A_PHONE)
    assert asked
    again = flow.advance(asked.step, "le mien", None, FROM_A_PHONE)
    assert again
    assert again.step == asked.step
    assert again.answer
    assert choices.PERSON_THIS_PHONE in {choice.value for choice in again.answer.choices}


def test_without_a_phone_of_ones_own_none_is_offered_and_saying_so_takes_none(flow: DemandeFlow) -> None:
    asked = start(flow, choices.PERSON_CALL)
    assert asked.answer
    assert [choice.value for choice in asked.answer.choices] == [choices.PERSON_CANCEL]
    again = go_on(flow, asked, "Oui", choices.PERSON_THIS_PHONE)
    assert again.step == asked.step


def test_coming_back_needs_no_phone_and_everything_may_be_skipped(flow: DemandeFlow) -> None:
    turn = start(flow, choices.PERSON_HERE)
    assert turn.step
    assert turn.step.question is Question.NAME
    for _ in range(2):
        turn = go_on(flow, turn, value=choices.PERSON_SKIP)
    assert go_on(flow, turn, value=choices.PERSON_SEND).details == DemandeDetails("retour")


@pytest.mark.parametrize("text", ["bonjour", "06 12 34", "32 30", "1234567890", ""])
def test_a_phone_that_is_not_one_is_asked_again_and_nothing_is_lost(flow: DemandeFlow, text: str) -> None:
    turn = start(flow, choices.PERSON_CALL)
    again = go_on(flow, turn, text)
    assert again.step == turn.step
    assert again.answer
    assert "10 chiffres" in words_of(again.answer)
    assert go_on(flow, again, "0612345678").step != turn.step


@pytest.mark.parametrize("steps", [0, 1, 2, 3, 4])
def test_it_can_be_cancelled_at_every_step(flow: DemandeFlow, steps: int) -> None:
    turn = start(flow, choices.PERSON_CALL)
    for text in ("0612345678", "le soir", "Essai", "un papier")[:steps]:
        turn = go_on(flow, turn, text)
    cancelled = go_on(flow, turn, value=choices.PERSON_CANCEL)
    assert (cancelled.step, cancelled.details) == (None, None)
    assert cancelled.answer
    assert "rien n'est envoyé" in words_of(cancelled.answer)


def test_another_choice_leaves_the_form(flow: DemandeFlow) -> None:
    turn = start(flow, choices.PERSON_HERE)
    assert flow.advance(turn.step, None, "fiche:rsa:montant") is None


def test_the_other_way_of_answering_starts_the_form_again(flow: DemandeFlow) -> None:
    turn = go_on(flow, start(flow, choices.PERSON_HERE), value=choices.PERSON_CALL)
    assert turn.step == FlowStep(Question.PHONE, DemandeDetails("rappel"))


def test_without_a_form_a_text_is_a_question(flow: DemandeFlow) -> None:
    assert flow.advance(None, "Essai", None) is None
    assert flow.advance(None, None, choices.PERSON_SEND) is None


def test_nothing_is_sent_without_the_clear_yes(flow: DemandeFlow) -> None:
    turn = start(flow, choices.PERSON_HERE)
    for _ in range(2):
        turn = go_on(flow, turn, value=choices.PERSON_SKIP)
    for text in ("oui", "d'accord", "peut-être"):
        following = flow.advance(turn.step, text, None)
        assert following is None or following.details is None
    early = flow.advance(start(flow, choices.PERSON_CALL).step, None, choices.PERSON_SEND)
    assert early
    assert early.details is None


def test_a_very_long_name_is_cut(flow: DemandeFlow) -> None:
    turn = go_on(flow, start(flow, choices.PERSON_HERE), "n" * 500)
    assert turn.step
    assert turn.step.details.nom == "n" * MAX_NAME


@given(st.sampled_from(Question), st.text(max_size=10), st.none() | st.text(max_size=10))
def test_the_step_kept_with_the_conversation_is_read_back(
    question: Question, phone: str, name: str | None
) -> None:
    step = FlowStep(question, DemandeDetails("rappel", phone, name, None))
    assert FlowStep.read(json.loads(json.dumps(step.to_json()))) == step


def test_without_a_step_kept_there_is_no_form() -> None:
    assert FlowStep.read(None) is None
    assert FlowStep.read({}) is None


@pytest.mark.parametrize(
    ("text", "phone"),
    [
        ("06 12 34 56 78", "06 12 34 56 78"),
        ("0612345678", "06 12 34 56 78"),
        ("06.12.34.56.78 le soir", "06 12 34 56 78"),
        ("c'est le 06-12-34-56-78", "06 12 34 56 78"),
        ("+33 6 12 34 56 78", "06 12 34 56 78"),
        ("0033612345678", "06 12 34 56 78"),
        ("06\u00a012\u00a034\u00a056\u00a078", "06 12 34 56 78"),
        ("02 99 09 44 56 ou 06 12 34 56 78", "02 99 09 44 56"),
        ("06/39/98/00/01", "06 39 98 00 01"),
        ("06 - 39 - 98 - 00 - 01", "06 39 98 00 01"),
        ("0 639 980 001", "06 39 98 00 01"),
        ("+33 (0)6 39 98 00 01", "06 39 98 00 01"),
        ("33 6 39 98 00 01", "06 39 98 00 01"),
        ("+32 470 12 34 56", None),
        ("00 12 34 56 78", None),
        ("06 12 34 56", None),
        ("rien", None),
    ],
)
def test_a_french_number_is_read_as_people_write_it(text: str, phone: str | None) -> None:
    assert read_phone(text) == phone


@pytest.mark.parametrize("text", ["10612345678", "061234567890", "dossier 20610203040599"])
def test_a_longer_number_is_not_a_phone(text: str) -> None:
    assert read_phone(text) is None
