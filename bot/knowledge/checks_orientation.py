"""Checks of the situations and of the lexicon: what `bot check` measures of them."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from pathlib import Path
from typing import Any

from bot.knowledge.checks import Finding, check_sentences, check_sms
from bot.knowledge.fiche import Fiche
from bot.knowledge.language import count_words, long_phones, placeholders, sites, typed_amounts
from bot.knowledge.lexicon import Lexicon, Nom
from bot.knowledge.situation import Situation
from bot.knowledge.yaml_files import Problem, _load_with_lines, line_of
from bot.language.normalise import fold
from bot.render.gsm import count_septets, to_gsm

MAX_MEANING_WORDS = 30
"""Words of a meaning: one line, read at a glance."""
MAX_MEANING_SEPTETS = 160
"""One SMS, so that the fiche has the second."""


def check_situations(
    folder: Path, situations: dict[str, Situation], fiches: dict[str, Fiche], known: Collection[str]
) -> Iterator[Problem]:
    """Yield what is to mend in the situations, each with its line."""
    for situation in situations.values():
        path = folder / f"{situation.id}.yml"
        findings = [
            *_unknown_fiches(situation, known),
            *_text_findings(situation),
            *_not_in_a_fiche(situation, fiches),
        ]
        document: Any = _load_with_lines(path) if findings else None
        for where, message in findings:
            yield Problem(str(path), line_of(document, where), message)


def situation_texts(situation: Situation) -> Iterator[tuple[tuple[str | int, ...], str]]:
    """Yield (key path, text) for everything residents read on a screen."""
    yield ("titre",), situation.titre
    yield ("accueil",), situation.accueil
    for index, step in enumerate(situation.cette_semaine):
        yield ("cette_semaine", index), step
    for index, droit in enumerate(situation.droits):
        yield ("droits", index), droit.cas
    for index, question in enumerate(situation.questions):
        yield ("questions", index), question.question
    yield ("personne",), situation.personne


def _unknown_fiches(situation: Situation, known: Collection[str]) -> Iterator[Finding]:
    named = [(("droits", index), droit.fiche) for index, droit in enumerate(situation.droits)]
    for index, question in enumerate(situation.questions):
        named += [(("questions", index), fiche) for fiche in (*question.oui, *question.non)]
    listed = situation.fiches()
    for where, fiche in named:
        if fiche not in known:
            yield where, f"« {fiche} » n'est pas dans data/taxonomie.yml"
        elif fiche not in listed:
            yield where, f"« {fiche} » n'est pas dans « droits » : ajoutez-la, avec le cas"


def _text_findings(situation: Situation) -> Iterator[Finding]:
    for where, text in situation_texts(situation):
        yield from ((where, finding) for finding in check_sentences(text))
    yield from ((("sms",), finding) for finding in check_sms(situation.sms))
    for where, text in (*situation_texts(situation), (("sms",), situation.sms)):
        for amount in (*typed_amounts(text), *placeholders(text)):
            yield where, f"une situation ne donne aucun montant (« {amount} ») : la fiche le donne"


def _not_in_a_fiche(situation: Situation, fiches: dict[str, Fiche]) -> Iterator[Finding]:
    """Yield the phones and sites that none of its fiches lists with a source."""
    contacts = [contact for key in situation.fiches() if key in fiches for contact in fiches[key].contacts]
    phones = {phone for contact in contacts for phone in long_phones(contact.telephone or "")}
    hosts = tuple(f".{contact.url.host}".lower() for contact in contacts if contact.url)
    for where, text in (*situation_texts(situation), (("sms",), situation.sms)):
        for phone in long_phones(text):
            if phone not in phones:
                yield where, f"le numéro {phone} n'est dans les contacts d'aucune de ses fiches"
        for site in sites(text):
            if not any(host.endswith(f".{site.lower().removeprefix('www.')}") for host in hosts):
                yield where, f"le site {site} n'est dans les contacts d'aucune de ses fiches"


def check_lexicon(path: Path, lexicon: Lexicon, known: Collection[str]) -> Iterator[Problem]:
    """Yield what is to mend in the lexicon, each with its line."""
    document: Any = None
    seen: dict[str, str] = {}
    for rank, name in enumerate(lexicon.names):
        for finding in (*_name_findings(name, known), *_twice(name, seen)):
            document = document or _load_with_lines(path)
            yield Problem(str(path), line_of(document, (rank,)), f"{name.nom} : {finding}")


def _name_findings(name: Nom, known: Collection[str]) -> Iterator[str]:
    yield from (
        f"« {fiche} » n'est pas dans data/taxonomie.yml" for fiche in name.fiches if fiche not in known
    )
    yield from check_sentences(name.sens)
    if count_words(name.sens) > MAX_MEANING_WORDS:
        yield f"sens de plus de {MAX_MEANING_WORDS} mots : une ligne suffit"
    if count_septets(to_gsm(name.sens)) > MAX_MEANING_SEPTETS:
        yield f"sens de plus de {MAX_MEANING_SEPTETS} caractères : il doit tenir dans un SMS"
    yield from check_sms(name.sens)
    yield from (f"montant écrit à la main : « {amount} »" for amount in typed_amounts(name.sens))
    yield from (
        f"« {form} » ne contient aucune lettre" for form in (name.nom, *name.autres) if not fold(form)
    )


def _twice(name: Nom, seen: dict[str, str]) -> Iterator[str]:
    own = {fold(form) for form in (name.nom, *name.autres)}
    for form in sorted(own & seen.keys()):
        yield f"« {form} » est déjà une forme de « {seen[form]} »"
    seen.update(dict.fromkeys(own, name.nom))
