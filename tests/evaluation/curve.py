"""Draw the curve that the thresholds of bot/dialogue/decide.py come from: `python -m tests.evaluation.curve`.

For each threshold on the probability of the likeliest fiche: how many questions of the development half it answers,
and how many of these answers are right. Also how far a probability may be believed (calibration), and what words alone
may settle without an embedding (the bounds of bot/nlu/subject_classifier.py).
"""

from __future__ import annotations

import tarfile
import tempfile
from dataclasses import dataclass, replace
from pathlib import Path

import joblib
import matplotlib as mpl
from matplotlib import pyplot as plt

from bot.language.embeddings import embed
from bot.language.label_model import LabelModel, Sample
from bot.language.spelling import Speller
from bot.settings import load_settings
from tests.evaluation.sets import DEVELOPMENT, Row, one_of, read_rows
from tests.running import ROOT

PICTURE = ROOT / "docs" / "courbe-confiance.svg"
THRESHOLDS = (0.0, 0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9, 0.95, 0.99)
BINS = ((0.0, 0.4), (0.4, 0.6), (0.6, 0.8), (0.8, 0.95), (0.95, 1.01))


SETTLED_BY_WORDS = tuple(
    (subject, rubrique) for subject in (0.5, 0.8, 0.9, 0.95, 0.99) for rubrique in (0.5, 0.7, 0.9)
)


@dataclass(frozen=True)
class Guess:
    """The likeliest label of a question, its probability, and whether it is right."""

    probability: float
    right: bool


@dataclass(frozen=True)
class Pair:
    """Subject and rubrique of a question, guessed of the words alone, then of the meaning too."""

    words: tuple[Guess, Guess]
    meaning: tuple[Guess, Guess]


def load_heads(models: Path) -> tuple[Speller, LabelModel, LabelModel]:
    """Return the speller and the heads of subjects and rubriques from Rasa's model, without Rasa."""
    with tempfile.TemporaryDirectory() as folder, tarfile.open(models / "modele.tar.gz") as archive:
        archive.extractall(folder, filter="data")
        subjects, rubriques = joblib.load(next(Path(folder).rglob("heads.joblib")))
        speller = joblib.load(next(Path(folder).rglob("speller.joblib")))
    return speller, subjects, rubriques


def guess_all(rows: list[Row], speller: Speller, subjects: LabelModel, rubriques: LabelModel) -> list[Pair]:
    """Return the likeliest labels of each question."""
    pairs = []
    for row in rows:
        words = Sample(row["texte"], speller.read(row["texte"]))
        whole = replace(words, embedding=embed(words.reading))
        pairs.append(
            Pair(_guess(words, row, subjects, rubriques), _guess(whole, row, subjects, rubriques)),
        )
    return pairs


def _guess(sample: Sample, row: Row, subjects: LabelModel, rubriques: LabelModel) -> tuple[Guess, Guess]:
    subject = subjects.rank(sample, limit=1)[0]
    rubrique = rubriques.rank(replace(sample, context=subject.label), limit=1)[0]
    return (
        Guess(subject.probability, subject.label in one_of(row, "fiche", "aussi")),
        Guess(rubrique.probability, rubrique.label in one_of(row, "rubrique", "rubrique_aussi")),
    )


def print_settled(pairs: list[Pair]) -> None:
    """Print, for each pair of bounds, how much words alone settle, and what is right if they do and if they never do."""
    print(
        "\nles mots seuls, à partir de (sujet, rubrique) : réglés sans le sens, sujets justes, rubriques justes"
    )
    for subject, rubrique in SETTLED_BY_WORDS:
        settled = [
            pair.words[0].probability >= subject and pair.words[1].probability >= rubrique for pair in pairs
        ]
        kept = [pair.words if alone else pair.meaning for pair, alone in zip(pairs, settled, strict=True)]
        print(f"{subject:.2f} {rubrique:.2f} : {100 * sum(settled) / len(pairs):5.1f} % ; {_right(kept)}")
    print(f"jamais : {_right([pair.meaning for pair in pairs])}")


def _right(kept: list[tuple[Guess, Guess]]) -> str:
    return " ; ".join(
        f"{100 * sum(guesses[place].right for guesses in kept) / len(kept):.1f} %" for place in (0, 1)
    )


def lines_of(guesses: list[Guess]) -> list[tuple[float, float, float]]:
    """Return (threshold, share answered, share right of those answered)."""
    lines = []
    for threshold in THRESHOLDS:
        kept = [guess for guess in guesses if guess.probability >= threshold]
        right = sum(guess.right for guess in kept)
        lines.append((threshold, len(kept) / len(guesses), right / max(len(kept), 1)))
    return lines


def draw(lines: list[tuple[float, float, float]]) -> None:
    """Write the picture."""
    mpl.use("svg")
    mpl.rcParams["svg.hashsalt"] = "courbe"  # the same picture for the same figures
    figure, axes = plt.subplots(figsize=(6, 4))
    thresholds = [line[0] for line in lines]
    axes.plot(thresholds, [100 * line[1] for line in lines], marker="o", label="questions répondues")
    axes.plot(
        thresholds, [100 * line[2] for line in lines], marker="s", label="réponses justes, de celles-ci"
    )
    axes.set_xlabel("probabilité à partir de laquelle on répond")
    axes.set_ylabel("%")
    axes.set_ylim(40, 101)
    axes.grid(visible=True, alpha=0.4)
    axes.legend()
    figure.savefig(PICTURE, metadata={"Date": None})


def main() -> None:
    """Print the table and write the picture."""
    pairs = guess_all(read_rows(DEVELOPMENT, "questions"), *load_heads(load_settings().models))
    guesses = [pair.meaning[0] for pair in pairs]
    lines = lines_of(guesses)
    print("seuil   répondues   justes")
    for threshold, answered, right in lines:
        print(f"{threshold:5.2f} {100 * answered:10.1f} % {100 * right:7.1f} %")
    print("\nprobabilité annoncée : nombre, part juste")
    for low, high in BINS:
        inside = [guess for guess in guesses if low <= guess.probability < high]
        if inside:
            print(
                f"{low:.2f} à {high:.2f} : {len(inside):4d}, {100 * sum(g.right for g in inside) / len(inside):.0f} %"
            )
    print_settled(pairs)
    draw(lines)


if __name__ == "__main__":
    main()
