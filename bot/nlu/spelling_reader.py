"""Rasa component: beside each message, its likeliest reading, so that what follows sees both.

The message's own text is left as it was written. The reading stays inside the pipeline: it is a person's words
and is not given out with what was understood, so no tracker keeps it.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

import joblib
from rasa.engine.graph import ExecutionContext, GraphComponent
from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from rasa.engine.storage.resource import Resource
from rasa.engine.storage.storage import ModelStorage
from rasa.shared.nlu.constants import TEXT
from rasa.shared.nlu.training_data.message import Message
from rasa.shared.nlu.training_data.training_data import TrainingData

from bot.language.asking import asking_clauses
from bot.language.corpus import learn_speller, read_all
from bot.language.spelling import Speller
from bot.settings import load_settings

READING_KEY = "lecture"
PARTS_KEY = "lecture_parties"
_MODEL_FILE = "speller.joblib"


@DefaultV1Recipe.register(DefaultV1Recipe.ComponentType.MESSAGE_FEATURIZER, is_trainable=True)
class SpellingReader(GraphComponent):  # type: ignore[misc]
    """Read phonetic and SMS French; see bot/language/spelling.py."""

    def __init__(self, storage: ModelStorage, resource: Resource, speller: Speller | None = None) -> None:
        self._storage = storage
        self._resource = resource
        self._speller = speller

    @classmethod
    def create(
        cls,
        config: dict[str, Any],
        model_storage: ModelStorage,
        resource: Resource,
        execution_context: ExecutionContext,
    ) -> SpellingReader:
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
    ) -> SpellingReader:
        """Return the trained component kept in the model's storage."""
        with model_storage.read_from(resource) as folder:
            return cls(model_storage, resource, joblib.load(Path(folder) / _MODEL_FILE))

    def train(self, training_data: TrainingData) -> Resource:
        """Learn which words there are and which follow which, from every sentence of data/."""
        self._speller = learn_speller(load_settings().data)
        with self._storage.write_to(self._resource) as folder:
            joblib.dump(self._speller, Path(folder) / _MODEL_FILE)
        return self._resource

    def process_training_data(self, training_data: TrainingData) -> TrainingData:
        """Set the reading of each training sentence; nothing is learnt from its clauses apart."""
        print(f"  {len(training_data.intent_examples)} phrases : lecture…", flush=True)
        examples = [example for example in training_data.intent_examples if example.get(TEXT)]
        if self._speller:
            texts = [example.get(TEXT) for example in examples]
            for example, reading in zip(examples, read_all(self._speller, texts), strict=True):
                example.set(READING_KEY, reading)
        return training_data

    def process(self, messages: list[Message]) -> list[Message]:
        """Set the reading of each message that has a text."""
        for message in messages:
            if self._speller and message.get(TEXT):
                message.set(READING_KEY, self._speller.read(message.get(TEXT)))
                message.set(
                    PARTS_KEY, [self._speller.read(part) for part in asking_clauses(message.get(TEXT))]
                )
        return messages
