"""Say that an answer or a fiche is wrong: a few words, and nothing about who writes them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace

from aiohttp import web

from bot.answers.labels import RUBRIQUE_LABELS
from bot.knowledge.taxonomy import Taxonomy
from bot.language.normalise import clean_text
from channels.form import FORM_ID, read_form
from channels.form_id import FORM_IDS
from channels.keys import ASSISTANT, LIMITS, SETTINGS
from channels.limits import TooMany
from channels.talk.danger import danger_answer
from channels.talk.surface import visitor_address
from channels.web.page import PAGES, page
from channels.web.visitor import find_conversation

MAX_WORDS = 1000
"""Characters. More than anyone needs to say what is wrong; less than a whole story, which is not for here."""


@dataclass(frozen=True)
class ReportForm:
    """What is said to be wrong, as typed, and what it is about: ids of the taxonomy, or None."""

    fiche: str | None
    rubrique: str | None
    mots: str = ""
    errors: dict[str, str] = field(default_factory=dict)


async def show_report_form(request: web.Request) -> web.Response:
    """`GET /signaler?fiche=…&rubrique=…`, both optional."""
    return _form_page(request, _read_form(request.query, request.app[ASSISTANT].knowledge.taxonomy))


async def send_report(request: web.Request) -> web.Response:
    """`POST /signaler`: keep the words, and thank. The page answers the POST itself: it may show numbers."""
    fields = await read_form(request)
    form = _read_form(fields, request.app[ASSISTANT].knowledge.taxonomy)
    form = replace(form, errors=_errors(form.mots))
    if form.errors:
        return _form_page(request, form, status=422)
    content = (form.fiche or "", form.rubrique or "", form.mots)
    key = request.app[FORM_IDS].action_key(fields.get(FORM_ID, ""), *content)
    try:
        await request.app[PAGES].new_reports.run(key, lambda: _store(request, form))
    except TooMany as refusal:
        response = _form_page(request, replace(form, errors={"envoi": refusal.title}), status=429)
        response.headers["Retry-After"] = str(refusal.retry_after)
        return response
    return page(
        request,
        "signale.html",
        title="Erreur signalée, merci",
        danger=danger_answer(request.app[ASSISTANT], form.mots),
        fiche=form.fiche if form.fiche in request.app[ASSISTANT].knowledge.fiches else None,
        has_conversation=await find_conversation(request) is not None,
    )


async def _store(request: web.Request, form: ReportForm) -> int:
    await request.app[LIMITS].count_conversation(visitor_address(request), form.mots)
    return await request.app[ASSISTANT].report_error(form.mots, fiche=form.fiche, rubrique=form.rubrique)


def _read_form(fields: Mapping[str, str], taxonomy: Taxonomy) -> ReportForm:
    """Return the form; a fiche or a rubrique that we do not know counts as none."""
    fiche, rubrique = fields.get("fiche"), fields.get("rubrique")
    return ReportForm(
        fiche=fiche if fiche in taxonomy.subjects else None,
        rubrique=rubrique if rubrique in taxonomy.rubriques else None,
        mots=clean_text(fields.get("mots", "")),
    )


def _errors(words: str) -> dict[str, str]:
    if not any(char.isalnum() for char in words):
        return {"mots": "Écrivez en quelques mots ce qui est faux."}
    if len(words) > MAX_WORDS:
        return {"mots": f"Écrivez {MAX_WORDS} caractères au plus. Vous en avez écrit {len(words)}."}
    return {}


def _form_page(request: web.Request, form: ReportForm, status: int = 200) -> web.Response:
    knowledge = request.app[ASSISTANT].knowledge
    return page(
        request,
        "signaler.html",
        status=status,
        title="Erreur : rien n'est envoyé" if form.errors else "Signaler une erreur",
        form=form,
        subject=knowledge.taxonomy.subjects[form.fiche].titre if form.fiche else None,
        part=RUBRIQUE_LABELS[form.rubrique] if form.rubrique else None,
        danger=danger_answer(request.app[ASSISTANT], form.mots),
        max_words=MAX_WORDS,
        days=request.app[SETTINGS].retention_days,
    )
