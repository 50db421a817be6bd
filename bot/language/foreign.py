"""Tell the language of a message that is surely not French: by its script, or by words French never writes.

French comes in any spelling here ("jé pu droi o rsa koman fer"), so a doubt is French: None. Why no library
does this, and the measures, are in docs/adr/0009-autres-langues.md.
"""

from __future__ import annotations

import re
import unicodedata

from bot.language.foreign_words import (
    ARABIC,
    BORROWED,
    COMMON,
    FRENCH,
    ITALIAN,
    PERSIAN,
    RUSSIAN,
    SURE,
    UKRAINIAN,
)

MIN_SCORE = 3
"""At least two words, one of them sure: a single word of Latin letters never leaves French."""
MANY_COMMON = 4
"""Common words that are together as good as a sure one, where no word is French."""
FRENCH_COUNTS = 2
"""How much a French word weighs against the others: "I need help with my papers svp" is still English."""
MIN_SCRIPT_LETTERS = 3
"""Letters of another script below which nothing is told: a sign, an initial."""

LANGUAGES = ("en", "es", "pt", "tr", "br", "ro", "uk", "ru", "ar", "fa")
"""The languages told, each with its response `langue.<tag>`."""

_BORROWED = re.compile(r"(?<!\w)(?:" + "|".join(re.escape(words) for words in BORROWED) + r")(?!\w)")
_WORD = re.compile(r"[^\W\d_]+(?:'[^\W\d_]+)*")
_ELISION = re.compile(r"(?:[djlmnst]|qu|jusqu|lorsqu|puisqu)'\w+|c'[eéè]\w+")
_CYRILLIC = re.compile(r"[\u0400-\u04ff]")
_ARABIC_LETTER = re.compile(r"[\u0620-\u064a\u066e-\u06d3\u06fa-\u06ff]")
_LATIN = re.compile(r"[a-z\u00df-\u024f]")
# Letters French never has. A name may hold one, so they help and do not decide.
_LETTERS = {
    "es": re.compile(r"[¿¡ñ]"),
    "pt": re.compile(r"[ãõ]"),
    "tr": re.compile(r"[ığş]|i\u0307"),
    "ro": re.compile(r"[ățșţ]"),
    "br": re.compile(r"ñ|c'h"),
}
_MOST_LETTERS = 2
# What no list can hold: "it's", "we're", "haven't"; and the endings of any Turkish verb.
_ENDINGS = {
    "en": re.compile(
        r"(?:i|you|he|she|it|we|they|that|what|who|where|there|here|how|let)'(?:s|m|d|re|ve|ll)|\w+n't"
    ),
    "tr": re.compile(
        r"\w{2,}[iu]yor(?:um|sun|uz|sunuz|lar|du)?|\w{2,}[ae]bilir(?:im|sin|iz|siniz)?|m[iu](?:s[iu]n[iu]z|y[iu]m)"
    ),
}
_OTHER_CYRILLIC = re.compile(r"[ўђјљњћџѓќ]|ъ(?![еёюя])")
_UKRAINIAN_LETTER = re.compile(r"[іїєґ]")
_RUSSIAN_LETTER = re.compile(r"[ыэё]")
_OTHER_ARABIC = re.compile(r"[ٹڈڑےںھټډړږښګۍېځڅێۆڕڵە]")
_PERSIAN_LETTER = re.compile(r"[پچژگکی]")
_ARABIC_SIGN = re.compile(r"[ةىيك]|\bال")


def find_language(text: str) -> str | None:
    """Return the BCP 47 tag of the language of a message that is surely not French, else None."""
    typed = unicodedata.normalize("NFKC", text).casefold().replace("’", "'").replace("ʼ", "'")
    latin = len(_LATIN.findall(typed))
    for letter, tell in ((_ARABIC_LETTER, _arabic_or_persian), (_CYRILLIC, _ukrainian_or_russian)):
        letters = len(letter.findall(typed))
        if letters >= MIN_SCRIPT_LETTERS and letters > latin:
            return tell(typed)
    return _latin_language(typed)


