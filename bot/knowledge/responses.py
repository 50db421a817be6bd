"""The texts that are not of a fiche (data/responses/*.yml), reviewable by someone who does not code."""

from __future__ import annotations

import re
from pathlib import Path

from bot.knowledge.fiche import Bloc, Strict
from bot.knowledge.yaml_files import KnowledgeError, Problem, problems_of, read_yaml
from bot.model.answer import Block, BlockKind

VARIABLE = re.compile(r"\{([a-z_]+)\}")


class Response(Strict):
    """One text: blocks for a screen and a short text for SMS. `{name}` is filled by the code."""

    web: list[Bloc]
    sms: str


def load_responses(folder: Path) -> dict[str, Response]:
    """Return every response by its key. Raises KnowledgeError with file and line."""
    responses: dict[str, Response] = {}
    problems: list[Problem] = []
    for path in sorted(folder.glob("*.yml")):
        data = read_yaml(path)
        for key, value in (data or {}).items():
            if key in responses:
                problems.append(Problem(str(path), 0, f"la réponse « {key} » existe déjà"))
            try:
                responses[key] = Response.parse_obj(value)
            except ValueError as error:
                problems.extend(problems_of(path, error, (key,)))  # type: ignore[arg-type]
    if problems:
        raise KnowledgeError(problems)
    return responses


def to_block(bloc: Bloc) -> Block:
    """Return the block of the model that a YAML block describes."""
    if bloc.texte:
        return Block(BlockKind.TEXT, (bloc.texte,), bloc.titre)
    if bloc.attention:
        return Block(BlockKind.WARNING, (bloc.attention,), bloc.titre)
    for kind in (BlockKind.LIST, BlockKind.STEPS, BlockKind.DOCUMENTS):
        items = getattr(bloc, kind.value)
        if items:
            return Block(kind, tuple(items), bloc.titre)
    raise AssertionError("the model lets no empty block through")


def fill(text: str, values: dict[str, str]) -> str:
    """Return the text with each `{name}` replaced. Raises KeyError for a name that is not given."""
    return VARIABLE.sub(lambda match: values[match.group(1)], text)
