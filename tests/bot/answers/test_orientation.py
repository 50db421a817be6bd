"""Answers for people who name no right."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from bot.answers.compose import Composer
from bot.answers.orientation import name_answer, with_meaning
from bot.knowledge.lexicon import Nom
from bot.knowledge.situation import Situation
from bot.model.answer import AnswerType
from bot.model.directive import Directive
from bot.render.gsm import MAX_SEPTETS, count_septets, to_gsm

SITUATION = Situation(
    id="essai",
    titre="Vous perdez votre emploi",
    nom_court="Perte d'emploi",
    responsable="Référent",
    a_revoir_le=date(2027, 2, 1),
    accueil="Vous avez des droits.",
    cette_semaine=["Inscrivez-vous.", "Appelez le 32 30."],
    droits=[
        {"fiche": "are", "cas": "Vous avez travaillé 6 mois."},
        {"fiche": "rsa", "cas": "Vous n'avez plus rien."},
    ],
    questions=[{"question": "Avez-vous travaillé 6 mois ?", "oui": ["are"], "non": ["rsa"]}],
    personne="Allez à la mairie.",
    sms="Inscrivez-vous. CAF : 32 30.",
)
NAME = Nom(nom="sécu", sens="La sécu est l'Assurance maladie.", fiches=["carte-vitale", "css"])


@pytest.fixture
def with_situation(composer: Composer) -> Composer:
    composer.knowledge = replace(composer.knowledge, situations={"essai": SITUATION})
    return composer


def test_a_situation_says_what_to_do_then_the_rights_in_order_then_how_to_choose(
    with_situation: Composer,
) -> None:
    answer = with_situation.compose(Directive("orientation", situation="essai"), "")
    fiches = with_situation.knowledge.fiches
    are, rsa = fiches["are"].nom_court, fiches["rsa"].nom_court
    assert [(block.title, block.items) for block in answer.blocks] == [
        (None, ("Vous avez des droits.",)),
        ("Cette semaine", ("Inscrivez-vous.", "Appelez le 32 30.")),
        (
            "À regarder, dans cet ordre",
            (f"{are} : Vous avez travaillé 6 mois.", f"{rsa} : Vous n'avez plus rien."),
        ),
        ("Pour choisir", (f"Avez-vous travaillé 6 mois ? Si oui : {are}. Si non : {rsa}.",)),
        (None, ("Allez à la mairie.",)),
    ]
    assert (answer.type, answer.fiche, answer.fiches) == (AnswerType.ORIENTATION, None, ("are", "rsa"))
    assert [choice.value for choice in answer.choices] == ["fiche:are", "fiche:rsa", "personne"]
    assert answer.sms == "Inscrivez-vous. CAF : 32 30."


def test_a_situation_past_its_review_date_says_so(with_situation: Composer, composer: Composer) -> None:
    old = SITUATION.copy(update={"a_revoir_le": date(2026, 1, 1)})
    composer.knowledge = replace(composer.knowledge, situations={"essai": old})
    answer = composer.compose(Directive("orientation", situation="essai"), "")
    assert "1er janvier 2026" in answer.blocks[0].items[0]


def test_a_situation_that_is_gone_is_not_guessed(composer: Composer) -> None:
    answer = composer.compose(Directive("orientation", situation="disparue"), "")
    assert answer.type is AnswerType.INCOMPRIS


def test_a_name_of_several_subjects_offers_them(composer: Composer) -> None:
    answer = name_answer(composer.knowledge, NAME)
    assert answer.fiches == ("carte-vitale", "css")
    assert answer.blocks[0].items[0].startswith(NAME.sens)
    assert answer.sms.startswith(NAME.sens)
    assert [choice.value for choice in answer.choices] == ["fiche:carte-vitale", "fiche:css", "personne"]


def test_the_meaning_stands_before_the_fiche_and_the_sms_still_fits(composer: Composer) -> None:
    plain = composer.fiche("css", "apercu")
    answer = with_meaning(NAME, plain)
    assert [block.items for block in answer.blocks[:2]] == [(NAME.sens,), plain.blocks[0].items]
    assert answer.sms.startswith(NAME.sens)
    assert count_septets(to_gsm(answer.sms)) <= MAX_SEPTETS
