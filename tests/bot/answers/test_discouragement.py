"""Each fear gets its own true answer, with a person; a choice is respected."""

from __future__ import annotations

import pytest

from bot.answers.compose import Composer
from bot.answers.discouragement import discouragement_kind
from bot.model.answer import AnswerType
from bot.model.directive import Directive


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("de toute façon ça sert à rien", "inutile"),
        ("ils vont dire non de toute manière", "inutile"),
        ("sa ser a rien", "inutile"),
        ("j'ai peur de devoir tout rembourser après", "rembourser"),
        ("et si on me redemande l'argent ?", "rembourser"),
        ("j'ai honte de demander", "honte"),
        ("jé onte", "honte"),
        ("je suis pas un assisté", "honte"),
        ("c'est pas pour moi tout ça", "pas_pour_moi"),
        ("y en a de plus malheureux que moi", "pas_pour_moi"),
        ("non, je n'en veux pas, c'est mon choix", "choix"),
        ("je préfère me débrouiller", "choix"),
        ("j'en peux plus", "fatigue"),
        ("je suis au bout du rouleau", "fatigue"),
    ],
)
def test_the_fear_is_told_by_the_words(text: str, kind: str) -> None:
    assert discouragement_kind(text) == kind


def test_every_kind_has_its_own_words_and_offers_a_person(composer: Composer) -> None:
    said = set()
    for text in (
        "ça sert à rien",
        "peur de rembourser",
        "j'ai honte",
        "pas pour moi",
        "j'en peux plus",
        "c'est mon choix",
    ):
        answer = composer.compose(Directive("dire_decouragement"), text)
        assert answer.type is AnswerType.ESCALADE
        assert any(choice.value.startswith("personne") for choice in answer.choices)
        said.add(answer.sms)
    assert len(said) == 6


def test_a_choice_is_not_argued_with(composer: Composer) -> None:
    answer = composer.compose(Directive("dire_decouragement"), "non, c'est mon choix")
    words = " ".join(item for block in answer.blocks for item in block.items)
    assert "je le respecte" in words
    assert answer.places == ()
