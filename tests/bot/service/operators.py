"""Operators, in tests: accounts in the store, and requests made as a person makes them."""

from __future__ import annotations

from bot.service.assistant import Assistant
from bot.store.accounts import Role
from bot.store.demandes import DemandeDetails, Ticket
from tests.bot.service.person import Person

PASSWORD = "une phrase assez longue"


async def hire(assistant: Assistant, login: str = "operatrice", name: str = "Opératrice 1") -> int:
    """Make an operator and return their account's id."""
    account = await assistant.accounts.create(login, Role.OPERATEUR, name, password=PASSWORD)
    return account.id


async def ask_for_a_person(person: Person, moyen: str = "retour", **details: object) -> Ticket:
    """Leave a request in the person's conversation."""
    return await person.assistant.create_demande(
        DemandeDetails(moyen, **details),  # type: ignore[arg-type]
        conversation_id=person.id,
        channel="web",
    )


async def last_words(person: Person) -> str:
    """Return the last words of the conversation, whoever said them."""
    last = (await person.assistant.transcript(person.id))[-1]
    assert last.answer
    return "\n".join(item for block in last.answer.blocks for item in block.items)
