"""Say how French words sound: near words for the ear ("fer", "faire") get near or equal keys.

The sounds come from gruut-lang-fr (MIT): a lexicon of 92,000 words, and a conditional random field for
the words it does not hold. What people confuse when they write by ear is merged: open and closed e or o,
"un" and "in", the mute e, doubled sounds.
"""

from __future__ import annotations

import base64
import re
import sqlite3
from collections.abc import Iterator
from functools import lru_cache
from pathlib import Path

import gruut_lang_fr
import pycrfsuite

from bot.language.normalise import fold

WORD = re.compile(r"[a-zà-ÿœæ0-9]+")
"""One word of a lower-case message, accents kept: they tell how it sounds."""
_FOLDER = Path(gruut_lang_fr.__file__).parent
_AROUND = 3
"""Letters on each side that the random field was trained to look at."""
_SILENT = "ə"
_NO_SOUND = "_"
_JOINT = "|"
_MERGED = {
    "ɑ̃": "A", "ɔ̃": "O", "ɛ̃": "I", "œ̃": "I", "ɛ": "e", "ɔ": "o", "ø": "2", "œ": "2", "ɑ": "a",
    "ʃ": "S", "ʒ": "Z", "ʁ": "r", "ɲ": "N", "ɥ": "y", "ɡ": "g",
}  # fmt: skip
_TWICE = re.compile(r"(.)\1+")
CACHED_WORDS = 50_000


def _key(sounds: list[str]) -> str:
    """Return one letter a sound, near sounds merged, the mute e left out."""
    letters = "".join(_MERGED.get(sound, sound) for sound in sounds if sound != _SILENT)
    return _TWICE.sub(r"\1", letters)


class Phonemes:
    """The lexicon in memory (about 0.5 s to open, 25 MB) and the random field for what it lacks."""

    def __init__(self) -> None:
        self._by_word: dict[str, str] = {}
        self._by_folded: dict[str, tuple[str, ...]] = {}
        for word, sounds in _read_lexicon():
            key = _key(sounds.split())
            self._by_word.setdefault(word, key)
            known = self._by_folded.get(fold(word), ())
            if key not in known:
                self._by_folded[fold(word)] = (*known, key)
        self._tagger = pycrfsuite.Tagger()
        self._tagger.open(str(_FOLDER / "g2p" / "model.crf"))
        self.keys = lru_cache(CACHED_WORDS)(self._keys)

    def knows(self, folded: str) -> bool:
        """Tell whether a word without accents is one of the lexicon."""
        return folded in self._by_folded

    def _keys(self, word: str) -> tuple[str, ...]:
        """Return the keys a lower-case word may have, likeliest first: its own, else those of its bare letters."""
        folded = fold(word)
        exact = (self._by_word[word],) if word in self._by_word else ()
        known = tuple(dict.fromkeys((*exact, *self._by_folded.get(folded, ()))))
        return known or tuple(dict.fromkeys(self._guess(form) for form in (word, folded) if form))

    def _guess(self, word: str) -> str:
        """Return the key of a word that no lexicon holds."""
        sounds = [_decode(tag) for tag in self._tagger.tag([_letter(word, i) for i in range(len(word))])]
        return _key([part for sound in sounds for part in sound.split(_JOINT) if part != _NO_SOUND])


@lru_cache(1)
def load_phonemes() -> Phonemes:
    """Return the phonemes of this process, opened once."""
    return Phonemes()


def _read_lexicon() -> Iterator[tuple[str, str]]:
    """Yield each word with the sounds of its first pronunciation, separated by spaces."""
    connection = sqlite3.connect(f"file:{_FOLDER / 'lexicon.db'}?mode=ro&immutable=1", uri=True)
    try:
        for word, sounds in connection.execute(
            "SELECT word, phonemes FROM word_phonemes WHERE pron_order = 0"
        ):
            if fold(word) and " " not in fold(word):
                yield word.lower(), sounds
    finally:
        connection.close()


def _letter(word: str, place: int) -> dict[str, str | bool | float]:
    """Return what the random field looks at for one letter, under the names it was trained with."""
    seen: dict[str, str | bool | float] = {"bias": 1.0, "grapheme": _encode(word[place])}
    if place == 0:
        seen["begin"] = True
    if place == len(word) - 1:
        seen["end"] = True
    for distance in range(1, _AROUND + 1):
        if place >= distance:
            seen[f"grapheme-{distance}"] = _encode(word[place - distance])
        if place + distance < len(word):
            seen[f"grapheme+{distance}"] = _encode(word[place + distance])
    return seen


def _encode(letter: str) -> str:
    return base64.b64encode(letter.encode()).decode("ascii")


def _decode(tag: str) -> str:
    return base64.b64decode(tag.encode("ascii")).decode()
