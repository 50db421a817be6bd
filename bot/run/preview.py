"""Show a fiche or a situation as residents will read it, for whoever writes it."""

from __future__ import annotations

from collections.abc import Iterator

from bot.answers.compose import Composer
from bot.answers.labels import RUBRIQUE_LABELS
from bot.knowledge.fiche import RUBRIQUES
from bot.knowledge.loader import load_knowledge
from bot.model.answer import Answer
from bot.model.directive import Directive
from bot.render.gsm import MAX_SEPTETS, count_segments, count_septets
from bot.render.sms import Wording, sms_pages
from bot.render.telegram import render_telegram
from bot.render.text import render_text
from bot.settings import Settings

CHANNELS = ("page", "sms", "telegram")
SIMPLE = "simple"


def preview(settings: Settings, name: str, channel: str, rubrique: str | None) -> Iterator[str]:
    """Yield the lines to print. Raises KnowledgeError, and KeyError with what can be shown when nothing has this name."""
    knowledge = load_knowledge(settings.data, settings.territoire)
    composer = Composer(knowledge, settings)
    for problem in knowledge.problems:
        if f"/{name}.yml" in problem.path:
            yield str(problem)
    if name in knowledge.situations:
        yield from _shown(
            composer.compose(Directive("orientation", situation=name), ""), channel, composer.sms_wording()
        )
        return
    if name not in knowledge.fiches:
        raise KeyError(f"« {name} » n'est ni une fiche ni une situation lisible.")
    for wanted in (rubrique,) if rubrique else RUBRIQUES:
        if wanted == SIMPLE:
            answer = composer.compose(Directive("simplifier", fiche=name), "")
        else:
            answer = composer.fiche(name, wanted)
        yield f"── {RUBRIQUE_LABELS.get(wanted, 'Plus simple')} ({wanted})"
        yield from _shown(answer, channel, composer.sms_wording())


def _shown(answer: Answer, channel: str, wording: Wording) -> Iterator[str]:
    if channel == "sms":
        for page in sms_pages(answer, wording):  # the first is sent, each other when SUITE is written
            yield page.text
            yield f"   [{count_septets(page.text)} caractères sur {MAX_SEPTETS}, {count_segments(page.text)} SMS]"
    elif channel == "telegram":
        yield from render_telegram(answer)
    else:
        yield render_text(answer)
    yield ""
