"""Show a fiche or a situation as residents will read it, for whoever writes it."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator

from bot.answers.compose import Composer
from bot.answers.labels import RUBRIQUE_LABELS
from bot.knowledge.fiche import RUBRIQUES
from bot.knowledge.loader import load_knowledge
from bot.model.answer import Answer
from bot.model.directive import Directive
from bot.render.text import render_text
from bot.settings import Settings

SIMPLE = "simple"
Preview = Callable[[Answer, Composer], Iterable[str]]
"""The lines that show an answer as a channel writes it."""


def preview(settings: Settings, name: str, shown: Preview, rubrique: str | None) -> Iterator[str]:
    """Yield the lines to print. Raises KnowledgeError, and KeyError with what can be shown when nothing has this name."""
    knowledge = load_knowledge(settings.data, settings.territoire)
    composer = Composer(knowledge, settings)
    for problem in knowledge.problems:
        if f"/{name}.yml" in problem.path:
            yield str(problem)
    if name in knowledge.situations:
        yield from shown(composer.compose(Directive("orientation", situation=name), ""), composer)
        yield ""
        return
    if name not in knowledge.fiches:
        raise KeyError(f"« {name} » n'est ni une fiche ni une situation lisible.")
    for wanted in (rubrique,) if rubrique else RUBRIQUES:
        if wanted == SIMPLE:
            answer = composer.compose(Directive("simplifier", fiche=name), "")
        else:
            answer = composer.fiche(name, wanted)
        yield f"── {RUBRIQUE_LABELS.get(wanted, 'Plus simple')} ({wanted})"
        yield from shown(answer, composer)
        yield ""


def preview_of_page(answer: Answer, _: Composer) -> Iterator[str]:
    """Yield an answer as a page words it."""
    yield render_text(answer)
