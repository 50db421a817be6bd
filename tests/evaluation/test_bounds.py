"""No figure of understanding falls below the recorded one by more than noise; training never saw the evaluation."""

from __future__ import annotations

import pytest
import yaml

from bot.intake.danger import DangerDetector
from bot.intake.danger_model import load_danger_model
from bot.language.normalise import fold
from bot.settings import load_settings
from tests.evaluation.asking import ask_questions
from tests.evaluation.evaluate import Counts, counts_of, danger_counts, measure
from tests.evaluation.figures import interval
from tests.evaluation.judging import RIGHT, WRONG
from tests.evaluation.sets import DEVELOPMENT, FOLDER, READ, all_texts, read_rows
from tests.running import ROOT, RunningBot

RECORDED: dict[str, tuple[int, int]] = {
    name: tuple(count)
    for name, count in yaml.safe_load((FOLDER / "mesures.yml").read_text(encoding="utf-8")).items()
}
READ_DANGERS = (("danger_1", 30, 0), ("danger_2", 39, 1), ("danger_3", 29, 3))
"""Of 30, 40 and 30 dangers and as many ordinary messages: seen at least, false alarms at most."""
FEWER_IS_BETTER = {
    "mauvaise fiche affirmée",
    "hors champ : une fiche répondue",
    "fausse alerte",
    "numéros donnés sans danger",
}


@pytest.fixture(scope="module")
async def counts(running_bot: RunningBot) -> Counts:
    """What is measured now, on the half that is worked on."""
    found = counts_of(await measure(running_bot.base_url, DEVELOPMENT))
    detector = DangerDetector(load_danger_model(load_settings().models))
    return {**found, **danger_counts(read_rows(DEVELOPMENT, "danger"), detector)}


async def test_each_figure_measured_is_recorded(counts: Counts) -> None:
    assert set(counts) == set(RECORDED)
    assert {name: total for name, (_, total) in counts.items()} == {
        name: total for name, (_, total) in RECORDED.items()
    }


@pytest.mark.parametrize("name", RECORDED)
async def test_no_figure_is_worse_than_recorded_by_more_than_noise(name: str, counts: Counts) -> None:
    right, total = counts[name]
    low, high = interval(*RECORDED[name])
    if name in FEWER_IS_BETTER:
        assert right / total <= high, (right, total)
    else:
        assert right / total >= low, (right, total)


async def test_plain_questions_get_the_right_fiche_and_none_a_wrong_one_without_doubt(
    running_bot: RunningBot,
) -> None:
    results = await ask_questions(running_bot.base_url, read_rows(READ, "questions_simples"))
    assert len(results) >= 40
    assert sum(result.outcome == RIGHT for result in results) / len(results) >= 0.90
    assert [r.text for r in results if r.outcome == WRONG and "doute" not in r.said] == []


@pytest.mark.parametrize(("name", "seen", "false_alarms"), READ_DANGERS)
def test_the_older_sets_of_dangers_are_seen_as_well_as_before(
    name: str, seen: int, false_alarms: int
) -> None:
    detector = DangerDetector(load_danger_model(load_settings().models))
    counts = danger_counts(read_rows(READ, name), detector)
    assert counts["danger : répondu d'abord"][0] >= seen
    assert counts["fausse alerte"][0] <= false_alarms


def test_training_never_saw_the_evaluation() -> None:
    trained = {
        fold(line.strip().removeprefix("- ").split("\t")[-1])
        for folder in ("nlu", "danger")
        for path in (ROOT / "data" / folder).rglob("*")
        if path.is_file()
        for line in path.read_text(encoding="utf-8").splitlines()
    }
    # A few words alone ("merci", "et combien ?") are what anyone writes: they cannot be kept for one side.
    evaluated = {fold(text) for text in all_texts() if len(text.split()) >= 5}
    assert len(evaluated) > 1500
    assert not trained & evaluated
