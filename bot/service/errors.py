"""What is refused at the door: each error says in French what to do, and nothing is lost."""

from __future__ import annotations


class Refused(Exception):
    """A message that cannot be taken; `title` is for the person who sent it."""

    def __init__(self, title: str) -> None:
        super().__init__(title)
        self.title = title


class EmptyText(Refused):
    """Nothing to read in the message."""

    def __init__(self) -> None:
        super().__init__("Votre message est vide. Écrivez votre question, puis envoyez.")


class TextTooLong(Refused):
    """More characters than a message may hold."""

    def __init__(self, length: int, limit: int) -> None:
        super().__init__(
            f"Votre message est trop long : {length} caractères, {limit} au plus. "
            "Envoyez-le en plusieurs fois, ou gardez l'essentiel."
        )


class UnknownChoice(Refused):
    """A choice whose value the assistant never gave."""

    def __init__(self) -> None:
        super().__init__("Ce choix n'existe pas. Prenez un des choix proposés, ou écrivez votre question.")


class ConversationGone(Refused):
    """The conversation was erased, or never was."""

    def __init__(self) -> None:
        super().__init__("Cette conversation n'existe pas ou plus. Vous pouvez en commencer une autre.")
