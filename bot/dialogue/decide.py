"""Decide between answering, answering with a doubt, asking which, and saying one does not know.

A wrong answer stated as sure is the costliest outcome, so the bounds lean to doubt. They come from the curve of
right against wrong on the development half of tests/evaluation (`python -m tests.evaluation.curve`, drawn in
docs/courbe-confiance.svg), and from what became of its acts, situations and dialogues.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

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
PLAINLY = 0.80
"""From here a message asks for a rubrique whatever else it says: "c'est gratuit ?"."""
ACT = 0.35
"""Below, an act is not believed and the message is read as a question."""
EASY_ACTS = {"demander_personne": 0.15, "dire_decouragement": 0.15}
"""Acts believed earlier: a person offered to who did not ask costs little, one refused costs much."""
LOOSE_ACTS = frozenset(
    {"hors_sujet", "demander_aide", "estimer_droits", "confirmer", "saluer", "remercier", "autre_langue"}
)
"""Acts that a short question about the fiche in hand is taken for."""
GREETED_BEFORE = 0.20
"""From here a fiche beside a greeting is what is asked: "bonjour, je suis malade et sans papiers"."""
NAMED_BESIDE = 0.05
"""From here a fiche beside `suite` is what is asked about when no fiche is in hand: there is nothing to follow."""
WANTED_BESIDE = 0.08
"""From here a person wanted is heard beside `suite`, when nothing precise is asked of a fiche in hand."""
ALONE = 0.30
"""From here a fiche that stands alone is given with a doubt, when nothing says the message is outside."""
PERHAPS_OUTSIDE = 0.15
"""From here a message may be outside what is known: a doubtful fiche is not given."""
OUTSIDE = 0.60
"""Below, "outside what I know" is not believed: saying that one did not understand is truer."""
PRECISE = 0.60
"""From here a rubrique is asked for in so many words."""
ASKED_WITHIN = 0.15
"""From here, within a story, a fiche asked about precisely is the answer rather than the story."""
STORY_RUBRIQUES = ("apercu", "demarche", "probleme")
"""What a story without any question reads like."""
CARRIED = 0.10
"""From here, "non, je parlais de" is heard beside the fiche it names: what was asked stays asked."""
MAX_CHOICES = 3
MISSES_BEFORE_PERSON = 2

SUITE = "suite"
OVERVIEW = "apercu"
CONTACT = "contact"
ACT_PREFIX = "acte:"
SITUATION_PREFIX = "situation:"
OUTSIDE_ACT = "hors_sujet"
PERSON = "demander_personne"
GREETING = "saluer"

Decision = tuple[Directive, DialogueState]
RightsOf = Callable[[str], tuple[str, ...]]
"""Gives the fiches to look at in a life situation, the most useful first."""


def no_rights(_situation: str) -> tuple[str, ...]:
    """Know no life situation."""
    return ()


def decide_question(
    understanding: Understanding, state: DialogueState, rights_of: RightsOf = no_rights
) -> Decision:
    """Return what to answer to a question, and the state after it."""
    if _wants_a_person(understanding, state):
        return Directive(PERSON), _settled(state)
    if follow_up := _follow_situation(understanding, state, rights_of):
        return follow_up
    decision = _decide_fiche(understanding, state)
    situation = _situation(understanding, TOLD)
    if situation and not (_asks_of_a_fiche(understanding) and decision[0].fiche):
        return _orient(situation)
    return decision


def _follow_situation(
    understanding: Understanding, state: DialogueState, rights_of: RightsOf
) -> Decision | None:
    """Return the answer to "et c'est combien ?" after a life situation: the right of it that fits best, with a doubt."""
    rights = rights_of(state.situation) if state.situation and state.fiche is None else ()
    if not rights or not understanding.subjects or understanding.subjects[0][0] != SUITE:
        return None
    probabilities = dict(understanding.subjects)
    best, *others = sorted(rights, key=lambda right: -probabilities.get(right, 0.0))
    rubrique = _wanted_rubrique(understanding)
    directive = Directive(
        "fiche_doute", fiche=best, rubrique=rubrique, fiches=tuple(others[: MAX_CHOICES - 1])
    )
    return directive, DialogueState(best, rubrique, (best, *directive.fiches), 0)


def _wants_a_person(understanding: Understanding, state: DialogueState) -> bool:
    """Tell whether a message that names no subject wants a person, and asks nothing precise of the one in hand."""
    if not understanding.subjects or understanding.subjects[0][0] != SUITE:
        return False
    wanted = dict(understanding.subjects).get(ACT_PREFIX + PERSON, 0.0)
    is_vague = state.fiche is None or _wanted_rubrique(understanding) in {OVERVIEW, CONTACT}
    return is_vague and wanted >= WANTED_BESIDE


def _asks_of_a_fiche(understanding: Understanding) -> bool:
    """Tell whether the message asks something precise of a right: more than the story it also tells."""
    fiches = _fiches(understanding)
    rubrique, probability = understanding.rubriques[0] if understanding.rubriques else (OVERVIEW, 0.0)
    return bool(
        fiches and fiches[0][1] >= ASKED_WITHIN and rubrique not in STORY_RUBRIQUES and probability >= PRECISE
    )


def _decide_fiche(understanding: Understanding, state: DialogueState) -> Decision:
    rubrique = _wanted_rubrique(understanding)
    if _is_follow_up(understanding, state):
        if rubrique == OVERVIEW and state.rubrique and not _asks_plainly(understanding):
            rubrique = state.rubrique  # "et en couple" asks of what was just told
        return _answer(state.fiche or "", rubrique, understanding)
    if rubrique == OVERVIEW and state.rubrique and _corrects(understanding):
        rubrique = state.rubrique
    fiches = _fiches(understanding if state.fiche else _without_follow_up(understanding))
    if not fiches or fiches[0][1] < POSSIBLE:
        situation = _situation(understanding, 2 * POSSIBLE)
        return _orient(situation) if situation else _without_subject(understanding, state)
    best, probability = fiches[0]
    others = tuple(label for label, p in fiches[1:MAX_CHOICES] if p >= POSSIBLE)
    if probability >= SURE:
        return _answer(best, rubrique, understanding)
    stands_alone = best == state.fiche or (probability >= ALONE and not others)
    if probability >= DOUBTFUL or (stands_alone and not _may_be_outside(understanding)):
        directive = Directive("fiche_doute", fiche=best, rubrique=rubrique, fiches=others)
        return directive, DialogueState(best, rubrique, (best, *others), 0)
    if others and not _may_be_outside(understanding):
        return _clarify((best, *others), rubrique, state)
    return not_understood(state)


def decide_act(
    act: str, understanding: Understanding, state: DialogueState, rights_of: RightsOf = no_rights
) -> Decision:
    """Return what to answer to an act (greeting, a person wanted…): a doubtful one is read as a question."""
    if not is_believed(act, understanding, state):
        return decide_question(understanding, state, rights_of)
    if act == OUTSIDE_ACT and _confidence(understanding) < OUTSIDE:
        return not_understood(state)
    return Directive(act), _settled(state)


def is_believed(act: str, understanding: Understanding, state: DialogueState) -> bool:
    """Tell whether an act is what the message is: "bonjour" before a question is not, nor "c'est gratuit ?" of a fiche."""
    if _confidence(understanding) < EASY_ACTS.get(act, ACT):
        return False
    if act == GREETING and any(
        p >= GREETED_BEFORE
        for label, p in understanding.subjects
        if label != SUITE and not label.startswith(ACT_PREFIX)
    ):
        return False
    return act not in LOOSE_ACTS or not _is_follow_up(understanding, state)


def _confidence(understanding: Understanding) -> float:
    return understanding.subjects[0][1] if understanding.subjects else 1.0


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


def repeated(directive: Directive) -> bool:
    """Tell whether a directive says the last answer again, in whatever words."""
    return directive.kind in {"repeter", "simplifier", "rien_en_cours"}


def not_understood(state: DialogueState) -> Decision:
    """Return a miss: ways out at the first, a person at the second."""
    misses = state.misses + 1
    kind = "incompris" if misses < MISSES_BEFORE_PERSON else "incompris_encore"
    after = DialogueState(state.fiche, state.rubrique, (), misses, state.situation)
    return Directive(kind, misses=misses), after


def _answer(fiche: str, rubrique: str, understanding: Understanding | None = None) -> Decision:
    """Answer one rubrique, or the two that the message asks for."""
    asked = understanding.asked[:2] if understanding else ()
    first, also = asked if len(asked) > 1 else (rubrique, None)
    return Directive("fiche", fiche=fiche, rubrique=first, also=also), DialogueState(fiche, first, (), 0)


def _may_be_outside(understanding: Understanding) -> bool:
    return any(
        label == f"{ACT_PREFIX}{OUTSIDE_ACT}" and p >= PERHAPS_OUTSIDE for label, p in understanding.subjects
    )


def _corrects(understanding: Understanding) -> bool:
    """Tell whether "non, je parlais de…" is heard beside the subject it names."""
    return any(label == f"{ACT_PREFIX}corriger" and p >= CARRIED for label, p in understanding.subjects)


def _clarify(fiches: tuple[str, ...], rubrique: str, state: DialogueState) -> Decision:
    directive = Directive("clarification", rubrique=rubrique, fiches=fiches)
    return directive, DialogueState(None, rubrique, fiches, state.misses)


def _without_subject(understanding: Understanding, state: DialogueState) -> Decision:
    """Return what to say when no fiche stands out: a follow-up without its subject, or a miss."""
    best = understanding.subjects[0][0] if understanding.subjects else None
    if best == SUITE and _wanted_rubrique(understanding) == CONTACT:
        return Directive(PERSON), _settled(state)  # "à qui puis-je parler ?"
    if best == SUITE:
        return Directive("sans_sujet", rubrique=_wanted_rubrique(understanding)), _settled(state)
    return not_understood(state)


def _is_follow_up(understanding: Understanding, state: DialogueState) -> bool:
    """Tell whether a message is about the fiche in hand: it reads like one, or asks plainly and names nothing else."""
    if state.fiche is None or not understanding.subjects:
        return False
    best, probability = understanding.subjects[0]
    like_one = dict(understanding.subjects).get(SUITE, 0.0)
    if best.startswith(ACT_PREFIX) and probability >= ACT:
        return like_one >= FOLLOW_UP and _asks_plainly(understanding)
    if best != SUITE and (best == state.fiche or probability >= SURE):
        return False
    return like_one >= FOLLOW_UP or (probability < DOUBTFUL and _asks_plainly(understanding))


def _asks_plainly(understanding: Understanding) -> bool:
    return bool(understanding.rubriques) and understanding.rubriques[0][1] >= PLAINLY


def _orient(situation: str) -> Decision:
    return Directive("orientation", situation=situation), DialogueState(situation=situation)


def _situation(understanding: Understanding, at_least: float) -> str | None:
    """Return the life situation told, when it is the likeliest reading: it names no right, so it misleads less."""
    if not understanding.subjects:
        return None
    label, probability = understanding.subjects[0]
    is_situation = label.startswith(SITUATION_PREFIX) and probability >= at_least
    return label.removeprefix(SITUATION_PREFIX) if is_situation else None


def _fiches(understanding: Understanding) -> list[tuple[str, float]]:
    """Return the fiches and their probabilities, given that the message neither greets nor tells a life situation."""
    told = sum(p for label, p in understanding.subjects if label.startswith(SITUATION_PREFIX))
    greeting = dict(understanding.subjects).get(ACT_PREFIX + GREETING, 0.0)
    rest = 1 - min(told, TOLD) - greeting
    if rest < POSSIBLE:
        rest = 1.0  # nothing but a greeting: no share to give back
    return [(label, min(p / rest, 1.0)) for label, p in understanding.subjects if _is_fiche(label)]


def _without_follow_up(understanding: Understanding) -> Understanding:
    """Return the rankings given that nothing is in hand to follow: the share of `suite` goes to what is named."""
    share = dict(understanding.subjects).get(SUITE, 0.0)
    named = [(label, p) for label, p in understanding.subjects if label != SUITE]
    if not named or named[0][1] < NAMED_BESIDE:
        return understanding
    rest = max(1 - share, named[0][1])
    return replace(understanding, subjects=tuple((label, p / rest) for label, p in named))


def _is_fiche(label: str) -> bool:
    return label != SUITE and not label.startswith((ACT_PREFIX, SITUATION_PREFIX))


def _wanted_rubrique(understanding: Understanding) -> str:
    if not understanding.rubriques or understanding.rubriques[0][1] < RUBRIQUE:
        return OVERVIEW
    return understanding.rubriques[0][0]


def _settled(state: DialogueState) -> DialogueState:
    """Return the state after an answer that is not of a fiche: the subject stays, misses end."""
    return DialogueState(state.fiche, state.rubrique, (), 0, state.situation)
