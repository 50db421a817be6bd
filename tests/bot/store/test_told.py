"""What a conversation holds: words of the person, a subject, a danger; a tap and a command word are no words."""

from __future__ import annotations

from typing import Any

import pytest

from bot.model.answer import Answer, AnswerType, paragraph
from bot.store.cipher import Cipher
from bot.store.conversations import ASSISTANT, USER, add_message, create_conversation
from bot.store.database import Database
from bot.store.told import Told, read_told


def answer(kind: AnswerType, fiche: str | None = None) -> tuple[str, dict[str, Any]]:
    return ASSISTANT, {"answer": Answer(kind, (paragraph("dit"),), "dit", fiche=fiche).to_json()}


RSA = answer(AnswerType.FICHE, "rsa")
APL = answer(AnswerType.FICHE, "apl")
WELCOME = answer(AnswerType.ACCUEIL)
DANGER = answer(AnswerType.URGENCE)
WORDS = (USER, {"text": "combien pour le rsa"})
TAP = (USER, {"text": "Combien ?", "choice": "fiche:rsa:montant"})
COMMAND = (USER, {"text": "PERSONNE"})


@pytest.mark.parametrize(
    ("said", "told"),
    [
        ([], Told()),
        ([WELCOME, TAP, COMMAND], Told()),
        ([WELCOME, WORDS], Told(has_words=True)),
        ([WORDS, RSA, TAP, APL, WELCOME], Told(has_words=True, subject="apl")),
        ([WORDS, DANGER], Told(has_words=True, has_danger=True)),
    ],
)
async def test_it_is_read_from_what_was_said(
    database: Database, cipher: Cipher, said: list[tuple[str, dict[str, Any]]], told: Told
) -> None:
    async with database.write() as connection:
        conversation = await create_conversation(connection, cipher, "web", "jeton")
        other = await create_conversation(connection, cipher, "web", "autre")
        await add_message(connection, cipher, other.id, *DANGER)
        for sender, body in said:
            await add_message(connection, cipher, conversation.id, sender, body)
        assert await read_told(connection, cipher, conversation.id) == told


async def test_no_conversation_holds_nothing(database: Database, cipher: Cipher) -> None:
    async with database.read() as connection:
        assert await read_told(connection, cipher, None) == Told()
