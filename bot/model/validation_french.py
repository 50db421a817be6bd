"""What a model refuses, told in French: pydantic's own messages are in English."""

from __future__ import annotations

from typing import Any

_OURS = frozenset({"value_error", "assertion_error"})
"""Kinds of errors that our own validators raise: their messages are French already."""
_BY_KIND = {
    "value_error.missing": "cette clé est obligatoire : ajoutez-la",
    "value_error.extra": "clé inconnue : corrigez son nom ou retirez-la",
    "type_error.none.not_allowed": "la valeur est vide : complétez-la",
    "value_error.date": "écrivez la date ainsi : 2026-04-01",
    "type_error.dict": "il faut des clés (« clé : valeur ») à cet endroit",
    "type_error.list": "il faut une liste (lignes commençant par « - ») à cet endroit",
    "type_error.tuple": "il faut une liste (lignes commençant par « - ») à cet endroit",
    "type_error.float": "écrivez un nombre, avec un point : 651.69",
    "type_error.integer": "écrivez un nombre entier",
    "value_error.strictboolean": "écrivez true ou false",
    "type_error.bool": "écrivez true (oui) ou false (non)",
    "type_error.str": "il faut un texte : mettez-le entre guillemets",
    "value_error.list.min_items": "la liste est vide : il faut au moins un élément",
    "value_error.any_str.min_length": "le texte est vide : complétez-le",
    "value_error.any_str.max_length": "texte trop long : {limit_value} caractères au plus",
    "value_error.number.not_ge": "il faut au moins {limit_value}",
    "value_error.number.not_gt": "il faut plus de {limit_value}",
    "value_error.number.not_le": "il faut au plus {limit_value}",
    "value_error.number.not_lt": "il faut moins de {limit_value}",
    "type_error.enum": "écrivez « oui », « non », « parfois » ou « non vérifié » (entre guillemets)",
}


def french_message(error: dict[str, Any]) -> str:
    """Return one error of pydantic's `ValidationError.errors()` as a French sentence, with what to write."""
    kind = str(error["type"])
    if kind in _OURS:
        return str(error["msg"])
    if kind.startswith("value_error.url"):
        return "ce n'est pas une adresse web complète : écrivez-la avec https://"
    known = _BY_KIND.get(kind) or next(
        (text for start, text in _BY_KIND.items() if kind.startswith(f"{start}.")), None
    )
    if known is None:
        return "la valeur n'a pas la forme attendue : voyez docs/guide-redaction.md"
    return known.format(**error.get("ctx", {}))
