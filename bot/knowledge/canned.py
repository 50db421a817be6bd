"""Replies that operators may insert (data/reponses_types.yml): a start to edit, never sent by themselves."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from pydantic import validator

from bot.knowledge.fiche import Strict
from bot.knowledge.responses import VARIABLE, fill
from bot.knowledge.yaml_files import KnowledgeError, Problem, problems_of, read_yaml

NAMES = frozenset({"nom"})
"""What a reply may name: the operator, by the name they chose."""
LONGEST_TITLE = 60
LONGEST_TEXT = 450
"""Characters of a reply, so that with two or three of them an SMS stays short."""


class _Entry(Strict):
    titre: str
    texte: str

    @validator("titre")
    def _title_is_short(cls, value: str) -> str:
        if len(value) > LONGEST_TITLE:
            raise ValueError(f"{LONGEST_TITLE} caractères au plus")
        return value

    @validator("texte")
    def _text_is_short_and_known(cls, value: str) -> str:
        if len(value) > LONGEST_TEXT:
            raise ValueError(f"{LONGEST_TEXT} caractères au plus")
        if unknown := set(VARIABLE.findall(value)) - NAMES:
            raise ValueError(f"seul {{nom}} est remplacé, pas {{{min(unknown)}}}")
        return value


@dataclass(frozen=True)
class CannedReply:
    """A reply ready to be edited."""

    id: str
    title: str
    text: str

    def filled(self, name: str) -> str:
        """Return the text in the name of an operator."""
        return fill(self.text, {"nom": name})


def load_canned(path: Path, problems: list[Problem]) -> dict[str, CannedReply]:
    """Return the replies by id, in the order of the file. A broken one is reported and left out."""
    replies: dict[str, CannedReply] = {}
    try:
        content = read_yaml(path)
    except KnowledgeError as error:
        problems.extend(error.problems)
        return replies
    if not isinstance(content, Mapping):
        problems.append(
            Problem(str(path), 1, "il faut des réponses, une par clé : « bonjour: {titre, texte} »")
        )
        return replies
    for key, value in content.items():
        try:
            entry = _Entry.parse_obj(value)
        except ValueError as error:
            problems.extend(problems_of(path, error, (str(key),)))  # type: ignore[arg-type]
            continue
        replies[str(key)] = CannedReply(str(key), entry.titre, entry.texte)
    return replies
