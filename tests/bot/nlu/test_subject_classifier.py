"""The Rasa component: intents and rankings, learnt from examples with their fiche and rubrique."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from rasa.engine.storage.local_model_storage import LocalModelStorage
from rasa.engine.storage.resource import Resource
from rasa.shared.nlu.training_data.message import Message
from rasa.shared.nlu.training_data.training_data import TrainingData

from bot.language.embeddings import CACHE_FILE, embed
from bot.nlu.spelling_reader import PARTS_KEY, READING_KEY
from bot.nlu.subject_classifier import MAX_CLAUSES, SubjectClassifier
from bot.settings import ENV_PREFIX

STARTS = ("bonjour", "je veux savoir", "svp", "dites moi", "aide moi", "s'il vous plait")
QUESTIONS = {
    ("rsa", "montant"): "combien pour le rsa",
    ("apl", "pieces"): "quels papiers pour l'aide au logement",
    ("carte-vitale", "probleme"): "ma carte vitale est perdue",
}


def examples() -> list[Message]:
    """Return a few examples of three fiches and two acts."""
    found = [
        Message({
            "text": f"{start} {text}",
            "intent": "demander",
            "metadata": {"intent": {"fiche": fiche, "rubrique": rubrique}},
        })
        for (fiche, rubrique), text in QUESTIONS.items()
        for start in STARTS
    ]  # fmt: skip
    for act, text in (("saluer", "salut ca va"), ("remercier", "merci beaucoup")):
        found += [Message({"text": f"{text} {start}", "intent": act}) for start in STARTS]
    return found


@pytest.fixture(scope="module")
def classifier(tmp_path_factory: pytest.TempPathFactory) -> SubjectClassifier:
    """A component trained on the examples, then read again from its storage."""
    folder: Path = tmp_path_factory.mktemp("modele")
    storage, resource = LocalModelStorage(folder), Resource("sujets")
    context: Any = None
    with pytest.MonkeyPatch.context() as patch:
        # Else the embeddings of the real training sentences would give way to those of this test.
        patch.setenv(f"{ENV_PREFIX}MODELS", str(tmp_path_factory.mktemp("modeles")))
        SubjectClassifier.create({}, storage, resource, context).train(TrainingData(examples()))
    return SubjectClassifier.load({}, storage, resource, context)


def understand(classifier: SubjectClassifier, text: str) -> dict[str, Any]:
    (message,) = classifier.process([Message({"text": text})])
    return {key: message.get(key) for key in ("intent", "sujets", "rubriques")}


@pytest.mark.parametrize(("labels", "text"), QUESTIONS.items(), ids=str)
def test_a_question_gets_its_fiche_and_its_rubrique(
    classifier: SubjectClassifier, labels: tuple[str, str], text: str
) -> None:
    found = understand(classifier, f"alors {text} ?")
    assert found["intent"]["name"] == "demander"
    assert (found["sujets"][0]["label"], found["rubriques"][0]["label"]) == labels


def test_an_act_gets_its_own_intent(classifier: SubjectClassifier) -> None:
    found = understand(classifier, "merci beaucoup alors")
    assert found["intent"]["name"] == "remercier"
    assert found["sujets"][0]["label"] == "acte:remercier"
    assert found["intent"]["confidence"] == pytest.approx(found["sujets"][0]["probability"], abs=1e-3)


def test_rankings_go_out_with_the_message(classifier: SubjectClassifier) -> None:
    (message,) = classifier.process([Message({"text": "combien pour le rsa"})])
    assert {"intent", "sujets", "rubriques"} <= message.output_properties
    assert len(message.get("rubriques")) == 2


def test_what_was_meant_is_understood_from_the_reading(classifier: SubjectClassifier) -> None:
    message = Message({"text": "kxrt vtl prdu", READING_KEY: "ma carte vitale est perdue"})
    (message,) = classifier.process([message])
    assert message.get("sujets")[0]["label"] == "carte-vitale"


@pytest.fixture
def embedded(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Return the readings that are embedded from now on."""
    found: list[str] = []

    def embed_and_note(reading: str) -> Any:
        found.append(reading)
        return embed(reading)

    monkeypatch.setattr("bot.nlu.subject_classifier.embed", embed_and_note)
    return found


