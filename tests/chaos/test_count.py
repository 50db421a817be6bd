"""The counting of a chaos run sees what is lost, repeated or out of order, in logs made up for it."""

from __future__ import annotations

import dataclasses

from tests.chaos.count import Asked, Cut, Handing, Logs, Stored, count
from tests.chaos.people import QUESTIONS, question_of

ANNE = "+33639980001"
ORDER = ("rsa", "apl", "aah")


def logs() -> Logs:
    """Return the logs of one phone whose three messages were answered once, in order."""
    return Logs(
        asked=[Asked(ANNE, question, "understood") for question in ORDER],
        heard={ANNE: list(ORDER)},
        stored=[Stored(ANNE, question, 2 * rank, (2 * rank + 1,)) for rank, question in enumerate(ORDER)],
        handed=[handing(question, float(rank)) for rank, question in enumerate(ORDER)],
    )


def handing(key: str, began: float, *, taken: bool = True) -> Handing:
    return Handing("sms", key, ANNE, began, began + 0.1, taken)


def cut(began: float, ended: float = 0.0, channels: tuple[str, ...] = ("sms", "telegram")) -> Cut:
    return Cut("kill channels", channels, began, ended or began)


def test_a_run_where_all_is_well_holds() -> None:
    figures = count(logs())
    assert figures.holds
    assert (figures.acknowledged, figures.repeats, figures.bound) == (3, 0, 0)


def test_an_answer_that_nobody_heard_is_a_loss() -> None:
    seen = logs()
    seen.heard[ANNE].remove("apl")
    assert count(seen).lost == [f"{ANNE}: apl (not heard)"]
    assert not count(seen).holds


def test_a_message_without_an_answer_in_the_store_is_a_loss() -> None:
    seen = logs()
    seen.stored[1] = dataclasses.replace(seen.stored[1], answers=())
    assert count(seen).lost == [f"{ANNE}: apl"]


def test_an_acknowledged_message_that_the_store_does_not_know_is_a_loss() -> None:
    seen = logs()
    del seen.stored[1]
    assert count(seen).lost == [f"{ANNE}: apl"]


def test_what_was_never_acknowledged_is_no_loss() -> None:
    seen = logs()
    del seen.asked[1], seen.stored[1]
    seen.heard[ANNE].remove("apl")
    assert count(seen).holds


def test_two_answers_to_one_message_are_seen_in_the_transcript() -> None:
    seen = logs()
    seen.stored[0] = dataclasses.replace(seen.stored[0], answers=(1, 6))
    assert count(seen).answered_twice == [f"{ANNE}: rsa"]
    assert not count(seen).holds


def test_a_message_stored_twice_is_seen_unless_it_was_said_twice() -> None:
    seen = logs()
    seen.stored.append(Stored(ANNE, "aah", 8, (9,)))
    assert count(seen).stored_twice == [f"{ANNE}: aah"]
    seen.asked.append(Asked(ANNE, "aah", "understood"))
    assert count(seen).stored_twice == []


def test_answers_in_another_order_than_that_of_storage_are_seen() -> None:
    seen = logs()
    seen.heard[ANNE] = ["rsa", "aah", "apl"]
    assert len(count(seen).disorders) == 1
    assert not count(seen).holds


def test_a_danger_told_before_what_waits_is_in_its_own_lane() -> None:
    seen = logs()
    seen.asked[2] = dataclasses.replace(seen.asked[2], lane="danger")
    seen.heard[ANNE] = ["aah", "rsa", "apl"]
    assert count(seen).disorders == []


def test_an_answer_heard_again_is_a_repeat_and_no_disorder() -> None:
    seen = logs()
    seen.heard[ANNE] = ["rsa", "apl", "rsa", "aah"]
    assert count(seen).disorders == []


def test_a_message_handed_over_again_after_a_kill_in_its_hand_over_is_within_the_bound() -> None:
    seen = logs()
    seen.handed.append(handing("aah", 9.0))
    seen.cuts = [cut(2.05)]
    figures = count(seen)
    assert (figures.repeats, figures.bound, figures.unexplained) == (1, 1, [])
    assert figures.holds


def test_a_message_handed_over_again_for_no_reason_is_seen() -> None:
    seen = logs()
    seen.handed.append(handing("aah", 9.0))
    assert count(seen).unexplained == [f"{ANNE}, aah"]
    assert not count(seen).holds


def test_a_kill_after_the_next_hand_over_began_explains_nothing() -> None:
    seen = logs()
    seen.handed.append(handing("rsa", 9.0))
    seen.cuts = [cut(1.05)]  # "apl" was being handed over: "rsa" had been noted
    assert count(seen).unexplained == [f"{ANNE}, rsa"]


def test_one_kill_explains_one_repeat_only() -> None:
    seen = logs()
    seen.handed += [handing("aah", 9.0), handing("aah", 10.0)]
    seen.cuts = [cut(2.05)]
    figures = count(seen)
    assert figures.repeats == 2
    assert len(figures.unexplained) == 1


def test_a_kill_of_another_channel_explains_nothing() -> None:
    seen = logs()
    seen.handed.append(handing("aah", 9.0))
    seen.cuts = [cut(2.05, channels=("telegram",))]
    assert not count(seen).holds


def test_a_message_the_gateway_refused_and_took_later_is_no_repeat() -> None:
    seen = logs()
    seen.handed[2] = handing("aah", 2.0, taken=False)
    seen.handed.append(handing("aah", 9.0))
    assert count(seen).repeats == 0


def test_each_question_is_known_by_its_own_marks() -> None:
    for question in QUESTIONS:
        for mark in question.marks:
            assert question_of(f"Bonjour. {mark}.") == question.text
    assert question_of("Votre message est gardé") is None
