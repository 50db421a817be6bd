"""The prepared sentence of each language: French only here, a person, a place, 112 and 114."""

from __future__ import annotations

import re
from dataclasses import replace

import pytest

from bot.answers import labels
from bot.answers.compose import Composer
from bot.answers.foreign import foreign_answer
from bot.knowledge.checks import FOREIGN
from bot.knowledge.loader import Knowledge
from bot.language.foreign import LANGUAGES, find_language
from bot.model.answer import AnswerType, Place
from bot.render.gsm import foreign_characters, sms_room, to_gsm
from bot.render.text import render_text

SMS_SCRIPT = {"uk", "ru", "ar", "fa"}
"""Languages whose SMS cannot be written in GSM-7."""


def test_there_is_one_sentence_a_language_and_no_other(knowledge: Knowledge) -> None:
    keys = {key for key in knowledge.responses if key.startswith(FOREIGN)}
    assert keys == {f"{FOREIGN}{language}" for language in LANGUAGES}


@pytest.mark.parametrize("language", LANGUAGES)
def test_it_is_in_its_language_with_the_place_in_french(composer: Composer, language: str) -> None:
    answer = composer.foreign(language)
    assert answer.type is AnswerType.HORS_SUJET
    assert [block.lang for block in answer.blocks] == [language, language, None, language, language]
    (place,) = (block.items[0] for block in answer.blocks if block.lang is None)
    assert "02 99 09 44 56" in place
    own = [re.sub("«[^»]*»", "", item) for block in answer.blocks if block.lang for item in block.items]
    assert [find_language(text) for text in own if find_language(text) not in {language, None}] == []
    assert find_language(" ".join(own)) == language


@pytest.mark.parametrize("language", LANGUAGES)
def test_it_gives_the_way_to_a_person_and_names_the_button_as_it_is_shown(
    composer: Composer, language: str
) -> None:
    answer = composer.foreign(language)
    assert answer.choices == (labels.PERSON, labels.PLACES)
    quoted = re.findall("« ([^»]*) »", render_text(answer))
    assert quoted == [labels.PERSON.label]


@pytest.mark.parametrize("language", LANGUAGES)
def test_its_numbers_are_emergency_numbers_and_stand_last(
    composer: Composer, knowledge: Knowledge, language: str
) -> None:
    *others, last = knowledge.responses[f"{FOREIGN}{language}"].web
    assert re.findall(r"\d+", last.texte or "") == ["112", "114"]
    assert {"112", "114"} <= set(knowledge.emergencies.numeros)
    assert [bloc for bloc in others if re.search(r"\d", bloc.texte or "")] == []
    assert re.findall(r"\b11\d\b", composer.foreign(language).sms) == ["112", "114"]


@pytest.mark.parametrize("language", LANGUAGES)
def test_its_sms_fits_in_two_with_the_phone_whole(composer: Composer, language: str) -> None:
    sms = composer.foreign(language).sms
    assert sms_room(sms) >= 0
    assert "02 99 09 44 56" in sms
    assert bool(foreign_characters(to_gsm(sms))) == (language in SMS_SCRIPT)


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_longest_place_still_fits(knowledge: Knowledge, language: str) -> None:
    place = Place("Maison des services " * 15, "1 rue de la Mairie, 35290 Gaël", "02 99 00 00 00")
    response = knowledge.responses[f"{FOREIGN}{language}"]
    sms = foreign_answer(response, language, place).sms
    assert sms_room(sms) >= 0
    assert "... 02 99 00 00 00" in sms


def test_without_a_place_the_town_hall_is_told(composer: Composer, knowledge: Knowledge) -> None:
    elsewhere = replace(knowledge, territoire=knowledge.territoire.copy(update={"lieux": []}))
    answer = Composer(elsewhere, composer._settings).foreign("ar")
    assert "votre mairie" in answer.sms
    assert [block.items for block in answer.blocks if block.lang is None] == [("votre mairie.",)]


@pytest.mark.parametrize("language", LANGUAGES)
def test_in_danger_the_numbers_are_said_in_the_language_then_in_french(
    composer: Composer, language: str
) -> None:
    french = composer.urgence(("violences",))
    spoken = composer.urgence(("violences",), language)
    first, *rest = spoken.blocks
    assert first == composer.foreign(language).blocks[-1]
    assert first.lang == language
    assert tuple(rest) == french.blocks
    assert spoken.sms == french.sms


def test_a_language_without_a_sentence_takes_no_number_away(composer: Composer) -> None:
    assert composer.urgence(("rue",), "zz") == composer.urgence(("rue",))
