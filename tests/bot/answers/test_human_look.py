"""Subjects that a machine must not settle alone: a person is offered first, and nobody is forced."""

from __future__ import annotations

import pytest

from bot.answers import labels
from bot.answers.compose import Composer
from bot.answers.human_look import needs_human_look
from bot.knowledge.loader import Knowledge
from bot.model.answer import Answer
from bot.model.directive import Directive
from bot.render.gsm import MAX_SEPTETS, count_septets, to_gsm

LOOK = "Votre situation demande un regard humain"


@pytest.mark.parametrize(
    ("fiche", "rubrique", "text"),
    [
        ("rsa", "recours", ""),
        ("rsa", "probleme", "on m'a refusé le rsa"),
        ("apl", "probleme", "mes apl sont suspendues"),
        ("inscription-france-travail", "probleme", "j'ai été radiée"),
        ("surendettement", "apercu", ""),
        ("indu", "montant", ""),
        ("impayes-expulsion", "demarche", ""),
        ("dalo", "conditions", ""),
        ("violences-conjugales", "contact", ""),
        ("titre-sejour", "apercu", "refus de titre de séjour"),
        ("prudhommes", "delai", ""),
    ],
)
def test_a_person_should_look(fiche: str, rubrique: str, text: str) -> None:
    assert needs_human_look(fiche, rubrique, text)


@pytest.mark.parametrize(
    ("fiche", "rubrique", "text"),
    [
        ("rsa", "montant", "combien"),
        ("rsa", "probleme", "mon dossier est en retard"),
        ("rsa", "conditions", "on m'a refusé le rsa"),
        ("titre-sejour", "demarche", "comment renouveler"),
    ],
)
def test_the_rest_is_answered_as_ever(fiche: str, rubrique: str, text: str) -> None:
    assert not needs_human_look(fiche, rubrique, text)


def answer_to(composer: Composer, fiche: str, rubrique: str, text: str = "") -> Answer:
    return composer.compose(Directive("fiche", fiche=fiche, rubrique=rubrique), text)


def test_it_is_said_once_near_the_end_and_a_person_is_the_first_choice(composer: Composer) -> None:
    answer = answer_to(composer, "rsa", "recours")
    said = [block.items[0] for block in answer.blocks]
    assert [rank for rank, text in enumerate(said) if text.startswith(LOOK)] == [len(said) - 2]
    assert answer.choices[0] == labels.PERSON
    assert answer.choices.count(labels.PERSON) == 1
    assert len(answer.choices) > 1


def test_nothing_of_the_answer_is_lost(composer: Composer, knowledge: Knowledge) -> None:
    plain = composer.fiche("surendettement", "apercu")
    looked = answer_to(composer, "surendettement", "apercu")
    assert set(plain.blocks) < set(looked.blocks)
    assert set(plain.choices) == set(looked.choices)
    assert looked.sms.startswith(plain.sms)


def test_no_sms_grows_beyond_two_segments(composer: Composer, knowledge: Knowledge) -> None:
    spoken = []
    for fiche in knowledge.fiches:
        text = answer_to(composer, fiche, "recours").sms
        assert count_septets(to_gsm(text)) <= MAX_SEPTETS
        spoken.append(text.endswith("Une personne peut la regarder avec vous : PERSONNE."))
    assert any(spoken)


def test_an_ordinary_answer_says_nothing_of_it(composer: Composer) -> None:
    answer = answer_to(composer, "rsa", "montant")
    assert not any(block.items[0].startswith(LOOK) for block in answer.blocks)
    assert answer.choices[-1] == labels.PERSON
