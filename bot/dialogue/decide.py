"""Decide between answering, answering with a doubt, asking which, and saying one does not know.

A wrong answer stated as sure is the costliest outcome, so the bounds lean to doubt. They come from the
curve of right against wrong on the training data, five folds (docs/adr/0003-comprehension.md).
"""

from __future__ import annotations

from bot.dialogue.state import DialogueState, Understanding
from bot.model.directive import Directive

SURE = 0.70
"""From here a fiche is the answer."""
DOUBTFUL = 0.40
"""From here a fiche is given with "si j'ai bien compris" and the other subjects beside it."""
TOLD = 0.30
"""From here a life situation that comes first is the answer: it offers several rights, and states none as theirs."""
POSSIBLE = 0.10
"""From here a fiche may stand among the choices of a clarification."""
FOLLOW_UP = 0.20
"""From here `suite` is believed when a fiche is in hand and nothing else is sure."""
RUBRIQUE = 0.35
"""Below, the person is given the overview: it names the way to the rest."""
ACT = 0.35
"""Below, an act is not believed and the message is read as a question."""
OUTSIDE = 0.60
"""Below, "outside what I know" is not believed: saying that one did not understand is truer."""
MAX_CHOICES = 3
MISSES_BEFORE_PERSON = 2

SUITE = "suite"
OVERVIEW = "apercu"
ACT_PREFIX = "acte:"
SITUATION_PREFIX = "situation:"
OUTSIDE_ACT = "hors_sujet"

Decision = tuple[Directive, DialogueState]


def decide_question(understanding: Understanding, state: DialogueState) -> Decision:
    """Return what to answer to a question, and the state after it."""
    if situation := _situation(understanding, TOLD):
        return _orient(situation)
    return _decide_fiche(understanding, state)


def _decide_fiche(understanding: Understanding, state: DialogueState) -> Decision:
    rubrique = _wanted_rubrique(understanding)
    if _is_follow_up(understanding, state):
        return _answer(state.fiche or "", rubrique)
    fiches = _fiches(understanding)
    if not fiches or fiches[0][1] < POSSIBLE:
        situation = _situation(understanding, 2 * POSSIBLE)
        return _orient(situation) if situation else _without_subject(understanding, state)
    best, probability = fiches[0]
    others = tuple(label for label, p in fiches[1:MAX_CHOICES] if p >= POSSIBLE)
    if probability >= SURE:
        return _answer(best, rubrique)
    if probability >= DOUBTFUL or (probability >= 2 * POSSIBLE and not others):
        directive = Directive("fiche_doute", fiche=best, rubrique=rubrique, fiches=others)
        return directive, DialogueState(best, rubrique, (best, *others), 0)
    if others:
        return _clarify((best, *others), rubrique, state)
    return not_understood(state)


def decide_act(act: str, understanding: Understanding, state: DialogueState) -> Decision:
    """Return what to answer to an act (greeting, a person wanted…): a doubtful one is read as a question."""
    confidence = understanding.subjects[0][1] if understanding.subjects else 1.0
    if confidence < ACT:
        return decide_question(understanding, state)
    if act == OUTSIDE_ACT and confidence < OUTSIDE:
        return not_understood(state)
    return Directive(act), _settled(state)


def decide_choice(fiche: str, rubrique: str | None) -> Decision:
    """Return the answer to a choice taken: nothing is guessed."""
    return _answer(fiche, rubrique or OVERVIEW)


def decide_correction(state: DialogueState, *, is_miss: bool) -> Decision:
    """Return what to say when the person says no: the subject in hand is dropped."""
    if is_miss and state.misses + 1 >= MISSES_BEFORE_PERSON:
        return not_understood(state)
    misses = state.misses + 1 if is_miss else 0
    return Directive("corriger", misses=misses), DialogueState(misses=misses)


def decide_confirmation(state: DialogueState) -> Decision:
    """Return what a "yes" means: the first fiche proposed, else nothing in particular."""
    if state.proposed:
        return _answer(state.proposed[0], state.rubrique or OVERVIEW)
    return Directive("accord", fiche=state.fiche), _settled(state)


def decide_again(kind: str, state: DialogueState) -> Decision:
    """Return the last answer once more, as it was (`repeter`) or in simpler words (`simplifier`)."""
    if state.fiche is None:
        return Directive("rien_en_cours"), _settled(state)
    return Directive(kind, fiche=state.fiche, rubrique=state.rubrique or OVERVIEW), _settled(state)


def not_understood(state: DialogueState) -> Decision:
    """Return a miss: ways out at the first, a person at the second."""
    misses = state.misses + 1
    kind = "incompris" if misses < MISSES_BEFORE_PERSON else "incompris_encore"
    return Directive(kind, misses=misses), DialogueState(state.fiche, state.rubrique, (), misses)


def _answer(fiche: str, rubrique: str) -> Decision:
    return Directive("fiche", fiche=fiche, rubrique=rubrique), DialogueState(fiche, rubrique, (), 0)


def _clarify(fiches: tuple[str, ...], rubrique: str, state: DialogueState) -> Decision:
    directive = Directive("clarification", rubrique=rubrique, fiches=fiches)
    return directive, DialogueState(None, rubrique, fiches, state.misses)


def _without_subject(understanding: Understanding, state: DialogueState) -> Decision:
    """Return what to say when no fiche stands out: a follow-up without its subject, or a miss."""
    best = understanding.subjects[0][0] if understanding.subjects else None
    if best == SUITE:
        return Directive("sans_sujet", rubrique=_wanted_rubrique(understanding)), _settled(state)
    return not_understood(state)


def _is_follow_up(understanding: Understanding, state: DialogueState) -> bool:
    if state.fiche is None or not understanding.subjects:
        return False
    best, probability = understanding.subjects[0]
    if best != SUITE and (best == state.fiche or probability >= SURE):
        return False
    return any(label == SUITE and p >= FOLLOW_UP for label, p in understanding.subjects)


def _orient(situation: str) -> Decision:
    return Directive("orientation", situation=situation), DialogueState()


def _situation(understanding: Understanding, at_least: float) -> str | None:
    """Return the life situation told, when it is the likeliest reading: it names no right, so it misleads less."""
    if not understanding.subjects:
        return None
    label, probability = understanding.subjects[0]
    is_situation = label.startswith(SITUATION_PREFIX) and probability >= at_least
    return label.removeprefix(SITUATION_PREFIX) if is_situation else None


def _fiches(understanding: Understanding) -> list[tuple[str, float]]:
    """Return the fiches and their probabilities, given that the message tells no life situation."""
    told = sum(p for label, p in understanding.subjects if label.startswith(SITUATION_PREFIX))
    return [(label, p / (1 - min(told, TOLD))) for label, p in understanding.subjects if _is_fiche(label)]


def _is_fiche(label: str) -> bool:
    return label != SUITE and not label.startswith((ACT_PREFIX, SITUATION_PREFIX))


def _wanted_rubrique(understanding: Understanding) -> str:
    if not understanding.rubriques or understanding.rubriques[0][1] < RUBRIQUE:
        return OVERVIEW
    return understanding.rubriques[0][0]


def _settled(state: DialogueState) -> DialogueState:
    """Return the state after an answer that is not of a fiche: the subject stays, misses end."""
    return DialogueState(state.fiche, state.rubrique, (), 0)
