"""Acronyms and names people use, old ones too, with what they mean today (data/lexique.yml)."""

from __future__ import annotations

from pathlib import Path

from pydantic import Field

from bot.knowledge.fiche import Strict
from bot.knowledge.yaml_files import KnowledgeError, Problem, problems_of, read_yaml
from bot.language.normalise import fold

_BEFORE = (
    "c est quoi", "cest quoi", "c quoi", "c koi", "c est koi", "kesako", "kezako", "que veut dire", "ke veu dire",
    "que signifie", "ca veut dire quoi", "sa veu dire koi", "ca veu dire koi", "qu est ce que c est que", "qu est ce que c est",
    "qu est ce que", "keske c", "definition", "signification", "expliquez moi", "explique moi", "le sens de", "ca sert a quoi",
    "alors", "et", "bonjour", "le mot", "le sigle", "le", "la", "les", "l", "un", "une", "des", "du", "de la", "de", "d",
)  # fmt: skip
"""What may stand before the name, folded; several of them may follow each other."""
_AFTER = (
    "c est quoi", "cest quoi", "c quoi", "c koi", "c est koi", "kesako", "kezako", "ca veut dire quoi", "sa veu dire koi",
    "ca veu dire koi", "veut dire quoi", "signifie quoi", "ca sert a quoi", "exactement", "au juste", "svp", "stp",
    "s il vous plait", "merci",
)  # fmt: skip


class Nom(Strict):
    """A name with its other spellings, what it means today in one line, and the fiches that say the rest."""

    nom: str
    autres: list[str] = Field([])
    sens: str
    fiches: list[str] = Field(..., min_items=1, max_items=4)


class Lexicon:
    """Finds what a name means when a message asks for nothing else."""

    def __init__(self, names: tuple[Nom, ...] = ()) -> None:
        self.names = names
        self._by_form = {fold(form): name for name in names for form in (name.nom, *name.autres)}

    def find(self, text: str) -> Nom | None:
        """Return the name that the whole message asks about ("c koi la css", "RMI ?"), or None."""
        words = fold(text)
        while words not in self._by_form:
            shorter = _without_one(words)
            if shorter == words:
                return None
            words = shorter
        return self._by_form[words]


def _without_one(words: str) -> str:
    """Return folded words without one of the turns around a name, or the same words."""
    for turn in _BEFORE:
        if words.startswith(f"{turn} "):
            return words[len(turn) + 1 :]
    for turn in _AFTER:
        if words.endswith(f" {turn}"):
            return words[: -len(turn) - 1]
    return words


def load_lexicon(path: Path, problems: list[Problem]) -> Lexicon:
    """Return the lexicon; an entry that cannot be used is left out and told in `problems`."""
    try:
        content = read_yaml(path)
    except KnowledgeError as error:
        problems.extend(error.problems)
        return Lexicon()
    if not isinstance(content, list):
        problems.append(Problem(str(path), 1, "il faut une liste : « - nom: … »"))
        return Lexicon()
    names = []
    for rank, entry in enumerate(content):
        try:
            names.append(Nom.parse_obj(entry))
        except ValueError as error:
            problems.extend(problems_of(path, error, (rank,)))  # type: ignore[arg-type]
    return Lexicon(tuple(names))
