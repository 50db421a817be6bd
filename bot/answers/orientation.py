"""For people who name no right: a life situation told, or a name whose meaning is asked."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from bot.answers.choices import fiche_value
from bot.answers.labels import PERSON
from bot.knowledge.lexicon import Nom
from bot.knowledge.loader import Knowledge
from bot.knowledge.situation import Question, Situation
from bot.model.answer import Answer, AnswerType, Block, BlockKind, Choice, paragraph
from bot.model.french import join_or
from bot.render.gsm import MAX_SEPTETS, count_septets, first_sentences, to_gsm

MAX_CHOICES = 5
"""Buttons of an orientation, the way to a person not counted."""
MENU_ROOM = 60
"""Septets left for "Répondez 1 Comment faire, 2 Combien…", which leads to what was left out."""


def situation_answer(knowledge: Knowledge, situation: Situation) -> Answer:
    """Return what to do this week, the rights to look at in order, and the questions that decide between them."""
    fiches = situation.fiches()
    blocks = (
        paragraph(situation.accueil),
        Block(BlockKind.STEPS, tuple(situation.cette_semaine), "Cette semaine"),
        Block(
            BlockKind.LIST,
            tuple(f"{short_name(knowledge, droit.fiche)} : {droit.cas}" for droit in situation.droits),
            "À regarder, dans cet ordre",
        ),
        Block(
            BlockKind.LIST,
            tuple(_question_line(knowledge, question) for question in situation.questions),
            "Pour choisir",
        ),
        paragraph(situation.personne),
    )
    return Answer(
        type=AnswerType.ORIENTATION,
        blocks=blocks,
        sms=situation.sms,
        fiches=fiches,
        choices=_choices(knowledge, fiches),
    )


def name_answer(knowledge: Knowledge, name: Nom) -> Answer:
    """Return what a name that several fiches share means today, and these fiches."""
    fiches = tuple(name.fiches)
    titles = join_or([short_name(knowledge, fiche) for fiche in fiches])
    words = f"{name.sens} Voulez-vous en savoir plus sur : {titles} ?"
    return Answer(
        type=AnswerType.ORIENTATION,
        blocks=(paragraph(words),),
        sms=name.sens,
        fiches=fiches,
        choices=_choices(knowledge, fiches),
    )


def with_meaning(name: Nom, answer: Answer) -> Answer:
    """Return the answer with the meaning of the name before it, in the SMS too."""
    return replace(answer, blocks=(paragraph(name.sens), *answer.blocks), sms=_within(name.sens, answer.sms))


def short_name(knowledge: Knowledge, fiche_id: str) -> str:
    """Return a fiche as a button calls it, the title of its subject when it is not written."""
    fiche = knowledge.fiches.get(fiche_id)
    return fiche.nom_court if fiche else knowledge.taxonomy.subjects[fiche_id].titre


def _within(first: str, second: str) -> str:
    """Return the first text and what fits of the second in an SMS, cut between sentences; a menu follows."""
    room = MAX_SEPTETS - MENU_ROOM - count_septets(to_gsm(f"{first} "))
    return f"{first} {first_sentences(second, room)}".strip()


def _question_line(knowledge: Knowledge, question: Question) -> str:
    return " ".join(_question_parts(knowledge, question))


def _question_parts(knowledge: Knowledge, question: Question) -> Iterator[str]:
    yield question.question
    yield f"Si oui : {join_or([short_name(knowledge, fiche) for fiche in question.oui])}."
    if question.non:
        yield f"Si non : {join_or([short_name(knowledge, fiche) for fiche in question.non])}."


def _choices(knowledge: Knowledge, fiches: tuple[str, ...]) -> tuple[Choice, ...]:
    picks = (Choice(short_name(knowledge, fiche), fiche_value(fiche, None)) for fiche in fiches[:MAX_CHOICES])
    return (*picks, PERSON)
