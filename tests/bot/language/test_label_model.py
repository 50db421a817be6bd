"""The classifier: ranked labels, probabilities one may believe, and a clear error without examples."""

from __future__ import annotations

import pickle
import random
from typing import Any

import numpy as np
import pytest

from bot.language.label_model import MIN_EXAMPLES, LabelModel, Sample

WORDS = {
    "apl": ["loyer", "logement", "appartement", "bailleur", "aide au logement"],
    "rsa": ["revenu", "rsa", "minimum", "sans ressources", "solidarite"],
    "vitale": ["carte vitale", "secu", "medecin", "remboursement", "soins"],
}
STARTS = ["bonjour", "je veux", "comment avoir", "j'ai perdu", "combien pour", "c'est quoi", "aide pour"]


def sentences(count: int, seed: int) -> tuple[list[str], list[str]]:
    """Return sentences and their labels, the same for the same seed."""
    source = random.Random(seed)
    labels = [source.choice(sorted(WORDS)) for _ in range(count)]
    texts = [f"{source.choice(STARTS)} {source.choice(WORDS[label])}" for label in labels]
    return texts, labels


def embed(text: str) -> Any:
    """Return a made-up embedding: noise, the same for the same text."""
    return np.random.default_rng(len(text)).normal(size=8).astype(np.float32) / 8


def sample(text: str) -> Sample:
    """Return a message that was embedded; its reading is itself."""
    return Sample(text, embedding=embed(text))


@pytest.fixture(scope="module")
def model() -> LabelModel:
    texts, labels = sentences(150, seed=1)
    model = LabelModel()
    model.fit([sample(text) for text in texts], labels)
    return model


def test_sentences_never_seen_are_put_under_their_label(model: LabelModel) -> None:
    texts, labels = sentences(60, seed=2)
    found = [model.rank(sample(text))[0].label for text in texts]
    assert sum(one == other for one, other in zip(found, labels, strict=True)) >= 57


def test_misspelt_words_are_still_recognised(model: LabelModel) -> None:
    for text, label in (("ED O LOGEMEN", "apl"), ("la kart vital", "vitale"), ("le r.s.a svp rsa", "rsa")):
        assert model.rank(sample(text))[0].label == label


def test_probabilities_are_ranked_and_sum_to_one_at_most(model: LabelModel) -> None:
    for text in ("loyer", "zzzz", "", "carte vitale ou loyer"):
        ranked = model.rank(sample(text), limit=2)
        probabilities = [item.probability for item in ranked]
        assert len(ranked) == 2
        assert probabilities == sorted(probabilities, reverse=True)
        assert all(0.0 <= p <= 1.0 for p in probabilities)
        assert sum(probabilities) <= 1.0 + 1e-6
        everything = model.rank(sample(text), limit=99)
        assert sum(item.probability for item in everything) == pytest.approx(1.0, abs=1e-4)


def test_a_clear_sentence_is_surer_than_nonsense() -> None:
    texts, labels = sentences(150, seed=1)
    model = LabelModel()
    model.fit([Sample(text) for text in texts], labels)
    clear, nonsense = (
        model.rank(Sample(text))[0].probability for text in ("aide au logement loyer", "zxq wvb")
    )
    assert clear > 0.8 > nonsense


def test_a_label_with_too_few_examples_is_named() -> None:
    texts, labels = sentences(40, seed=3)
    rare = [*labels, *["rare"] * (MIN_EXAMPLES - 1)]
    with pytest.raises(ValueError, match=f"moins de {MIN_EXAMPLES} exemples pour : rare"):
        LabelModel().fit([Sample(text) for text in [*texts, "un", "deux"]], rare)


def test_the_same_examples_give_the_same_model() -> None:
    texts, labels = sentences(80, seed=4)
    first, second = LabelModel(), LabelModel()
    for model in (first, second):
        model.fit([sample(text) for text in texts], labels)
    assert first.rank(sample("loyer")) == second.rank(sample("loyer"))


