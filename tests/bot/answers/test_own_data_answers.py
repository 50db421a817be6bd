"""What is held about the person, in words: only what is true of them."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

import pytest

from bot.answers.compose import Composer
from bot.knowledge.loader import Knowledge
from bot.render.gsm import MAX_SEPTETS, count_septets, to_gsm
from bot.render.text import render_text
from bot.settings import Settings
from bot.store.demandes import Demande, DemandeDetails
from bot.store.own_data import Held

EVENING = datetime(2026, 11, 30, 23, 30)
"""UTC: in France the first of December has begun."""
REQUEST = Demande(
    "BC-2345",
    "c",
    "web",
    "essai",
    datetime(2026, 11, 23),
    "waiting",
    DemandeDetails("rappel", "06 39 98 00 01"),
)
NOTHING = Held("web", EVENING, EVENING, 1, EVENING, (), ())


def test_dates_are_those_of_france_and_follow_the_retention_in_force(
    knowledge: Knowledge, settings: Settings
) -> None:
    composer = Composer(knowledge, settings.copy(update={"retention_days": 10}))
    text = render_text(composer.own_data(NOTHING))
    assert "depuis le 1er décembre 2026" in text
    assert "tout est effacé le 11 décembre 2026" in text
    assert "10 jours après" in text


def test_what_is_not_there_is_said_not_to_be(composer: Composer) -> None:
    text = render_text(composer.own_data(NOTHING))
    assert "Aucune demande" in text
    assert "aucun numéro" in text
    assert "plus tard" not in text


def test_a_request_is_named_with_what_was_put_in_it_and_none_of_its_words(composer: Composer) -> None:
    text = render_text(composer.own_data(replace(NOTHING, requests=(REQUEST,))))
    assert "BC-2345, en attente" in text
    assert "votre téléphone" in text
    assert "votre nom" not in text
    assert "06 39" not in text


def test_a_number_is_told_to_be_tied_and_never_written(composer: Composer) -> None:
    by_sms = composer.own_data(replace(NOTHING, channel="sms", address="+33639980001"))
    for text in (render_text(by_sms), by_sms.sms):
        assert "uméro" in text
        assert "chiffré" in text
        assert "639980001" not in text


@pytest.mark.parametrize(
    ("channel", "way"), [("web", "page"), ("api", "/export"), ("telegram", "une personne")]
)
def test_the_way_to_the_whole_is_that_of_the_channel(composer: Composer, channel: str, way: str) -> None:
    address = "42" if channel == "telegram" else None
    answer = composer.own_data(replace(NOTHING, channel=channel, address=address))
    assert any("copie" in item and way in item for block in answer.blocks for item in block.items)


def test_a_channel_without_words_of_its_own_has_general_ones(composer: Composer) -> None:
    answer = composer.own_data(replace(NOTHING, channel="echo", address="x"))
    assert "L'adresse d'où vous écrivez" in render_text(answer)


@pytest.mark.parametrize("publisher", ["", "Mairie", "Communauté de communes de " + "Saint-Méen " * 12])
def test_the_sms_says_who_answers_for_it_in_two_segments(
    knowledge: Knowledge, settings: Settings, publisher: str
) -> None:
    composer = Composer(knowledge, settings.copy(update={"editeur": publisher}))
    sms = to_gsm(composer.own_data(replace(NOTHING, channel="sms", address="x", requests=(REQUEST,))).sms)
    assert count_septets(sms) <= MAX_SEPTETS
    assert f"Responsable : {publisher[:10] or 'non renseigné'}" in sms
    assert "EFFACER" in sms


def test_privacy_questions_lead_to_it(composer: Composer) -> None:
    answer = composer.privacy()
    assert answer.choices[0].value == "mes-donnees"
    assert "MES DONNEES" in to_gsm(answer.sms)
