"""Telegram's HTML: valid, within its length, nothing lost."""

from __future__ import annotations

from html.parser import HTMLParser

import pytest

from bot.answers.compose import Composer
from bot.knowledge.fiche import RUBRIQUES
from bot.model.answer import Answer, AnswerType, Block, BlockKind, Place, SourceRef
from bot.settings import load_settings
from channels.telegram.render import MAX_UNITS, render_telegram, units
from tests.channels.talking import knowledge


@pytest.fixture(scope="module")
def composer() -> Composer:
    return Composer(knowledge(), load_settings({}))


class Marks(HTMLParser):
    """Collects the words, and refuses a mark that Telegram does not know or that is not closed in order."""

    def __init__(self, html: str) -> None:
        super().__init__(convert_charrefs=True)
        self.words, self._open = "", list[str]()
        self.feed(html)
        self.close()
        assert self._open == []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        assert (tag, attrs) in [("b", []), ("i", [])]
        self._open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        assert self._open.pop() == tag

    def handle_data(self, data: str) -> None:
        self.words += data


def test_every_kind_of_block_has_its_form() -> None:
    answer = Answer(
        AnswerType.FICHE,
        (
            Block(BlockKind.TEXT, ("a < b & c",), "Titre"),
            Block(BlockKind.STEPS, ("un", "deux")),
            Block(BlockKind.DOCUMENTS, ("RIB",)),
            Block(BlockKind.WARNING, ("vite",)),
        ),
        "",
        places=(Place("Mairie", "1 place"),),
        notes=("Montant de 2026.",),
        sources=(SourceRef("Texte", "https://example.org/", "2026-01-02", "2026-01-03"),),
    )
    (message,) = render_telegram(answer)
    assert message == (
        "<b>Titre</b>\na &lt; b &amp; c\n\n1. un\n2. deux\n\n• RIB\n\n<b>Attention :</b> vite\n\n<b>Mairie</b>\n1 place\n\n"
        "<i>Montant de 2026.</i>\n\n<i>D'où vient cette information :</i>\n"
        "• Texte (texte du 2 janvier 2026, vérifié le 3 janvier 2026)"
    )


def test_a_long_answer_is_cut_between_blocks_and_loses_nothing() -> None:
    blocks = tuple(Block(BlockKind.TEXT, (f"{rank} " + "😀é&" * 300,)) for rank in range(12))
    messages = render_telegram(Answer(AnswerType.FICHE, blocks, ""))
    assert len(messages) > 1
    assert all(0 < units(message) <= MAX_UNITS for message in messages)
    assert "".join(Marks(message).words.strip() for message in messages).replace("\n", "") == "".join(
        block.items[0] for block in blocks
    )


def test_a_list_longer_than_a_message_is_cut_between_its_lines() -> None:
    block = Block(BlockKind.LIST, tuple(f"ligne {rank} " + "x" * 90 for rank in range(100)))
    messages = render_telegram(Answer(AnswerType.FICHE, (block,), ""))
    assert all(units(message) <= MAX_UNITS for message in messages)
    assert sum(message.count("• ligne") for message in messages) == 100


@pytest.mark.parametrize("rubrique", RUBRIQUES)
def test_every_fiche_is_valid_and_fits(composer: Composer, rubrique: str) -> None:
    for fiche in composer.knowledge.fiches:
        for message in render_telegram(composer.fiche(fiche, rubrique)):
            assert units(message) <= MAX_UNITS
            assert Marks(message).words.strip()
