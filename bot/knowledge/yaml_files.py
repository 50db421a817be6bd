"""Read a YAML file into a model; when it is wrong, say which file, which line and what to write."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any, TypeVar

import yaml
from pydantic import BaseModel, ValidationError
from ruamel.yaml import YAML
from ruamel.yaml.error import YAMLError as RuamelError

MAX_FILE_BYTES = 512 * 1024
"""A fiche is some 20 KB; a file beyond this is a mistake or an attack."""

Model = TypeVar("Model", bound=BaseModel)

# pydantic's messages are in English; people who write fiches read French.
_MESSAGES = {
    "field required": "cette clé est obligatoire : ajoutez-la",
    "extra fields not permitted": "clé inconnue : corrigez son nom ou retirez-la",
    "none is not an allowed value": "la valeur est vide : complétez-la",
    "invalid date format": "écrivez la date ainsi : 2026-04-01",
    "value is not a valid dict": "il faut des clés (« clé : valeur ») à cet endroit",
    "value is not a valid list": "il faut une liste (lignes commençant par « - ») à cet endroit",
    "value is not a valid float": "écrivez un nombre, avec un point : 651.69",
    "str type expected": "il faut un texte : mettez-le entre guillemets",
    "ensure this value has at least 1 items": "la liste est vide : il faut au moins un élément",
    "ensure this value has at least 1 characters": "le texte est vide : complétez-le",
}


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
        if _has_alias(text):
            raise KnowledgeError([Problem(str(path), 0, "les ancres YAML (& et *) ne sont pas admises")])
        return yaml.load(text, Loader=yaml.CSafeLoader)
    except UnicodeDecodeError as error:
        raise KnowledgeError([Problem(str(path), 0, "enregistrez le fichier en UTF-8")]) from error
    except OSError as error:
        raise KnowledgeError([Problem(str(path), 0, f"fichier illisible ({error.strerror})")]) from error
    except yaml.YAMLError as error:
        mark = getattr(error, "problem_mark", None)
        message = "ce n'est pas du YAML : vérifiez l'alignement, les « : » et les guillemets"
        raise KnowledgeError([Problem(str(path), mark.line + 1 if mark else 0, message)]) from error


def _has_alias(text: str) -> bool:
    """Tell whether the document uses aliases: a few nested ones can fill the memory."""
    try:
        return any(isinstance(event, yaml.AliasEvent) for event in yaml.parse(text, Loader=yaml.CSafeLoader))
    except yaml.YAMLError:
        return False


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
        message = _french_message(item["msg"])
        problems.append(Problem(str(path), line_of(document, location), f"{where} : {message}"))
    return problems


def _french_message(message: str) -> str:
    for english, french in _MESSAGES.items():
        if message.startswith(english):
            return french
    if "string does not match regex" in message:
        return "la valeur n'a pas la forme attendue : voyez docs/guide-redaction.md"
    if "not a valid enumeration member" in message:
        return "écrivez « oui », « non », « parfois » ou « non vérifié » (entre guillemets)"
    if "URL" in message or "url" in message:
        return "ce n'est pas une adresse web complète : écrivez-la avec https://"
    return message


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
