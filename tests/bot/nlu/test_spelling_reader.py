"""The Rasa component: each message gets its reading, which stays inside the pipeline."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from rasa.engine.storage.local_model_storage import LocalModelStorage
from rasa.engine.storage.resource import Resource
from rasa.shared.nlu.training_data.message import Message
from rasa.shared.nlu.training_data.training_data import TrainingData

from bot.nlu.spelling_reader import PARTS_KEY, READING_KEY, SpellingReader

TEXTS = (
    "comment faire une demande",
    "comment faire pour le rsa",
    "combien pour le rsa",
    "combien de temps pour une demande",
    "quels papiers pour une demande",
    "quels papiers pour le rsa",
)
CONTEXT: Any = None


def examples() -> list[Message]:
    return [Message({"text": text, "intent": "demander"}) for text in TEXTS]


@pytest.fixture(scope="module")
def reader(tmp_path_factory: pytest.TempPathFactory) -> SpellingReader:
    """A component trained on the examples, then read again from its storage."""
    folder: Path = tmp_path_factory.mktemp("modele")
    storage, resource = LocalModelStorage(folder), Resource("lecture")
    SpellingReader.create({}, storage, resource, CONTEXT).train(TrainingData(examples()))
    return SpellingReader.load({}, storage, resource, CONTEXT)


def read(reader: SpellingReader, text: str) -> Message:
    (message,) = reader.process([Message({"text": text})])
    return message


def test_the_reading_stands_beside_the_text_which_stays_as_it_was_written(reader: SpellingReader) -> None:
    message = read(reader, "Koman FER pr le rsa ?")
    assert message.get(READING_KEY) == "comment faire pour le rsa"
    assert message.get("text") == "Koman FER pr le rsa ?"


def test_the_words_of_a_person_do_not_go_out_with_what_was_understood(reader: SpellingReader) -> None:
    message = read(reader, "combien pr le rsa et quels papiers")
    assert message.get(READING_KEY)
    assert message.get(PARTS_KEY)
    assert {READING_KEY, PARTS_KEY}.isdisjoint(message.output_properties)
    assert set(message.as_dict(only_output_properties=True)) <= {"text"}


def test_each_clause_that_asks_is_read_by_itself(reader: SpellingReader) -> None:
    message = read(reader, "quels papiers pr le rsa et combien pour une dmande")
    assert message.get(PARTS_KEY) == ["quels papiers pour le rsa", "combien pour une demande"]
    assert read(reader, "combien pour le rsa").get(PARTS_KEY) == []


def test_a_message_without_text_is_left_alone(reader: SpellingReader) -> None:
    (message,) = reader.process([Message({"intent": {"name": "choisir"}})])
    assert message.get(READING_KEY) is None
    assert message.get(PARTS_KEY) is None


def test_the_sentences_of_the_training_get_a_reading_too(reader: SpellingReader) -> None:
    data = TrainingData(examples())
    assert reader.process_training_data(data) is data
    assert [example.get(READING_KEY) for example in data.intent_examples] == list(TEXTS)


def test_before_any_training_nothing_is_read(tmp_path: Path) -> None:
    component = SpellingReader.create({}, LocalModelStorage(tmp_path), Resource("lecture"), CONTEXT)
    assert read(component, "koman fer").get(READING_KEY) is None
