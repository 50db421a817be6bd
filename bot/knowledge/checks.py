"""Checks of the knowledge beyond its model: what `bot check` measures."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import date
from pathlib import Path
from typing import Any

from bot.knowledge.amounts import fill_sms
from bot.knowledge.baremes import Bareme
from bot.knowledge.fiche import Fiche
from bot.knowledge.language import (
    MAX_AVERAGE_WORDS,
    MAX_WORDS,
    average_words,
    count_words,
    fiche_texts,
    long_phones,
    placeholders,
    sentences,
    typed_amounts,
)
from bot.knowledge.taxonomy import Taxonomy
from bot.knowledge.yaml_files import Problem, _load_with_lines, line_of
from bot.render.gsm import MAX_SEPTETS, count_septets, foreign_characters, to_gsm

Finding = tuple[tuple[str | int, ...], str]


def check_fiche(
    path: Path, fiche: Fiche, taxonomy: Taxonomy, baremes: dict[str, Bareme], today: date
) -> list[Problem]:
    """Return what is to mend in a fiche that its model accepts, each with its line."""
    checks: tuple[Callable[[], Iterator[Finding]], ...] = (
        lambda: _check_ids(path, fiche, taxonomy),
        lambda: _check_sentences(fiche),
        lambda: _check_amounts(fiche, baremes),
        lambda: _check_phones(fiche),
        lambda: _check_sms(fiche, baremes, today),
    )
    findings = [finding for check in checks for finding in check()]
    document: Any = _load_with_lines(path) if findings else None
    return [Problem(str(path), line_of(document, where), text) for where, text in findings]


def _check_ids(path: Path, fiche: Fiche, taxonomy: Taxonomy) -> Iterator[Finding]:
    if fiche.id != path.stem:
        yield ("id",), f"l'id « {fiche.id} » doit être le nom du fichier, « {path.stem} »"
    if fiche.id not in taxonomy.subjects:
        yield ("id",), f"l'id « {fiche.id} » n'est pas dans data/taxonomie.yml"
    for other in fiche.droits_lies:
        if other not in taxonomy.subjects:
            yield ("droits_lies",), f"« {other} » n'est pas dans data/taxonomie.yml"


def _check_sentences(fiche: Fiche) -> Iterator[Finding]:
    texts = list(fiche_texts(fiche))
    for where, text in texts:
        for sentence in sentences(text):
            words = count_words(sentence)
            if words > MAX_WORDS:
                yield where, f"phrase de {words} mots ({MAX_WORDS} au plus), coupez-la : « {sentence[:70]}… »"
        if ";" in text:
            yield where, "remplacez le point-virgule par un point"
    average = average_words([text for _where, text in texts])
    if average > MAX_AVERAGE_WORDS:
        yield (), f"{average:.1f} mots par phrase en moyenne ({MAX_AVERAGE_WORDS:.0f} au plus)"


def _all_texts(fiche: Fiche) -> Iterator[Finding]:
    yield from fiche_texts(fiche)
    for name, rubrique in fiche.rubriques.items():
        if rubrique.sms:
            yield ("rubriques", name, "sms"), rubrique.sms


def _check_amounts(fiche: Fiche, baremes: dict[str, Bareme]) -> Iterator[Finding]:
    for where, text in _all_texts(fiche):
        for amount in typed_amounts(text):
            yield where, f"montant écrit à la main (« {amount} ») : nommez une clé de baremes.yml, {{cle}}"
        for key in placeholders(text):
            if key not in baremes:
                yield where, f"« {{{key}}} » n'est pas dans data/baremes.yml"


def _check_phones(fiche: Fiche) -> Iterator[Finding]:
    listed = " ".join(contact.telephone or "" for contact in fiche.contacts)
    known = set(long_phones(listed))
    for where, text in _all_texts(fiche):
        for phone in long_phones(text):
            if phone not in known:
                yield where, f"le numéro {phone} n'est pas dans « contacts » : ajoutez-le avec sa source"


def _check_sms(fiche: Fiche, baremes: dict[str, Bareme], today: date) -> Iterator[Finding]:
    for name, rubrique in fiche.rubriques.items():
        if not rubrique.sms:
            continue
        where = ("rubriques", name, "sms")
        text = to_gsm(fill_sms(rubrique.sms, baremes, today))
        foreign = foreign_characters(text)
        if foreign:
            yield where, f"caractères que le SMS n'a pas : {' '.join(foreign)}"
        septets = count_septets(text)
        if septets > MAX_SEPTETS:
            yield where, f"SMS de {septets} caractères ({MAX_SEPTETS} au plus, € compte double)"