def test_a_model_kept_and_read_again_ranks_the_same(model: LabelModel) -> None:
    again = pickle.loads(pickle.dumps(model))
    assert again.rank(sample("loyer")) == model.rank(sample("loyer"))
    assert set(again.labels) == set(WORDS)


def test_a_model_without_embeddings_ranks_too() -> None:
    texts, labels = sentences(80, seed=5)
    model = LabelModel()
    model.fit([Sample(text) for text in texts], labels)
    assert model.rank(Sample("aide au logement"))[0].label == "apl"


def test_words_alone_rank_too_beside_the_meaning(model: LabelModel) -> None:
    for text, label in (("aide au logement", "apl"), ("la kart vital", "vitale")):
        assert model.rank(Sample(text))[0].label == label
    assert model.rank(Sample("loyer")) != model.rank(sample("loyer"))


def test_what_was_learnt_without_meaning_is_not_asked_about_it() -> None:
    texts, labels = sentences(80, seed=5)
    model = LabelModel()
    model.fit([Sample(text) for text in texts], labels)
    with pytest.raises(ValueError, match="sans le sens"):
        model.rank(sample("loyer"))


def test_a_context_tells_two_equal_sentences_apart() -> None:
    texts = ["j'ai perdu ma carte"] * 20 + ["bonjour comment faire"] * 10
    contexts = (["vitale"] * 10 + ["papiers"] * 10) + [""] * 10
    labels = ["probleme"] * 10 + ["apercu"] * 10 + ["demarche"] * 10
    model = LabelModel()
    samples = [Sample(text, context=context) for text, context in zip(texts, contexts, strict=True)]
    model.fit(samples, labels)
    for context, label in (("vitale", "probleme"), ("papiers", "apercu")):
        assert model.rank(Sample("j'ai perdu ma carte", context=context))[0].label == label


def test_what_was_meant_is_learnt_from_the_reading_and_not_only_from_the_letters() -> None:
    readings = [
        f"{start} {word}" for start in ("un", "deux", "trois", "quatre") for word in ("loyer", "sante")
    ]
    model = LabelModel()
    model.fit(
        [Sample("hm", reading) for reading in readings],
        ["apl" if reading.endswith("loyer") else "css" for reading in readings],
    )
    assert model.rank(Sample("hm", "cinq loyer"))[0].label == "apl"
    assert model.rank(Sample("hm", "cinq sante"))[0].label == "css"


def test_without_a_reading_the_text_is_its_own_reading() -> None:
    assert Sample("J'ai été").words == "j ai ete"
    assert Sample("jé été", "j ai ete").words == "j ai ete"
    assert Sample("jé été", "j ai ete", context="rsa").words == "j ai ete sujet:rsa"


def test_the_words_that_ask_count_more_than_the_story_around_them() -> None:
    told = "mon pere est mort le mois dernier et ma mere vit seule a la campagne"
    asked = {"montant": "combien elle touche", "contact": "qui appeler pour ca"}
    stories = [
        (f"{told} {start} {question} {end}", rubrique)
        for rubrique, question in asked.items()
        for start in ("alors", "donc", "voila")
        for end in ("dites moi", "svp")
    ]
    # Stories that ask nothing, under either label: some doubt is left, and probabilities keep off 1.
    stories += [(f"{told} {word}", rubrique) for rubrique in asked for word in ("voila", "merci", "bonjour")]
    samples, labels = [Sample(text) for text, _ in stories], [rubrique for _, rubrique in stories]
    apart, together = LabelModel(asks=True), LabelModel()
    for model in (apart, together):
        model.fit(samples, labels)
    crossed = Sample("il a fallu appeler un medecin puis appeler la voisine la nuit combien elle touche")
    best, plain = apart.rank(crossed)[0], together.rank(crossed)
    assert best.label == "montant"
    assert best.probability > {item.label: item.probability for item in plain}["montant"]
