"""The form of a request to a person, one question at a time."""

from __future__ import annotations

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.answers import choices
from bot.answers.compose import Composer
from bot.service.demande_flow import MAX_NAME, DemandeFlow, FlowStep, Question, Turn, read_phone
from bot.store.demandes import DemandeDetails
from tests.bot.service.person import words_of


@pytest.fixture
def flow(composer: Composer) -> DemandeFlow:
    return DemandeFlow(composer)


def go_on(flow: DemandeFlow, turn: Turn, text: str | None = None, value: str | None = None) -> Turn:
    """Return the next turn, which must exist."""
    following = flow.advance(turn.step, text, value)
    assert following
    return following


def start(flow: DemandeFlow, value: str) -> Turn:
    turn = flow.advance(None, None, value)
    assert turn
    return turn


def test_a_call_asks_the_phone_the_name_the_need_then_a_clear_yes(flow: DemandeFlow) -> None:
    turn = start(flow, choices.PERSON_CALL)
    asked = []
    for text in ("06.12.34.56.78", "Mme Essai", "un papier à remplir"):
        assert turn.step
        asked.append(turn.step.question)
        assert turn.details is None
        turn = go_on(flow, turn, text)
    assert turn.step
    asked.append(turn.step.question)
    assert asked == [Question.PHONE, Question.NAME, Question.WORDS, Question.CONFIRM]
    assert turn.answer
    assert "06 12 34 56 78" in words_of(turn.answer)
    done = go_on(flow, turn, value=choices.PERSON_SEND)
    assert done.details == DemandeDetails("rappel", "06 12 34 56 78", "Mme Essai", "un papier à remplir")
    assert done.step is None


OWN_PHONE = "06 39 98 00 01"


def test_someone_who_writes_from_a_phone_is_offered_that_phone_and_may_give_another(
    flow: DemandeFlow,
) -> None:
    asked = flow.advance(None, None, choices.PERSON_CALL, OWN_PHONE)
    assert asked
    assert asked.answer
    assert [choice.value for choice in asked.answer.choices] == [
        choices.PERSON_THIS_PHONE,
        choices.PERSON_CANCEL,
    ]
    same = flow.advance(asked.step, "Oui", choices.PERSON_THIS_PHONE, OWN_PHONE)
    other = flow.advance(asked.step, "plutôt le 06 39 98 00 02", None, OWN_PHONE)
    for turn, phone in ((same, OWN_PHONE), (other, "06 39 98 00 02")):
        assert turn
        assert turn.step == FlowStep(Question.NAME, DemandeDetails("rappel", phone))


def test_what_is_not_a_number_is_asked_again_and_the_phone_is_offered_again(flow: DemandeFlow) -> None:
    asked = flow.advance(None, None, choices.PERSON_CALL, OWN_PHONE)
    assert asked
    again = flow.advance(asked.step, "le mien", None, OWN_PHONE)
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
    turn = start(flow, choices.PERSON_BACK)
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


@pytest.mark.parametrize("steps", [0, 1, 2, 3])
def test_it_can_be_cancelled_at_every_step(flow: DemandeFlow, steps: int) -> None:
    turn = start(flow, choices.PERSON_CALL)
    for text in ("0612345678", "Essai", "un papier")[:steps]:
        turn = go_on(flow, turn, text)
    cancelled = go_on(flow, turn, value=choices.PERSON_CANCEL)
    assert (cancelled.step, cancelled.details) == (None, None)
    assert cancelled.answer
    assert "rien n'est envoyé" in words_of(cancelled.answer)


def test_another_choice_leaves_the_form(flow: DemandeFlow) -> None:
    turn = start(flow, choices.PERSON_BACK)
    assert flow.advance(turn.step, None, "fiche:rsa:montant") is None


def test_the_other_way_of_answering_starts_the_form_again(flow: DemandeFlow) -> None:
    turn = go_on(flow, start(flow, choices.PERSON_BACK), value=choices.PERSON_CALL)
    assert turn.step == FlowStep(Question.PHONE, DemandeDetails("rappel"))


def test_without_a_form_a_text_is_a_question(flow: DemandeFlow) -> None:
    assert flow.advance(None, "Essai", None) is None
    assert flow.advance(None, None, choices.PERSON_SEND) is None


def test_nothing_is_sent_without_the_clear_yes(flow: DemandeFlow) -> None:
    turn = start(flow, choices.PERSON_BACK)
    for _ in range(2):
        turn = go_on(flow, turn, value=choices.PERSON_SKIP)
    for text in ("oui", "d'accord", "peut-être"):
        following = flow.advance(turn.step, text, None)
        assert following is None or following.details is None
    early = flow.advance(start(flow, choices.PERSON_CALL).step, None, choices.PERSON_SEND)
    assert early
    assert early.details is None


def test_a_very_long_name_is_cut(flow: DemandeFlow) -> None:
    turn = go_on(flow, start(flow, choices.PERSON_BACK), "n" * 500)
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
