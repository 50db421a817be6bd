"""The organismes of the taxonomy one by one, to say which one blocked."""

from __future__ import annotations

import re

from bot.knowledge.taxonomy import Taxonomy

_BETWEEN = re.compile(r", | ou ")
_NOT_ONE = frozenset({"plusieurs organismes", "associations", "collectivités"})


def organismes_of(taxonomy: Taxonomy) -> tuple[str, ...]:
    """Return every organisme once, in the order of the alphabet."""
    found = {name for subject in taxonomy.subjects.values() for name in _split(subject.organisme)}
    by_word = {name.casefold(): name for name in sorted(found, key=str.swapcase)}
    return tuple(name for word, name in sorted(by_word.items()) if word not in _NOT_ONE)


def organismes_for(taxonomy: Taxonomy, subject: str | None) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Return the organismes of a subject, then the others."""
    every = organismes_of(taxonomy)
    known = taxonomy.subjects.get(subject or "")
    own = {name.casefold() for name in _split(known.organisme)} if known else set()
    return (
        tuple(name for name in every if name.casefold() in own),
        tuple(name for name in every if name.casefold() not in own),
    )


def _split(organisme: str) -> list[str]:
    return [f"{part[0].upper()}{part[1:]}" for part in _BETWEEN.split(organisme) if part]