def plain_letters(text: str) -> str:
    """Return casefolded text without the accents of Latin letters; other scripts stay as they are."""
    kept: list[str] = []
    base = ""
    for char in unicodedata.normalize("NFKD", text.casefold()):
        if not unicodedata.combining(char):
            base = char
        elif _LATIN.match(base):
            continue
        kept.append(char)
    return unicodedata.normalize("NFC", "".join(kept)).replace("ı", "i")


def _ukrainian_or_russian(text: str) -> str | None:
    if _OTHER_CYRILLIC.search(text):
        return None
    words = set(_WORD.findall(text))
    ukrainian = len(_UKRAINIAN_LETTER.findall(text)) + _count(words, _UKRAINIAN_WORDS)
    russian = len(_RUSSIAN_LETTER.findall(text)) + _count(words, _RUSSIAN_WORDS)
    if ukrainian == russian:
        return None
    return "uk" if ukrainian > russian else "ru"


def _arabic_or_persian(text: str) -> str | None:
    if _OTHER_ARABIC.search(text):
        return None
    words = set(_WORD.findall(text))
    persian = len(_PERSIAN_LETTER.findall(text)) + _count(words, _PERSIAN_WORDS)
    arabic = len(_ARABIC_SIGN.findall(text)) + _count(words, _ARABIC_WORDS)
    return "fa" if persian > arabic else "ar"


def _count(words: set[str], known: tuple[frozenset[str], tuple[str, ...]]) -> int:
    whole, endings = known
    return sum(1 for word in words if word in whole or word.endswith(endings))


def _latin_language(typed: str) -> str | None:
    words = set(_WORD.findall(_BORROWED.sub(" ", typed)))
    if len(words) < 2:
        return None
    plain = {plain_letters(word) for word in words}
    elided = sum(1 for word in words if _ELISION.fullmatch(word) and word not in _NOT_ELIDED)
    scores = {name: _score(name, typed, words if name == "en" else plain, elided) for name in SURE}
    best, second = sorted(scores.values(), reverse=True)[:2]
    if best < MIN_SCORE or best == second:
        return None
    language = max(scores, key=lambda name: scores[name])
    return None if language == ITALIAN else language


def _score(language: str, typed: str, words: set[str], elided: int) -> int:
    """Return how much the words are of a language; 0 when none is surely, or when French outweighs it."""
    sure = words & _SURE[language]
    if endings := _ENDINGS.get(language):
        sure |= {word for word in words if endings.fullmatch(word)}
    helped = len((words & _COMMON[language]) - _FRENCH)
    if letters := _LETTERS.get(language):
        helped += min(_MOST_LETTERS, sum(1 for word in typed.split() if letters.search(word)))
    french = len((words & _FRENCH) - sure - _COMMON[language]) + elided
    if not sure and (french or helped < MANY_COMMON):
        return 0
    score = 2 * len(sure) + helped
    return score if score > FRENCH_COUNTS * french else 0


def _words_and_endings(words: str) -> tuple[frozenset[str], tuple[str, ...]]:
    listed = words.split()
    endings = tuple(word.removeprefix("-") for word in listed if word.startswith("-"))
    return frozenset(word for word in listed if not word.startswith("-")), endings


_SURE = {language: frozenset(words.split()) for language, words in SURE.items()}
_COMMON = {language: frozenset(words.split()) for language, words in COMMON.items()}
_FRENCH = frozenset(FRENCH.split())
_NOT_ELIDED = frozenset(word for words in _SURE.values() for word in words if "'" in word)
_UKRAINIAN_WORDS = _words_and_endings(UKRAINIAN)
_RUSSIAN_WORDS = _words_and_endings(RUSSIAN)
_PERSIAN_WORDS = _words_and_endings(PERSIAN)
_ARABIC_WORDS = _words_and_endings(ARABIC)
