"""What is said on Telegram and nowhere else."""

from __future__ import annotations

import pytest

from bot.answers.compose import Composer
from bot.settings import load_settings
from channels.telegram import answers
from tests.channels.talking import knowledge


@pytest.fixture(scope="module")
def composer() -> Composer:
    return Composer(knowledge(), load_settings({}))


def test_asking_where_names_the_commune_and_the_position_and_that_it_is_not_kept(composer: Composer) -> None:
    said = " ".join(item for block in answers.where(composer).blocks for item in block.items)
    for word in ("commune", "code postal", "position", "n'est pas gardée"):
        assert word in said


def test_the_private_invitation_gives_the_address_of_the_robot_and_nothing_to_pick(
    composer: Composer,
) -> None:
    answer = answers.in_private(composer, link="https://t.me/essai_bot")
    assert "https://t.me/essai_bot" in answer.blocks[0].items[0]
    assert answer.choices == ()


def test_an_unknown_order_offers_help_and_a_person(composer: Composer) -> None:
    assert [choice.value for choice in answers.unknown_order(composer).choices] == ["aide", "personne"]
