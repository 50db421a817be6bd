"""Checks of the knowledge beyond its model: what `bot check` measures."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from datetime import date
from pathlib import Path
from typing import Any

from bot.knowledge.amounts import fill_sms
from bot.knowledge.baremes import Bareme
from bot.knowledge.fiche import Fiche
from bot.knowledge.language import (
    MAX_AVERAGE_WORDS,
    MAX_SIMPLE_WORDS,
    MAX_WORDS,
    MIN_READING_EASE,
    average_words,
    bloc_texts,
    cerfas,
    count_words,
    fiche_texts,
    kandel_moles,
    long_phones,
    placeholders,
    sentences,
    sites,
    typed_amounts,
    unexplained_acronyms,
)
from bot.knowledge.lieu import Lieu
from bot.knowledge.responses import VARIABLE, Response
from bot.knowledge.taxonomy import Taxonomy
from bot.knowledge.territoire import Territoire
from bot.knowledge.yaml_files import Problem, _load_with_lines, line_of
from bot.render.gsm import MAX_SEPTETS, MAX_UNITS, count_septets, foreign_characters, sms_room, to_gsm

Finding = tuple[tuple[str | int, ...], str]
FOREIGN = "langue."
"""How the keys of the responses in other languages start (data/responses/langues.yml)."""
PHONE_ROOM = 20
"""What a place takes in an SMS at the least: a phone number and a word."""


def check_fiche(
    path: Path, fiche: Fiche, taxonomy: Taxonomy, baremes: dict[str, Bareme], today: date
) -> list[Problem]:
    """Return what is to mend in a fiche that its model accepts, each with its line."""
    checks: tuple[Callable[[], Iterator[Finding]], ...] = (
        lambda: _check_ids(fiche, taxonomy),
        lambda: _check_sentences(fiche),
        lambda: _check_amounts(fiche, baremes),
        lambda: _check_phones(fiche),
        lambda: _check_cerfas(fiche),
        lambda: _check_sites(fiche),
        lambda: _check_acronyms(fiche),
        lambda: _check_sms(fiche, baremes, today),
    )
    findings = [finding for check in checks for finding in check()]
    document: Any = _load_with_lines(path) if findings else None
    return [Problem(str(path), line_of(document, where), text) for where, text in findings]


def _check_ids(fiche: Fiche, taxonomy: Taxonomy) -> Iterator[Finding]:
    if fiche.id not in taxonomy.subjects:
        yield ("id",), f"l'id « {fiche.id} » n'est pas dans data/taxonomie.yml"
    for other in fiche.droits_lies:
        if other not in taxonomy.subjects:
            yield ("droits_lies",), f"« {other} » n'est pas dans data/taxonomie.yml"


def check_lieux(data: Path, territoire: Territoire, lieux: Iterable[Lieu]) -> Iterator[Problem]:
    """Yield the places that a territory names and that data/lieux does not have."""
    known = {lieu.id for lieu in lieux}
    path = data / "territoires" / territoire.id / "territoire.yml"
    for lieu_id in territoire.lieux:
        if lieu_id not in known:
            yield Problem(str(path), 0, f"le lieu « {lieu_id} » n'est pas dans data/lieux")


def check_responses(folder: Path, responses: dict[str, Response]) -> Iterator[Problem]:
    """Yield what is to mend in the texts that are not of a fiche: long sentences, SMS, typed amounts."""
    for key, response in responses.items():
        web = [text for bloc in response.web for text in bloc_texts(bloc)]
        sms = VARIABLE.sub("", response.sms)
        if key.startswith(FOREIGN):  # the measures of French say nothing of another language
            findings = list(_foreigncheck_sms(sms))
        else:
            findings = [*(long for text in web for long in check_sentences(text)), *check_sms(sms)]
        findings += [
            f"montant écrit à la main : « {amount} »" for text in web for amount in typed_amounts(text)
        ]
        for finding in findings:
            yield Problem(str(folder), 0, f"{key} : {finding}")


def _check_sentences(fiche: Fiche) -> Iterator[Finding]:
    texts = list(fiche_texts(fiche))
    for where, text in texts:
        for finding in check_sentences(text, MAX_SIMPLE_WORDS if where[0] == "simple" else MAX_WORDS):
            yield where, finding
        if ";" in text:
            yield where, "remplacez le point-virgule par un point"
    average = average_words([text for _where, text in texts])
    if average > MAX_AVERAGE_WORDS:
        yield (), f"{average:.1f} mots par phrase en moyenne ({MAX_AVERAGE_WORDS:.0f} au plus)"
    ease = kandel_moles([text for _where, text in texts])
    if ease < MIN_READING_EASE:
        yield (
            (),
            f"facilité de lecture de {ease:.0f} ({MIN_READING_EASE:.0f} au moins) : des mots plus courts",
        )


def check_sentences(text: str, most: int = MAX_WORDS) -> Iterator[str]:
    """Yield the sentences of a text that are too long."""
    for sentence in sentences(text):
        words = count_words(sentence)
        if words > most:
            yield f"phrase de {words} mots ({most} au plus), coupez-la : « {sentence[:70]}… »"


def _all_texts(fiche: Fiche) -> Iterator[Finding]:
    yield from fiche_texts(fiche)
    yield from _sms_texts(fiche)


def _sms_texts(fiche: Fiche) -> Iterator[Finding]:
    for name, rubrique in fiche.rubriques.items():
        if rubrique.sms:
            yield ("rubriques", name, "sms"), rubrique.sms
    if fiche.simple:
        yield ("simple", "sms"), fiche.simple.sms


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


def _check_cerfas(fiche: Fiche) -> Iterator[Finding]:
    known = {way.cerfa[:5] for way in fiche.sans_internet.voies if way.cerfa}
    known |= {form.cerfa[:5] for form in fiche.formulaires}
    for where, text in _all_texts(fiche):
        for number in cerfas(text):
            if number not in known:
                yield (
                    where,
                    f"le Cerfa {number} n'est ni dans « voies » ni dans « formulaires » : ajoutez-le avec sa source",
                )


def _check_sites(fiche: Fiche) -> Iterator[Finding]:
    urls = [contact.url for contact in fiche.contacts] + [source.url for source in fiche.sources]
    urls += [step.url for _name, step in fiche.etapes_numeriques]
    known = tuple(f".{url.host}".lower() for url in urls if url)
    for where, text in _all_texts(fiche):
        for site in sites(text):
            if not any(host.endswith(f".{site.lower().removeprefix('www.')}") for host in known):
                yield where, f"le site {site} n'est l'adresse d'aucun contact, étape ou source de la fiche"


def _check_acronyms(fiche: Fiche) -> Iterator[Finding]:
    """Yield the acronyms that the fiche explains nowhere, each where it stands first."""
    texts = list(fiche_texts(fiche))
    explaining = [fiche.titre, fiche.organisme, *(text for _where, text in texts)]
    left = unexplained_acronyms([text for _where, text in texts], explaining)
    for where, text in texts:
        for acronym in sorted(unexplained_acronyms([text], []) & left):
            left.discard(acronym)
            yield (
                where,
                f"« {acronym} » n'est expliqué nulle part : écrivez une fois « {acronym} (ce que c'est) »",
            )


def _check_sms(fiche: Fiche, baremes: dict[str, Bareme], today: date) -> Iterator[Finding]:
    for where, sms in _sms_texts(fiche):
        for finding in check_sms(fill_sms(sms, baremes, today)):
            yield where, finding


def check_sms(sms: str) -> Iterator[str]:
    """Yield what an SMS text has too much of, or cannot say."""
    text = to_gsm(sms)
    if foreign := foreign_characters(text):
        yield f"caractères que le SMS n'a pas : {' '.join(foreign)}"
    septets = count_septets(text)
    if septets > MAX_SEPTETS:
        yield f"SMS de {septets} caractères ({MAX_SEPTETS} au plus, € compte double)"


def _foreigncheck_sms(sms: str) -> Iterator[str]:
    """Yield what makes an SMS in any script too long for the place that is added to it."""
    over = PHONE_ROOM - sms_room(sms)
    if over > 0:
        yield (
            f"SMS trop long de {over} caractères : il faut {PHONE_ROOM} places pour le lieu, sur {MAX_SEPTETS} en "
            f"GSM-7 ou {MAX_UNITS} dans une autre écriture"
        )
