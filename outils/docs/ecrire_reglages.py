"""Write docs/reglages.md from the settings of bot/settings.py and of each channel.

python -m outils.docs.ecrire_reglages
"""

from __future__ import annotations

from pathlib import Path

from pydantic.fields import ModelField

from bot.settings import ENV_PREFIX
from channels.registry import settings_class

ROOT = Path(__file__).resolve().parents[2]
PAGE = ROOT / "docs" / "reglages.md"
_HEADER = """\
# Réglages

Cette page est écrite par `python -m outils.docs.ecrire_reglages` à partir de `bot/settings.py` et des
`settings.py` de `channels/` : ne la changez pas à la main.

Chaque réglage est une variable d'environnement. Tous ont une valeur par défaut qui marche : `make run`
ne demande aucun réglage. Un réglage inconnu ou incorrect arrête le démarrage, et le message le nomme.

Exemple, pour un autre port et 15 jours de conservation :

    BOT_PUBLIC_PORT=8090 BOT_RETENTION_DAYS=15 make run

| nom | par défaut | valeurs | sens |
| --- | --- | --- | --- |
"""
_TYPES = (
    (bool, "`true` ou `false`"),
    (int, "nombre entier"),
    (float, "nombre"),
    (Path, "dossier"),
    (str, "texte"),
)
_BOUNDS = (("gt", "plus de {}"), ("ge", "à partir de {}"), ("le", "jusqu'à {}"))


def page() -> str:
    """Return the whole page."""
    return _HEADER + "".join(f"{_row(field)}\n" for field in settings_class().__fields__.values())


def _row(field: ModelField) -> str:
    name = f"{ENV_PREFIX}{field.name.upper()}"
    default = str(field.default).lower() if isinstance(field.default, bool) else str(field.default)
    shown = f"`{default}`" if default else "vide"
    return f"| `{name}` | {shown} | {_accepted(field)} | {field.field_info.description} |"


def _accepted(field: ModelField) -> str:
    """Return what a setting accepts: its type and its bounds."""
    kind = next(words for python_type, words in _TYPES if issubclass(field.type_, python_type))
    limits = ((words, getattr(field.field_info, key)) for key, words in _BOUNDS)
    bounds = ", ".join(words.format(f"{limit:g}") for words, limit in limits if limit is not None)
    return f"{kind}, {bounds}" if bounds else kind


if __name__ == "__main__":
    PAGE.write_text(page(), encoding="utf-8")
    print(f"{PAGE.relative_to(ROOT)} est écrit.")
