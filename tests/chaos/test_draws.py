"""What a seed draws: the same each time, every kind of fault, and each question once a person."""

from __future__ import annotations

import random

from tests.chaos.faults import ALL_KINDS, KINDS, draw_faults
from tests.chaos.people import draw_people


def test_the_same_seed_draws_the_same_run() -> None:
    assert draw_people(random.Random(42), 200) == draw_people(random.Random(42), 200)
    assert draw_faults(random.Random(42), "sqlite", 600) == draw_faults(random.Random(42), "sqlite", 600)


def test_a_long_run_sees_every_kind_of_fault_of_its_engine() -> None:
    drawn = {engine: draw_faults(random.Random(42), engine, 600) for engine in ("sqlite", "postgres")}
    assert {fault.kind for fault in drawn["sqlite"]} == set(KINDS)
    assert {fault.kind for fault in drawn["postgres"]} == set(ALL_KINDS)


def test_people_send_as_many_messages_as_asked_and_each_question_once() -> None:
    people = draw_people(random.Random(42), 2000)
    assert sum(len(person.questions) for person in people) == 2000
    assert len(people) > 200
    assert all(len(person.questions) == len(set(person.questions)) for person in people)
