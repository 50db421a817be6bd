"""docs/charge.md, made of the record: what the assistant carries, for whoever installs it."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from bot.model.french import format_date
from tests.bench.page_parts import (
    counts_section,
    full_section,
    load_section,
    start_section,
    training_section,
    understanding_section,
)
from tests.bench.promises import promises_section

Parts = dict[str, Any]
_HEAD = """\
# Ce que l'assistant supporte

<!-- Page écrite par `make bench` à partir de mesures/bench.json. Ne la corrigez pas à la main. -->

Cette page donne des mesures, avec la machine et la date. Une autre machine donne d'autres chiffres. Pour mesurer la vôtre,
arrêtez les autres programmes et lancez `make bench`. Comptez une heure et demie.

`python -m tests.bench --parties api,tel-quel` mesure quelques parties. Les noms des parties sont dans `--help`. `--reprendre`
garde ce qui est déjà mesuré sur la même version et la même machine. `--essai` passe partout en quelques secondes : ses chiffres ne veulent
rien dire. `--entrainer` entraîne de nouveau Rasa tel quel, `--a-froid` entraîne aussi sans rien de gardé.
"""
_HOW = """\
## Comment c'est mesuré

- **Les messages** sont de vraies questions, des situations, des actes et des dialogues entiers, avec leurs suites. Ils viennent de la moitié de
  développement de `tests/evaluation`. La moitié fermée ne sert jamais ici.
- **N personnes** : chacune écrit dès qu'elle a sa réponse, sans pause. C'est plus que N habitants, qui lisent avant d'écrire.
- **Un rythme** : les messages arrivent à des moments tirés d'avance (loi de Poisson), que les réponses viennent ou non. Le rythme est
  tenu quand tout est répondu sans retard annoncé ni erreur, et quand la file n'augmente pas du premier au dernier tiers du temps.
- **Enregistré à répondu** vient de la base : de l'heure du message à celle de sa réponse. L'enregistrement de l'un et de l'autre
  sur le disque n'y est pas. **Réponse** les compte : c'est ce qu'attend la personne, de l'envoi à la réponse reçue.
- **Part d'un cœur** : 100 % est un cœur entier. Le chargeur joue les personnes, sur la même machine : ce qu'il prend manque aux autres.
  « Autres » est le reste de la machine. S'il n'est pas petit, la mesure est à refaire.
- **Mémoire** : PSS, où une page partagée entre plusieurs processus est divisée entre eux.
- **Rasa tel quel** : le pipeline et les politiques de `rasa init`, dix phrases pour chacune des intentions, son canal REST, ses conversations
  en mémoire, ses réglages d'origine. Il n'écrit rien sur le disque, ne chiffre rien et n'a pas de serveur d'actions. Avec toutes les
  phrases, son entraînement dure des heures ([evaluation.md](evaluation.md)).
"""


def text_of(parts: Parts) -> str:
    """Return the page."""
    sections = [
        _HEAD,
        _machines(parts),
        promises_section(parts),
        load_section(parts),
        training_section(parts),
        start_section(parts),
        full_section(parts),
        understanding_section(parts),
        counts_section(parts),
        _HOW,
    ]
    return "\n".join(section for section in sections if section)


def _machines(parts: Parts) -> str:
    """Return the machines and versions of the measures; several runs are said, since they do not compare."""
    seen: dict[tuple[str, str], list[str]] = {}
    for name, part in parts.items():
        machine = part["machine"]
        what = (
            f"{machine['processor']}, {machine['cores']} cœurs, {_comma(machine['memory_gb'])} Go, "
            f"Linux {machine['kernel']}, Python {machine['python']}"
        )
        day = format_date(datetime.fromisoformat(machine["at"]).date())
        changed = ", fichiers modifiés" if machine["has_changes"] else ""
        seen.setdefault((what, f"{day}, version {machine['commit']}{changed}"), []).append(name)
    lines = [f"- {what} ; {when} : {', '.join(names)}." for (what, when), names in seen.items()]
    return "## Machine\n\n" + ("\n".join(lines) or "Rien n'est encore mesuré.") + "\n"


def _comma(value: float) -> str:
    return str(value).replace(".", ",")
