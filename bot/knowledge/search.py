"""Find subjects by a few words: title first, then short name, who is in charge, and the text of the fiche."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from bot.knowledge.fiche import Fiche
from bot.knowledge.loader import Knowledge
from bot.knowledge.taxonomy import Subject
from bot.language.normalise import fold

MAX_QUERY = 200
"""Characters of a search that are read: the start of a long text says enough."""
MAX_NEAREST = 6
"""Subjects offered when none has every word: more would be a list, not an answer."""
_MIN_PREFIX = 3
_TITLE, _SHORT_NAME, _ORGANISME, _BODY = 8, 6, 4, 1
_AMOUNT = re.compile(r"\{[^}]*\}")
# Words that tell nothing of a subject, folded. Asking for them too would hide what was found.
_EMPTY = """
a ai au aux avec avoir c ce ces cet cette comment d dans de des du elle en est et etre faire faut il ils j je l la le
les leur leurs ma mais me mes mon n ne nos notre nous on ou par pas peut peux plus pour qu quand que quel quelle quelles
quels qui quoi s sa sans savoir se ses si son sont suis sur t ta te tes ton tu un une veut veux vos votre voudrais vous y
"""
EMPTY_WORDS = frozenset(_EMPTY.split())


@dataclass(frozen=True)
class FoundSubject:
    """A subject found. `apporte` is None when its fiche is not written yet."""

    id: str
    titre: str
    organisme: str
    apporte: str | None


@dataclass(frozen=True)
class SearchResult:
    """Subjects, best first; `has_every_word` is False when they are only the nearest ones."""

    subjects: tuple[FoundSubject, ...] = ()
    has_every_word: bool = True


@dataclass(frozen=True)
class _Entry:
    """A subject, the words people would know it by with their weight, and the words of its text."""

    subject: FoundSubject
    names: tuple[tuple[int, frozenset[str]], ...]
    body: frozenset[str]

    def weigh(self, word: str) -> int:
        """Return how much a word of the search tells of this subject, 0 when it is not there.

        The beginning of a word counts in names only: in whole texts it would be found nearly everywhere.
        """
        for weight, names in self.names:
            if word in names:
                return weight
            if len(word) >= _MIN_PREFIX and any(name.startswith(word) for name in names):
                return weight - 1
        return _BODY if word in self.body else 0


@dataclass(frozen=True)
class _Match:
    """An entry and the weight of each word of the search in it."""

    entry: _Entry
    weights: tuple[int, ...]

    @property
    def named(self) -> int:
        """Return how many words of the search stand in the names of the subject."""
        return sum(weight > _BODY for weight in self.weights)

    def rank(self) -> tuple[int, bool, int, str]:
        """Return the key that sorts the best first: written before unwritten, then the shortest title."""
        subject = self.entry.subject
        _weight, title = self.entry.names[0]
        return -sum(self.weights), subject.apporte is None, len(title), fold(subject.titre)


class SubjectSearch:
    """Searches every subject of the taxonomy, written or not."""

    def __init__(self, knowledge: Knowledge) -> None:
        self._entries = tuple(
            _entry(subject, knowledge.fiches.get(subject.id))
            for subject in knowledge.taxonomy.subjects.values()
        )

    def find(self, query: str) -> SearchResult:
        """Return the subjects that have every word of the query, else the nearest by their names."""
        words = tuple(_singular(word) for word in fold(query[:MAX_QUERY]).split() if word not in EMPTY_WORDS)
        if not words:
            return SearchResult()
        matches = [_Match(entry, tuple(entry.weigh(word) for word in words)) for entry in self._entries]
        whole = [match for match in matches if all(match.weights)]
        if whole:
            return SearchResult(_sorted(whole))
        most = max(match.named for match in matches)
        nearest = [match for match in matches if match.named == most] if most else []
        return SearchResult(_sorted(nearest)[:MAX_NEAREST], has_every_word=False)


def _sorted(matches: list[_Match]) -> tuple[FoundSubject, ...]:
    return tuple(match.entry.subject for match in sorted(matches, key=_Match.rank))


def _entry(subject: Subject, fiche: Fiche | None) -> _Entry:
    if fiche is None:
        found = FoundSubject(subject.id, subject.titre, subject.organisme, None)
        return _Entry(found, _names(subject.titre, "", subject.organisme), frozenset())
    found = FoundSubject(fiche.id, fiche.titre, fiche.organisme, fiche.apporte)
    return _Entry(
        found,
        _names(fiche.titre, fiche.nom_court, fiche.organisme),
        frozenset(words_of(" ".join(texts_of(fiche)))),
    )


def _names(titre: str, short_name: str, organisme: str) -> tuple[tuple[int, frozenset[str]], ...]:
    parts = ((_TITLE, titre), (_SHORT_NAME, short_name), (_ORGANISME, organisme))
    return tuple((weight, frozenset(words_of(text))) for weight, text in parts)


def texts_of(fiche: Fiche) -> Iterator[str]:
    """Yield what a fiche says on a screen; the names of amounts are not words of it."""
    yield fiche.apporte
    for rubrique in fiche.rubriques.values():
        yield rubrique.sans_objet or ""
        for bloc in rubrique.web:
            lines = (bloc.titre, bloc.texte, bloc.attention)
            yield from (_AMOUNT.sub(" ", line) for line in lines if line)
            for items in (bloc.liste, bloc.etapes, bloc.documents):
                yield from (_AMOUNT.sub(" ", item) for item in items or ())


def words_of(text: str) -> list[str]:
    """Return the folded words of a text as the search compares them."""
    return [_singular(word) for word in fold(text).split()]


def _singular(word: str) -> str:
    """Return a folded word without the sign of the plural, so that `aides` and `aide` are one."""
    return word[:-1] if len(word) > 3 and word[-1] in "sx" else word