def test_what_words_alone_are_sure_of_is_not_embedded(
    classifier: SubjectClassifier, embedded: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("bot.nlu.subject_classifier.SURE_SUBJECT", 0.5)
    monkeypatch.setattr("bot.nlu.subject_classifier.SURE_RUBRIQUE", 0.5)
    found = understand(classifier, "bonjour combien pour le rsa")
    assert (found["sujets"][0]["label"], found["rubriques"][0]["label"]) == ("rsa", "montant")
    assert embedded == []


@pytest.mark.parametrize("unsure", ["SURE_SUBJECT", "SURE_RUBRIQUE"])
def test_a_doubt_of_either_is_settled_with_one_embedding(
    classifier: SubjectClassifier, embedded: list[str], monkeypatch: pytest.MonkeyPatch, unsure: str
) -> None:
    monkeypatch.setattr("bot.nlu.subject_classifier.SURE_SUBJECT", 0.5)
    monkeypatch.setattr("bot.nlu.subject_classifier.SURE_RUBRIQUE", 0.5)
    monkeypatch.setattr(f"bot.nlu.subject_classifier.{unsure}", 1.1)
    assert understand(classifier, "combien pour le rsa")["sujets"][0]["label"] == "rsa"
    assert embedded == ["combien pour le rsa"]


def test_an_act_that_is_sure_needs_no_rubrique(
    classifier: SubjectClassifier, embedded: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("bot.nlu.subject_classifier.SURE_SUBJECT", 0.5)
    monkeypatch.setattr("bot.nlu.subject_classifier.SURE_RUBRIQUE", 1.1)
    assert understand(classifier, "merci beaucoup svp")["intent"]["name"] == "remercier"
    assert embedded == []


def asked(classifier: SubjectClassifier, *parts: str) -> list[str]:
    """Return the rubriques of a message whose clauses are these."""
    (message,) = classifier.process([Message({"text": "combien pour le rsa", PARTS_KEY: list(parts)})])
    assert "demandes" in message.output_properties
    found: list[str] = message.get("demandes")
    return found


def test_the_rubriques_that_clauses_ask_for_are_told_apart_in_their_order(
    classifier: SubjectClassifier, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("bot.nlu.subject_classifier.SECOND_ASKED", 0.0)
    amount, papers = "combien pour le rsa", "quels papiers pour l aide au logement"
    assert asked(classifier, papers, amount) == ["pieces", "montant"]
    assert asked(classifier, amount, papers) == ["montant", "pieces"]


def test_the_clauses_of_a_message_that_asks_one_thing_are_not_looked_at(
    classifier: SubjectClassifier,
) -> None:
    parts = ["combien pour le rsa", "quels papiers pour l aide au logement"]
    (message,) = classifier.process([Message({"text": "combien pour le rsa", PARTS_KEY: parts})])
    assert message.get("demandes") == []


def test_clauses_that_ask_the_same_thing_ask_one_thing(classifier: SubjectClassifier) -> None:
    assert asked(classifier, "combien pour le rsa", "bonjour combien pour le rsa") == []


def test_a_clause_that_asks_nothing_clear_counts_for_nothing(classifier: SubjectClassifier) -> None:
    assert asked(classifier, "combien pour le rsa", "xqz") == []


def test_no_more_clauses_are_looked_at_than_the_bound_says(classifier: SubjectClassifier) -> None:
    clauses = ["combien pour le rsa"] * MAX_CLAUSES
    assert asked(classifier, *clauses, "quels papiers pour l aide au logement") == []


def test_a_message_of_one_clause_asks_one_thing(classifier: SubjectClassifier) -> None:
    assert asked(classifier) == []


def test_the_training_keeps_its_embeddings_beside_the_models(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(f"{ENV_PREFIX}MODELS", str(tmp_path / "modeles"))
    storage = LocalModelStorage(tmp_path)
    component: Any = SubjectClassifier.create({}, storage, Resource("sujets"), None)
    component.train(TrainingData(examples()))
    assert [path.name for path in (tmp_path / "modeles").iterdir()] == [CACHE_FILE]


def test_a_message_without_text_is_left_alone(classifier: SubjectClassifier) -> None:
    (message,) = classifier.process([Message({"intent": {"name": "choisir"}})])
    assert message.get("sujets") is None


def test_a_question_without_its_fiche_is_refused_with_its_words(tmp_path: Path) -> None:
    component = SubjectClassifier.create({}, LocalModelStorage(tmp_path), Resource("sujets"), None)
    lost = Message({"text": "question perdue", "intent": "demander"})
    with pytest.raises(ValueError, match="question perdue"):
        component.train(TrainingData([lost]))
