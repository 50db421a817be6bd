"""How answers are said on Telegram: HTML that it takes, buttons under the last message, first words that say who speaks."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest

from bot.answers import labels
from bot.answers.compose import Composer
from bot.intake.danger import DangerDetector
from bot.knowledge.fiche import RUBRIQUES
from bot.knowledge.responses import VARIABLE
from bot.model.answer import Answer, AnswerType, Block, BlockKind, Choice
from bot.model.directive import Directive
from bot.settings import load_settings
from channels import registry
from channels.telegram import answers
from channels.telegram.buttons import values_by_word, word_of
from channels.telegram.voice import speak_on_telegram
from tests.channels.talking import DANGER, knowledge
from tests.channels.telegram.telegram_html import words_of

MACHINE = "assistant automatique"
KEPT = "gardés 30 jours"
HOSTILE = "<b>&lt; \"a\" & 'b' </i> <script> 😀"
NAMES = sorted({name for text in knowledge().responses.values() for name in VARIABLE.findall(text.json())})


@pytest.fixture(scope="module")
def composer() -> Composer:
    return Composer(knowledge(), load_settings({}))


def said(answer: Answer, composer: Composer, *, is_first: bool = False) -> list[dict[str, Any]]:
    return [json.loads(text) for text in speak_on_telegram(answer, composer, is_first).now]


def words(answer: Answer, composer: Composer, *, is_first: bool = False) -> str:
    """Return all that a person reads of an answer, each message checked."""
    return "\n".join(words_of(message["html"]) for message in said(answer, composer, is_first=is_first))


def long_answer(choices: tuple[Choice, ...] = (labels.PERSON,)) -> Answer:
    blocks = tuple(Block(BlockKind.TEXT, (f"{rank} " + "é&" * 900,)) for rank in range(6))
    return Answer(AnswerType.FICHE, blocks, "", choices=choices)


# -- valid HTML


@pytest.mark.parametrize("rubrique", RUBRIQUES)
@pytest.mark.parametrize("is_first", [True, False])
def test_every_rubrique_of_every_fiche_is_valid(composer: Composer, rubrique: str, is_first: bool) -> None:
    for fiche in knowledge().taxonomy.subjects:
        assert words(composer.fiche(fiche, rubrique), composer, is_first=is_first)


def test_every_situation_is_valid(composer: Composer) -> None:
    assert knowledge().situations
    for situation in knowledge().situations:
        assert words(composer._orientation(situation), composer, is_first=True)


@pytest.mark.parametrize("key", sorted(knowledge().responses))
def test_every_response_is_valid_whatever_it_names(composer: Composer, key: str) -> None:
    answer = composer._say(AnswerType.FICHE, key, (), dict.fromkeys(NAMES, HOSTILE))
    told = words(answer, composer, is_first=True)
    for named in set(VARIABLE.findall("".join(knowledge().responses[key].json(include={"web"})))):
        assert HOSTILE in told, named


def test_every_danger_is_valid(composer: Composer) -> None:
    for danger in knowledge().emergencies.dangers:
        assert words(composer.urgence((danger,)), composer)
        assert words(composer.perhaps_danger(danger), composer)


def test_every_name_that_several_fiches_share_is_valid(composer: Composer) -> None:
    for name in knowledge().lexicon.names:
        assert words(composer.name_among(name), composer)


def test_every_place_is_valid(composer: Composer) -> None:
    for lieu in knowledge().lieux:
        assert lieu.latitude is not None
        assert lieu.longitude is not None
        assert lieu.nom in words(composer.places_around(lieu.latitude, lieu.longitude), composer)


@pytest.mark.parametrize("kind", list(BlockKind))
def test_words_that_look_like_marks_are_read_as_they_are(composer: Composer, kind: BlockKind) -> None:
    answer = Answer(AnswerType.FICHE, (Block(kind, (HOSTILE,), HOSTILE),), "", notes=(HOSTILE,))
    assert words(answer, composer).count(HOSTILE) == 3


# -- buttons


def test_each_choice_is_a_button_with_its_label_and_its_word(composer: Composer) -> None:
    answer = composer.help()
    (message,) = said(answer, composer)
    assert message["buttons"] == [[choice.label, word_of(choice.value)] for choice in answer.choices]
    values = values_by_word(knowledge().taxonomy)
    assert [values[word] for _label, word in message["buttons"]] == [c.value for c in answer.choices]


def test_of_several_messages_only_the_last_has_buttons(composer: Composer) -> None:
    messages = said(long_answer(), composer)
    assert len(messages) > 1
    assert [bool(message["buttons"]) for message in messages] == [False] * (len(messages) - 1) + [True]


def test_an_answer_without_choices_has_no_button(composer: Composer) -> None:
    assert [message["buttons"] for message in said(composer.erased(), composer)] == [[]]


def test_every_message_is_said_at_once_and_every_choice_may_be_typed(composer: Composer) -> None:
    spoken = speak_on_telegram(long_answer(), composer, False)
    assert (spoken.later, spoken.menu) == ((), None)


# -- the first words


@pytest.mark.parametrize("kind", [kind for kind in AnswerType if kind is not AnswerType.URGENCE])
def test_the_first_words_say_that_it_is_a_machine_and_how_long_messages_are_kept(
    composer: Composer, kind: AnswerType
) -> None:
    answer = Answer(kind, (Block(BlockKind.TEXT, ("La réponse.",)),), "La réponse.")
    first = words(answer, composer, is_first=True)
    assert MACHINE in first
    assert KEPT in first
    assert first.endswith("La réponse.")


@pytest.mark.parametrize(
    "kind", ["saluer", "remercier", "dire_au_revoir", "accord", "rien_en_cours", "demander_aide"]
)
def test_an_answer_to_a_greeting_as_first_words_says_it_too(composer: Composer, kind: str) -> None:
    first = words(composer.compose(Directive(kind), "bonjour"), composer, is_first=True)
    assert MACHINE in first
    assert KEPT in first


@pytest.mark.parametrize(
    "say",
    [Composer.help, Composer.publisher, Composer.fresh_start, Composer.welcome],
    ids=lambda say: say.__name__,
)
def test_what_a_command_may_say_first_says_it_too(
    composer: Composer, say: Callable[[Composer], Answer]
) -> None:
    first = words(say(composer), composer, is_first=True)
    assert MACHINE in first
    assert KEPT in first


def test_the_welcome_says_it_once(composer: Composer) -> None:
    first = words(composer.welcome(), composer, is_first=True)
    assert (first.count(MACHINE), first.count(KEPT)) == (1, 1)


def test_how_long_messages_are_kept_is_what_the_settings_say() -> None:
    composer = Composer(knowledge(), load_settings({}).copy(update={"retention_days": 7}))
    assert "gardés 7 jours" in words(answers.where(composer), composer, is_first=True)


def test_the_next_words_do_not_say_it_again(composer: Composer) -> None:
    assert MACHINE not in words(composer.fiche("rsa", "montant"), composer)


def test_before_a_danger_nothing_is_said(composer: Composer) -> None:
    dangers = DangerDetector(None).find(DANGER)
    answer = composer.urgence(dangers)
    assert words(answer, composer, is_first=True) == words(answer, composer)
    assert MACHINE not in words(answer, composer, is_first=True)


def test_the_first_words_keep_the_buttons_of_the_answer(composer: Composer) -> None:
    answer = replace(answers.where(composer), choices=(labels.PLACES,))
    assert said(answer, composer, is_first=True)[-1]["buttons"] == [[labels.PLACES.label, word_of("lieux")]]


def test_the_application_speaks_on_telegram_with_this_voice() -> None:
    assert {channel.name: channel.voice for channel in registry.channels()}["telegram"] is speak_on_telegram
