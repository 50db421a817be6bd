"""What a screen reader or a voice is given: every word once, in order, each language by itself."""

from __future__ import annotations

from bot.model.answer import Answer, AnswerType, Block, BlockKind, Choice, Place
from bot.render.speech import Spoken, render_speech


def test_an_answer_in_french_is_one_run_with_every_part_ended() -> None:
    answer = Answer(
        AnswerType.FICHE,
        (Block(BlockKind.TEXT, ("Bonjour",)), Block(BlockKind.LIST, ("un", "deux !"), "Il faut :")),
        "",
        places=(Place("Mairie", "1 place de l'Église"),),
        notes=("Montant de 2026",),
        choices=(Choice("Oui", "oui"), Choice("Non", "non")),
    )
    assert render_speech(answer) == (
        Spoken(
            "Bonjour. Il faut : un. deux ! Mairie. 1 place de l'Église. Montant de 2026. "
            "Réponses proposées : Oui ou Non."
        ),
    )


def test_each_language_is_a_run_of_its_own() -> None:
    blocks = (
        Block(BlockKind.TEXT, ("Hello.",), lang="en"),
        Block(BlockKind.TEXT, ("Bye",), lang="en"),
        Block(BlockKind.TEXT, ("Mairie",)),
    )
    answer = Answer(AnswerType.HORS_SUJET, blocks, "")
    assert render_speech(answer) == (Spoken("Hello. Bye.", "en"), Spoken("Mairie.", "fr"))


def test_an_arabic_question_ends_by_its_own_sign() -> None:
    answer = Answer(AnswerType.HORS_SUJET, (Block(BlockKind.TEXT, ("كيف؟",), lang="ar"),), "")
    assert render_speech(answer) == (Spoken("كيف؟", "ar"),)
