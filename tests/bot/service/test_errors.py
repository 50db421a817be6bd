"""What is refused says in French what to do."""

from __future__ import annotations

import pytest

from bot.service.errors import ConversationGone, EmptyText, Refused, TextTooLong, UnknownChoice


@pytest.mark.parametrize(
    ("refusal", "what_to_do"),
    [
        (EmptyText(), "Écrivez votre question"),
        (TextTooLong(2345, 2000), "2345 caractères, 2000 au plus. Envoyez-le en plusieurs fois"),
        (UnknownChoice(), "écrivez votre question"),
        (ConversationGone(), "Vous pouvez en commencer une autre"),
    ],
)
def test_each_refusal_says_what_to_do(refusal: Refused, what_to_do: str) -> None:
    assert what_to_do in refusal.title
    assert str(refusal) == refusal.title
