"""The small model beside the rules: it finds what no rule foresaw, and stays quiet on ordinary questions."""

from __future__ import annotations

from pathlib import Path

import pytest

from bot.intake import danger_model
from bot.intake.danger import AGREED, PAST, READ_WELL, REMEMBERED, DangerDetector, find_dangers
from bot.intake.danger_model import (
    NO_DANGER,
    SUSPICION,
    THRESHOLD,
    WORTH_A_LOOK,
    DangerModel,
    _sentences,
    load_danger_model,
    save_danger_model,
    train_danger_model,
)
from bot.language.embeddings import DIMENSION
from bot.language.label_model import LabelModel, Ranked, Sample
from bot.language.spelling import Speller

DANGERS = {
    "violences": "il casse tout et il serre mon cou",
    "suicide": "je veux dormir et ne plus me lever jamais",
}


@pytest.fixture(scope="module")
def small_data(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Sentences of two dangers, and ordinary questions."""
    data = tmp_path_factory.mktemp("data")
    (data / "danger").mkdir()
    lines = ["danger\tkind\ttexte"]
    for kind, sentence in DANGERS.items():
        lines += [
            f"oui\t{kind}\t{sentence} {word}"
            for word in ("ce soir", "encore", "toujours", "la", "vite", 'dit "non"')
        ]
    lines += [
        f"non\taucun\t{word} me tue cette demarche" for word in ("ca", "cela", "tout", "ceci", "elle", "il")
    ]
    (data / "danger" / "phrases.tsv").write_text("\n".join(lines) + "\n", encoding="utf-8")
    (data / "orthographe.yml").write_text("abreviations:\n  mm: [meme]\n", encoding="utf-8")
    (data / "nlu").mkdir()
    examples = "\n".join(f"      - combien pour le rsa numero {rank}" for rank in range(60))
    for name in ("rsa", "violences-conjugales"):
        (data / "nlu" / f"{name}.yml").write_text(
            f"nlu:\n  - intent: demander\n    examples: |\n{examples}\n", encoding="utf-8"
        )
    return data


@pytest.fixture(scope="module")
def trained(small_data: Path, tmp_path_factory: pytest.TempPathFactory) -> DangerModel:
    return train_danger_model(small_data, tmp_path_factory.mktemp("modeles") / "cache.npz")


def test_it_learns_every_kind_and_what_is_no_danger(trained: DangerModel) -> None:
    assert set(trained._model.labels) == {*DANGERS, NO_DANGER}


def test_a_sentence_near_what_it_learnt_is_a_danger_of_that_kind(trained: DangerModel) -> None:
    for kind, sentence in DANGERS.items():
        assert find_dangers(sentence) == ()
        assert trained.kind(f"bonjour {sentence}") == kind
        assert trained.suspected(f"bonjour {sentence}") == kind


def test_what_was_written_by_ear_is_a_danger_too(trained: DangerModel) -> None:
    text = "il kasse tou é il sere mon kou"
    assert trained.read(text) == "il casse tout et il serre mon cou"
    assert trained.kind(text) == "violences"


def test_an_ordinary_question_is_none(trained: DangerModel) -> None:
    for text in ("combien pour le rsa", "cela me tue cette demarche", "numero rsa combien"):
        assert trained.kind(text) is None
        assert trained.suspected(text) is None


def test_what_may_be_a_danger_teaches_nothing_of_what_is_none(small_data: Path) -> None:
    ordinary = [text for text, label in _sentences(small_data) if label == NO_DANGER]
    assert sum(text.startswith("combien pour le rsa") for text in ordinary) == 60  # of rsa.yml alone


def test_it_is_kept_beside_the_other_model_and_read_again(trained: DangerModel, tmp_path: Path) -> None:
    save_danger_model(trained, tmp_path)
    again = load_danger_model(tmp_path)
    assert again
    assert again.kind(DANGERS["suicide"]) == "suicide"
    assert again.read("il kasse tou") == trained.read("il kasse tou")


def test_without_training_there_is_no_model(tmp_path: Path) -> None:
    assert load_danger_model(tmp_path) is None


class Fixed(LabelModel):
    """A model whose answers are given: of the words, then of the meaning."""

    def __init__(self, words: list[Ranked], meaning: list[Ranked]) -> None:
        super().__init__()
        self._words_say, self._meaning_says = words, meaning
        self.labels = tuple(item.label for item in meaning)
        self.asked: list[Sample] = []

    def rank(self, sample: Sample, limit: int = 5) -> list[Ranked]:
        if sample.embedding is None:
            return _sorted(self._words_say)[:limit]
        self.asked.append(sample)
        return _sorted(self._meaning_says)[:limit]


def _sorted(ranked: list[Ranked]) -> list[Ranked]:
    return sorted(ranked, key=lambda item: -item.probability)


def told(probability: float, kind: str = "rue") -> list[Ranked]:
    """Return a danger found with this probability."""
    return [Ranked(NO_DANGER, 1 - probability), Ranked(kind, probability)]


def of_meaning(meaning: list[Ranked]) -> DangerModel:
    """Return a model in which words and meaning say the same."""
    return DangerModel(Fixed(meaning, meaning), Speller())


class Reads(Speller):
    """A speller whose reading is given."""

    def __init__(self, reading: str) -> None:
        super().__init__()
        self._reading = reading
        self.asked: list[str] = []

    def read(self, text: str) -> str:
        self.asked.append(text)
        return self._reading


def test_the_probabilities_of_all_dangers_count_together() -> None:
    doubt = [
        Ranked(NO_DANGER, 1 - THRESHOLD),
        Ranked("rue", THRESHOLD * 0.6),
        Ranked("enfant", THRESHOLD * 0.4 + 1e-9),
    ]
    assert of_meaning(doubt).kind("x") == "rue"
    assert of_meaning(told(THRESHOLD - 0.01)).kind("x") is None


def test_a_danger_that_is_perhaps_told_is_suspected_and_not_found() -> None:
    for probability in (SUSPICION, THRESHOLD - 0.01):
        model = of_meaning(told(probability))
        assert (model.kind("x"), model.suspected("x")) == (None, "rue")
    model = of_meaning(told(SUSPICION - 0.001))
    assert (model.kind("x"), model.suspected("x")) == (None, None)


def test_words_that_are_plainly_ordinary_settle_it() -> None:
    fixed = Fixed(told(WORTH_A_LOOK - 0.001), told(0.99))
    model = DangerModel(fixed, Speller())
    assert (model.kind("x"), model.suspected("x")) == (None, None)
    assert fixed.asked == []


def test_any_doubt_of_the_words_is_settled_by_what_the_sentence_means() -> None:
    fixed = Fixed(told(WORTH_A_LOOK, "enfant"), told(0.99))
    assert DangerModel(fixed, Reads("lecture")).kind("x") == "rue"
    (sample,) = fixed.asked
    assert (sample.text, sample.reading, sample.embedding.shape) == ("x", "lecture", (DIMENSION,))


def test_words_and_meaning_weigh_as_much_as_each_other() -> None:
    one, other = (
        DangerModel(Fixed(told(words), told(meaning)), Speller()).weigh("x")
        for words, meaning in ((0.2, 0.8), (0.8, 0.2))
    )
    assert one == pytest.approx(0.5) == other
    assert DangerModel(Fixed(told(1.0), told(1.0)), Speller()).weigh("x") > 0.99


def test_a_message_looked_at_twice_is_weighed_once() -> None:
    fixed = Fixed(told(SUSPICION), told(SUSPICION))
    model = DangerModel(fixed, Speller())
    model.kind("x")
    model.suspected("x")
    assert len(fixed.asked) == 1


def test_a_message_asked_about_again_and_again_is_read_once_for_the_rules() -> None:
    reads = Reads("lecture")
    detector = DangerDetector(DangerModel(Fixed(told(0.0), told(0.0)), reads))
    for _ in range(3):
        detector.find("x")
        detector.suspect("x")
    assert reads.asked == ["x", "x"]  # once for the rules, once for the model


def test_what_is_kept_of_messages_holds_no_word_of_them_and_does_not_grow() -> None:
    detector = DangerDetector(None)
    for rank in range(REMEMBERED + 5):
        detector.find(f"message numéro {rank}")
    assert len(detector._seen) == REMEMBERED
    assert "message" not in repr(detector._seen)


def test_the_rules_look_at_what_was_meant_too() -> None:
    text = "mn mri m frp"
    assert find_dangers(text) == ()
    for reading, found in (("mon mari me frappe", ("violences",)), (text, ())):
        model = DangerModel(Fixed(told(AGREED), told(AGREED)), Reads(reading))
        assert DangerDetector(model).find(text) == found


def test_a_rule_that_the_model_does_not_agree_with_gives_the_numbers_before_the_answer() -> None:
    text = "mon mari me frappe"
    agreeing, other = (
        DangerDetector(of_meaning(told(AGREED))),
        DangerDetector(of_meaning(told(AGREED - 0.001))),
    )
    assert agreeing.find(text) == ("violences",)
    assert (other.find(text), other.suspect(text)) == ((), "violences")
    assert other.find(f"{'bla ' * READ_WELL}{text}") == ("violences",)


def test_a_rule_alone_is_not_believed_of_what_is_long_ago() -> None:
    text = "mon mari violent, il y a douze ans, c'est pour la pension"
    assert find_dangers(text) == ("violences",)
    unsure, calm = DangerDetector(of_meaning(told(PAST))), DangerDetector(of_meaning(told(PAST - 0.001)))
    assert (unsure.find(text), unsure.suspect(text)) == ((), "violences")
    assert (calm.find(text), calm.suspect(text)) == ((), None)
    assert DangerDetector(None).find(text) == ("violences",)


def test_a_suspicion_is_told_with_the_model_and_in_french_only() -> None:
    detector = DangerDetector(of_meaning(told(SUSPICION)))
    assert detector.find("je ne sais plus quoi faire") == ()
    assert detector.suspect("je ne sais plus quoi faire") == "rue"
    english = "I do not know what to do about my housing benefit, please help me"
    assert (detector.find(english), detector.suspect(english)) == ((), None)
    assert DangerDetector(None).suspect("je ne sais plus quoi faire") is None


def test_the_rules_speak_first_and_the_model_for_the_rest(trained: DangerModel) -> None:
    detector = DangerDetector(trained)
    assert detector.find("mon mari me frappe et je dors dehors") == ("violences", "rue")
    assert detector.find(DANGERS["suicide"]) == ("suicide",)
    assert detector.find("combien pour le rsa") == ()


def test_without_a_model_the_rules_stand_alone() -> None:
    detector = DangerDetector(None)
    assert detector.find("mon mari me frappe") == ("violences",)
    assert detector.find(DANGERS["suicide"]) == ()


def test_a_model_that_could_not_be_written_whole_leaves_the_one_before(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / danger_model.MODEL_FILE).write_bytes(b"before")

    def dump_half(_model: object, path: Path) -> None:
        path.write_bytes(b"hal")
        raise OSError("no space left")

    monkeypatch.setattr(danger_model.joblib, "dump", dump_half)
    with pytest.raises(OSError, match="no space"):
        danger_model.save_danger_model(None, tmp_path)  # type: ignore[arg-type]
    assert (tmp_path / danger_model.MODEL_FILE).read_bytes() == b"before"
