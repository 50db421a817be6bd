"""Rasa component: which subject or act a message is about, and which rubrique is wanted.

Two models over the same features. The first ranks the fiches of data/taxonomie.yml, `suite` (a
follow-up without a subject) and the acts (greeting, a person wanted…); the second ranks the rubriques.
The message leaves with an intent (`demander` for every fiche, else the act), and with `sujets` and
`rubriques`: the rankings the dialogue decides on. Words alone are asked first: what they are sure of needs no embedding.
"""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

import joblib
from rasa.engine.graph import ExecutionContext, GraphComponent
from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from rasa.engine.storage.resource import Resource
from rasa.engine.storage.storage import ModelStorage
from rasa.nlu.classifiers.classifier import IntentClassifier
from rasa.shared.nlu.constants import INTENT, INTENT_NAME_KEY, PREDICTED_CONFIDENCE_KEY, TEXT
from rasa.shared.nlu.training_data.message import Message
from rasa.shared.nlu.training_data.training_data import TrainingData

from bot.language.embeddings import CACHE_FILE, DANGER_CACHE_FILE, embed, embed_all
from bot.language.label_model import LabelModel, Ranked, Sample
from bot.nlu.spelling_reader import PARTS_KEY, READING_KEY
from bot.settings import load_settings

ASK_INTENT = "demander"
SUBJECTS_KEY = "sujets"
RUBRIQUES_KEY = "rubriques"
RUBRIQUE_MEANING = 1.0
"""The right rubrique on the development half of tests/evaluation: 87.9 % at 0.5, 87.7 at 1, 85.9 at 2, 84.8 at 3."""
ASKED_KEY = "demandes"
ASKED_APART = 0.55
"""From here a clause by itself is believed to ask for a rubrique."""
MAX_CLAUSES = 3
SECOND_ASKED = 0.05
"""From here a second rubrique may be asked for too: below, its clauses are not worth an embedding each."""
SURE_SUBJECT = 0.98
SURE_RUBRIQUE = 0.7
"""From here words alone settle a subject, then a rubrique, and nothing is embedded: on the development half of
tests/evaluation most messages, as many right as with the embedding (`python -m tests.evaluation.curve`)."""
_ACT_PREFIX = "acte:"
_SITUATION_PREFIX = "situation:"
_NO_RUBRIQUE = (_ACT_PREFIX, _SITUATION_PREFIX)
"""Of these, when they are sure, the dialogue asks no rubrique."""
_MODEL_FILE = "heads.joblib"
RUBRIQUE_STRENGTH = 0.2
"""Rubriques hang on few words: a stronger regularisation than for subjects measured as good or better."""


