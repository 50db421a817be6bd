"""Measure the French that residents read: sentences, figures typed by hand, phones, SMS length.

Rules and their reasons: docs/guide-redaction.md. Bounds: 20 words a sentence at most, 15 on
average in a fiche.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from bot.knowledge.fiche import Bloc, Fiche

MAX_WORDS = 20
MAX_AVERAGE_WORDS = 15.0
MAX_SIMPLE_WORDS = 12
MIN_READING_EASE = 65.0
"""Of Kandel and Moles, over a whole fiche: administrative texts measured 40 to 47, plain ones 92 to 106."""

PLACEHOLDER = re.compile(r"\{([a-z0-9-]+)\}")
_SENTENCE_END = re.compile(r"(?<=[.!?])\s+(?=[A-ZÀÂÉÈÊÎÔÛÇ0-9«{])|\n+|\s:\s")
_WORD = re.compile(r"[0-9A-Za-zÀ-ÿœŒ]+(?:[.,'’-][0-9A-Za-zÀ-ÿœŒ]+)*|\{[a-z0-9-]+\}")
_AMOUNT = re.compile(r"\d[\d\s\u202f\u00a0.,]*\s?(?:€|euros?\b)", re.IGNORECASE)
_PHONE = re.compile(
    r"(?<!\d)(?:0\s?8\d\d(?:\s?\d{3}){2}|0\s?8\d\d(?:\s?\d{2}){3}|0\s?[1-9](?:[\s.]?\d{2}){4}|3\d\s?\d{2}|116\s?\d{3}|1[1578]|11[02456789])(?![\d*]|\s?%)"
)
_CERFA = re.compile(r"(?:[Cc]erfas?|n°) (?:n° ?)?(\d{5})(?:\*\d{2})?(?!\d)")
_SITE = re.compile(r"(?<![@\w.-])((?:[a-z0-9-]+\.)+(?:fr|com|org|net|bzh|eu|info))(?![\w-]|\.\w)")
_ACRONYM = re.compile(r"(?<![\w*.-])[A-ZÉÈÀ]{2,7}(?!\w)")
EVERYDAY_ACRONYMS = frozenset(
    [
        "AB",
        "AVC",
        "BEP",
        "CAP",
        "CD",
        "CP",
        "CS",
        "CV",
        "GPS",
        "HEIC",
        "JPG",
        "PDF",
        "PIN",
        "PNG",
        "QR",
        "RIO",
        "SMS",
        "SNCF",
        "SOS",
        "STOP",
        "TGV",
        "TIP",
        "TSA",
        "TV",
        "USB",
    ]
)
"""Known as they are, or more by their letters than by their words; CS and TSA are parts of a postal address."""
_SYLLABLE = re.compile(r"[aeiouyàâäéèêëîïôöùûüœæ]+(?!s?$|nt$)|[àâäéèêëîïôöùûüœæiouya]+")
_GROUPED_DIGITS = re.compile(r"(?<=\d)\s(?=\d)")


def sentences(text: str) -> list[str]:
    """Return the sentences of a text; a colon ends one, since the voice stops there."""
    return [part.strip() for part in _SENTENCE_END.split(text) if part and part.strip()]


def count_words(sentence: str) -> int:
    """Return the number of words; a phone number or a number with spaces counts as one."""
    return len(_WORD.findall(_GROUPED_DIGITS.sub("", sentence)))


def typed_amounts(text: str) -> list[str]:
    """Return the amounts of money typed in a text instead of a `{key}` of the baremes."""
    return [match.group().strip() for match in _AMOUNT.finditer(text)]


def placeholders(text: str) -> list[str]:
    """Return the keys of the amounts a text names."""
    return PLACEHOLDER.findall(text)


def long_phones(text: str) -> list[str]:
    """Return the phone numbers of a text of ten, six (116…) or four digits, as digits only.

    Two- and three-digit emergency numbers are left out: they cannot be told from other figures.
    """
    found = (re.sub(r"\D", "", match.group()) for match in _PHONE.finditer(text))
    return [number for number in found if len(number) in (6, 10) or (len(number) == 4 and number[0] == "3")]


def cerfas(text: str) -> list[str]:
    """Return the numbers of the Cerfa forms a text names, without their edition: `10840`."""
    return [match.group(1) for match in _CERFA.finditer(text)]


def sites(text: str) -> list[str]:
    """Return the web sites a text names: `caf.fr`. An e-mail address is none."""
    return [match.group(1) for match in _SITE.finditer(text)]


def unexplained_acronyms(acronym_texts: list[str], explaining_texts: list[str]) -> set[str]:
    """Return the acronyms of some texts that no text explains: `CAF (Caisse d'allocations familiales)`, either way."""
    found = {match.group() for text in acronym_texts for match in _ACRONYM.finditer(text)} - EVERYDAY_ACRONYMS
    whole = "\n".join(explaining_texts)
    return {acronym for acronym in found if not _explains(acronym, whole)}


def _explains(acronym: str, text: str) -> bool:
    after = rf"\b{acronym}\s*\([^)]*[a-zà-ÿ]{{3}}"
    before = rf"[a-zà-ÿ]{{3}}[^()\n]{{2,80}}\([^)]*\b{acronym}\b"
    return re.search(rf"{after}|{before}", text) is not None


def kandel_moles(texts: list[str]) -> float:
    """Return how easy French texts read, 100 being very easy (Kandel and Moles 1958, Flesch's formula for French).

    Long texts only: short jargon fools it, as it fools every formula of this family.
    """
    parts = [sentence for text in texts for sentence in sentences(text)]
    words = [word for part in parts for word in _WORD.findall(part)]
    if not words:
        return 100.0
    syllables = sum(len(_SYLLABLE.findall(word.lower())) or 1 for word in words)
    return 207 - 1.015 * len(words) / len(parts) - 73.6 * syllables / len(words)


def bloc_texts(bloc: Bloc) -> Iterator[str]:
    """Yield every text of a block that a person reads."""
    if bloc.titre:
        yield bloc.titre
    if bloc.texte:
        yield bloc.texte
    if bloc.attention:
        yield bloc.attention
    for items in (bloc.liste, bloc.etapes, bloc.documents):
        yield from items or ()


def fiche_texts(fiche: Fiche) -> Iterator[tuple[tuple[str | int, ...], str]]:
    """Yield (key path, text) for everything residents read in a fiche, SMS texts left out."""
    yield ("apporte",), fiche.apporte
    for name, rubrique in fiche.rubriques.items():
        if rubrique.sans_objet:
            yield ("rubriques", name, "sans_objet"), rubrique.sans_objet
        for index, bloc in enumerate(rubrique.web):
            for text in bloc_texts(bloc):
                yield ("rubriques", name, "web", index), text
    for index, phrase in enumerate(fiche.simple.phrases if fiche.simple else ()):
        yield ("simple", "phrases", index), phrase
    for index, way in enumerate(fiche.sans_internet.voies):
        yield ("sans_internet", "voies", index), way.texte
    yield ("sans_internet", "avec_qui"), fiche.sans_internet.avec_qui
    if fiche.sans_internet.aucune_connue:
        yield ("sans_internet", "aucune_connue"), fiche.sans_internet.aucune_connue
    yield ("apres_envoi", "reponse"), fiche.apres_envoi.reponse
    yield ("apres_envoi", "quand_regarder"), fiche.apres_envoi.quand_regarder
    yield from _step_texts(fiche)


def _step_texts(fiche: Fiche) -> Iterator[tuple[tuple[str | int, ...], str]]:
    for name, step in fiche.etapes_numeriques:
        for key in ("sans_objet", "clic_a_risque", "aide"):
            text = getattr(step, key)
            if text:
                yield ("etapes_numeriques", name, key), text


def average_words(texts: list[str]) -> float:
    """Return the mean number of words a sentence over several texts; 0.0 when there is none."""
    counts = [count_words(sentence) for text in texts for sentence in sentences(text)]
    counts = [count for count in counts if count]
    return sum(counts) / len(counts) if counts else 0.0
