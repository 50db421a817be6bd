"""Read a YAML file into a model; when it is wrong, say which file, which line and what to write."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any, TypeVar

import yaml
from pydantic import BaseModel, ValidationError
from ruamel.yaml import YAML
from ruamel.yaml.error import YAMLError as RuamelError

from bot.model.validation_french import french_message

MAX_FILE_BYTES = 512 * 1024
"""A fiche is some 20 KB; a file beyond this is a mistake or an attack."""

MAX_DEPTH = 30
"""A fiche is 6 levels deep; readers of YAML call themselves at each level."""
Model = TypeVar("Model", bound=BaseModel)


@dataclass(frozen=True, order=True)
class Problem:
    """One thing to mend in a file. `line` counts from 1; 0 means the whole file."""

    path: str
    line: int
    message: str

    def __str__(self) -> str:
        return f"{self.path}:{self.line}: {self.message}" if self.line else f"{self.path}: {self.message}"


class KnowledgeError(Exception):
    """The file cannot be used; `problems` says why."""

    def __init__(self, problems: list[Problem]) -> None:
        super().__init__("\n".join(str(problem) for problem in problems))
        self.problems = problems


def read_yaml(path: Path) -> Any:
    """Return the file's content. Raises KnowledgeError with the line when it is not YAML."""
    try:
        if path.stat().st_size > MAX_FILE_BYTES:
            raise KnowledgeError([Problem(str(path), 0, "fichier trop gros (512 Ko au plus)")])
        text = path.read_text(encoding="utf-8")
        if refusal := _refusal(text):
            raise KnowledgeError([Problem(str(path), 0, refusal)])
        return yaml.load(text, Loader=yaml.CSafeLoader)
    except UnicodeDecodeError as error:
        raise KnowledgeError([Problem(str(path), 0, "enregistrez le fichier en UTF-8")]) from error
    except OSError as error:
        raise KnowledgeError([Problem(str(path), 0, f"fichier illisible ({error.strerror})")]) from error
    except yaml.YAMLError as error:
        mark = getattr(error, "problem_mark", None)
        message = "ce n'est pas du YAML : vérifiez l'alignement, les « : » et les guillemets"
        raise KnowledgeError([Problem(str(path), mark.line + 1 if mark else 0, message)]) from error


def _refusal(text: str) -> str | None:
    """Return why a document is not to be built: aliases or deep nesting can fill the memory or the stack."""
    depth = 0
    try:
        for event in yaml.parse(text, Loader=yaml.CSafeLoader):
            if isinstance(event, yaml.AliasEvent):
                return "les ancres YAML (& et *) ne sont pas admises"
            depth += isinstance(event, yaml.CollectionStartEvent) - isinstance(event, yaml.CollectionEndEvent)
            if depth > MAX_DEPTH:
                return f"trop de niveaux les uns dans les autres ({MAX_DEPTH} au plus)"
    except yaml.YAMLError:
        return None  # told with its line by the reader
    return None


def read_model(path: Path, model: type[Model]) -> Model:
    """Return the file as `model`. Raises KnowledgeError with file, line and mend."""
    data = read_yaml(path)
    if not isinstance(data, dict):
        raise KnowledgeError([Problem(str(path), 1, "le fichier doit contenir des clés (« clé : valeur »)")])
    try:
        return model.parse_obj(data)
    except ValidationError as error:
        raise KnowledgeError(problems_of(path, error)) from error


def problems_of(path: Path, error: ValidationError, prefix: tuple[str | int, ...] = ()) -> list[Problem]:
    """Return one French Problem for each error of pydantic, with its line in the file."""
    document = _load_with_lines(path)
    problems = []
    for item in error.errors():
        location = prefix + tuple(part for part in item["loc"] if part != "__root__")
        where = " > ".join(str(part) for part in location)
        message = french_message(dict(item))
        problems.append(Problem(str(path), line_of(document, location), f"{where} : {message}"))
    return problems


def _load_with_lines(path: Path) -> Any:
    try:
        return YAML(typ="rt").load(path.read_text(encoding="utf-8"))
    except (RuamelError, OSError, UnicodeDecodeError):
        return None


def line_of(document: Any, location: tuple[str | int, ...]) -> int:
    """Return the line (from 1) of a key path in a ruamel document, or of its nearest known parent."""
    line, node = 1, document
    for part in location:
        try:
            if isinstance(node, dict) and part in node:
                line = node.lc.key(part)[0] + 1  # type: ignore[attr-defined]
            elif isinstance(node, list) and isinstance(part, int):
                line = node.lc.item(part)[0] + 1  # type: ignore[attr-defined]
            else:
                return line
            node = node[part]
        except (AttributeError, KeyError, IndexError, TypeError):
            return line
    return line