@DefaultV1Recipe.register(DefaultV1Recipe.ComponentType.INTENT_CLASSIFIER, is_trainable=True)
class SubjectClassifier(GraphComponent, IntentClassifier):  # type: ignore[misc]
    """Rank subjects and rubriques; see the module."""

    def __init__(
        self,
        storage: ModelStorage,
        resource: Resource,
        subjects: LabelModel | None = None,
        rubriques: LabelModel | None = None,
    ) -> None:
        self._storage = storage
        self._resource = resource
        self._subjects = subjects or LabelModel()
        self._rubriques = rubriques or LabelModel(
            asks=True, strength=RUBRIQUE_STRENGTH, meaning=RUBRIQUE_MEANING
        )

    @classmethod
    def create(
        cls,
        config: dict[str, Any],
        model_storage: ModelStorage,
        resource: Resource,
        execution_context: ExecutionContext,
    ) -> SubjectClassifier:
        """Return an untrained component (Rasa's GraphComponent contract)."""
        return cls(model_storage, resource)

    @classmethod
    def load(
        cls,
        config: dict[str, Any],
        model_storage: ModelStorage,
        resource: Resource,
        execution_context: ExecutionContext,
        **kwargs: Any,
    ) -> SubjectClassifier:
        """Return the trained component kept in the model's storage."""
        with model_storage.read_from(resource) as folder:
            subjects, rubriques = joblib.load(Path(folder) / _MODEL_FILE)
        embed("")  # opens the embeddings now, so that the first person does not wait
        return cls(model_storage, resource, subjects, rubriques)

    def train(self, training_data: TrainingData) -> Resource:
        """Fit both models on the intent examples; `demander` needs fiche and rubrique as metadata."""
        examples = training_data.intent_examples
        labels = [_labels(example) for example in examples]
        print(f"  {len(examples)} phrases, {len(set(labels))} étiquettes", flush=True)
        models = load_settings().models
        embeddings = embed_all(
            [_reading(example) for example in examples],
            models / CACHE_FILE,
            borrowed=models / DANGER_CACHE_FILE,
        )
        samples = [
            Sample(example.get(TEXT), _reading(example), embedding)
            for example, embedding in zip(examples, embeddings, strict=True)
        ]
        print("  apprentissage des sujets…", flush=True)
        self._subjects.fit(samples, [subject for subject, _ in labels])
        print("  apprentissage des rubriques…", flush=True)
        asked = [(sample, *label) for sample, label in zip(samples, labels, strict=True) if label[1]]
        self._rubriques.fit(
            [replace(sample, context=subject) for sample, subject, _ in asked],
            [str(rubrique) for *_, rubrique in asked],
        )
        with self._storage.write_to(self._resource) as folder:
            joblib.dump((self._subjects, self._rubriques), Path(folder) / _MODEL_FILE)
        return self._resource

    def process(self, messages: list[Message]) -> list[Message]:
        """Set the intent and both rankings on each message that has a text."""
        for message in messages:
            text = message.get(TEXT)
            if not text:
                continue
            subjects, rubriques = self._rank(Sample(text, _reading(message)))
            message.set(INTENT, _intent(subjects[0]), add_to_output=True)
            message.set(SUBJECTS_KEY, _as_dicts(subjects), add_to_output=True)
            message.set(RUBRIQUES_KEY, _as_dicts(rubriques), add_to_output=True)
            several = len(rubriques) > 1 and rubriques[1].probability >= SECOND_ASKED
            asked = self._asked_apart(message, subjects[0].label) if several else []
            message.set(ASKED_KEY, asked, add_to_output=True)
        return messages

    def _rank(self, sample: Sample) -> tuple[list[Ranked], list[Ranked]]:
        """Return the rankings of subjects and rubriques: of the words alone when they are sure, else of the meaning too."""
        subjects = self._subjects.rank(sample)
        if subjects[0].probability >= SURE_SUBJECT:
            rubriques = self._rank_rubriques(sample, subjects[0].label)
            if rubriques[0].probability >= SURE_RUBRIQUE or subjects[0].label.startswith(_NO_RUBRIQUE):
                return subjects, rubriques
        sample = replace(sample, embedding=embed(sample.reading))
        subjects = self._subjects.rank(sample)
        return subjects, self._rank_rubriques(sample, subjects[0].label)

    def _rank_rubriques(self, sample: Sample, subject: str) -> list[Ranked]:
        return self._rubriques.rank(replace(sample, context=subject), limit=2)

    def _asked_apart(self, message: Message, subject: str) -> list[str]:
        """Return the rubriques that the clauses of a message ask for, each by itself; none when it asks one thing."""
        asked: dict[str, None] = {}
        for reading in (message.get(PARTS_KEY) or [])[:MAX_CLAUSES]:
            clause = Sample(reading, reading)
            best = self._rank_rubriques(clause, subject)[0]
            if best.probability < SURE_RUBRIQUE:
                best = self._rank_rubriques(replace(clause, embedding=embed(reading)), subject)[0]
            if best.probability >= ASKED_APART:
                asked[best.label] = None
        return list(asked) if len(asked) > 1 else []


def _reading(message: Message) -> str:
    """Return the reading that bot.nlu.spelling_reader left, else the text itself."""
    return str(message.get(READING_KEY) or message.get(TEXT))


def _labels(example: Message) -> tuple[str, str | None]:
    """Return (subject, rubrique) of an example. Raises ValueError when `demander` lacks its metadata."""
    intent = example.get(INTENT)
    if intent != ASK_INTENT:
        return _ACT_PREFIX + intent, None
    metadata = (example.get("metadata") or {}).get("intent") or {}
    if "situation" in metadata:
        return _SITUATION_PREFIX + metadata["situation"], None
    if "fiche" not in metadata or "rubrique" not in metadata:
        raise ValueError(f"intent {ASK_INTENT} sans fiche ou rubrique : {example.get(TEXT)!r}")
    return metadata["fiche"], metadata["rubrique"]


def _intent(best: Ranked) -> dict[str, Any]:
    name = best.label.removeprefix(_ACT_PREFIX) if best.label.startswith(_ACT_PREFIX) else ASK_INTENT
    return {INTENT_NAME_KEY: name, PREDICTED_CONFIDENCE_KEY: best.probability}


def _as_dicts(ranked: list[Ranked]) -> list[dict[str, Any]]:
    return [{"label": item.label, "probability": round(item.probability, 4)} for item in ranked]
